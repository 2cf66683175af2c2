import { type CodeEntry, error } from './codes-entry.ts';

const tls = '  tls: { certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }\n';
const listen = 'management:\n  listen: 192.0.2.5\n';
const oidc = (issuer: string) =>
  `  oidc: { issuer: "${issuer}", client-id: tandem, roles: { value: admins, role: administrator } }\n`;
const here = 'management:\n  url: http://127.0.0.1:8080\n';

/** 11xx and 12xx as well: how people and programs reach the API and the console. */
export const managementCodes = {
  'TDM-1127': error({
    title: 'Not a size that can be meant',
    cause: 'A size is a number with its unit, and between 1MB and 10TB.',
    cure: 'Write 500MB, or 1GB.',
    example: { wrong: 'tracing:\n  size: 500\n', right: 'tracing:\n  size: 500MB\n' },
  }),
  'TDM-1248': error({
    title: 'The API on the network in clear',
    cause: 'Passwords and sessions could be read, and taken over, by anyone on the way.',
    cure: 'Give `tls`, or name the proxy that speaks HTTPS in `behind-proxy`; or listen at 127.0.0.1.',
    example: { wrong: listen, right: listen + tls },
  }),
  'TDM-1249': error({
    title: 'A URL that nobody is at',
    cause: 'Links that are sent, and the way back from signing in elsewhere, would lead nowhere.',
    cure: 'Write what a browser is to call us: a scheme, a host and a port, no path.',
    example: {
      wrong: `${listen + tls}  url: http://sbc.example.com:8080\n`,
      right: `${listen + tls}  url: https://sbc.example.com:8080\n`,
    },
  }),
  'TDM-1250': error({
    title: 'OpenID Connect without a way back',
    cause: 'The provider sends who has signed in back to an address that it was told of before: it must be sure.',
    cure: 'Give `url`, and register `/api/v1/oidc/callback` below it at the provider.',
    example: {
      wrong: `management:\n${oidc('https://login.example.com')}`,
      right: here + oidc('https://login.example.com'),
    },
  }),
  'TDM-1251': error({
    title: 'An OpenID provider that is asked in clear',
    cause: 'Whoever is on the way could answer in its place, and sign in as anybody.',
    cure: 'Write its `https` address.',
    example: { wrong: here + oidc('http://login.example.com'), right: here + oidc('https://login.example.com') },
  }),
} as const satisfies Record<string, CodeEntry>;
