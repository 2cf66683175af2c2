const now = Date.now();
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const after = (seconds: number) => new Date(now + seconds * 1000).toISOString();

const certificateChain = [
  {
    ...{ subject: 'CN=sbc.example.com', issuer: 'CN=Example Issuing CA 1', names: ['sbc.example.com'], serial: '0A1B' },
    ...{ notBefore: before(86_400 * 340), notAfter: after(21.4 * 86_400), sha256: 'AB:CD:EF:01:23:45:67:89' },
    ...{ key: 'RSA 2048', signature: 'sha256WithRSAEncryption', authority: false },
  },
];
const certificateDoubt = {
  ...{ code: 'chain-incomplete', severity: 'doubt' },
  message:
    'The chain ends at "sbc.example.com", issued by "CN=Example Issuing CA 1", which is not in it and no root of this machine: peers that do not have it refuse us.',
  cure: 'Send the certificates in between along: the next is at http://ca.example.com/1.crt. Where every peer has that authority, say that this is meant.',
};

/** The page of certificates. */
export const certificateAnswers = {
  'GET /certificates': {
    items: [
      {
        ...{ id: 'dTPSOqOZ5xlC', kind: 'certificate', users: ['listener wan/tls', 'trunk telekom'] },
        ...{ files: ['/etc/tandem/sbc.pem', '/etc/tandem/sbc.key'], names: ['sbc.example.com'] },
        ...{ notAfter: after(21.4 * 86_400), daysLeft: 21, warnings: [] },
      },
      {
        ...{ id: 'a0bSOqOZ5xlD', kind: 'trust', users: ['trunk telekom'], files: ['/etc/tandem/telekom-ca.pem'] },
        ...{ names: ['CN=Telekom Root'], notAfter: after(900 * 86_400), daysLeft: 900, warnings: [] },
      },
    ],
    places: [{ id: 'zTPSOqOZ5xlE', kind: 'certificate', users: ['management'], names: ['tandem.example.com'] }],
  },
  'GET /certificates/:certificate': {
    ...{ id: 'dTPSOqOZ5xlC', kind: 'certificate', users: ['listener wan/tls', 'trunk telekom'] },
    ...{ files: ['/etc/tandem/sbc.pem', '/etc/tandem/sbc.key'], names: ['sbc.example.com'] },
    ...{ notAfter: after(21.4 * 86_400), daysLeft: 21, warnings: [], version: 'v1', loaded: before(86_400 * 340) },
    ...{ fits: true, wanted: ['sbc.example.com'], chain: certificateChain },
    findings: [certificateDoubt],
    previous: {
      ...{ at: before(86_400 * 340), who: 'ann', names: ['sbc.example.com'], notAfter: before(86_400 * 320) },
    },
  },
  'POST /certificates/:certificate/examine': {
    ...{ ok: false, key: 'request', chain: certificateChain, findings: [certificateDoubt] },
  },
  'GET /certificate-requests': {
    items: [
      {
        ...{ id: '0a1b2c3d4e5f', at: before(7_200), who: 'ann', names: ['sbc.example.com'], kind: 'rsa-2048' },
        ...{ use: 'listener wan', csr: '-----BEGIN CERTIFICATE REQUEST-----' },
      },
    ],
  },
};
