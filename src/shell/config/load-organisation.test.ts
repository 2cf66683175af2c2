import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Router } from '#engine/ports';
import { itspWith } from './codes-entry.ts';
import { soundFile } from './errors.ts';
import { filesOf } from './files.testing.ts';
import { jsonSchema } from './json-schema.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems, type Problem } from './problems.ts';

/** `soundFile`, with these top-level keys besides or in place of its own. */
function load(keys: string, lists: Readonly<Record<string, string>> = {}) {
  const sections = (text: string) => new Map(text.split(/^(?=[a-z-]+:)/m).map((part) => [part.split(':')[0]!, part]));
  const text = [...new Map([...sections(soundFile), ...sections(keys)]).values()].join('');
  return loadConfiguration(text, {
    file: 'tandem.yaml',
    env: { PIN: 's3cret' },
    files: filesOf(new Map(Object.entries(lists))),
  });
}

function read(keys: string, lists?: Readonly<Record<string, string>>) {
  const loaded = load(keys, lists);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

function problems(keys: string, lists?: Readonly<Record<string, string>>): readonly Problem[] {
  const loaded = load(keys, lists);
  return loaded.ok ? loaded.warnings : loaded.problems;
}

/** As they are printed, without file and code. */
const told = (keys: string, lists?: Readonly<Record<string, string>>) =>
  problems(keys, lists).map(({ code, place, path, message }) => `${code} ${place || path}: ${message}`);

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

describe('people', () => {
  test('a user, his policy and where he registers', () => {
    const { users, policies, registrar } = read(`users:
  - name: alice
    display-name: Älice
    line: "+14255550100;ext=100"
    numbers: "7100"
    password: \${PIN}
    devices: 3
    policy: staff
    hidden: true
    forward:
      busy: bob
      no-answer: { to: "+14255550199", after: 10s }
  - name: bob
registrar: { domains: [example.com, example.org], expires: { max: 30m } }
policies: [{ name: staff, usages: world, features: { transfer: false, bandwidth-override: true } }]
routes:
  - { name: world, usages: world, to: itsp-a }
  - { name: all, to: [pbx, itsp-a] }
`);
    expect(users!.map((user) => ({ ...user, password: user.password?.reveal() }))).toEqual([
      {
        name: 'alice',
        display: 'Älice',
        line: '+14255550100;ext=100',
        numbers: ['7100'],
        password: 's3cret',
        devices: 3,
        policy: 'staff',
        hidden: true,
        forward: { busy: 'bob', noAnswer: { to: '+14255550199', after: 10_000 } },
      },
      { name: 'bob', numbers: [], devices: 5, hidden: false, password: undefined },
    ]);
    expect(registrar).toEqual({
      domains: ['example.com', 'example.org'],
      realm: 'example.com',
      expires: { min: 60_000, max: 1_800_000 },
    });
    expect(policies).toEqual([
      {
        name: 'staff',
        usages: ['world'],
        features: {
          forwarding: true,
          transfer: false,
          'simultaneous-ring': true,
          'pstn-reroute': true,
          'bandwidth-override': true,
          'toll-bypass': true,
        },
      },
    ]);
  });

  test.each([
    ['030 12 34 50', undefined],
    ['tel:+49 30 123450', 'Write +4930123450.'],
    ['+49 (0)30 123450 ext 17', 'Write +4930123450;ext=17.'],
    ['17', 'Give the main number with its extension: +4930123450;ext=17.'],
    ['+4930123450;ext=a', undefined],
    ['+0930123450', undefined],
  ])('the line "%s" is not normalised', (line, cure) => {
    const [problem] = problems(`users:\n  - { name: alice, line: "${line}" }\n`);
    expect(problem).toMatchObject({ code: 'TDM-1123', place: 'user "alice"', path: 'users[0].line', line: 23 });
    if (cure !== undefined) expect(problem!.cure).toBe(cure);
  });

  test.each([
    ['{ name: a, numbers: "17" }, { name: b, numbers: "17" }', ['TDM-1237 user "b": 17 leads to user "a" already.']],
    ['{ name: a, numbers: ["17", "17"] }', ['TDM-1213 user "a": 17 stands here twice.']],
    ['{ name: a, line: +4930123450;ext=17, numbers: "17" }', []],
    ['{ name: "17" }, { name: b, line: +4930123450;ext=17 }', ['TDM-1237 user "b": 17 leads to user "17" already.']],
    [
      '{ name: a }, { name: a }',
      ['TDM-1201 user "a": another of the users has this name.', 'TDM-1213 user "a": a stands here twice.'],
    ],
    ['{ name: pbx }', ['TDM-1201 user "pbx": a trunk or group is called "pbx" too.']],
    [
      '{ name: a, site: x, policy: y, dial-plan: z }',
      [
        'TDM-1231 user "a": there is no site "x".',
        'TDM-1231 user "a": there is no policy "y".',
        'TDM-1231 user "a": there is no dial plan "z".',
      ],
    ],
    ['{ name: a, line: +999123456 }', ['TDM-1316 user "a": +999123456 begins with the code of no country.']],
    ['{ name: a, line: +44123456 }', ['TDM-1316 user "a": +44123456 is too short among those of +44.']],
    ['{ name: a, password: x }', ['TDM-1216 user "a": nobody registers without a `registrar`.']],
  ])('%s', (users, messages) => {
    expect(told(`users: [${users}]\n`)).toEqual(messages);
  });

  test('a file of users', () => {
    const csv = [
      'name,display-name,line,numbers,site,password,devices,forward-no-answer,forward-after,hidden',
      'alice,"Alice, A.",+14255550100;ext=100,100 7100,redmond,secret,2,+14255550199,15s,true',
      '',
      'bob,Bob,,,,,,,,',
    ].join('\r\n');
    const { users } = read(
      'sites: [{ name: redmond }]\nregistrar: {}\nusers: { list: [{ name: carol }], file: users.csv }\n',
      {
        'users.csv': csv,
      },
    );
    expect(users!.map(({ password, ...user }) => ({ ...user, secret: password?.reveal() }))).toEqual([
      { name: 'carol', numbers: [], devices: 5, hidden: false, secret: undefined },
      {
        name: 'alice',
        display: 'Alice, A.',
        line: '+14255550100;ext=100',
        numbers: ['100', '7100'],
        site: 'redmond',
        secret: 'secret',
        devices: 2,
        forward: { noAnswer: { to: '+14255550199', after: 15_000 } },
        hidden: true,
      },
      { name: 'bob', display: 'Bob', numbers: [], devices: 5, hidden: false, secret: undefined },
    ]);
  });

  test('what is wrong in it is told with its line', () => {
    const wrong = problems('users: { file: users.csv }\n', {
      'users.csv':
        'name;line;devices;site\nalice;089 123;5;\nbob;;many;\ncarol;+14255550100;;\ndave;+14255550100;;paris\n',
    });
    expect(formatProblems(wrong)).toBe(
      [
        'users.csv:2:1: TDM-1408 users.file: line: "089 123" is not normalised.',
        '  Write +, the code of the country, and the rest, digits only: +4930123450, or +4930123450;ext=17.',
        'users.csv:3:1: TDM-1408 users.file: devices: "many" is not a number from 1 to 100.',
        '  Give a whole number in the range; for no limit at all leave the key out.',
        'users.csv:5:1: TDM-1231 user "dave", site: there is no site "paris".',
        '  Name one of those there are, or add the one that is missing.',
        'users.csv:5:1: TDM-1237 user "dave", line: +14255550100 leads to user "carol" already.',
        '  Give one of them another number, or an extension behind the same one: ;ext=17.',
        '4 errors',
        '',
      ].join('\n'),
    );
    expect(told('users: { file: none.csv }\n')).toEqual([
      'TDM-1401 users.file: none.csv cannot be read: there is none.',
    ]);
    expect(told('users: { file: u.csv }\n', { 'u.csv': 'login,site\na,b\n' })[0]).toMatch(
      /there is no column "login"; there are name/,
    );
  });
});

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
emergency: { numbers: "112", to: itsp-a }
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

describe('calls for help', () => {
  const help = (keys = '') =>
    `emergency:\n  numbers: ["112", { number: "911", masks: ["999"] }]\n  to: itsp-a\n${keys}`;

  test('everything that can be said', () => {
    const { emergency } = read(
      `${help(`  relay: "+14255550100"
  callback: 1h
  locations: [{ name: hq, civic: { country: US, HNO: "1" }, elins: "+14255550111" }]
  notify:
    - sip:desk@example.com
    - { webhook: "https://example.com/x", secret: \${PIN} }
    - { mail: a@example.com, from: b@example.com, server: "mail.example.com:587" }
`)}sites: [{ name: munich, emergency: [pbx] }]\n`,
    );
    expect(emergency).toMatchObject({
      numbers: [
        { number: '112', masks: [] },
        { number: '911', masks: ['999'] },
      ],
      to: ['itsp-a'],
      sites: { munich: ['pbx'] },
      relay: '+14255550100',
      callback: 3_600_000,
      locations: [{ name: 'hq', civic: { country: 'US', HNO: '1' }, elins: ['+14255550111'] }],
      notify: [
        { kind: 'message', to: 'sip:desk@example.com' },
        { kind: 'webhook', url: 'https://example.com/x' },
        { kind: 'mail', to: 'a@example.com', from: 'b@example.com', server: { host: 'mail.example.com', port: 587 } },
      ],
    });
  });

  test.each([
    [
      `dial-plans: [{ name: x, rules: [{ pattern: '(\\d{3})', to: '+49$1' }] }]`,
      'TDM-1239 dial plan "x": 112 calls for help, and this rule makes +49112 of it.',
    ],
    [
      `dial-plans: [{ name: x, rules: [{ starts: '9', remove: 1 }] }]`,
      'TDM-1239 dial plan "x": 911 calls for help, and this rule makes 11 of it.',
    ],
    [
      `users: [{ name: a, numbers: '999' }]`,
      'TDM-1239 user "a": 999 calls for help, and cannot be the number of a user.',
    ],
    [
      `users: [{ name: a, line: '+4930123450;ext=112' }]`,
      'TDM-1239 user "a": 112 calls for help, and cannot be the number of a user.',
    ],
    [
      `routes: [{ name: a, called: { prefix: '112' }, to: pbx }, { name: all, to: [pbx, itsp-a] }]`,
      'TDM-1239 route "a": 112 calls for help, and never comes to a route.',
    ],
    [
      `routes: [{ name: a, called: { pattern: '9\\d\\d' }, refuse: 403 }, { name: all, to: [pbx, itsp-a] }]`,
      'TDM-1239 route "a": 911 calls for help, and never comes to a route.',
    ],
  ])('%s: %s', (keys, message) => {
    expect(told(`${help()}${keys}\n`)).toEqual([message]);
  });

  test('a translation of the trunk that they take', () => {
    const trunk = itspWith("numbers: { called: [{ pattern: '(\\d+)', to: '0$1' }] }\n");
    expect(told(`${help()}${trunk}`)).toEqual([
      'TDM-1239 trunk "itsp-a": calls for help go to 112 by this trunk, and this rule makes 0112 of it.',
    ]);
    expect(
      told(
        `${help('  relay: "+14255550100"\n')}${trunk.replace("'(\\d+)', to: '0$1'", "'9?11[12]?', to: +14255550100")}`,
      ),
    ).toEqual([]);
  });

  test('a catch-all and a long number are no harm', () => {
    const keys =
      "routes: [{ name: a, called: { prefix: '1' }, to: pbx }, { name: b, called: { pattern: '\\d+' }, to: pbx }, { name: all, to: [pbx, itsp-a] }]\n";
    expect(told(`${help()}${keys}`)).toEqual([]);
  });

  test.each([
    ['to: itsp-b', 'TDM-1202 emergency.to[0]: there is no trunk "itsp-b".'],
    ['numbers: ["112", "112"]', 'TDM-1213 emergency.numbers[1]: 112 stands here twice.'],
    [
      'locations: [{ name: a, civic: {} }, { name: a, civic: {} }]',
      'TDM-1201 emergency.locations[1].name: another of the locations has this name.',
    ],
    ['notify: [{}]', 'TDM-1241 emergency.notify[0]: nothing says who is told, and how.'],
    [
      'notify: [{ message: "sip:a@b", webhook: "http://b/" }]',
      'TDM-1241 emergency.notify[0]: `message` and `webhook` are both given.',
    ],
    ['notify: [{ message: "sip:a@b", secret: x }]', 'TDM-1216 emergency.notify[0].secret: `secret` is for `webhook`.'],
  ])('%s: %s', (key, message) => {
    const own = key.split(':')[0];
    const keys = ['numbers: "112"', 'to: itsp-a'].filter((one) => !one.startsWith(`${own}:`));
    expect(told(`emergency: { ${[...keys, key].join(', ')} }\n`)).toEqual([message]);
  });
});

test('countries with users and without a trunk, where each trunk has its place', () => {
  const trunk = (name: string, kind: string, host: string, site: string) =>
    `  - { name: ${name}, kind: ${kind}, addresses: ${host}${site} }\n`;
  const file = (site: string) =>
    `sites: [{ name: a, country: US }, { name: b, country: DE }, { name: c, country: FR }]\nusers: [{ name: u, site: b }, { name: v, site: a }]\ntrunks:\n${trunk('pbx', 'ip-pbx', '10.0.0.20', ', site: a')}${trunk('itsp-a', 'itsp', '203.0.113.10', site)}`;
  expect(told(file(', site: a'))).toEqual(['TDM-1314 site "b": there are users in DE, and no trunk ends there.']);
  expect(told(file(', site: b'))).toEqual([]);
  expect(told(file(''))).toEqual([]);
});

test('sample calls name what is there', () => {
  const sample = (keys: string) => `users: [{ name: alice }]\ntests: [{ name: a, to: "1", ${keys} }]\n`;
  expect(
    read(sample('from: alice, at: 2026-03-02T09:00+01:00, expect: { refused: 603, trunks: itsp-a }')).samples,
  ).toEqual([
    { name: 'a', from: 'alice', to: '1', at: Date.UTC(2026, 2, 2, 8), expect: { refused: 603, trunks: ['itsp-a'] } },
  ]);
  expect(told(sample('from: bob, expect: { route: x, trunks: [y], user: z }'))).toEqual([
    'TDM-1202 test "a": there is no trunk "bob".',
    'TDM-1231 test "a": there is no route "x".',
    'TDM-1202 test "a": there is no trunk "y".',
    'TDM-1231 test "a": there is no user "z".',
  ]);
});

test('a million prefixes load in seconds, and no check grows with their square', () => {
  const list = Array.from({ length: 1_000_000 }, (_, i) => `+${1_000_000_000 + i * 7}`).join('\n');
  const keys = 'routes:\n  - { name: a, called: { file: p }, to: itsp-a }\n  - { name: all, to: [pbx, itsp-a] }\n';
  const before = performance.now();
  expect(read(keys, { p: list }).routes[0]!.called!.prefixes).toHaveLength(1_000_000);
  expect(performance.now() - before).toBeLessThan(10_000);
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
