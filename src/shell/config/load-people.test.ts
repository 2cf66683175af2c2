import { describe, expect, test } from 'vitest';
import { itspWith } from './codes-entry.ts';
import { problems, read, told } from './organisation.testing.ts';
import { formatProblems } from './problems.ts';

describe('people', () => {
  test('how devices are spoken to, all of them and those of one', () => {
    const { users, registrar } = read(`users:
  - { name: alice, srtp: off, dtmf: info, dscp: { media: AF41 }, watchers: [bob, itsp-a] }
  - { name: bob, passes: SUBSCRIBE, watchers: nobody }
registrar: { srtp: optional, dtmf: rtp-event, passes: [MESSAGE], watchers: bob }
`);
    expect(users).toMatchObject([
      { srtp: 'off', dtmf: 'info', dscp: { signalling: 24, media: 34 }, watchers: ['bob', 'itsp-a'] },
      { passes: ['SUBSCRIBE'], watchers: 'nobody' },
    ]);
    expect(registrar).toMatchObject({
      srtp: { mode: 'optional', offer: 'crypto', keysInClear: false },
      dtmf: 'rtp-event',
      passes: ['MESSAGE'],
      watchers: ['bob'],
    });
    expect(
      told(`users: [{ name: bob, srtp: required, watchers: [bob, carl, bob] }]
registrar: { passes: [MESSAGE, MESSAGE], watchers: [users, bob] }
media: { mode: bypass }
`),
    ).toEqual([
      'TDM-1225 user "bob": media does not pass through us, so that we cannot encrypt it.',
      'TDM-1202 user "bob": there is no user or trunk "carl".',
      'TDM-1213 user "bob": "bob" stands here twice.',
      'TDM-1213 registrar.passes[1]: MESSAGE stands here twice.',
      'TDM-1202 registrar.watchers[0]: there is no user or trunk "users".',
    ]);
  });

  test('what a trunk passes, devices take too', () => {
    const trunk = (passes: string) =>
      `trunks: [{ name: itsp-a, kind: itsp, addresses: 192.0.2.10, passes: [${passes}] }, { name: pbx, kind: ip-pbx, addresses: 10.0.0.2 }]\n`;
    expect(told(`registrar: {}\n${trunk('MESSAGE, SUBSCRIBE/dialog')}`)).toEqual([]);
    expect(told(trunk('MESSAGE, SUBSCRIBE/dialog'))).toHaveLength(2);
    expect(told(`registrar: {}\n${trunk('PUBLISH')}`)).toHaveLength(1);
  });

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
      algorithms: ['MD5'],
      expires: { min: 60_000, max: 1_800_000 },
      dscp: { signalling: 24, media: 46 },
      passes: ['MESSAGE', 'SUBSCRIBE/message-summary', 'NOTIFY/message-summary'],
      watchers: 'users',
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
    [
      '{ name: a, forward: { always: +4412, busy: +4413, no-answer: { to: +4414 }, unregistered: +4415, together: +4416 } }',
      ['12', '13', '14', '15', '16'].map((end) => `TDM-1316 user "a": +44${end} is too short among those of +44.`),
    ],
    ['{ name: a, forward: { busy: "12", always: b, unregistered: "*97" } }, { name: b }', []],
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
    const secret = told('registrar: {}\nusers: { file: open.csv }\n', { 'open.csv': 'name,password\na,secret\n' });
    expect(secret).toEqual([
      'TDM-1311 users.file: everybody on this machine may read open.csv, and there are passwords in it.',
    ]);
    expect(told('users: { file: open.csv }\n', { 'open.csv': 'name\na\n' })).toEqual([]);
    expect(told('users: { file: none.csv }\n')).toEqual([
      'TDM-1401 users.file: none.csv cannot be read: there is none.',
    ]);
    expect(told('users: { file: u.csv }\n', { 'u.csv': 'login,site\na,b\n' })[0]).toMatch(
      /there is no column "login"; there are name/,
    );
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
      sites: { munich: { to: ['pbx'] } },
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
    ['to: itsp-b', 'TDM-1202 emergency.to[0]: there is no trunk or group "itsp-b".'],
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
  // A PBX is no way out of its country, and has people there.
  expect(told(file(', site: b'))).toEqual(['TDM-1314 site "a": there are users in US, and no trunk ends there.']);
  expect(told(file(', site: b').replace('itsp, addresses', 'ip-pbx, addresses'))).toEqual([]);
  expect(told(file(''))).toEqual([]);
});

test('calls that have to leave in their country, and cannot', () => {
  const file = (site: string, keys = 'country: DE, local-termination: true', trunk = '') =>
    `sites: [{ name: a, ${keys} }, { name: b, country: US }]
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: ${site} }
  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10${trunk} }
`;
  const nowhere = ['TDM-1244 site "a": no trunk ends in DE, and calls from here leave there only.'];
  expect(told(file('a', undefined, ', site: b'))).toEqual(nowhere);
  expect(told(file('b', undefined, ', site: a'))).toEqual([
    'TDM-1314 site "b": there are users in US, and no trunk ends there.',
  ]);
  // At no site it is in no country, unless its address is one of a site's.
  expect(told(file('a'))).toEqual(nowhere);
  expect(told(file('a', 'country: DE, local-termination: true, subnets: 203.0.113.0/24'))).toEqual([]);
  expect(told(file('b', 'local-termination: true', ', site: b'))).toEqual([
    'TDM-1216 site "a": the site is in no country.',
  ]);
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

test('sample calls are made, and what comes of them otherwise is told', () => {
  const sample = (expect: string) => `tests: [{ name: a, from: pbx, to: "1", expect: { ${expect} } }]\n`;
  expect(told(sample('route: outbound, trunks: itsp-a, number: "1"'))).toEqual([]);
  expect(told(sample('route: inbound, refused: 404'))).toEqual([
    'TDM-1320 test "a": the route is outbound, not inbound; it is not refused with 404.',
  ]);
});
