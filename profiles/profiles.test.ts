import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkedFeatures } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import { filesOfExamples } from '../src/shell/config/files.testing.ts';
import { shippedProfiles } from '../src/shell/config/profile.ts';

/*
 * Every profile that comes with the program: a minimal trunk that keeps to it is sound, and one that breaks a field of it is refused
 * with that field named.
 */

const files = await filesOfExamples();
const certificate = '{ certificate: /etc/tandem/sbc.pem, key: /etc/tandem/sbc.key }';

interface Minimal {
  readonly kind: string;
  readonly keys: Readonly<Record<string, string>>;
  /** Of a field: the keys that break it; undefined takes one away. `listener`: what is different about the TLS listener. */
  readonly breaks: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
}

const minimal: Readonly<Record<string, Minimal>> = {
  'generic-udp-register': {
    kind: 'itsp',
    keys: {
      domain: 'itsp.example',
      identity: 'account-17',
      credentials: '{ username: account-17, password: open sesame }',
      registration: '{}',
    },
    breaks: {
      'transport-info.transport': { transport: 'tcp' },
      'security.signaling.secure': { transport: 'tls' },
      'tandem.kinds': { kind: 'pstn-gateway' },
      'tandem.registration': { registration: undefined },
      'tandem.gin': { registration: '{ gin: true }' },
      'tandem.srtp': { srtp: '{ mode: required, keys-in-clear: true }' },
    },
  },
  'generic-tls-register': {
    kind: 'itsp',
    keys: {
      transport: 'tls',
      domain: 'itsp.example',
      identity: 'account-17',
      credentials: '{ username: account-17, password: open sesame }',
      registration: '{}',
    },
    breaks: {
      'transport-info.transport': { transport: 'udp' },
      'tandem.kinds': { kind: 'pstn-gateway' },
      'tandem.registration': { registration: undefined },
      'tandem.gin': { registration: '{ gin: true }' },
    },
  },
  'generic-udp-static': {
    kind: 'itsp',
    keys: { addresses: '203.0.113.10' },
    breaks: {
      'transport-info.transport': { transport: 'tcp' },
      'security.signaling.secure': { transport: 'tls' },
      'call-spec.supported-method': { registration: '{ registrar: itsp.example }' },
      'tandem.kinds': { kind: 'pstn-gateway' },
      'tandem.registration': { registration: '{ registrar: itsp.example }' },
      'tandem.srtp': { srtp: '{ mode: required, keys-in-clear: true }' },
    },
  },
  'generic-sipconnect-static': {
    kind: 'itsp',
    keys: { transport: 'tcp', addresses: 'sip.itsp.example', identity: '"+4930123450"' },
    breaks: {
      'transport-info.transport': { transport: 'udp' },
      'call-spec.supported-method': { registration: '{ registrar: itsp.example }' },
      'call-spec.caller-id.e164-format': { identity: '"030123450"' },
      'tandem.kinds': { kind: 'ip-pbx' },
      'tandem.registration': { registration: '{ registrar: itsp.example }' },
      'tandem.srtp-suites': { transport: 'tls', srtp: '{ mode: required, suites: AEAD_AES_256_GCM }' },
      'tandem.options-ping': { health: 'off' },
      'tandem.options-interval': { health: '{ interval: 10m }' },
      'tandem.number-format': { identity: '"030123450"' },
    },
  },
  'generic-sipconnect-gin': {
    kind: 'itsp',
    keys: {
      transport: 'tls',
      domain: 'ssp.example',
      identity: '{ user: "+4930123450", from: identity }',
      credentials: '{ username: pbx-17, password: open sesame }',
      registration: '{ gin: true }',
      srtp: 'required',
    },
    breaks: {
      'transport-info.transport': { transport: 'tcp' },
      'call-spec.caller-id.e164-format': { identity: '{ user: "030123450", from: identity }' },
      'call-spec.caller-id.preferred-method': { identity: '"+4930123450"' },
      extension: { registration: '{ gin: true, outbound: true }' },
      'tandem.kinds': { kind: 'pstn-gateway' },
      'tandem.registration': { registration: undefined },
      'tandem.gin': { registration: '{}' },
      'tandem.from-identity': { identity: '"+4930123450"' },
      'tandem.srtp': { srtp: 'optional' },
      'tandem.srtp-suites': { srtp: '{ mode: required, suites: AEAD_AES_256_GCM }' },
      'tandem.number-format': { identity: '{ user: "030123450", from: identity }' },
      'tandem.high-availability': { 'next-hop': '203.0.113.10', tls: '{ names: ssp.example }' },
    },
  },
  'bulk-tls-rewrites': {
    kind: 'itsp',
    keys: {
      transport: 'tls',
      domain: 'ssp.example',
      identity: '"+4930123450"',
      credentials: '{ username: pbx-17, password: open sesame }',
      registration: '{ gin: true }',
      srtp: 'required',
    },
    breaks: {
      'transport-info.transport': { transport: 'tcp' },
      'tandem.kinds': { kind: 'pstn-gateway' },
      'tandem.registration': { registration: undefined },
      'tandem.gin': { registration: '{}' },
      'tandem.srtp': { srtp: 'optional' },
      'tandem.srtp-suites': { srtp: '{ mode: required, suites: AEAD_AES_256_GCM }' },
    },
  },
  'teams-direct-routing': {
    kind: 'itsp',
    keys: {
      transport: 'tls',
      addresses: '[sip.pstnhub.microsoft.com:5061, sip2.pstnhub.microsoft.com:5061, sip3.pstnhub.microsoft.com:5061]',
      networks: '[52.112.0.0/14, 52.122.0.0/15]',
      srtp: 'required',
      tls: '{ renewal: 1h }',
    },
    breaks: {
      'transport-info.transport': { transport: 'tcp' },
      'transport-info.call-control': { addresses: '[sip.pstnhub.microsoft.com:5061, sip.itsp.example:5061]' },
      'call-spec.supported-method': { registration: '{ registrar: itsp.example }', identity: '"+4930123450"' },
      'call-spec.caller-id.e164-format': { identity: '"030123450"' },
      'call-spec.caller-id.preferred-method': { identity: '{ user: "+4930123450", from: identity }' },
      'security.signaling.version': { tls: '{ renewal: 1h, min-version: 1.3 }' },
      'tandem.kinds': { kind: 'pstn-gateway' },
      'tandem.connection-types': { connection: 'mpls' },
      'tandem.registration': { registration: '{ registrar: itsp.example }', identity: '"+4930123450"' },
      'tandem.outbound-proxy': { 'next-hop': 'proxy.example' },
      'tandem.contact': { listener: 'advertise: 192.0.2.5:5061' },
      'tandem.client-certificate': { listener: `tls: ${certificate.replace(' }', ', client-certificate: none }')}` },
      'tandem.srtp': { srtp: 'optional' },
      'tandem.srtp-suites': { srtp: '{ mode: required, suites: AEAD_AES_256_GCM }' },
      'tandem.options-ping': { health: '{ interval: never }' },
      'tandem.options-interval': { health: '{ interval: 5m }' },
      'tandem.connection-renewal': { tls: '{ renewal: 24h }' },
      'tandem.networks': { networks: '52.112.0.0/14' },
      'tandem.media-bypass': { 'media-bypass': 'true' },
      'tandem.high-availability': { addresses: 'sip.pstnhub.microsoft.com:5061' },
      'tandem.number-format': { identity: '"030123450"' },
    },
  },
  'skype-for-business': {
    kind: 'ip-pbx',
    keys: { side: 'external', transport: 'tcp', addresses: 'medsvr.example' },
    breaks: {
      'transport-info.transport': { transport: 'udp' },
      'call-spec.supported-method': { registration: '{ registrar: medsvr.example }', identity: 'a' },
      'security.signaling.version': { transport: 'tls', tls: '{ min-version: 1.3 }' },
      'tandem.kinds': { kind: 'itsp' },
      'tandem.connection-types': { connection: '{ type: internet, vpn: true }' },
      'tandem.registration': { registration: '{ registrar: medsvr.example }', identity: 'a' },
      'tandem.outbound-proxy': { 'next-hop': 'proxy.example' },
      'tandem.contact': { listener: 'advertise: 192.0.2.5:5061', transport: 'tls' },
      'tandem.srtp-suites': { transport: 'tls', srtp: '{ mode: required, suites: AEAD_AES_256_GCM }' },
      'tandem.options-ping': { health: 'off' },
    },
  },
  'generic-ip-pbx': {
    kind: 'ip-pbx',
    keys: { side: 'external', addresses: '10.0.0.30' },
    breaks: {
      'call-spec.supported-method': { registration: '{ registrar: pbx.example }', identity: 'a' },
      'tandem.kinds': { kind: 'itsp' },
      'tandem.connection-types': { connection: '{ type: internet, vpn: true }' },
      'tandem.registration': { registration: '{ registrar: pbx.example }', identity: 'a' },
    },
  },
};

function problems(name: string, changes: Readonly<Record<string, string | undefined>>) {
  const { listener, kind, ...keys } = changes;
  const trunk = { kind: kind ?? minimal[name]!.kind, ...minimal[name]!.keys, ...keys, profile: name };
  const tls = {
    advertise: 'sbc.example.com:5061',
    tls: certificate,
    ...(listener && Object.fromEntries([listener.split(/: (.*)/s).slice(0, 2)])),
  };
  const lines = (map: Readonly<Record<string, string | undefined>>) =>
    Object.entries(map)
      .flatMap(([key, value]) => (value === undefined ? [] : [`    ${key}: ${value}\n`]))
      .join('');
  const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5, advertise: sbc.example.com }
  - name: wan-tls
    side: external
    bind: 192.0.2.5:5061
    transports: tls
${lines(tls)}trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - name: peer
${lines(trunk)}routes:
  - { name: out, from: pbx, to: peer }
  - { name: in, from: peer, to: pbx }
`;
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {}, files });
  return loaded.ok ? loaded.warnings : loaded.problems;
}

test('each has its cases', () => {
  expect(Object.keys(minimal).sort()).toEqual(shippedProfiles());
});

describe.each(Object.keys(minimal))('%s', (name) => {
  test('a minimal trunk that keeps to it is sound, without a doubt', () => {
    expect(problems(name, {})).toEqual([]);
  });

  test.each(Object.entries(minimal[name]!.breaks))('%s is held to', (feature, changes) => {
    const found = problems(name, changes).filter(({ code }) => code === 'TDM-1226');
    expect(found.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`against ${name}, ${feature}: `),
    );
    for (const { place, cure } of found) {
      expect(place).toBe('trunk "peer"');
      expect(cure).toMatch(/\.$/);
    }
  });

  test('every field of it that a trunk is held to, and can break, has a case', () => {
    const fields = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => fields(inner, path ? `${path}.${key}` : key))
        : [path];
    const text = readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8');
    const profile = parse(text) as Record<string, Record<string, unknown>>;
    const set = fields(profile, '').filter((field) => checkedFeatures.includes(field) && !always(profile, field));
    expect(set.filter((field) => !(field in minimal[name]!.breaks))).toEqual([]);
  });
});

/** Values that no trunk goes against: everything is allowed, or we can do nothing else. */
function always(profile: Readonly<Record<string, Readonly<Record<string, unknown>>>>, field: string): boolean {
  const value = field.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], profile);
  if (field === 'call-spec.supported-method')
    return ['register', 'options'].every((one) => (value as string[]).includes(one));
  if (field === 'security.signaling.version') return (value as string[]).includes('tls13');
  if (field === 'security.media-security.key-management') return (value as string[]).includes('sdes');
  if (field === 'security.signaling.secure' || field === 'tandem.dns-load-balancing') return value === true;
  if (field === 'transport-info.transport') return (value as string[]).length === 3;
  // Without an extension of registration, nothing asks for one where nobody registers.
  if (field === 'extension') return profile.tandem?.registration === 'unsupported';
  return value === 'optional' || value === 'any';
}
