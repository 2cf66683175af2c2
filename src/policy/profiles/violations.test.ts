import { describe, expect, test } from 'vitest';
import type { Listener, Trunk } from '#policy/configuration';
import type { Profile } from './profile.ts';
import { checkedFeatures, violations } from './violations.ts';

const address = (host: string, port = 5060, matchPort = false) => ({ host, port, matchPort });

const plain: Trunk = {
  name: 'itsp-a',
  kind: 'itsp',
  side: 'external',
  transport: 'udp',
  addresses: [address('203.0.113.10')],
  capacity: {},
  setupTimeout: 10_000,
  ringTimeout: 180_000,
};

const listener = (over: Partial<Listener> = {}): Listener => ({
  id: 'wan/udp',
  name: 'wan',
  side: 'external',
  transport: 'udp',
  bind: { host: '192.0.2.5', port: 5060 },
  advertise: { host: '192.0.2.5', port: 5060 },
  ...over,
});

const registration = {
  registrars: [address('itsp.example')],
  expires: 3_600_000,
  gin: false,
  outbound: false,
  retry: { base: 30_000, most: 1_800_000 },
};
const tls = {
  trust: { system: true, files: [] },
  wildcards: false,
  minVersion: 'TLSv1.2',
  renewal: 86_400_000,
} as const;
const srtp = { mode: 'required', offer: 'crypto', suites: ['AEAD_AES_256_GCM'], keysInClear: false } as const;
const health = { interval: 60_000, misses: 5, successes: 1, failedCalls: 5 };
const asserting = { user: '+4930123450', from: 'identity' } as const;
const saying = { user: '+4930123450', from: 'caller' } as const;
const own = (tandem: NonNullable<Profile['tandem']>): Profile => ({ tandem });
const listenerTls = (clientCertificate: 'none' | 'requested') =>
  listener({
    transport: 'tls',
    tls: { certificate: 'a', key: 'b', clientCertificate, minVersion: 'TLSv1.2' },
  });

/** The field, the profile, what goes against it and what does not; then the key that is told. */
type Case = [
  feature: string,
  profile: Profile,
  against: Partial<Trunk>,
  with_: Partial<Trunk>,
  path: readonly (string | number)[],
  listeners?: [against: Listener[], with_: Listener[]],
];

const cases: Case[] = [
  ['transport-info.transport', { 'transport-info': { transport: ['tcp'] } }, {}, { transport: 'tcp' }, ['transport']],
  // TLS runs over TCP: without `secure`, nothing says that it may not; with UDP alone, that it may.
  ['transport-info.transport', { 'transport-info': { transport: ['udp'] } }, { transport: 'tls' }, {}, ['transport']],
  [
    'transport-info.transport',
    { 'transport-info': { transport: ['tcp'] }, security: { signaling: { secure: true } } },
    {},
    { transport: 'tls' },
    ['transport'],
  ],
  [
    'transport-info.transport',
    { 'transport-info': { transport: ['tls'] } },
    { transport: 'tcp' },
    { transport: 'tls' },
    ['transport'],
  ],
  [
    'transport-info.registrar',
    { 'transport-info': { registrar: [{ host: 'itsp.example', port: 5060 }] } },
    { registration: { ...registration, registrars: [address('itsp.example'), address('other.example')] } },
    { registration },
    ['registration', 'registrar', 1],
  ],
  [
    'transport-info.realm',
    { 'transport-info': { realm: [{ name: 'itsp' }] } },
    { credentials: [{ realm: 'other', username: 'a', password: undefined as never }] },
    { credentials: [{ username: 'a', password: undefined as never }] },
    ['credentials'],
  ],
  [
    'transport-info.call-control',
    { 'transport-info': { 'call-control': [{ host: '203.0.113.10', port: 5060 }] } },
    { addresses: [address('203.0.113.10', 5070, true)] },
    {},
    ['addresses', 0],
  ],
  [
    'transport-info.call-control',
    { 'transport-info': { 'call-control': [{ host: '203.0.113.9', port: 5060 }] } },
    {},
    // With a next hop, the addresses are where calls come from.
    { nextHops: [address('203.0.113.1')] },
    ['addresses', 0],
  ],
  [
    'transport-info.outbound-proxy',
    { 'transport-info': { 'outbound-proxy': [{ host: 'proxy.example', port: 5060 }] } },
    {},
    { nextHops: [address('proxy.example')] },
    ['next-hop'],
  ],
  [
    'transport-info.outbound-proxy',
    { 'transport-info': { 'outbound-proxy': [{ host: 'proxy.example', port: 5060 }] } },
    { nextHops: [address('203.0.113.1')] },
    { nextHops: [address('proxy.example')] },
    ['next-hop', 0],
  ],
  [
    'call-spec.supported-method',
    { 'call-spec': { 'supported-method': ['invite', 'options'] } },
    { registration },
    { health },
    ['registration'],
  ],
  [
    'call-spec.supported-method',
    { 'call-spec': { 'supported-method': ['invite', 'register'] } },
    { health },
    { registration, health: { ...health, interval: 0 } },
    ['health'],
  ],
  [
    'call-spec.caller-id.e164-format',
    { 'call-spec': { 'caller-id': { 'e164-format': true } } },
    { identity: { user: '030123450', from: 'caller' } },
    { identity: { user: 'account-17', from: 'caller' } },
    ['identity', 'user'],
  ],
  [
    'call-spec.caller-id.preferred-method',
    { 'call-spec': { 'caller-id': { 'preferred-method': 'from' } } },
    { identity: asserting },
    { identity: saying },
    ['identity', 'from'],
  ],
  [
    'call-spec.caller-id.preferred-method',
    { 'call-spec': { 'caller-id': { 'preferred-method': 'p-asserted-identity' } } },
    {},
    { identity: asserting },
    ['identity'],
  ],
  [
    'security.signaling.secure',
    { security: { signaling: { secure: false } } },
    { transport: 'tls' },
    { transport: 'tcp' },
    ['transport'],
  ],
  [
    'security.signaling.version',
    { security: { signaling: { version: ['tls12'] } } },
    { tls: { ...tls, minVersion: 'TLSv1.3' } },
    { tls },
    ['tls', 'min-version'],
  ],
  [
    'security.media-security.key-management',
    { security: { 'media-security': { 'key-management': ['dtls-srtp'] } } },
    { srtp },
    {},
    ['srtp'],
  ],
  [
    'extension',
    { extension: ['gin'] },
    { registration: { ...registration, outbound: true } },
    { registration: { ...registration, gin: true } },
    ['registration', 'outbound'],
  ],
  ['tandem.kinds', own({ kinds: ['ip-pbx'] }), {}, { kind: 'ip-pbx' }, ['kind']],
  [
    'tandem.connection-types',
    own({ 'connection-types': ['mpls'] }),
    { connection: { type: 'internet', vpn: true } },
    { connection: { type: 'mpls', vpn: false } },
    ['connection'],
  ],
  ['tandem.registration', own({ registration: 'required' }), {}, { registration }, ['registration']],
  ['tandem.registration', own({ registration: 'unsupported' }), { registration }, {}, ['registration']],
  [
    'tandem.gin',
    own({ gin: 'required' }),
    { registration },
    { registration: { ...registration, gin: true } },
    ['registration', 'gin'],
  ],
  [
    'tandem.outbound-proxy',
    own({ 'outbound-proxy': 'required' }),
    {},
    { nextHops: [address('proxy.example')] },
    ['next-hop'],
  ],
  ['tandem.from-identity', own({ 'from-identity': 'unsupported' }), { identity: asserting }, {}, ['identity']],
  [
    'tandem.number-format',
    own({ 'number-format': 'e164-without-plus' }),
    { identity: saying },
    { identity: { user: '4930123450', from: 'caller' } },
    ['identity', 'user'],
  ],
  [
    'tandem.contact',
    own({ contact: 'name' }),
    {},
    {},
    [],
    [[listener()], [listener({ advertise: { host: 'sbc.example', port: 5060 } }), listener({ side: 'internal' })]],
  ],
  [
    'tandem.contact',
    own({ contact: 'address' }),
    {},
    {},
    [],
    [
      [listener({ advertise: { host: 'sbc.example', port: 5060 } })],
      [listener({ advertise: { host: '2001:db8::5', port: 5060 } })],
    ],
  ],
  [
    'tandem.client-certificate',
    own({ 'client-certificate': 'required' }),
    { transport: 'tls' },
    { transport: 'tls' },
    [],
    [[listenerTls('none')], [listenerTls('requested')]],
  ],
  ['tandem.srtp', own({ srtp: 'required' }), { srtp: { ...srtp, mode: 'optional' } }, { srtp }, ['srtp']],
  ['tandem.srtp', own({ srtp: 'unsupported' }), { srtp: { ...srtp, mode: 'optional' } }, {}, ['srtp']],
  [
    'tandem.srtp-suites',
    own({ 'srtp-suites': ['AES_CM_128_HMAC_SHA1_80'] }),
    { srtp },
    { srtp: { ...srtp, suites: ['AEAD_AES_256_GCM', 'AES_CM_128_HMAC_SHA1_80'] } },
    ['srtp', 'suites'],
  ],
  [
    'tandem.options-ping',
    own({ 'options-ping': 'required' }),
    { health: { ...health, interval: 0 } },
    { health },
    ['health'],
  ],
  ['tandem.media-bypass', own({ 'media-bypass': 'unsupported' }), { mediaBypass: true }, {}, ['media-bypass']],
  [
    'tandem.options-interval',
    own({ 'options-interval': 30_000 }),
    { health },
    { health: { ...health, interval: 30_000 } },
    ['health', 'interval'],
  ],
  [
    'tandem.connection-renewal',
    own({ 'connection-renewal': 3_600_000 }),
    { tls: { ...tls, renewal: 0 } },
    { tls: { ...tls, renewal: 3_600_000 } },
    ['tls', 'renewal'],
  ],
  [
    'tandem.networks',
    own({ networks: [{ host: '52.112.0.0', bits: 14 }] }),
    { networks: [{ host: '52.112.0.0', bits: 15 }] },
    { networks: [{ host: '52.0.0.0', bits: 8 }] },
    ['networks'],
  ],
  [
    'tandem.networks',
    own({ networks: [{ host: '203.0.113.11', bits: 32 }] }),
    {},
    { addresses: [address('203.0.113.11')] },
    ['networks'],
  ],
  [
    'tandem.networks',
    own({ networks: [{ host: '52.112.0.0', bits: 14 }] }),
    {},
    { certificateNames: ['sip.itsp.example'] },
    ['networks'],
  ],
  [
    'tandem.dns-load-balancing',
    own({ 'dns-load-balancing': false }),
    { addresses: [address('itsp.example')] },
    { addresses: [address('itsp.example', 5060, true)] },
    [],
  ],
  [
    'tandem.high-availability',
    own({ 'high-availability': 'single' }),
    { addresses: [address('203.0.113.10'), address('203.0.113.11')] },
    {},
    [],
  ],
  [
    'tandem.high-availability',
    own({ 'high-availability': 'list' }),
    {},
    { addresses: [address('203.0.113.10'), address('203.0.113.11')] },
    [],
  ],
  ['tandem.high-availability', own({ 'high-availability': 'dns' }), {}, { nextHops: [address('itsp.example')] }, []],
  ['tandem.calls', own({ calls: 30 }), { capacity: { calls: 31 } }, { capacity: { calls: 30 } }, ['capacity', 'calls']],
];

describe('a field of the profile', () => {
  test.each(cases)('%s (%#)', (feature, profile, against, keeping, path, listeners = [[], []]) => {
    const found = violations({ ...plain, ...against }, listeners[0], profile);
    expect(found).toMatchObject([{ feature, path }]);
    expect(found[0]!.message).toMatch(/^[^A-Z]?.*[^.]\.$/);
    expect(violations({ ...plain, ...keeping }, listeners[1], profile)).toEqual([]);
  });

  test('each that is checked has a case', () => {
    expect([...new Set(cases.map(([feature]) => feature))].sort()).toEqual([...checkedFeatures].sort());
  });
});

test('what a profile does not say forbids nothing', () => {
  const busy: Trunk = { ...plain, transport: 'tls', registration, tls, srtp, health, identity: asserting };
  expect(violations(busy, [listener()], {})).toEqual([]);
  expect(violations(busy, [listener()], { 'transport-info': {}, 'call-spec': {}, security: {}, tandem: {} })).toEqual(
    [],
  );
});

test('everything is told at once', () => {
  const profile: Profile = {
    'transport-info': { transport: ['tcp'] },
    tandem: { registration: 'required', kinds: ['ip-pbx'], 'options-ping': 'required' },
  };
  expect(violations(plain, [], profile).map(({ feature }) => feature)).toEqual([
    'transport-info.transport',
    'tandem.kinds',
    'tandem.registration',
    'tandem.options-ping',
  ]);
});
