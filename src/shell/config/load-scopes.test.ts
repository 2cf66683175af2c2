import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesOf } from './files.testing.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';

/** Each parameter of docs/trunk-parameters.md, three values of it, and what else it takes at the trunk. */
const parameters: readonly (readonly [key: string, values: readonly [string, string, string], beside?: string])[] = [
  ['media-bypass', ['true', 'false', 'true']],
  ['media-address', ['10.0.0.31', '10.0.0.32', '10.0.0.33'], 'media-bypass: true'],
  ['max-early-dialogs', ['3', '5', '7']],
  ['srtp.mode', ['required', 'off', 'optional'], 'srtp: { keys-in-clear: true }'],
  ['srtp.offer', ['capability', 'two-lines', 'crypto'], 'srtp: { mode: optional, keys-in-clear: true }'],
  [
    'srtp.suites',
    ['AEAD_AES_256_GCM', 'AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_32'],
    'srtp: { mode: required, keys-in-clear: true }',
  ],
  ['srtp.keys-in-clear', ['true', 'false', 'true'], 'srtp: { mode: optional }'],
  ['transfer.refer', ['passed', 'refused', 'local']],
  ['offer', ['delayed', 'early', 'delayed']],
  ['session-timer', ['offer', 'off', 'answer']],
  ['mobile', ['true', 'false', 'true']],
  ['remove-plus', ['true', 'false', 'true']],
  ['emergency', ['location', 'elin', 'location']],
  ['caller-identity.history', ['diversion', 'both', 'none']],
  ['caller-identity.trusted', ['true', 'false', 'true']],
  ['caller-identity.header', ['remote-party-id', 'none', 'p-preferred-identity']],
  ['caller-identity.privacy', ['anonymous', 'header', 'anonymous']],
  ['identity.from', ['identity', 'caller', 'identity'], 'identity: { user: "+4930123450" }'],
  ['setup-timeout', ['20s', '5s', '3s']],
  ['usages', ['world', '[world, local]', '[]']],
  [
    'numbers.called',
    ["[{ pattern: '^1$', to: '2' }]", "[{ pattern: '^3$', to: '4' }]", "[{ pattern: '^5$', to: '6' }]"],
  ],
  [
    'numbers.calling',
    ["[{ pattern: '^1$', to: '2' }]", "[{ pattern: '^3$', to: '4' }]", "[{ pattern: '^5$', to: '6' }]"],
  ],
  ['responses', ['[{ status: 486, as: 503 }]', '[{ status: 500, as: 404 }]', '[{ status: 503, then: final }]']],
  ['local-only', ['true', 'false', 'true']],
];

/** Said of each trunk, since it tells one from another. */
const ofEach = new Set(['description', 'site']);

/** `{ srtp: { mode: off } }` of "srtp.mode" and "off". */
const written = (key: string, value: string): string =>
  key.split('.').reduceRight((inside, part) => `{ ${part}: ${inside} }`, value);

/** Top-level keys of two maps in one, in YAML's flow style: what both have is joined. */
function joined(one: string, other: string): string {
  const [, key, inside] = /^\{ ([a-z-]+): (.*) \}$/.exec(one)!;
  const [, otherKey, otherInside] = /^([a-z-]+): (.*)$/.exec(other) ?? [];
  if (otherKey === undefined) return one;
  if (otherKey !== key) return `{ ${key}: ${inside}, ${other} }`;
  return `{ ${key}: { ${inside!.slice(2, -2)}, ${otherInside!.slice(2, -2)} } }`;
}

function trunkOf(all: string | undefined, site: string | undefined, own: string) {
  const text = `listeners:
  - { name: all, side: both, bind: 192.0.2.5, transports: [udp, tcp] }
media: { bypass: sites }
emergency: { numbers: "112", to: gateway, locations: [{ name: berlin, elins: "+4930123456", civic: { country: DE, A3: Berlin, RD: Unter den Linden, HNO: "1" } }] }
${all === undefined ? '' : `trunk-defaults: ${all}\n`}sites:
  - { name: berlin${site === undefined ? '' : `, trunk-defaults: ${site}`} }
trunks:
  - { name: gateway, kind: pstn-gateway, addresses: 10.0.0.30, site: berlin${own === '' ? '' : `, ${own}`} }
routes:
  - { name: all, to: gateway }
  - { name: world, usages: [world, local], to: gateway }
`;
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {}, files: filesOf(new Map()) });
  if (!loaded.ok) throw new Error(`${formatProblems(loaded.problems)}\n${text}`);
  const { settings, ...trunk } = loaded.configuration.trunks[0]!;
  return { settings, trunk };
}

/** The keys of a map in flow style. */
const within = (map: string) => map.slice(2, -2);

describe.each(parameters.map((one) => ({ key: one[0], values: one[1], beside: one[2] ?? '' })))(
  'each parameter of this page, at all three: $key',
  ({ key, values: [all, site, own], beside }) => {
    // As it is where the trunk says it itself.
    const said = (value: string) => trunkOf(undefined, undefined, within(joined(written(key, value), beside))).trunk;
    const from = (settings: ReturnType<typeof trunkOf>['settings']) =>
      settings?.filter((one) => one.key === key || one.key.startsWith(`${key}.`)).map((one) => one.from);

    test('of all trunks, of a site, of one: the closest counts, and is shown with where it stands', () => {
      const ofAll = trunkOf(written(key, all), undefined, beside);
      expect(ofAll.trunk).toEqual(said(all));
      expect(from(ofAll.settings)).toEqual(['trunk-defaults']);
      const ofSite = trunkOf(written(key, all), written(key, site), beside);
      expect(ofSite.trunk).toEqual(said(site));
      expect(from(ofSite.settings)).toEqual(['site berlin']);
      const ofOne = trunkOf(written(key, all), written(key, site), within(joined(written(key, own), beside)));
      expect(ofOne.trunk).toEqual(said(own));
      expect(from(ofOne.settings)).toEqual(['trunk']);
    });

    test('two of its values differ in the trunk', () => {
      expect(said(all)).not.toEqual(said(site));
    });
  },
);

test('every parameter of the page is here', () => {
  const page = readFileSync(new URL('../../../docs/trunk-parameters.md', import.meta.url), 'utf8');
  const keys = [...page.matchAll(/`trunks\.([a-z.-]+)`/g)].map((found) => found[1]!);
  const here = new Set(parameters.map(([key]) => key));
  expect(keys.length).toBeGreaterThan(25);
  expect([...new Set(keys)].filter((key) => !here.has(key) && !ofEach.has(key))).toEqual([]);
});
