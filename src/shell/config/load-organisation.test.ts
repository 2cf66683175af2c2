import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchema } from './json-schema.ts';
import { read, told } from './organisation.testing.ts';

test('a file without an organisation is as it was', () => {
  const configuration = read('');
  for (const key of [
    'sites',
    'regionLinks',
    'siteLinks',
    'dialPlans',
    'policies',
    'users',
    'registrar',
    'emergency',
    'samples',
  ])
    expect(configuration).not.toHaveProperty(key);
  for (const trunk of configuration.trunks)
    for (const key of [
      'site',
      'listeners',
      'dialPlan',
      'usages',
      'numbers',
      'localOnly',
      'emergency',
      'rates',
      'mobile',
    ])
      expect(trunk).not.toHaveProperty(key);
  expect(configuration.routes[0]).toEqual({ name: 'outbound', from: ['pbx'], to: ['itsp-a'] });
});

describe('places', () => {
  test('a central site and its branch', () => {
    const { sites } = read(`sites:
  - name: redmond
    region: america
    country: US
    subnets: [10.1.0.0/16, { network: 10.1.3.0/24, location: floor-3 }]
    bandwidth: { audio: 2 Mbit/s, audio-session: 200 kbit/s, video: 1400 kbit/s }
    capacity: { calls: 100, calls-per-second: 10 }
    location: floor-3
  - name: dallas
    centre: redmond
    bandwidth: 500 kbit/s
    survivability: appliance
    emergency: pbx
emergency:
  numbers: ["112"]
  to: itsp-a
  locations: [{ name: floor-3, civic: { country: US, A3: Redmond, FLR: "3" } }]
`);
    expect(sites).toEqual([
      {
        name: 'redmond',
        kind: 'central',
        region: 'america',
        country: 'US',
        subnets: [
          { network: { host: '10.1.0.0', bits: 16 } },
          { network: { host: '10.1.3.0', bits: 24 }, location: 'floor-3' },
        ],
        bandwidth: { audio: 2000, audioSession: 200, video: 1400, videoSession: 700 },
        resilient: false,
        survivability: 'none',
        location: 'floor-3',
        capacity: { calls: 100, callsPerSecond: 10 },
      },
      {
        name: 'dallas',
        kind: 'branch',
        centre: 'redmond',
        region: 'america',
        subnets: [],
        bandwidth: { audio: 500, audioSession: 175, video: 0, videoSession: 700 },
        resilient: false,
        survivability: 'appliance',
      },
    ]);
  });

  test('links join regions, or sites', () => {
    const { regionLinks, siteLinks } = read(`sites:
  - { name: redmond, region: america }
  - { name: munich, region: europe }
links:
  - { between: [america, europe], bandwidth: 10 Mbit/s }
  - between: [munich, redmond]
`);
    expect(regionLinks).toMatchObject([{ between: ['america', 'europe'], bandwidth: { audio: 10_000 } }]);
    expect(siteLinks).toEqual([{ between: ['munich', 'redmond'] }]);
  });

  test.each([
    ['{ name: a, centre: b }, { name: b, centre: a }', 'TDM-1233 site "a": each is served by the next: a, b, a.'],
    ['{ name: a, centre: a }', 'TDM-1233 site "a": each is served by the next: a, a.'],
    ['{ name: a, kind: branch }', 'TDM-1233 site "a": no `centre` says which site serves this branch.'],
    ['{ name: c }, { name: a, kind: central, centre: c }', 'TDM-1233 site "a": a central site is served by nobody.'],
    [
      '{ name: c }, { name: b, centre: c, resilient: true }, { name: a, centre: b, resilient: true }',
      'TDM-1233 site "a": "b" is a branch itself.',
    ],
    ['{ name: c }, { name: a, centre: d, resilient: true }', 'TDM-1231 site "a": there is no site "d".'],
    ['{ name: c, region: x }, { name: a }', 'TDM-1234 site "a": no `region` says which part of the network it is in.'],
    ['{ name: a, subnets: [10.1.0.0/16, 10.1.0.0/16] }', 'TDM-1213 site "a": 10.1.0.0/16 stands here twice.'],
    [
      '{ name: a, subnets: "2001:db8::/32" }, { name: b, subnets: ["2001:db8:1::/48"] }',
      'TDM-1318 site "b": 2001:db8:1::/48 is within 2001:db8::/32 of site "a".',
    ],
    ['{ name: a }, { name: a }', 'TDM-1201 site "a": another of the sites has this name.'],
    ['{ name: a, bandwidth: 20 kbit/s }', 'TDM-1121 site "a": 20 kbit/s is too little for one call.'],
  ])('%s: %s', (sites, message) => {
    expect(told(`sites: [${sites}]\n`)).toContain(message);
  });

  test('a site within its own network, and within a network of its own, are no doubt', () => {
    expect(told('sites: [{ name: a, subnets: [10.0.0.0/8, 10.1.0.0/16] }]\n')).toEqual([]);
  });

  test.each([
    ['[america, america]', 'TDM-1238 link 1: it leads from "america" to itself.'],
    ['[america, munich]', 'TDM-1238 link 1: "munich" is a site, and "america" a region.'],
    ['[america, asia]', 'TDM-1231 link 1: there is no region or site "asia".'],
  ])('a link between %s: %s', (between, message) => {
    const sites = 'sites: [{ name: redmond, region: america }, { name: munich, region: europe }]\n';
    expect(told(`${sites}links: [{ between: ${between} }]\n`)).toEqual([message]);
  });
});

describe('numbers', () => {
  const plan = (rules: string) => `dial-plans:\n  - { name: global, access-prefix: "9", rules: ${rules} }\n`;
  const made = (rules: string) => read(plan(rules)).dialPlans![0]!.rules;

  test('rules keep their order and have names', () => {
    expect(
      made("[{ pattern: '(\\d{4})', to: '+1425555$1' }, { name: all, pattern: '^\\+(\\d*);ext=(\\d*)$', to: +$1 }]"),
    ).toEqual([
      { name: 'rule 1', pattern: '^(\\d{4})$', to: '+1425555$1' },
      { name: 'all', pattern: '^\\+(\\d*);ext=(\\d*)$', to: '+$1' },
    ]);
    expect(read(plan("[{ pattern: '1', to: '2' }]")).dialPlans![0]).toMatchObject({
      name: 'global',
      accessPrefix: '9',
    });
  });

  test('a rule for numbers within comes before the access prefix, where there is one', () => {
    expect(made("[{ name: a, pattern: '(\\d{4})', to: '+1425555$1', internal: true }]")).toEqual([
      { name: 'a', pattern: '^(\\d{4})$', to: '+1425555$1', internal: true },
    ]);
    const rules = "[{ name: a, pattern: '(\\d{4})', to: '$1', internal: true }]";
    expect(told(`dial-plans: [{ name: global, rules: ${rules} }]\n`)).toEqual([
      'TDM-1216 dial plan "global": the plan has no `access-prefix` that the rule would come before.',
    ]);
    // It is asked first: what a rule above takes without the prefix never hides it.
    expect(told(plan("[{ pattern: '(\\d+)', to: +$1 }, { pattern: '(9\\d{3})', to: +1$1, internal: true }]"))).toEqual(
      [],
    );
    const trunk =
      "trunks: [{ name: a, kind: itsp, addresses: 192.0.2.1, numbers: { called: [{ starts: '+', internal: true }] } }]\n";
    expect(told(trunk).join()).toContain('TDM-1101');
  });

  test.each(['12345', '+', 'x', ''])('an access prefix of %j is none', (prefix) => {
    const text = `dial-plans: [{ name: global, access-prefix: "${prefix}", rules: [{ pattern: '1', to: '2' }] }]\n`;
    expect(told(text)).toEqual([
      `TDM-1122 dial plan "global": ${JSON.stringify(prefix)} is not what somebody dials for a line outside.`,
    ]);
  });

  test.each([
    ['starts: "+", length: at least 11, remove: 1, add: "011"', '^\\+(\\d{9}\\d+)$', '011$1'],
    ['starts: "+1425", length: 12, remove: 5', '^\\+1425(\\d{7})$', '$1'],
    ['starts: "+", remove: 1', '^\\+(\\d*)$', '$1'],
    ['starts: "5", length: 5, remove: 1, add: "+1425555"', '^5(\\d{4})$', '+1425555$1'],
    ['length: 7, add: "+1425"', '^(\\d{7})$', '+1425$1'],
    ['starts: "00", length: at least 2, remove: 2, add: "+"', '^00(\\d*)$', '+$1'],
    ['starts: "0", length: 4, remove: 3', '^0\\d{2}(\\d)$', '$1'],
    ['starts: "+49", remove: 1', '^\\+(49\\d*)$', '$1'],
    ['starts: "*2", add: "1"', '^(\\*2\\d*)$', '1$1'],
  ])('in words: %s', (words, pattern, to) => {
    expect(made(`[{ ${words} }]`)).toEqual([{ name: 'rule 1', pattern, to }]);
  });

  test.each([
    ['{ name: x }', 'the rule does not say which numbers it is for.'],
    ['{ pattern: "1" }', '`to` is missing: what is written in place of what fits.'],
    ['{ pattern: "1", to: "2", add: "3" }', '`add` does not go with `pattern`.'],
    ['{ starts: "1", to: "2" }', '`to` stands for what a `pattern` took, and there is none.'],
    ['{ starts: "123", length: 2 }', '"123" alone is longer than the 2 of `length`.'],
    ['{ starts: "1", remove: 2 }', '2 are taken off, and nothing says that the number is so long.'],
    ['{ starts: "1", length: 3, remove: 4 }', '4 are taken off, and the number may be of 3.'],
    ['{ pattern: "1(2)", to: $2 }', '`$2` stands for group 2, and the pattern has 1.'],
  ])('%s is refused: %s', (rule, message) => {
    expect(told(plan(`[${rule}]`))).toContain(`TDM-1236 dial plan "global": ${message}`);
  });

  test.each([
    ['(\\d+)+', 'groups in parentheses cannot be repeated.'],
    ['(\\d*)(\\d*)(\\d*)', 'more than 2 items leave their length open.'],
    ['+49', '`+49` is not understood.'],
  ])('the pattern %s is refused: %s', (pattern, message) => {
    expect(told(plan(`[{ pattern: '${pattern}', to: '1' }]`))).toEqual([`TDM-1113 dial plan "global": ${message}`]);
  });

  test('one anchor is a doubt, in rules and routes', () => {
    expect(told(plan("[{ pattern: '^0(\\d+)', to: '$1' }]"))).toEqual([
      'TDM-1319 dial plan "global": `^` stands there alone.',
    ]);
    expect(told("routes:\n  - { name: all, called: { pattern: '0.*$' }, to: [pbx, itsp-a] }\n")).toEqual([
      'TDM-1319 route "all": `$` stands there alone.',
    ]);
  });
});

test('no usage at all is said by an empty list: for users, and for what comes by a trunk; no route has that', () => {
  const { policies, trunks } = read(
    'policies: [{ name: lobby, usages: [] }, { name: global, usages: [] }]\ntrunk-defaults: { usages: [] }\n',
  );
  expect(policies).toMatchObject([{ usages: [] }, { usages: [] }]);
  expect(trunks.map(({ usages }) => usages)).toEqual([[], []]);
  expect(told('routes: [{ name: a, usages: [], to: pbx }]\n').join()).toContain('TDM-1110');
  const schema = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  expect(
    schema.safeParse({ policies: [{ name: 'a', usages: [] }] }).error?.issues.map(({ path }) => path[0]),
  ).not.toContain('policies');
});

test('an editor takes the short forms', () => {
  const schema = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const base = {
    listeners: [{ name: 'a', bind: '10.0.0.5' }],
    trunks: [{ name: 'a', kind: 'itsp', addresses: 'x', rates: [{ prefix: 49, price: 0.1 }] }],
    routes: [{ name: 'a', to: 'a', called: { file: 'x' } }],
  };
  for (const users of [[{ name: 'a', line: 4930123450 }], { file: 'users.csv' }])
    expect(
      schema.safeParse({ ...base, users, sites: [{ name: 'a', bandwidth: '2 Mbit/s', subnets: '10.0.0.0/8' }] })
        .success,
    ).toBe(true);
  expect(schema.safeParse({ ...base, users: { files: 'x' } }).success).toBe(false);
});
