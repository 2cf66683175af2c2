import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { filesOf } from './files.testing.ts';
import { jsonSchema } from './json-schema.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';

const base = `listeners:
  - { name: all, side: both, bind: 192.0.2.5 }
  - { name: tls, side: both, bind: 192.0.2.5:5061, transports: [udp] }
routes:
  - { name: all, to: [one, two, three] }
`;

function load(defaults: string, keys: { tokyo?: string; one?: string; two?: string; three?: string } = {}) {
  const { tokyo = '', one = '', two = '', three = '' } = keys;
  const text = `${base}${defaults}sites:
  - { name: tokyo${tokyo === '' ? '' : `, trunk-defaults: { ${tokyo} }`} }
trunks:
  - { name: one, kind: itsp, addresses: 203.0.113.1, site: tokyo${one} }
  - { name: two, kind: itsp, addresses: 203.0.113.2, site: tokyo${two} }
  - { name: three, kind: itsp, addresses: 203.0.113.3${three} }
`;
  return loadConfiguration(text, { file: 'tandem.yaml', env: {}, files: filesOf(new Map()) });
}

function trunks(...from: Parameters<typeof load>) {
  const loaded = load(...from);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration.trunks;
}

function problems(...from: Parameters<typeof load>) {
  const loaded = load(...from);
  return (loaded.ok ? loaded.warnings : loaded.problems).map(
    ({ code, place, path, line, message }) => `${line}: ${code} ${place || path}: ${message}`,
  );
}

describe('the most specific place counts', () => {
  test('the trunk, then its site, then all', () => {
    const waits = (...from: Parameters<typeof load>) => trunks(...from).map(({ setupTimeout }) => setupTimeout);
    const all = 'trunk-defaults: { setup-timeout: 20s }\n';
    expect(waits('')).toEqual([10_000, 10_000, 10_000]);
    expect(waits(all)).toEqual([20_000, 20_000, 20_000]);
    expect(waits('', { tokyo: 'setup-timeout: 5s' })).toEqual([5_000, 5_000, 10_000]);
    expect(waits(all, { tokyo: 'setup-timeout: 5s' })).toEqual([5_000, 5_000, 20_000]);
    expect(
      waits(all, { tokyo: 'setup-timeout: 5s', one: ', setup-timeout: 3s', three: ', setup-timeout: 4s' }),
    ).toEqual([3_000, 5_000, 4_000]);
  });

  test('key by key within maps, and of short forms as well', () => {
    const [one, two, three] = trunks('trunk-defaults: { health: { interval: 30s, misses: 3, successes: 2 } }\n', {
      tokyo: 'health: { misses: 7 }',
      one: ', health: { interval: 10s }',
      two: ', health: off',
    });
    expect(one!.health).toMatchObject({ interval: 10_000, misses: 7, successes: 2 });
    expect(two).not.toHaveProperty('health');
    expect(three!.health).toMatchObject({ interval: 30_000, misses: 3, successes: 2, failedCalls: 5 });
  });

  test('a list is taken whole, and so is what a trunk runs over', () => {
    const [one, two] = trunks('trunk-defaults: { codecs: [PCMU, PCMA], connection: { type: internet, vpn: true } }\n', {
      one: ', codecs: [G722, PCMA], connection: mpls',
      two: ', codecs: { ptime: 30ms }',
    });
    expect(one).toMatchObject({ codecs: { allow: ['G722', 'PCMA'] }, connection: { type: 'mpls', vpn: false } });
    expect(two).toMatchObject({
      codecs: { allow: ['PCMU', 'PCMA'], ptime: 30 },
      connection: { type: 'internet', vpn: true },
    });
  });

  test('what a default lacks may be in the trunk', () => {
    const defaults = 'trunk-defaults: { identity: { from: identity } }\n';
    const own = { one: ', identity: "+81312345678"', two: ', identity: { user: "+81312345679", from: caller }' };
    expect(problems(defaults, own)).toEqual(['12: TDM-1102 trunk "three": `user` is missing.']);
    const [one, two] = trunks(defaults, { ...own, three: ', identity: { user: x }' });
    expect(one!.identity).toEqual({ user: '+81312345678', from: 'identity' });
    expect(two!.identity).toEqual({ user: '+81312345679', from: 'caller' });
  });
});

describe('what is shown', () => {
  test('each setting with its origin, no secret', () => {
    const [one, , three] = trunks(
      'trunk-defaults: { ring-timeout: 60s, credentials: { username: a, password: hidden-word }, manipulation: [{ name: m, direction: out, do: [{ remove: Server }] }] }\n',
      { tokyo: 'srtp: { mode: optional, keys-in-clear: true }', one: ', srtp: required, codecs: [PCMA]' },
    );
    expect(one!.settings).toEqual([
      { key: 'name', value: 'one', from: 'trunk' },
      { key: 'kind', value: 'itsp', from: 'trunk' },
      { key: 'addresses', value: '203.0.113.1', from: 'trunk' },
      { key: 'site', value: 'tokyo', from: 'trunk' },
      { key: 'srtp.mode', value: 'required', from: 'trunk' },
      { key: 'srtp.keys-in-clear', value: 'true', from: 'site tokyo' },
      { key: 'codecs', value: 'PCMA', from: 'trunk' },
      { key: 'ring-timeout', value: '60s', from: 'trunk-defaults' },
      { key: 'credentials.username', value: 'a', from: 'trunk-defaults' },
      { key: 'credentials.password', value: '(hidden)', from: 'trunk-defaults' },
      { key: 'manipulation', value: '1 entry', from: 'trunk-defaults' },
    ]);
    expect(JSON.stringify(three)).not.toContain('hidden-word');
  });

  test('nothing where there are no defaults', () => {
    for (const trunk of trunks('')) expect(trunk).not.toHaveProperty('settings');
  });
});

describe('problems', () => {
  test('of a default are told once, where it stands', () => {
    expect(problems('trunk-defaults: { setup-timeout: 20 }\n')).toEqual([
      '6: TDM-1106 trunk-defaults.setup-timeout: 20 has no unit.',
    ]);
    expect(problems('trunk-defaults: { srtp: { mode: offf }, health: { intervall: 3s } }\n')).toEqual([
      '6: TDM-1108 trunk-defaults.srtp.mode: there is no `offf` here.',
      '6: TDM-1101 trunk-defaults.health.intervall: there is no key `intervall` here.',
    ]);
    expect(problems('', { tokyo: 'hold: none' })).toEqual(['7: TDM-1108 site "tokyo": there is no `none` here.']);
  });

  test('of what does not go together are told of each trunk, with where it comes from', () => {
    expect(problems('', { tokyo: 'srtp: required' })).toEqual([
      '9: TDM-1220 trunk "one": over udp, anyone on the way could read the keys; `srtp` is that of site tokyo.',
      '10: TDM-1220 trunk "two": over udp, anyone on the way could read the keys; `srtp` is that of site tokyo.',
    ]);
  });

  test('what tells one trunk from another has no default', () => {
    for (const key of ['name: x', 'addresses: 203.0.113.9', 'site: tokyo', 'networks: 203.0.113.0/24'])
      expect(problems(`trunk-defaults: { ${key} }\n`)[0]).toMatch(/^6: TDM-1101 trunk-defaults\.\w+: there is no key/);
  });

  test('a map that is none', () => {
    expect(problems('trunk-defaults: off\n')).toEqual([
      '6: TDM-1103 trunk-defaults: this is a single value, and should be a map of keys.',
    ]);
  });
});

test('an editor takes a default that lacks what trunks have', () => {
  const schema = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const document = {
    listeners: [{ name: 'a', bind: '10.0.0.5' }],
    trunks: [{ name: 'a', kind: 'itsp', addresses: 'x' }],
    routes: [{ name: 'a', to: 'a' }],
  };
  const takes = (defaults: unknown) => schema.safeParse({ ...document, 'trunk-defaults': defaults }).success;
  expect([takes({ identity: { from: 'caller' } }), takes({ srtp: 'required' }), takes({ name: 'x' })]).toEqual([
    true,
    true,
    false,
  ]);
});
