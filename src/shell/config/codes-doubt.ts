import { type CodeEntry, itspWith, listenersWith, passesWith, warning } from './codes-entry.ts';

const account = (name: string, user: string) =>
  `  - name: ${name}\n    kind: itsp\n    domain: itsp.example\n    identity: ${user}\n    registration: {}\n`;
const tlsListener = (certificate: string, key: string, name = 'sbc.example.com') =>
  listenersWith(
    `  - name: wan\n    side: external\n    bind: 192.0.2.5\n    advertise: ${name}\n    transports: [udp, tls]\n    tls: { certificate: ${certificate}, key: ${key} }\n`,
  );

/** 13xx: doubts. The file can be used. */
export const doubtCodes = {
  'TDM-1301': warning({
    title: 'A route that is never reached',
    cause: 'Routes are tried in order, and the ones above it take every call that it could take.',
    cure: 'Move it up, or remove it.',
    example: {
      wrong:
        "routes:\n  - name: world\n    from: pbx\n    called: { prefix: '+' }\n    to: itsp-a\n  - name: germany\n    from: pbx\n    called: { prefix: '+49' }\n    to: itsp-a\n",
      right:
        "routes:\n  - name: germany\n    from: pbx\n    called: { prefix: '+49' }\n    to: itsp-a\n  - name: world\n    from: pbx\n    called: { prefix: '+' }\n    to: itsp-a\n",
    },
  }),
  'TDM-1302': warning({
    title: 'A trunk or group that no route uses',
    cause:
      'No call can come from it or go to it: one from it gets 404. It is not said where `decisions` name somebody outside, who may name any trunk.',
    cure: 'Add a route for it, or remove it.',
    example: {
      wrong:
        'trunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: fax\n    kind: pstn-gateway\n    addresses: 10.0.0.30\n',
      right:
        'trunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: fax\n    kind: pstn-gateway\n    addresses: 10.0.0.30\nroutes:\n  - name: outbound\n    from: [pbx, fax]\n    to: itsp-a\n  - name: inbound\n    to: [pbx, fax]\n',
    },
  }),
  'TDM-1303': warning({
    title: 'Media and trunk of different IP versions',
    cause:
      'SIP goes to the trunk over one IP version, but the media address of its side is of the other: a peer with that one version only will hear nothing.',
    cure: 'Give the side a media address of the IP version of its trunks.',
    example: { wrong: 'media:\n  external: 2001:db8::5\n', right: 'media:\n  external: 192.0.2.5\n' },
  }),
  'TDM-1304': warning({
    title: 'A loopback address told to another machine',
    cause: '127.0.0.1 and ::1 lead every machine to itself: a trunk on another machine can send nothing to them.',
    cure: 'Bind to, or advertise, an address that the trunk can reach.',
    example: { wrong: 'media:\n  external: 127.0.0.1\n', right: 'media:\n  external: 192.0.2.5\n' },
  }),
  'TDM-1305': warning({
    title: 'Fewer media ports than calls',
    cause:
      'Every anchored call takes a pair of ports on each side. When they run out, calls are refused although the trunk has room.',
    cure: 'Widen `media.ports`, or lower the capacity.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: { calls: 100 }\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\nmedia:\n  ports: 20000-20099\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: { calls: 100 }\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\nmedia:\n  ports: 20000-29999\n',
    },
  }),
  'TDM-1306': warning({
    title: 'A certificate without the name that we tell',
    cause: 'Peers connect to the name that Via and Contact say, and find a certificate that does not bear it.',
    cure: 'Advertise a name that the certificate bears, or have one made that bears this name.',
    example: {
      wrong: tlsListener('/etc/tandem/sbc.pem', '/etc/tandem/sbc.key', 'sip.example.com'),
      right: tlsListener('/etc/tandem/sbc.pem', '/etc/tandem/sbc.key', 'sbc.example.com'),
    },
  }),
  'TDM-1307': warning({
    title: 'Two registered trunks at one address',
    cause:
      "Both are reached and call from there. A call that does not come over the flow or to the Contact of one of the two counts as the first one's.",
    cure: 'Make sure that the provider sends calls to the registered Contact.',
    example: {
      wrong: `trunks:\n${account('pbx', 'alice')}${account('itsp-a', 'bob')}`,
      right: `trunks:\n${account('pbx', 'alice')}${account('itsp-a', 'bob').replace('itsp.example', 'other.example')}`,
    },
  }),
  'TDM-1308': warning({
    title: 'Voice unmarked over MPLS',
    cause: 'An MPLS network is shared: without marks, a large download takes the room of voice.',
    cure: 'Leave `dscp.media` out, which marks voice as EF (46), or give the mark that the network goes by.',
    example: {
      wrong: itspWith('connection: mpls\ndscp: { media: 0 }\n'),
      right: itspWith('connection: mpls\n'),
    },
  }),
  'TDM-1309': warning({
    title: 'Optional SRTP that will never be',
    cause: 'Keys stand in SDP, and are not sent over a transport in clear. So no call will be encrypted.',
    cure: 'Say `transport: tls`, or `keys-in-clear: true` where the way is protected otherwise.',
    example: {
      wrong: itspWith('srtp: optional\n'),
      right: itspWith('srtp: { mode: optional, keys-in-clear: true }\n'),
    },
  }),
  'TDM-1310': warning({
    title: 'A certificate that is not valid today',
    cause: 'Peers that look at its dates, as they should, refuse it.',
    cure: 'Have it renewed; the new one is read without a restart.',
    example: {
      wrong: tlsListener('/etc/tandem/expired.pem', '/etc/tandem/expired.key'),
      right: tlsListener('/etc/tandem/sbc.pem', '/etc/tandem/sbc.key'),
    },
  }),
  'TDM-1311': warning({
    title: 'A secret that everybody may read',
    cause: 'The permissions of the file let every user of this machine read it.',
    cure: 'Take the permission away: chmod o-r, or 0600.',
    example: {
      wrong: itspWith('credentials: { username: alice, password-file: /etc/tandem/open-password }\n'),
      right: itspWith('credentials: { username: alice, password-file: /etc/tandem/password }\n'),
    },
  }),
  'TDM-1312': warning({
    title: 'What passes to nobody',
    cause: 'A request passes where both trunks let it: the one that it comes from, and the one that it goes to.',
    cure: 'Name it on the other trunk as well, or leave it out.',
    example: {
      wrong: passesWith('[MESSAGE, SUBSCRIBE/dialog]', '[MESSAGE]'),
      right: passesWith('[MESSAGE, SUBSCRIBE/dialog]', '[MESSAGE, SUBSCRIBE]'),
    },
  }),
} as const satisfies Record<string, CodeEntry>;
