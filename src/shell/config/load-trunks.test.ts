// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { certificateFolder, selfSigned } from '../../../test/support/certificates.ts';
import { itspWith, listenersWith } from './codes-entry.ts';
import { soundFile } from './errors.ts';
import { filesOf, filesOfExamples } from './files.testing.ts';
import type { Files } from './files.ts';
import { loadConfiguration, type Surroundings } from './load.ts';
import { formatProblems } from './problems.ts';

const files = await filesOfExamples();

type World = Partial<Surroundings>;

function load(text: string, world: World = {}) {
  return loadConfiguration(text, { file: 'tandem.yaml', env: {}, files, ...world });
}

/** `soundFile` with these top-level keys in place of its own. */
function withKeys(fragment: string): string {
  const sections = (text: string) => new Map(text.split(/^(?=[a-z-]+:)/m).map((part) => [part.split(':')[0]!, part]));
  return [...new Map([...sections(soundFile), ...sections(fragment)]).values()].join('');
}

function configuration(fragment: string, world?: World) {
  const loaded = load(withKeys(fragment), world);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

function itsp(keys: string, world?: World) {
  return configuration(itspWith(keys), world).trunks[1]!;
}

function problems(fragment: string, world?: World) {
  const loaded = load(withKeys(fragment), world);
  return loaded.ok ? loaded.warnings : loaded.problems;
}

/** `TDM-1216 trunks[1].tls`. */
function found(fragment: string, world?: World): string[] {
  return problems(fragment, world).map(({ code, path }) => `${code} ${path}`);
}

const certificate = 'tls: { certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }';
const tlsListeners = listenersWith(
  `  - { name: wan, side: external, bind: 192.0.2.5 }\n  - { name: wan-tls, side: external, bind: 192.0.2.5:5061, transports: tls, ${certificate} }\n`,
);

describe('what a trunk means', () => {
  test('everything that can be said', () => {
    const text = `${tlsListeners}trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - name: itsp-a
    kind: itsp
    transport: tls
    addresses: [Sip.ITSP.example., sip2.itsp.example:5070]
    next-hop: proxy.itsp.example
    networks: [52.112.0.0/14, "2001:db8::/32", 203.0.113.7]
    domain: itsp.example
    identity: { user: "+4930123450", display-name: Müller & Söhne, from: identity }
    registration:
      registrar: [reg1.itsp.example, "reg2.itsp.example:5071"]
      expires: 10m
      contact-user: "4930123450"
      outbound: true
      retry: { base: 10s, most: 5m }
    credentials:
      - { realm: one, username: alice, password: first }
      - { username: bob, password-file: /etc/tandem/password }
    authenticate: { realm: us, username: carol, password: 0042, algorithms: SHA-512-256 }
    certificate-names: sip.itsp.example
    tls:
      certificate: /etc/tandem/sbc.pem
      key: /etc/tandem/sbc.key
      trust: [system, /etc/tandem/sbc.pem]
      names: [sip.itsp.example, 192.0.2.99]
      wildcards: true
      min-version: 1.3
      renewal: never
    srtp: { mode: optional, offer: capability, suites: [AEAD_AES_256_GCM, AES_CM_128_HMAC_SHA1_32] }
    health: { interval: never, misses: 2, successes: 3, failed-calls: 0 }
    responses:
      - { status: 486, cause: 34, as: 503 }
      - { status: 500-599, then: final }
    connection: { type: internet, vpn: true }
    dscp: { signalling: af31, media: 40 }
    profile: /etc/tandem/itsp-a.yaml
`;
    const trunk = configuration(text).trunks[1]!;
    expect(trunk).toEqual({
      name: 'itsp-a',
      kind: 'itsp',
      side: 'external',
      transport: 'tls',
      addresses: [
        { host: 'sip.itsp.example', port: 5061, matchPort: false },
        { host: 'sip2.itsp.example', port: 5070, matchPort: true },
      ],
      nextHops: [{ host: 'proxy.itsp.example', port: 5061, matchPort: false }],
      networks: [
        { host: '52.112.0.0', bits: 14 },
        { host: '2001:db8::', bits: 32 },
        { host: '203.0.113.7', bits: 32 },
      ],
      domain: 'itsp.example',
      identity: { user: '+4930123450', display: 'Müller & Söhne', from: 'identity' },
      registration: {
        registrars: [
          { host: 'reg1.itsp.example', port: 5061, matchPort: false },
          { host: 'reg2.itsp.example', port: 5071, matchPort: true },
        ],
        expires: 600_000,
        contactUser: '4930123450',
        gin: false,
        outbound: true,
        retry: { base: 10_000, most: 300_000 },
      },
      credentials: [
        { realm: 'one', username: 'alice', password: expect.anything() },
        { username: 'bob', password: expect.anything() },
      ],
      authenticate: { realm: 'us', username: 'carol', password: expect.anything(), algorithms: ['SHA-512-256'] },
      certificateNames: ['sip.itsp.example'],
      tls: {
        certificate: '/etc/tandem/sbc.pem',
        key: '/etc/tandem/sbc.key',
        trust: { system: true, files: ['/etc/tandem/sbc.pem'] },
        names: ['sip.itsp.example', '192.0.2.99'],
        wildcards: true,
        minVersion: 'TLSv1.3',
        renewal: 0,
      },
      srtp: {
        mode: 'optional',
        offer: 'capability',
        suites: ['AEAD_AES_256_GCM', 'AES_CM_128_HMAC_SHA1_32'],
        keysInClear: false,
      },
      health: { interval: 0, misses: 2, successes: 3, failedCalls: 0 },
      responses: [
        { status: { from: 486, to: 486 }, q850: 34, as: 503 },
        { status: { from: 500, to: 599 }, verdict: 'final' },
      ],
      connection: { type: 'internet', vpn: true },
      dscp: { signalling: 26, media: 40 },
      codecs: { allow: ['PCMA', 'PCMU', 'telephone-event', 'CN'] },
      profile: '/etc/tandem/itsp-a.yaml',
      capacity: {},
      setupTimeout: 10_000,
      ringTimeout: 180_000,
    });
    const secrets = [...trunk.credentials!, trunk.authenticate!].map(({ password }) => password.reveal());
    // A number to YAML, but not to us.
    expect(secrets).toEqual(['first', 'open sesame', '0042']);
  });

  test('short forms', () => {
    const text = `${tlsListeners}${itspWith(
      'transport: tls\ndomain: itsp.example\nidentity: "17"\nregistration: {}\ncredentials: { username: 17, password: x }\nsrtp: required\nconnection: internet\nhealth: off\n',
    )}`;
    const trunk = configuration(text).trunks[1]!;
    expect(trunk).toMatchObject({
      identity: { user: '17', from: 'caller' },
      registration: {
        registrars: [{ host: 'itsp.example', port: 5061, matchPort: false }],
        expires: 3_600_000,
        gin: false,
        outbound: false,
        retry: { base: 30_000, most: 1_800_000 },
      },
      credentials: [{ username: '17' }],
      srtp: {
        mode: 'required',
        offer: 'crypto',
        suites: ['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_256_GCM', 'AEAD_AES_128_GCM'],
        keysInClear: false,
      },
      connection: { type: 'internet', vpn: false },
      // TLS has its defaults where nothing is said of it.
      tls: { trust: { system: true, files: [] }, wildcards: false, minVersion: 'TLSv1.2', renewal: 86_400_000 },
    });
    expect(trunk).not.toHaveProperty('health');
    expect(trunk.identity).not.toHaveProperty('display');
  });

  test.each([
    ['a name alone', 'addresses: itsp.example', [['itsp.example', 5060, false]], undefined],
    ['its domain', 'domain: itsp.example', [['itsp.example', 5060, false]], undefined],
    ['its next hop', 'next-hop: 192.0.2.9:5070', [['192.0.2.9', 5070, true]], [['192.0.2.9', 5070, true]]],
    [
      'its next hop, whatever its domain',
      'domain: itsp.example\n    next-hop: proxy.example',
      [['proxy.example', 5060, false]],
      [['proxy.example', 5060, false]],
    ],
    [
      'other hosts than its next hop',
      'addresses: 192.0.2.10\n    next-hop: proxy.example',
      [['192.0.2.10', 5060, false]],
      [['proxy.example', 5060, false]],
    ],
  ])('a trunk is known by %s', (_what, keys, addresses, nextHops) => {
    const text = `trunks:\n  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }\n  - name: itsp-a\n    kind: itsp\n    ${keys}\n`;
    const flat = (all: readonly { host: string; port: number; matchPort: boolean }[] | undefined) =>
      all?.map(({ host, port, matchPort }) => [host, port, matchPort]);
    const trunk = configuration(text).trunks[1]!;
    expect([flat(trunk.addresses), flat(trunk.nextHops)]).toEqual([addresses, nextHops]);
  });

  test('auto leaves the transport to NAPTR, and udp where there is none', () => {
    const text = `trunks:\n  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }\n  - { name: itsp-a, kind: itsp, transport: auto, domain: itsp.example }\n`;
    expect(configuration(text).trunks[1]).toMatchObject({ transport: 'udp', naptr: true, tls: { wildcards: false } });
    expect(configuration(itspWith('')).trunks[1]).not.toHaveProperty('naptr');
  });

  test.each([
    ['EF', 46],
    ['cs6', 48],
    ['AF43', 38],
    ['DF', 0],
    ['63', 63],
  ])('code point %s is %i', (text, value) => {
    expect(itsp(`dscp: { media: ${text} }\n`).dscp).toEqual({ signalling: 24, media: value });
  });
});

describe('listeners', () => {
  test('tls has its port and its certificate, the others have neither', () => {
    const [, , wan, , tls] = configuration(tlsListeners).listeners;
    expect(wan).not.toHaveProperty('tls');
    expect(tls).toMatchObject({
      id: 'wan-tls/tls',
      bind: { port: 5061 },
      tls: {
        certificate: '/etc/tandem/sbc.pem',
        key: '/etc/tandem/sbc.key',
        clientCertificate: 'requested',
        minVersion: 'TLSv1.2',
      },
    });
  });

  test.each([
    ['transports: tls', 5061],
    ['transports: [udp, tls]', 5060],
  ])('%s without a port: %i', (transports, port) => {
    const text = listenersWith(`  - { name: wan, side: external, bind: 192.0.2.5, ${transports}, ${certificate} }\n`);
    const trunks = itspWith('transport: tls\ndomain: itsp.example\n');
    expect(configuration(`${text}${trunks}`).listeners.at(-1)!.bind.port).toBe(port);
  });

  test('a name may be told to peers; media then goes by the address', () => {
    const text = listenersWith('  - { name: wan, side: external, bind: 192.0.2.5, advertise: SBC.example.com }\n');
    const { listeners, media } = configuration(text);
    expect(listeners.at(-1)!.advertise).toEqual({ host: 'sbc.example.com', port: 5060 });
    expect(media.external).toEqual({ bind: '192.0.2.5', advertise: '192.0.2.5' });
    expect(found(text.replace('bind: 192.0.2.5', 'bind: 0.0.0.0:5070'))).toEqual(['TDM-1203 media']);
  });

  test('tcp and tls are one port, in two listeners as well', () => {
    const text = `${tlsListeners}  - { name: more, side: external, bind: 192.0.2.5:5061, transports: tcp }\n`;
    expect(found(text)).toEqual(['TDM-1206 listeners[3].bind']);
    expect(found(text.replace('transports: tcp', 'transports: udp'))).toEqual([]);
  });
});

describe('groups', () => {
  const group = (trunks: string, to: string, from = 'pbx') =>
    `groups:\n  - { name: all, trunks: ${trunks} }\nroutes:\n  - { name: out, from: ${from}, to: ${to} }\n  - { name: rest, to: [pbx, itsp-a] }\n`;

  test('have members with weights, and are named by routes', () => {
    const { groups, routes } = configuration(group('[{ trunk: itsp-a, weight: 3 }, pbx], choice: weighted', 'all'));
    expect(groups).toEqual([
      {
        name: 'all',
        members: [
          { trunk: 'itsp-a', weight: 3 },
          { trunk: 'pbx', weight: 1 },
        ],
        choice: 'weighted',
      },
    ]);
    expect(routes[0]).toMatchObject({ to: ['all'] });
  });

  test('stand for their trunks where calls come from', () => {
    expect(configuration(group('[itsp-a, pbx]', 'pbx', '[all, itsp-a]')).routes[0]!.from).toEqual(['itsp-a', 'pbx']);
  });

  test.each([
    ['no such trunk', group('itsp-b', 'all'), ['TDM-1202 groups[0].trunks[0]']],
    ['a group in a group', group('all', 'all'), ['TDM-1202 groups[0].trunks[0]']],
    ['a trunk twice', group('[pbx, { trunk: pbx, weight: 2 }]', 'all'), ['TDM-1213 groups[0].trunks[1]']],
    ['no trunk', group('[]', 'all'), ['TDM-1110 groups[0].trunks']],
    ['no name', group('{ weight: 2 }', 'all'), ['TDM-1102 groups[0].trunks']],
    [
      'a name that cannot be one',
      group('a b', 'all'),
      ['TDM-1111 groups[0].trunks[0].trunk', 'TDM-1202 groups[0].trunks[0]'],
    ],
    ['the name of a trunk', group('pbx', 'pbx').replace('name: all', 'name: itsp-a'), ['TDM-1201 groups[0].name']],
    ['no route', group('pbx', 'pbx'), ['TDM-1302 groups[0]']],
  ])('%s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

test('protection and the DNS', () => {
  const text = `protection: { requests-per-second: 5, signatures: [MyScanner, x], never: 10.0.0.0/8 }\ndns: { servers: [192.0.2.53, "[2001:db8::53]:5353"] }\n`;
  expect(configuration(text)).toMatchObject({
    protection: {
      requestsPerSecond: 5,
      ban: 300_000,
      signatures: ['myscanner', 'x'],
      never: [{ host: '10.0.0.0', bits: 8 }],
    },
    dns: {
      servers: [
        { host: '192.0.2.53', port: 53 },
        { host: '2001:db8::53', port: 5353 },
      ],
      timeout: 3000,
    },
  });
  expect(configuration('')).not.toHaveProperty('dns');
});

describe('values', () => {
  test.each([
    ['next-hop: sip:itsp.example', 'TDM-1115', 'Write it without "sip:".'],
    ['next-hop: münchen.example', 'TDM-1115', 'Write xn--mnchen-3ya.example.'],
    ['next-hop: a..example', 'TDM-1115', undefined],
    ['next-hop: itsp.example:0', 'TDM-1105', undefined],
    ['domain: itsp.example:5060', 'TDM-1115', undefined],
    ['networks: 10.1.2.3/8', 'TDM-1116', 'Write 10.0.0.0/8, or 10.1.2.3.'],
    ['networks: 2001:db8::1/32', 'TDM-1116', 'Write 2001:db8::/32, or 2001:db8::1.'],
    ['networks: 0.0.0.0/0', 'TDM-1116', expect.stringContaining('authenticate')],
    ['networks: 10.0.0.0/33', 'TDM-1116', undefined],
    ['identity: alice@itsp.example', 'TDM-1114', undefined],
    ['identity: { user: a, display-name: "a\\"b" }', 'TDM-1114', undefined],
    ['responses: [{ status: 599-500, then: next }]', 'TDM-1117', undefined],
    ['responses: [{ status: 200, then: next }]', 'TDM-1117', undefined],
    ['dscp: { media: 64 }', 'TDM-1118', undefined],
    ['registration: { gin: yes }', 'TDM-1108', 'It takes true or false.'],
    ['srtp: requird', 'TDM-1108', 'Did you mean `required`? It takes off, optional or required.'],
    ['health: of', 'TDM-1108', expect.stringContaining('Did you mean `off`?')],
    ['connection: { vpn: true }', 'TDM-1102', undefined],
    ['tls: { min-version: 1.1 }', 'TDM-1108', expect.stringContaining('1.2 or 1.3')],
    [
      'credentials: { user: alice, password: x }',
      'TDM-1101',
      'Did you mean `username`? `user` belongs in trunks.identity, or tests.expect.',
    ],
  ])('%s: %s', (keys, code, cure) => {
    const [problem] = problems(itspWith(`${keys}\n`)).filter((one) => one.code === code);
    expect(problem).toMatchObject({ code, path: expect.stringMatching(/^trunks\[1\]/) });
    if (cure !== undefined) expect(problem!.cure).toEqual(cure);
  });
});

describe('what does not go together', () => {
  const registered = 'registration: {}\nidentity: alice\ndomain: itsp.example\n';
  const secured = `${tlsListeners}${itspWith('transport: tls\ndomain: itsp.example\n')}`;
  test.each([
    ['a registration nowhere', itspWith('registration: {}\nidentity: alice\n'), ['TDM-1218 trunks[1].registration']],
    [
      'a registration of all numbers by nobody',
      itspWith('registration: { gin: true }\ndomain: a.example\n'),
      ['TDM-1218 trunks[1].registration'],
    ],
    [
      'gin, and a user',
      itspWith(registered.replace('{}', '{ gin: true, contact-user: bob }')),
      ['TDM-1216 trunks[1].registration.contact-user'],
    ],
    [
      'two credentials for any realm',
      itspWith('credentials: [{ username: a, password: x }, { username: b, password: y }]\n'),
      ['TDM-1213 trunks[1].credentials[1]'],
    ],
    [
      'two passwords',
      itspWith('authenticate: { realm: r, username: a, password: x, password-file: /etc/tandem/password }\n'),
      ['TDM-1219 trunks[1].authenticate'],
    ],
    ['no listener for tls', itspWith('transport: tls\ndomain: itsp.example\n'), ['TDM-1207 trunks[1].addresses[0]']],
    [
      'names of certificates, and nobody asks for one',
      itspWith('certificate-names: a.example\n'),
      ['TDM-1216 trunks[1].certificate-names'],
    ],
    ['auto, and no name', itspWith('transport: auto\n'), ['TDM-1216 trunks[1].transport']],
    ['a rule that says nothing', itspWith('responses: [{ status: 486 }]\n'), ['TDM-1216 trunks[1].responses[0]']],
    [
      'the internet over tls alone',
      secured.replace('domain:', 'connection: internet\n    domain:'),
      ['TDM-1221 trunks[1].connection'],
    ],
    [
      'the internet over tls with srtp',
      secured.replace('domain:', 'connection: internet\n    srtp: required\n    domain:'),
      [],
    ],
    ['a next hop that is ourselves', itspWith('next-hop: 192.0.2.5\n'), ['TDM-1209 trunks[1].next-hop[0]']],
    [
      'a registrar of another IP version',
      itspWith(registered.replace('{}', '{ registrar: "[2001:db8::9]" }')),
      ['TDM-1207 trunks[1].registration.registrar[0]'],
    ],
    [
      'a registrar of another IP version behind a next hop',
      itspWith(`${registered.replace('{}', '{ registrar: "[2001:db8::9]" }')}next-hop: 192.0.2.77\n`),
      [],
    ],
    ['an encrypted key', secured.replace('/etc/tandem/sbc.key', '/locked.key'), ['TDM-1403 listeners[2].tls.key']],
  ])('%s', (_what, text, expected) => {
    const locked = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n';
    const more: Files = { read: (path) => (path === '/locked.key' ? { text: locked, open: false } : files.read(path)) };
    expect(found(text, { files: more })).toEqual(expected);
  });

  const two = (one: string, other: string) =>
    `${tlsListeners}trunks:\n  - { name: pbx, kind: itsp, addresses: 192.0.2.20, ${one} }\n  - { name: itsp-a, kind: itsp, addresses: 192.0.2.21, ${other} }\n`;
  test.each([
    ['a network', 'networks: 10.0.0.0/8', 'networks: 10.0.0.0/8', ['TDM-1208 trunks[1].networks[0]']],
    ['a network inside the other', 'networks: 10.0.0.0/8', 'networks: 10.1.0.0/16', []],
    ['a network and its address', 'networks: 192.0.2.0/24', 'transport: udp', []],
    [
      'a name of certificates',
      'certificate-names: a.example',
      'certificate-names: A.example',
      ['TDM-1208 trunks[1].certificate-names[0]'],
    ],
    [
      'a user',
      'authenticate: { realm: r, username: a, password: x }',
      'authenticate: { realm: r, username: a, password: y }',
      ['TDM-1208 trunks[1].authenticate'],
    ],
    [
      'a user of another realm',
      'authenticate: { realm: r, username: a, password: x }',
      'authenticate: { realm: s, username: a, password: y }',
      [],
    ],
  ])('two trunks with %s', (_what, one, other, expected) => {
    expect(found(two(one, other))).toEqual(expected);
  });

  describe('one address at two listeners', () => {
    const listeners = listenersWith(
      '  - { name: one, side: external, bind: 192.0.2.5 }\n  - { name: two, side: external, bind: 192.0.2.5:5080 }\n',
    );
    const both = (first: string, second: string) =>
      `${listeners}trunks:\n  - { name: pbx, kind: itsp, addresses: 192.0.2.20, ${first} }\n  - { name: itsp-a, kind: itsp, addresses: 192.0.2.20, ${second} }\n`;
    const clash = ['TDM-1208 trunks[1].addresses[0]'];
    test.each([
      ['is two trunks', 'listeners: one', 'listeners: two', []],
      ['is one at each of them', 'listeners: one', 'listeners: [two, one]', clash],
      ['is one where nothing is said of the other', 'listeners: one', 'side: external', clash],
      ['is two on two sides', 'listeners: [one, two]', 'side: internal', []],
      ['has a listener of its side', 'listeners: one', 'listeners: lan', ['TDM-1207 trunks[1].addresses[0]', ...clash]],
      [
        'is one user all the same',
        'listeners: one, authenticate: { realm: r, username: a, password: x }',
        'listeners: two, authenticate: { realm: r, username: a, password: x }',
        ['TDM-1208 trunks[1].authenticate'],
      ],
    ])('%s', (_what, first, second, expected) => {
      expect(found(both(first, second)).toSorted()).toEqual(expected);
    });
  });

  test('two accounts at one provider are a doubt, two trunks without are an error', () => {
    const accounts = (second: string) =>
      `trunks:\n  - { name: pbx, kind: itsp, domain: a.example, identity: a, registration: {} }\n  - { name: itsp-a, kind: itsp, domain: a.example, identity: b${second} }\n`;
    expect(found(accounts(', registration: {}'))).toEqual(['TDM-1307 trunks[1].domain']);
    expect(found(accounts(''))).toEqual(['TDM-1208 trunks[1].domain']);
  });
});

describe('files that are named', () => {
  const folder = certificateFolder();
  afterAll(() => folder.remove());
  const withPassword = (path: string) => itspWith(`credentials: { username: alice, password-file: ${path} }\n`);
  // Those of this machine.
  const password = (path: string) => {
    const loaded = loadConfiguration(withKeys(withPassword(path)), { file: 'tandem.yaml', env: {} });
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    return { text: loaded.configuration.trunks[1]!.credentials![0]!.password.reveal(), warnings: loaded.warnings };
  };

  test.each([
    ['pass word', 'pass word'],
    ['word\n', 'word'],
    ['word\r\n', 'word'],
    [' word ', ' word '],
  ])('a file with %j has the password %j', (text, expected) => {
    expect(password(folder.write('password', text))).toEqual({ text: expected, warnings: [] });
  });

  test.each([
    ['nothing', '', 'TDM-1405'],
    ['a line end', '\n', 'TDM-1405'],
    ['two lines', 'a\nb\n', 'TDM-1405'],
    ['a megabyte', 'x'.repeat(1 << 21), 'TDM-1401'],
  ])('%s is not a password', (_what, text, code) => {
    expect(() => password(folder.write('password', text))).toThrow(code);
  });

  test('a directory, and nothing at all, are told apart', () => {
    mkdirSync(join(folder.path, 'directory'));
    expect(() => password(join(folder.path, 'directory'))).toThrow('it is a directory');
    expect(() => password(join(folder.path, 'none'))).toThrow('there is none');
  });

  test('one that everybody may read is a doubt', () => {
    const file = folder.write('password', 'x');
    chmodSync(file, 0o644);
    expect(password(file).warnings).toMatchObject([{ code: 'TDM-1311', path: 'trunks[1].credentials.password-file' }]);
    chmodSync(file, 0o640);
    expect(password(file).warnings).toEqual([]);
  });

  test('certificates are looked at by the clock that is given', async () => {
    const { certificate: pem, key } = await selfSigned({ dns: ['sbc.example.com'], from: -1, to: 30 });
    const text = listenersWith(
      '  - { name: wan, side: external, bind: 192.0.2.5, transports: [udp, tls], tls: { certificate: /c, key: /k } }\n',
    );
    const at = (days: number) =>
      found(text, {
        files: filesOf(
          new Map([
            ['/c', pem],
            ['/k', key],
          ]),
        ),
        now: Date.now() + days * 86_400_000,
      });
    expect([at(0), at(31), at(-2)]).toEqual([
      [],
      ['TDM-1310 listeners[1].tls.certificate'],
      ['TDM-1310 listeners[1].tls.certificate'],
    ]);
  });
});

describe('secrets', () => {
  const secret = 'hunter2-hunter2';

  test('are shown by no way of printing a configuration', () => {
    const one = configuration(
      itspWith(
        `credentials: { username: a, password: ${secret} }\nauthenticate: { realm: r, username: b, password: "\${PW}" }\n`,
      ),
      { env: { PW: secret } },
    );
    expect(one.trunks[1]!.authenticate!.password.reveal()).toBe(secret);
    for (const shown of [JSON.stringify(one), inspect(one, { depth: 12, showHidden: true }), `${Object.values(one)}`])
      expect(shown).not.toContain(secret);
  });

  test.each([
    `credentials: { username: a, password: [${secret}] }`,
    `credentials: { username: a, password: { ${secret}: ${secret} } }`,
    `credentials: { username: a, password: "${secret}\\n${secret}" }`,
    `credentials: { username: a, password: "${'x'.repeat(300)}${secret}" }`,
    `credentials: { username: a, password: "x\${${secret}" }`,
    `credentials: { username: a, password: *${secret} }`,
    `credentials: { username: a, password: ${secret}, password-file: /etc/tandem/none }`,
    `credentials: ${secret}`,
    `authenticate: ${secret}`,
    `credentials: [${secret}]`,
  ])('are shown by no problem: %s', (keys) => {
    const told = problems(itspWith(`${keys}\n`));
    expect(told.length).toBeGreaterThan(0);
    expect(formatProblems(told).replaceAll(`there is no key \`${secret}\``, '')).not.toContain(secret);
  });
});
