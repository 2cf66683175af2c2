import { describe, expect, test } from 'vitest';
import { filesOfExamples } from './files.testing.ts';
import { read, told } from './organisation.testing.ts';

const files = await filesOfExamples();
const lists = Object.fromEntries(
  ['sbc.pem', 'sbc.key', 'password'].map((name) => [`/etc/tandem/${name}`, files.read(`/etc/tandem/${name}`).text!]),
);
const tls = 'tls: { certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }';

describe('how the API is reached', () => {
  test('by nothing but the Unix socket, unless it is said; on loopback, unless more is said', () => {
    expect(read('').management).toBeUndefined();
    expect(read('management: {}\n').management).toEqual({
      listen: { host: '127.0.0.1', port: 8080 },
      sessions: { idle: 1_800_000, lifetime: 43_200_000 },
      tokens: { lifetime: 8_760 * 3_600_000 },
      audit: { keep: 17_520 * 3_600_000, rows: 1_000_000 },
    });
    expect(read('management: { audit: { keep: never, rows: 5000 } }\n').management!.audit).toEqual({
      keep: 0,
      rows: 5_000,
    });
  });

  test('over the network, with all that belongs to it', () => {
    const { management } = read(
      `management:
  listen: 0.0.0.0
  ${tls}
  behind-proxy: [10.0.0.7, 10.1.0.0/16]
  url: https://sbc.example.com/
  sessions: { idle: 10m, lifetime: 8h }
  metrics: { from: [10.0.0.9, 10.2.0.0/24] }
  tokens: { lifetime: 24h }
  oidc:
    issuer: https://login.example.com/realm
    client-id: tandem
    client-secret-file: /etc/tandem/password
    roles:
      - { value: tandem-admins, role: administrator }
      - { value: staff, role: viewer, sites: berlin }
sites: [{ name: berlin }]
`,
      lists,
    );
    const { oidc, ...rest } = management!;
    expect(rest).toEqual({
      listen: { host: '0.0.0.0', port: 8080 },
      tls: { certificate: '/etc/tandem/sbc.pem', key: '/etc/tandem/sbc.key' },
      behindProxy: [
        { host: '10.0.0.7', bits: 32 },
        { host: '10.1.0.0', bits: 16 },
      ],
      url: 'https://sbc.example.com',
      metrics: {
        from: [
          { host: '10.0.0.9', bits: 32 },
          { host: '10.2.0.0', bits: 24 },
        ],
      },
      sessions: { idle: 600_000, lifetime: 28_800_000 },
      tokens: { lifetime: 86_400_000 },
      audit: { keep: 17_520 * 3_600_000, rows: 1_000_000 },
    });
    expect(oidc?.clientSecret?.reveal()).toBe('open sesame');
    expect(oidc).toMatchObject({
      claim: 'groups',
      scopes: ['openid', 'profile', 'email'],
      roles: [
        { value: 'tandem-admins', role: 'administrator' },
        { value: 'staff', role: 'viewer', sites: ['berlin'] },
      ],
    });
  });

  const login = 'issuer: "https://login.example.com", client-id: tandem, roles: { value: a, role: viewer }';
  test.each([
    ['listen: 192.0.2.5', 'TDM-1248 management.listen: passwords would go to 192.0.2.5 in clear.'],
    ['listen: "[::]:8080"', 'TDM-1248 management.listen: passwords would go to :: in clear.'],
    [`listen: 192.0.2.5:5060, ${tls}`, 'TDM-1206 management.listen: listener "wan" has tcp 192.0.2.5:5060 already.'],
    ['listen: 127.0.0.1:5060', undefined],
    [`listen: 224.0.0.1, ${tls}`, 'TDM-1204 management.listen: 224.0.0.1 is not the address of one machine.'],
    ['url: "https://tandem.example.com"', 'TDM-1249 management.url: nobody speaks HTTPS.'],
    ['behind-proxy: 127.0.0.1, url: "https://tandem.example.com"', undefined],
    [`${tls}, url: "http://sbc.example.com"`, 'TDM-1249 management.url: `tls` speaks HTTPS.'],
    [`${tls}, url: "https://sbc.example.com/tandem"`, 'TDM-1249 management.url: there is more than a host in it.'],
    [
      `${tls}, url: "https://web.example.com"`,
      'TDM-1306 management.tls.certificate: it does not bear the name web.example.com, which `url` tells.',
    ],
    [
      'sessions: { idle: 2h, lifetime: 1h }',
      'TDM-1216 management.sessions.idle: a session ends by its `lifetime` before.',
    ],
    ['tls: { certificate: a.pem }', 'TDM-1102 management.tls: `key` is missing.'],
    [`oidc: { ${login} }`, 'TDM-1250 management.oidc: there is no `url` for who has signed in to come back to.'],
    [
      `url: "http://127.0.0.1:8080", oidc: { ${login}, client-secret: a, client-secret-file: b }`,
      'TDM-1216 management.oidc.client-secret-file: `client-secret` gives the secret already.',
    ],
    [
      `url: "http://127.0.0.1:8080", oidc: { ${login.replace('role: viewer', 'role: viewer, sites: nowhere')} }`,
      'TDM-1202 management.oidc.roles.sites[0]: there is no site "nowhere".',
    ],
    [
      `url: "http://127.0.0.1:8080", oidc: { ${login.replace('https', 'http')} }`,
      'TDM-1251 management.oidc.issuer: login.example.com would be asked in clear.',
    ],
    [
      `url: "http://127.0.0.1:8080", oidc: { ${login.replace('https', 'http').replace('login.example.com', 'localhost:9')} }`,
      undefined,
    ],
  ])('%s', (keys, message) => {
    expect(told(`management: { ${keys} }\n`, lists)).toEqual(message === undefined ? [] : [message]);
  });
});

describe('where it is told how the program is', () => {
  test('nowhere on the network unless it is said; on loopback, unless more is said', () => {
    expect(read('').health).toBeUndefined();
    expect(read('health: {}\n').health).toEqual({ listen: { host: '127.0.0.1', port: 8081 } });
    expect(read('health: { listen: 0.0.0.0 }\n').health).toEqual({ listen: { host: '0.0.0.0', port: 8081 } });
  });

  test('not where the API or a listener of SIP is', () => {
    const api = 'management: { listen: "127.0.0.1:8081" }\n';
    expect(told(`${api}health: {}\n`)).toEqual([expect.stringContaining('TDM-1206')]);
    expect(told(`${api}health: { listen: "127.0.0.2:8081" }\n`)).toEqual([]);
  });
});
