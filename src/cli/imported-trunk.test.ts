// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { describe, expect, test } from 'vitest';
import type { Profile } from '#engine/ports';
import { loadConfiguration, readCapabilitySet, trunkText } from '#shell/config';
import { exampleDocument } from '../../test/support/capability-server.ts';
import { passwordIn, profileFor, transportsOf, trunkFrom } from './imported-trunk.ts';

const options = { name: 'ssp1.example', profileFile: './ssp1.profile.yaml' };

const from = (profile: Profile, more: Partial<Parameters<typeof trunkFrom>[1]> = {}) =>
  trunkFrom(profile, { ...options, ...more });

/** As a server has it in JSON: values as texts. */
function example(): Profile {
  const texts = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(texts);
    if (typeof value !== 'object' || value === null) return String(value);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner)]));
  };
  const { profile, problems } = readCapabilitySet(texts(exampleDocument()) as Record<string, unknown>);
  if (!profile) throw new Error(JSON.stringify(problems));
  return profile;
}

describe('the example of RFC 10006', () => {
  test('is read whole', () => {
    expect(example()).toMatchObject({
      variant: 'v1-0',
      'transport-info': {
        transport: ['tcp', 'udp'],
        'call-control': [{ host: 'callserver1.voip.example.com' }, { port: 5065 }],
      },
      media: {
        'media-type-audio': [
          { 'media-format': 'pcmu', rate: 8000 },
          { 'media-format': 'g729', parameter: 'annexb' },
        ],
      },
      security: { signaling: { secure: true, version: ['tls12', 'tls13'] } },
      extension: ['100rel', 'timer', 'replaces', 'path'],
    });
  });

  test('becomes a trunk', () => {
    expect(from(example()).trunk).toEqual({
      name: 'ssp1.example',
      kind: 'itsp',
      transport: 'tls',
      'next-hop': ['192.0.2.35:5060'],
      addresses: ['callserver1.voip.example.com:5060', '192.0.2.40:5065'],
      domain: 'voip.example.com',
      identity: 'voip',
      credentials: [{ realm: 'voip.example.com', username: 'voip', password: '${SSP1_EXAMPLE_PASSWORD}' }],
      registration: { registrar: ['registrar1.voip.example.com:5060', 'registrar2.voip.example.com:5060'] },
      srtp: 'required',
      profile: './ssp1.profile.yaml',
    });
  });

  test('which the configuration takes, and its own profile', () => {
    const { trunk } = from(example(), { profileFile: '/etc/tandem/ssp1.yaml' });
    const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5:5061, advertise: sbc.example.com, transports: tls, tls: { certificate: c, key: k } }
${trunkText(trunk, 'From here.')}  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
routes:
  - { name: out, from: pbx, to: ssp1.example }
  - { name: in, from: ssp1.example, to: pbx }
`;
    const files = {
      read: (path: string) =>
        path === '/etc/tandem/ssp1.yaml'
          ? { text: JSON.stringify(profileFor(example(), 'ssp1.example')), open: true }
          : { reason: 'there is none' },
    };
    const loaded = loadConfiguration(text, { file: 'f', env: { SSP1_EXAMPLE_PASSWORD: 'open sesame' }, files });
    // The certificate is not there; all else is.
    expect(loaded.ok ? [] : loaded.problems.map(({ code }) => code)).toEqual(['TDM-1401', 'TDM-1401']);
  });

  test('its hash of a password stays nowhere', () => {
    expect(JSON.stringify(example())).toContain('$6$');
    expect(JSON.stringify(profileFor(example(), 'ssp1.example'))).not.toContain('$6$');
    expect(JSON.stringify(from(example()))).not.toContain('$6$');
    expect(passwordIn(example())).toBeUndefined();
  });

  test('says what is left open', () => {
    const text = from(example()).open.join('\n');
    for (const word of ['5061', 'dns.servers', 'connection', 'SSP1_EXAMPLE_PASSWORD']) expect(text).toContain(word);
  });
});

describe('a transport', () => {
  const profile = (transport: ('udp' | 'tcp' | 'tls')[], secure?: boolean): Profile => ({
    'transport-info': { transport },
    ...(secure !== undefined && { security: { signaling: { secure } } }),
  });

  test.each([
    [['udp', 'tcp'], true, ['tls', 'tcp', 'udp']],
    [['udp', 'tcp'], false, ['tcp', 'udp']],
    // RFC 10006 has no identity for TLS; that TCP is listed does not say it.
    [['udp', 'tcp'], undefined, ['tcp', 'udp']],
    [['tcp', 'tls'], undefined, ['tls', 'tcp']],
    [['tcp', 'tls'], false, ['tcp']],
    [['udp'], undefined, ['udp']],
  ] as const)('of %j with secure %s: %j', (listed, secure, expected) => {
    expect(transportsOf(profile([...listed], secure))).toEqual(expected);
  });

  test('may be another than the safest', () => {
    expect(from(example(), { transport: 'udp' }).trunk).toMatchObject({ transport: 'udp' });
    expect(from(example(), { transport: 'udp' }).trunk).not.toHaveProperty('srtp');
  });
});

describe('what else it means', () => {
  test('a provider without registrar knows us by address', () => {
    const { trunk, open } = from({
      'transport-info': { transport: ['udp'], 'call-control': [{ host: '192.0.2.40', port: 5060 }] },
    });
    expect(trunk).toEqual({
      name: 'ssp1.example',
      kind: 'itsp',
      transport: 'udp',
      addresses: ['192.0.2.40:5060'],
      profile: './ssp1.profile.yaml',
    });
    expect(open.join()).toContain('`networks`');
  });

  test('IPv6 is written so that ports can be told', () => {
    const { trunk } = from({ 'transport-info': { 'call-control': [{ host: '2001:db8::1', port: 5060 }] } });
    expect(trunk.addresses).toEqual(['[2001:db8::1]:5060']);
  });

  test('gin, no OPTIONS, TLS 1.3 alone, and the identity asserted', () => {
    const { trunk } = from({
      'transport-info': { transport: ['tls'], registrar: [{ host: 'reg.example', port: 5061 }] },
      'call-spec': {
        'supported-method': ['invite', 'register'],
        'caller-id': { 'preferred-method': 'p-asserted-identity', 'e164-format': true },
        'number-range': [{ index: 0, type: 'range', count: 10, value: ['4930123450'] }],
      },
      security: { signaling: { version: ['tls13'] } },
      extension: ['gin', 'path'],
    });
    expect(trunk).toMatchObject({
      domain: 'reg.example',
      identity: { user: '+4930123450', from: 'identity' },
      registration: { registrar: ['reg.example:5061'], gin: true },
      health: { interval: 'never' },
      tls: { 'min-version': 1.3 },
    });
  });

  test('a password in clear goes into a file', () => {
    const profile: Profile = {
      'transport-info': { realm: [{ name: 'r', username: 'u', password: '$0$open sesame' }] },
    };
    expect(passwordIn(profile)).toBe('open sesame');
    const { trunk } = from(profile, { passwordFile: './ssp1.password' });
    expect(trunk.credentials).toEqual([{ realm: 'r', username: 'u', 'password-file': './ssp1.password' }]);
  });
});
