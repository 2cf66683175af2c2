import { type CodeEntry, error, itspWith, listenersWith, trunksWith } from './codes-entry.ts';

const tlsListener = '  - name: wan\n    side: external\n    bind: 192.0.2.5\n    transports: [udp, tls]\n';
const certificate = '    tls: { certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }\n';
const tls = listenersWith(`${tlsListener}${certificate}`);

/** 12xx as well: how trunks are reached, registered at, and kept from prying eyes. */
export const securityCodes = {
  'TDM-1214': error({
    title: 'TCP and TLS on one port',
    cause: 'Both are streams over TCP: what comes to the port could be either.',
    cure: 'Make a listener of its own for tls; 5061 is its port.',
    example: {
      wrong: listenersWith(tlsListener.replace('udp', 'udp, tcp') + certificate),
      right: listenersWith(
        `  - name: wan\n    side: external\n    bind: 192.0.2.5\n  - name: wan-tls\n    side: external\n    bind: 192.0.2.5:5061\n    transports: tls\n${certificate}`,
      ),
    },
  }),
  'TDM-1215': error({
    title: 'A TLS listener without a certificate',
    cause: 'Nobody could connect: in TLS it is the one who is called that shows a certificate.',
    cure: 'Add `tls` with `certificate` and `key`.',
    example: { wrong: listenersWith(tlsListener), right: tls },
  }),
  'TDM-1216': error({
    title: 'A key that would be without effect',
    cause: 'Something else in the file keeps it from meaning anything. What was meant by it would not happen.',
    cure: 'Remove it, or put right what keeps it from working.',
    example: {
      wrong: itspWith('tls: { min-version: 1.3 }\n'),
      right: `${tls}${itspWith('transport: tls\ntls: { min-version: 1.3, names: sip.itsp.example }\n')}`,
    },
  }),
  'TDM-1217': error({
    title: 'A trunk that is nowhere',
    cause: 'No key says where its requests go.',
    cure: 'Add `addresses` or `domain`, or `next-hop` for an outbound proxy.',
    example: { wrong: trunksWith(''), right: trunksWith('    domain: itsp.example\n') },
  }),
  'TDM-1218': error({
    title: 'A registration that lacks a part',
    cause: 'A registration says who is where: an address of record at a registrar.',
    cure: 'Add `domain` and `identity` to the trunk.',
    example: {
      wrong: itspWith('registration: {}\n'),
      right: itspWith('registration: {}\ndomain: itsp.example\nidentity: "+4930123450"\n'),
    },
  }),
  'TDM-1219': error({
    title: 'Not one of `password` and `password-file`',
    cause: 'A password is given in one of two ways.',
    cure: 'Give one of them.',
    example: {
      wrong: itspWith('credentials: { username: alice }\n'),
      right: itspWith('credentials: { username: alice, password: "open sesame" }\n'),
    },
  }),
  'TDM-1220': error({
    title: 'Keys of SRTP over a transport in clear',
    cause:
      'The keys stand in SDP. Over UDP and TCP whoever can record the media can record its keys as well: the encryption would be for show.',
    cure: 'Say `transport: tls`; or, where the way is protected otherwise, `srtp: { mode: required, keys-in-clear: true }`.',
    example: {
      wrong: itspWith('srtp: required\n'),
      right: `${tls}${itspWith('srtp: required\ntransport: tls\ndomain: itsp.example\n')}`,
    },
  }),
  'TDM-1221': error({
    title: 'The internet without protection',
    cause: 'Over the internet anyone on the way can listen to calls in clear, change them, and place his own.',
    cure: 'Say `transport: tls` and `srtp: required`; or, where a tunnel carries the trunk, `connection: { type: internet, vpn: true }`.',
    example: {
      wrong: itspWith('connection: internet\n'),
      right: itspWith('connection: { type: internet, vpn: true }\n'),
    },
  }),
  'TDM-1222': error({
    title: 'TLS to an address, with no name to look for',
    cause:
      'A certificate is believed for the name it bears (RFC 5922). Without a name to compare, any certificate of a trusted root would do: also that of a stranger.',
    cure: 'Give the name that the certificate bears, as `domain` or in `tls.names`; or the address there, if it bears that.',
    example: {
      wrong: `${tls}${itspWith('transport: tls\n')}`,
      right: `${tls}${itspWith('transport: tls\ntls: { names: sip.itsp.example }\n')}`,
    },
  }),
  'TDM-1223': error({
    title: 'A certificate without its key, or a key alone',
    cause: 'A certificate is shown by proving that one has its private key.',
    cure: 'Give both, or neither.',
    example: {
      wrong: `${tls}${itspWith('transport: tls\ndomain: itsp.example\ntls: { certificate: /etc/tandem/sbc.pem }\n')}`,
      right: `${tls}${itspWith('transport: tls\ndomain: itsp.example\ntls: { certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }\n')}`,
    },
  }),
  'TDM-1224': error({
    title: 'The longest pause is shorter than the first',
    cause: 'Pauses after failed registrations begin with `base` and grow up to `most` (RFC 5626 4.5).',
    cure: 'Make `most` at least as long as `base`.',
    example: {
      wrong: itspWith('registration: { retry: { base: 5m, most: 1m } }\ndomain: itsp.example\nidentity: alice\n'),
      right: itspWith('registration: { retry: { base: 1m, most: 5m } }\ndomain: itsp.example\nidentity: alice\n'),
    },
  }),
  'TDM-1225': error({
    title: 'SRTP where media does not pass through us',
    cause: 'With `media.mode: bypass` the parties send media to each other, and what they encrypt is between them.',
    cure: 'Anchor media, or leave `srtp` out.',
    example: {
      wrong: `${itspWith('srtp: { mode: required, keys-in-clear: true }\n')}media:\n  mode: bypass\n`,
      right: `${itspWith('srtp: { mode: required, keys-in-clear: true }\n')}media:\n  mode: anchor\n`,
    },
  }),
  'TDM-1226': error({
    title: 'A trunk against the profile of its peer',
    cause:
      'The profile says what the peer can do and wants. A trunk that does otherwise would be refused by it, or carry calls that fail in part.',
    cure: 'Do as the profile says; or, where the peer can do more than it says, correct a copy of the profile.',
    example: {
      wrong: itspWith('profile: generic-udp-register\n'),
      right: itspWith(
        'profile: generic-udp-register\ndomain: itsp.example\nidentity: "+4930123450"\ncredentials: { username: alice, password: "open sesame" }\nregistration: {}\n',
      ),
    },
  }),
} as const satisfies Record<string, CodeEntry>;
