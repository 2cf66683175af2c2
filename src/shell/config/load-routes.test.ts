import { describe, expect, test } from 'vitest';
import { Router } from '#engine/ports';
import { itspWith } from './codes-entry.ts';
import { problems, read, told } from './organisation.testing.ts';

describe('routes', () => {
  const two = (route: string) => `routes:\n  - { name: one, ${route} }\n  - { name: all, to: [pbx, itsp-a] }\n`;

  test('everything that can be said', () => {
    const [route] = read(`sites: [{ name: munich }]
policies: [{ name: global, usages: world }]
routes:
  - name: one
    called: { prefix: [+49, +43], except: +4989 }
    usages: [world, germany]
    priority: 3
    sites: munich
    times: { days: [mon-fri, sun], from: "08:00", to: "18:30", zone: Europe/Berlin }
    caller-id: "+4989123450"
    choice: least-cost
    to: itsp-a
  - { name: all, to: [pbx, itsp-a] }
`).routes;
    expect(route).toEqual({
      name: 'one',
      from: [],
      called: { prefixes: ['+49', '+43'], except: ['+4989'] },
      usages: ['world', 'germany'],
      priority: 3,
      sites: ['munich'],
      times: [{ days: [0, 1, 2, 3, 4, 5], from: 480, to: 1110, zone: 'Europe/Berlin' }],
      callerId: '+4989123450',
      choice: 'least-cost',
      to: ['itsp-a'],
    });
  });

  test('disabled, for good or until a time; what it lets by reaches the routes below', () => {
    const of = (disabled: string) => read(two(`disabled: ${disabled}, to: pbx`)).routes[0]!.disabled;
    expect(of('true')).toEqual({});
    expect(of('false')).toBeUndefined();
    expect(of('until 2026-12-24T18:00+01:00')).toEqual({ until: Date.UTC(2026, 11, 24, 17) });
    expect(told(two('disabled: tomorrow, to: pbx'))).toEqual([
      'TDM-1125 route "one": "tomorrow" does not say whether it is disabled.',
    ]);
    expect(told(two('disabled: true, to: pbx'))).toEqual([]);
  });

  test('a refusal', () => {
    expect(read(two('called: { prefix: +1900 }, refuse: 603')).routes[0]).toMatchObject({ to: [], refuse: 603 });
    expect(told(two('called: { prefix: +1900 }, refuse: 603, to: pbx'))).toEqual([
      'TDM-1216 route "one": the route says where calls go `to`.',
    ]);
    expect(told(two('called: { prefix: +1900 }'))).toEqual(['TDM-1102 route "one": `to` is missing.']);
  });

  test('what a time, a site or an exception lets by reaches the routes below', () => {
    const last = '  - { name: all, to: [pbx, itsp-a] }\n';
    for (const limit of ['times: { days: sat-sun, zone: UTC }', 'sites: a', 'called: { except: "+1" }'])
      expect(told(`sites: [{ name: a }]\nroutes:\n  - { name: one, ${limit}, to: pbx }\n${last}`)).toEqual([]);
    expect(told(`routes:\n  - { name: one, to: pbx }\n${last}`)[0]).toMatch(/^TDM-1301 route "all": every call/);
  });

  test('a caller that nobody can be', () => {
    expect(told(two('caller-id: "+4412345", called: { prefix: "1" }, to: pbx'))).toEqual([
      'TDM-1316 route "one": +4412345 is too short among those of +44.',
    ]);
  });

  test('of usages that nobody has, and of usages twice', () => {
    expect(told(two('usages: [world], to: itsp-a'))).toEqual([
      'TDM-1301 route "one": no policy and no trunk has the usage "world".',
    ]);
    expect(
      told(`policies: [{ name: global, usages: [world, world] }]\n${two('usages: [world, world], to: itsp-a')}`),
    ).toEqual([
      'TDM-1213 route "one": "world" stands here twice.',
      'TDM-1213 policy "global": "world" stands here twice.',
    ]);
  });

  test('a list of prefixes', () => {
    const list = '\ufeffprefix,country\n+49,DE\n\n# Austria\n"+43",AT\n#31#\n';
    const keys = two('called: { file: prefixes.csv, except: +4930 }, to: itsp-a');
    expect(read(keys, { 'prefixes.csv': list }).routes[0]!.called).toEqual({
      prefixes: ['+49', '+43', '#31#'],
      except: ['+4930'],
    });
    expect(told(keys, { 'prefixes.csv': '+49\nx y\n' })).toEqual([
      'TDM-1408 route "one": "x y" is not how a number can begin.',
    ]);
    expect(problems(keys, { 'prefixes.csv': '+49\nx y\n' })).toMatchObject([{ file: 'prefixes.csv', line: 2 }]);
    expect(told(keys)).toEqual(['TDM-1401 route "one": prefixes.csv cannot be read: there is none.']);
    expect(told(keys, { 'prefixes.csv': '# none\n' })).toEqual(['TDM-1408 route "one": prefixes.csv has no lines.']);
    expect(told(two('called: { file: a, prefix: "1" }, to: itsp-a'), { a: '1' })).toEqual([
      'TDM-1212 route "one": `prefix` and `file` are both given.',
    ]);
  });
});

describe('trunks', () => {
  const itsp = (keys: string, more = '') => `${itspWith(keys)}${more}`;

  test('what one is in the organisation', () => {
    const keys = `description: "To the world"
site: munich
listeners: wan
dial-plan: germany
usages: inside
numbers:
  called: [{ starts: "+", length: at least 11, remove: 1, add: "011" }]
  calling: [{ pattern: '\\+49(\\d+)', to: +0$1 }]
remove-plus: true
local-only: true
emergency: elin
rates: { list: [{ prefix: +49, price: 0.012 }], file: rates.csv }
mobile: true
`;
    const more = `sites: [{ name: munich }]
dial-plans: [{ name: germany, rules: [{ pattern: '0(\\d+)', to: +49$1 }] }]
emergency: { numbers: "112", to: itsp-a, locations: [{ name: hq, civic: { country: DE }, elins: "+498912345" }] }
routes:
  - { name: in, usages: inside, to: pbx }
  - { name: all, to: [pbx, itsp-a] }
`;
    expect(read(itsp(keys, more), { 'rates.csv': '+43;0.02\n' }).trunks[1]).toMatchObject({
      description: 'To the world',
      site: 'munich',
      listeners: ['wan'],
      dialPlan: 'germany',
      usages: ['inside'],
      numbers: {
        called: [
          { name: 'rule 1', pattern: '^\\+(\\d{9}\\d+)$', to: '011$1' },
          { name: 'remove-plus', pattern: '^\\+(.*)$', to: '$1' },
        ],
        calling: [
          { name: 'rule 1', pattern: '^\\+49(\\d+)$', to: '0$1' },
          { name: 'remove-plus', pattern: '^\\+(.*)$', to: '$1' },
        ],
      },
      localOnly: true,
      emergency: 'elin',
      rates: [
        { prefix: '+49', price: 0.012 },
        { prefix: '+43', price: 0.02 },
      ],
      mobile: true,
    });
  });

  test.each([
    ['site: berlin', 'TDM-1231 trunk "itsp-a": there is no site "berlin".'],
    ['listeners: [lan, dmz]', 'TDM-1231 trunk "itsp-a": there is no listener "dmz".'],
    ['dial-plan: x', 'TDM-1231 trunk "itsp-a": there is no dial plan "x".'],
    ['usages: x', 'TDM-1232 trunk "itsp-a": no route has the usage "x".'],
    ['local-only: true', 'TDM-1216 trunk "itsp-a": the trunk is at no site.'],
    ['emergency: elin', 'TDM-1216 trunk "itsp-a": no number calls for help.'],
    ['rates: {}', 'TDM-1102 trunk "itsp-a": neither `list` nor `file` is given.'],
    ['rates: [{ prefix: "1", price: free }]', 'TDM-1107 trunk "itsp-a": "free" is not a price.'],
  ])('%s: %s', (keys, message) => {
    expect(told(itsp(`${keys}\n`))).toEqual([message]);
  });

  test('without the "+" on both numbers, whatever rules write', () => {
    const rules = "numbers: { calling: [{ pattern: '\\+49(\\d+)', to: +43$1 }] }\n";
    const router = new Router(read(itsp(`remove-plus: true\n${rules}`)));
    const told = (called: string, caller: string) => {
      const [planned] = router.plan({ source: 'pbx', called, caller }).trunks;
      return [planned!.called, planned!.caller?.number];
    };
    expect(told('+4989123', '+4930456')).toEqual(['4989123', '4330456']);
    expect(told('+4989123', '+1425')).toEqual(['4989123', '1425']);
    expect(told('089123', '030456')).toEqual([undefined, undefined]);
  });

  test.each([
    ["'(\\+49\\d+)'", true],
    ["'0(\\+?\\d+)'", true],
    ["'(?:00|1)((.)\\d+)'", true],
    ["'([+0]\\d+)'", true],
    ["'\\+(49\\d+)'", false],
    ["'\\((0)(\\+1)'", false],
  ])('a "+" that a rule %s puts back', (pattern, back) => {
    const found = told(itsp(`remove-plus: true\nnumbers: { called: [{ pattern: ${pattern}, to: $1 }] }\n`));
    const message =
      'TDM-1236 trunk "itsp-a": `remove-plus` takes the "+" away, and this rule may put it back with `$1`.';
    expect(found).toEqual(back ? [message] : []);
  });

  test('usages that lead outside again', () => {
    const routes = (to: string) =>
      `routes:\n  - { name: in, usages: inside, to: ${to} }\n  - { name: all, to: [pbx, itsp-a] }\n`;
    expect(told(itsp('usages: inside\n', routes('pbx')))).toEqual([]);
    expect(told(itsp('usages: inside\n', routes('itsp-a')))).toEqual([
      'TDM-1315 trunk "itsp-a": route "in" leads what comes from it back to itself.',
    ]);
  });
});

test('a million prefixes load in seconds, and no check grows with their square', () => {
  const list = Array.from({ length: 1_000_000 }, (_, i) => `+${1_000_000_000 + i * 7}`).join('\n');
  const keys = 'routes:\n  - { name: a, called: { file: p }, to: itsp-a }\n  - { name: all, to: [pbx, itsp-a] }\n';
  const before = performance.now();
  expect(read(keys, { p: list }).routes[0]!.called!.prefixes).toHaveLength(1_000_000);
  expect(performance.now() - before).toBeLessThan(10_000);
});
