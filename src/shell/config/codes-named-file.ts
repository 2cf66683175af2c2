import { type CodeEntry, error, itspWith, listenersWith } from './codes-entry.ts';

const listener = (certificate: string, key: string) =>
  listenersWith(
    `  - name: wan\n    side: external\n    bind: 192.0.2.5\n    transports: [udp, tls]\n    tls: { certificate: ${certificate}, key: ${key} }\n`,
  );
const sound = listener('/etc/tandem/sbc.pem', '/etc/tandem/sbc.key');
const credentials = (file: string) => itspWith(`credentials: { username: alice, password-file: ${file} }\n`);

const listed = (file: string) =>
  `routes:\n  - { name: outbound, from: pbx, called: { file: ${file} }, to: itsp-a }\n  - { name: inbound, from: itsp-a, to: pbx }\n`;

/** 14xx: files that the file names. */
export const namedFileCodes = {
  'TDM-1401': error({
    title: 'A file that is named cannot be read',
    cause: 'The path does not lead to a file, or its permissions keep this user from reading it.',
    cure: 'Check the path, which is relative to the directory that tandem is started in, and the permissions.',
    example: { wrong: listener('/etc/tandem/spc.pem', '/etc/tandem/sbc.key'), right: sound },
  }),
  'TDM-1402': error({
    title: 'Not a certificate',
    cause: 'A certificate is a file in PEM: text between BEGIN CERTIFICATE and END CERTIFICATE.',
    cure: 'Name the file of the certificate; one in DER is changed into PEM by `openssl x509 -inform der`.',
    example: { wrong: listener('/etc/tandem/sbc.key', '/etc/tandem/sbc.key'), right: sound },
  }),
  'TDM-1403': error({
    title: 'Not a private key',
    cause: 'A private key is a file in PEM, without a passphrase: text between BEGIN PRIVATE KEY and END PRIVATE KEY.',
    cure: 'Name the file of the private key.',
    example: { wrong: listener('/etc/tandem/sbc.pem', '/etc/tandem/password'), right: sound },
  }),
  'TDM-1404': error({
    title: 'Certificate and key do not belong together',
    cause: 'The key is that of another certificate: no handshake could succeed.',
    cure: 'Name the key that the certificate was asked for with.',
    example: { wrong: listener('/etc/tandem/sbc.pem', '/etc/tandem/other.key'), right: sound },
  }),
  'TDM-1405': error({
    title: 'Not a file with a password',
    cause: 'The file holds the password on one line, and nothing else.',
    cure: 'Write the password into it, alone.',
    example: { wrong: credentials('/etc/tandem/sbc.pem'), right: credentials('/etc/tandem/password') },
  }),
  'TDM-1406': error({
    title: 'A profile that there is none of',
    cause: 'A profile is named as in the folder `profiles`, or by the path of a file.',
    cure: 'Name one of the profiles, or a file: ./itsp-a.yaml.',
    example: {
      wrong: itspWith('profile: generic-pbx\n'),
      right: itspWith('profile: generic-sipconnect-static\ntransport: tcp\n'),
    },
  }),
  'TDM-1407': error({
    title: 'Not a profile',
    cause: 'A profile is a file in YAML or JSON with the fields of RFC 10006 and, under `tandem`, those of ours.',
    cure: 'Correct the file; docs/profiles.md has every field.',
    example: {
      wrong: itspWith('profile: /etc/tandem/password\n'),
      right: itspWith('profile: generic-sipconnect-static\ntransport: tcp\n'),
    },
  }),
  'TDM-1408': error({
    title: 'A line of a list that is none',
    cause: 'Lists of prefixes, of prices and of users are files with an entry a line; what a line means must be sure.',
    cure: 'Correct the line; empty ones, and those that begin with "# ", do not count.',
    example: {
      wrong: listed('/etc/tandem/prices.txt'),
      right: listed('/etc/tandem/prefixes.txt'),
    },
  }),
} as const satisfies Record<string, CodeEntry>;
