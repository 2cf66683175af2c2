import { describe, expect, test } from 'vitest';
import { filesOf } from './files.testing.ts';
import type { Files } from './files.ts';
import { findProfile, readCapabilitySet, readProfile, shippedProfiles } from './profile.ts';

const files: Files = filesOf(
  new Map([
    ['./a.yaml', 'tandem: { title: A }\n'],
    ['./b.json', '{ "ietf-sip-auto-peering:sip-auto-peering": { "variant": "ietf-sip-auto-peering:v1-0" } }'],
    ['./bad.yaml', 'tandem:\n  titel: A\nmedia:\n  fax: { protocol: t39 }\n'],
    ['./broken.yaml', 'a: b: c\n'],
  ]),
);

describe('a profile is found', () => {
  test.each(shippedProfiles())('by the name %s', (name) => {
    expect(findProfile(name, files)).toMatchObject({ profile: { tandem: { title: expect.any(String) } } });
  });

  test('by the path of a file in YAML, or of the JSON of a capability server', () => {
    expect(findProfile('./a.yaml', files)).toEqual({ profile: { tandem: { title: 'A' } } });
    expect(findProfile('./b.json', files)).toEqual({ profile: { variant: 'v1-0' } });
  });

  test('or the nearest are named', () => {
    expect(findProfile('generic-sipconect-gin', files)).toMatchObject({
      fault: {
        code: 'TDM-1406',
        message: 'there is no profile "generic-sipconect-gin".',
        cure: expect.stringMatching(/^The nearest are generic-sipconnect-gin, generic-sipconnect-static, /),
      },
    });
  });

  test('or the file is told', () => {
    expect(findProfile('./c.yaml', files)).toMatchObject({
      fault: { code: 'TDM-1406', message: './c.yaml cannot be read: there is none.' },
    });
  });

  test('or what is wrong in it, with its line, and how much more', () => {
    expect(findProfile('./bad.yaml', files)).toEqual({
      fault: {
        code: 'TDM-1407',
        message: './bad.yaml, line 2: tandem.titel: there is no key `titel` here. There is one more.',
        cure: 'Did you mean `title`?',
      },
    });
    expect(findProfile('./broken.yaml', files)).toMatchObject({ fault: { code: 'TDM-1407' } });
  });
});

describe('a value', () => {
  const faults = (text: string) => readProfile(text, 'f').problems.map(({ path, code }) => `${path} ${code}`);

  test.each([
    ['transport-info: { transport: sctp }', 'transport-info.transport[0] TDM-1108'],
    ['transport-info: { registrar: { host: a.example } }', 'transport-info.registrar TDM-1102'],
    ['transport-info: { registrar: { host: a.example, port: 0 } }', 'transport-info.registrar.port TDM-1107'],
    ['transport-info: { dns-server: ns.example }', 'transport-info.dns-server[0] TDM-1104'],
    ['revision: { not-before: 2026-06-15, location: "https://a.example" }', 'revision.not-before TDM-1114'],
    ['revision: { not-before: "2026-06-15T10:30:00Z", location: "file:///etc/passwd" }', 'revision.location TDM-1114'],
    ['dtmf: { payload-number: 95 }', 'dtmf.payload-number TDM-1107'],
    ['call-spec: { early-media: "yes" }', 'call-spec.early-media TDM-1108'],
    ['extension: "a b"', 'extension[0] TDM-1114'],
    ['tandem: { networks: 52.112.0.1/14 }', 'tandem.networks[0] TDM-1116'],
    ['tandem: { options-interval: 60 }', 'tandem.options-interval TDM-1106'],
    ['variant: v2-0', 'variant TDM-1108'],
  ])('%s is refused', (text, expected) => {
    expect(faults(text)).toEqual([expected]);
  });

  test('more servers than RFC 10006 lets a list have', () => {
    const four = Array.from({ length: 4 }, (_, at) => `{ host: a${at}.example, port: 5060 }`).join(', ');
    expect(faults(`transport-info: { registrar: [${four}] }`)).toEqual(['transport-info.registrar TDM-1110']);
  });

  test('identities count without their module, tags as the registry has them', () => {
    const text =
      'transport-info: { transport: ["ietf-sip-auto-peering:udp", "sipap:tcp"] }\nextension: [one-hundred-rel, 100rel, gin]\nmedia: { media-type-audio: { media-format: PCMU } }\n';
    expect(readProfile(text, 'f').profile).toEqual({
      'transport-info': { transport: ['udp', 'tcp'] },
      extension: ['100rel', '100rel', 'gin'],
      media: { 'media-type-audio': [{ 'media-format': 'pcmu' }] },
    });
  });
});

describe('a capability set', () => {
  test('loses what we do not know, and says so', () => {
    const tree = {
      variant: 'v1-0',
      'vendor:config': { a: '1' },
      media: { fax: { protocol: 't38', 'vendor:rate': '9600' } },
    };
    const { profile, ignored } = readCapabilitySet(tree);
    expect(profile).toEqual({ variant: 'v1-0', media: { fax: { protocol: ['t38'] } } });
    expect([...ignored].sort()).toEqual(['media.fax.vendor:rate', 'vendor:config']);
    expect(tree).toHaveProperty('vendor:config');
  });

  test('is refused for what we know and it says wrongly', () => {
    const { profile, problems } = readCapabilitySet({ variant: 'v3-0', 'vendor:x': 'y' });
    expect(profile).toBeUndefined();
    expect(problems.map(({ path, code }) => `${path} ${code}`)).toEqual(['variant TDM-1108']);
  });
});
