import { describe, expect, test } from 'vitest';
import { read, told } from './organisation.testing.ts';

const help = (keys = '') => `emergency:\n  numbers: ["911"]\n  to: itsp-a\n${keys}`;

describe('calls for help', () => {
  test('numbers to try it with, services, groups and places of telephones', () => {
    const { emergency, users } = read(
      `emergency:
  numbers: [{ number: "112", services: [sos.fire, sos.ambulance] }, { number: "110", services: sos.police }]
  tests: "933"
  to: both
  locations: [{ name: lobby, civic: { country: DE } }]
users: [{ name: wall, numbers: "200", location: lobby }]
groups: [{ name: both, trunks: [itsp-a, pbx] }]
`,
    );
    expect(emergency).toMatchObject({
      numbers: [
        { number: '112', services: ['sos.fire', 'sos.ambulance'] },
        { number: '110', services: ['sos.police'] },
      ],
      tests: ['933'],
      to: ['both'],
    });
    expect(users).toMatchObject([{ name: 'wall', location: 'lobby' }]);
  });

  test.each([
    [
      "dial-plans: [{ name: x, access-prefix: '9', rules: [{ pattern: '(\\d{4})', to: '+4989$1' }] }]\n",
      'TDM-1239 dial plan "x": 9911 calls for help, and this rule makes +49899911 of it.',
    ],
    [
      "dial-plans: [{ name: x, rules: [{ pattern: '933', to: '+498933' }] }]\n",
      'TDM-1239 dial plan "x": 933 calls for help, and this rule makes +498933 of it.',
    ],
    ['users: [{ name: a, location: attic }]\n', 'TDM-1231 user "a": there is no location "attic".'],
  ])('%s: %s', (keys, message) => {
    expect(told(`${help('  tests: "933"\n')}${keys}`)).toEqual([message]);
  });

  test('a rule that makes the number of help of what is dialled for it takes nothing away', () => {
    const plan = "dial-plans: [{ name: x, access-prefix: '9', rules: [{ pattern: '9?(911)', to: '+$1' }] }]\n";
    expect(told(`${help()}${plan}`)).toEqual([]);
  });

  test('a sample call for help, and one that goes elsewhere than it should', () => {
    const sample = (trunk: string) =>
      `${help()}tests: [{ name: help, from: pbx, to: '911', expect: { number: '911', route: emergency, trunks: [${trunk}] } }]\n`;
    expect(told(sample('itsp-a'))).toEqual([]);
    expect(told(sample('pbx'))).toEqual(['TDM-1320 test "help": the order of trunks is itsp-a, not pbx.']);
  });

  test('what is no service', () => {
    expect(told('emergency:\n  numbers: [{ number: "911", services: police }]\n  to: itsp-a\n')[0]).toMatch(
      /"police" is no service for help/,
    );
  });
});

describe('what else numbers of help would mean', () => {
  const plan = (rule: string, more = '') => `dial-plans: [{ name: x${more}, rules: [${rule}] }]\n`;
  const user = (keys: string) => `users: [{ name: a, ${keys} }]\n`;
  const to9 = plan("{ pattern: '(\\d{10})', to: '+1$1' }", ", access-prefix: '9'");

  test.each([
    ['an extension behind the access prefix', `${to9}${user("numbers: '9911'")}`, /9911 calls for help, and cannot be/],
    [
      'a number that is forwarded there',
      user("forward: { always: '911' }"),
      /911 calls for help: nobody is sent there/,
    ],
    ['behind the access prefix', `${to9}${user("forward: { busy: '9911' }")}`, /9911 calls for help: nobody is sent/],
    ['when nobody answers', user("forward: { no-answer: { to: '911' } }"), /911 calls for help: nobody is sent/],
    ['what rings together', user("forward: { together: '911' }"), /911 calls for help: nobody is sent/],
    [
      'an access prefix that calls for help',
      plan("{ pattern: '(\\d{10})', to: '+1$1' }", ", access-prefix: '911'"),
      /911 calls for help, and would be dialled before/,
    ],
    [
      'a rule that takes off what no plan knows',
      plan("{ starts: '8', length: at least 4, remove: 1 }"),
      /makes 911 of 8911, which is not known/,
    ],
    [
      'a rule that puts it in place of another',
      plan("{ pattern: '110', to: '911' }"),
      /what this rule makes 911 of is not known/,
    ],
    [
      'a rule that takes whatever is dialled for it',
      plan("{ pattern: '\\*\\d', to: '+911' }"),
      /what this rule makes \+911 of is not known/,
    ],
  ])('%s', (_, keys, message) => {
    const [first, ...others] = told(`${help()}${keys}`);
    expect(first).toMatch(/^TDM-1239/);
    expect(first).toMatch(message);
    expect(others).toEqual([]);
  });

  test.each([
    ['takes off the access prefix', plan("{ starts: '9', length: '4', remove: 1 }", ", access-prefix: '9'")],
    ['makes one of another', plan("{ pattern: '(911|9911)', to: '911' }", ", access-prefix: '9'")],
    ['is for other numbers', plan("{ pattern: '([2-8]\\d\\d)', to: '+4989$1' }")],
  ])('a rule that %s takes nothing away', (_, keys) => {
    expect(told(`${help()}${keys}`)).toEqual([]);
  });

  test('the rules of every trunk of a group that is asked for help', () => {
    const loaded = told(
      `emergency: { numbers: '911', to: both }\ngroups: [{ name: both, trunks: [itsp-a] }]\ntrunk-defaults: { numbers: { called: [{ pattern: '911', to: '+4989110' }] } }\n`,
    );
    expect(loaded[0]).toMatch(/TDM-1239 .*calls for help go to 911 by this trunk/);
  });

  test('a trunk that knows numbers of places, and no place that has one', () => {
    expect(told(`${help()}trunk-defaults: { emergency: elin }\n`)[0]).toMatch(/no location has `elins`/);
  });

  test('a trunk for help alone is in use', () => {
    const routes = 'routes: [{ name: out, from: pbx, to: pbx }]\n';
    expect(told(routes)).toEqual([expect.stringContaining('TDM-1302')]);
    expect(told(`${help()}${routes}`)).toEqual([]);
  });
});

describe('mail of calls for help', () => {
  const mail = (keys: string) =>
    help(`  notify: { mail: desk@example.com, from: us@example.com, server: mail.example.com${keys} }\n`);
  const notify = (keys: string) => read(mail(keys)).emergency?.notify[0];

  test.each([
    ['', { server: { host: 'mail.example.com', port: 25 }, tls: 'offered' }],
    [':465', { server: { host: 'mail.example.com', port: 465 }, tls: 'direct' }],
    [':587, username: us, password: p-1', { tls: 'required', login: { user: 'us' } }],
    [':465, username: us, password: p-1', { tls: 'direct' }],
    [', tls: off', { tls: 'off' }],
    [', trust: system', { trust: { system: true, files: [] } }],
  ])('"server: mail.example.com%s"', (keys, expected) => {
    expect(notify(keys)).toMatchObject({ kind: 'mail', to: 'desk@example.com', ...expected });
  });

  test('its password is shown nowhere', () => {
    expect(JSON.stringify(read(mail(', username: us, password: hush-hush')))).not.toContain('hush-hush');
  });

  test.each([
    [', username: us', 'TDM-1219 emergency.notify: neither `password` nor `password-file` is given.'],
    [', password: p-1', 'TDM-1216 emergency.notify: a password is for a `username`, and none is given.'],
    [
      ', username: us, password: p-1, tls: offered',
      'TDM-1216 emergency.notify.tls: a password is sent in TLS only: `tls` is `required` or `direct` with one.',
    ],
    [', tls: off, trust: system', 'TDM-1216 emergency.notify.trust: `trust` is for TLS, and `tls` is `off`.'],
    [', trust: /none/ca.pem', 'TDM-1401 emergency.notify.trust[0]: /none/ca.pem cannot be read: there is none.'],
  ])('"%s": %s', (keys, message) => {
    expect(told(mail(keys))).toEqual([message]);
  });

  test('what is for mail is for nobody else', () => {
    expect(told(help('  notify: { webhook: "https://a.example/", tls: off }\n'))).toEqual([
      'TDM-1216 emergency.notify.tls: `tls` is for `mail`.',
    ]);
  });
});

describe('places of devices', () => {
  const ann = (keys: string) =>
    `${help('  locations: [{ name: lab, civic: { country: DE } }]\n')}users: [{ name: ann, ${keys} }]\n`;

  test('by instance or hardware address, in one way of writing', () => {
    const { users } = read(
      ann(
        "believe-location: true, device-locations: [{ device: 'URN:UUID:1-A', location: lab }, { device: '00-1B:21.3c4d5e', location: lab }]",
      ),
    );
    expect(users).toMatchObject([
      {
        believesPlace: true,
        deviceLocations: [
          { device: 'urn:uuid:1-a', location: 'lab' },
          { device: '001b213c4d5e', location: 'lab' },
        ],
      },
    ]);
  });

  test.each([
    ["device-locations: { device: '001b213c4d5e', location: attic }", /TDM-1231 .*there is no location "attic"/],
    ["device-locations: { device: 'phone 7', location: lab }", /TDM-1126 .*neither the instance of a device nor/],
    [
      "device-locations: [{ device: '001b213c4d5e', location: lab }, { device: '00:1b:21:3c:4d:5e', location: lab }]",
      /TDM-1213 .*001b213c4d5e stands here twice/,
    ],
  ])('%s: %s', (keys, message) => {
    expect(told(ann(keys))[0]).toMatch(message);
  });
});

describe('servers that know places', () => {
  test('their hosts alone, or with a time and whom they are believed by', () => {
    expect(read(help('  location-servers: LIS.example.com\n')).emergency?.dereference).toEqual({
      hosts: ['lis.example.com'],
      timeout: 500,
    });
    expect(
      read(
        help('  location-servers: { hosts: ["lis.example.com:8443", "[2001:db8::1]"], timeout: 1s, trust: system }\n'),
      ).emergency?.dereference,
    ).toEqual({
      hosts: ['lis.example.com:8443', '[2001:db8::1]'],
      timeout: 1000,
      trust: { system: true, files: [] },
    });
  });

  test.each([
    ['https://lis.example.com/', /TDM-1126 .*is not a host on the web/],
    ['{ hosts: a.example, timeout: 3s }', /TDM-11.. .*3s/],
    ['{ hosts: a.example, trust: /none/ca.pem }', /TDM-1401 emergency.location-servers.trust/],
  ])('%s: %s', (value, message) => {
    expect(told(help(`  location-servers: ${value}\n`))[0]).toMatch(message);
  });
});

describe('numbers of countries and sites', () => {
  const sites = `sites:
  - { name: dallas, country: US, subnets: 10.1.0.0/16 }
  - { name: berlin, country: DE, subnets: 10.2.0.0/16, dial-plan: german }
  - { name: lab, country: DE, emergency: { numbers: '7777', notify: 'sip:lab@pbx', notify-alone: true } }
`;
  const countries = `emergency:
  numbers: '911'
  to: itsp-a
  countries: [{ country: DE, numbers: ['112', { number: '110', services: sos.police }], to: pbx, relay: +498912345678 }]
`;
  const plan = (name: string, pattern: string) =>
    `dial-plans: [{ name: ${name}, rules: [{ pattern: '${pattern}', to: '+4930$1' }] }]\n`;
  const plans = (pattern: string) => plan('german', pattern);

  test('stand where they hold', () => {
    const { emergency } = read(`${countries}${sites}${plans('([2-8]\\d\\d)')}`);
    expect(emergency).toMatchObject({
      numbers: [{ number: '911' }],
      countries: { DE: { numbers: [{ number: '112' }, { number: '110' }], to: ['pbx'], relay: '+498912345678' } },
      sites: { lab: { numbers: [{ number: '7777' }], notifyAlone: true } },
    });
  });

  test('the trunks of a site may stand alone, as before', () => {
    expect(read(`${help()}sites: [{ name: a, emergency: [itsp-a, pbx] }]\n`).emergency?.sites).toEqual({
      a: { to: ['itsp-a', 'pbx'] },
    });
  });

  test('are enough without any of everywhere; none at all is too little', () => {
    expect(told('emergency: { to: itsp-a, countries: [{ country: DE, numbers: "112" }] }\n')).toEqual([]);
    expect(told('emergency: { to: itsp-a }\n')).toEqual(['TDM-1102 emergency: `numbers` is missing.']);
  });

  test.each([
    ['the plan of a site, a number of its country', plans('(1\\d\\d)'), [/^TDM-1239 .*112 calls for help, and this/]],
    ['a number of another country', plans('(9\\d\\d)'), [/^TDM-1323 .*911 calls for help elsewhere, and this/]],
    [
      'the plan of all others',
      plan('global', '(9\\d\\d)'),
      [/there is no dial plan/, /^TDM-1239 .*911 calls for help/],
    ],
    [
      'who is at the site',
      `${plans('([2-8]\\d\\d)')}users: [{ name: a, site: berlin, numbers: '110' }]\n`,
      [/^TDM-1239 .*110 calls for help, and cannot be the number/],
    ],
    [
      'who is at another',
      `${plans('([2-8]\\d\\d)')}users: [{ name: a, site: dallas, numbers: '110' }]\n`,
      [/^TDM-1323 .*110 calls for help elsewhere, and is the number/],
    ],
    [
      'who has no site',
      `${plans('([2-8]\\d\\d)')}users: [{ name: a, numbers: '7777' }]\n`,
      [/^TDM-1239 .*7777 calls for help/],
    ],
    [
      'a plan of users who are elsewhere',
      `dial-plans: [{ name: german, rules: [{ pattern: '(9\\d\\d)', to: '+4930$1' }] }]\nusers: [{ name: a, site: dallas, dial-plan: german }]\n`,
      [/^TDM-1239 .*911 calls for help, and this/],
    ],
    [
      'what is made a number of help that the site does not know',
      "dial-plans: [{ name: german, rules: [{ pattern: '\\*(112)', to: '$1' }] }]\n",
      [/^TDM-1239 .*makes 112 of \*112/],
    ],
  ])('the checks follow: %s', (_what, keys, messages) => {
    const all = told(`${countries}${sites}${keys}`);
    expect(all).toEqual(messages.map((message) => expect.stringMatching(message)));
  });

  test('a route for a number that calls for help elsewhere, and one for what does so wherever it may be asked', () => {
    const route = (keys: string) =>
      `${countries}${sites}${plans('([2-8]\\d\\d)')}routes: [{ name: x, from: pbx, called: { prefix: '110' }, to: itsp-a${keys} }, { name: in, from: itsp-a, to: pbx }]\n`;
    expect(told(route(''))).toEqual([]);
    expect(told(route(', sites: dallas'))).toEqual([]);
    expect(told(route(', sites: berlin'))[0]).toMatch(/TDM-1239 .*110 calls for help, and never comes to a route/);
  });

  test('a trunk that is asked for help writes none of the numbers of who may ask it otherwise', () => {
    const trunk = (number: string) =>
      `${countries}${sites}${plans('([2-8]\\d\\d)')}trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, numbers: { called: [{ pattern: '${number}', to: '+4989110' }] } }
  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10 }
`;
    expect(told(trunk('112'))[0]).toMatch(/TDM-1239 .*calls for help go to 112 by this trunk/);
    expect(told(trunk('911'))).toEqual([]);
  });

  test.each([
    ['[{ country: DE, numbers: "112" }, { country: DE, numbers: "110" }]', /TDM-1213 .*DE stands here twice/],
    ['[{ country: DE, numbers: ["112", "112"] }]', /TDM-1213 emergency.countries\[0\].numbers\[1\]: 112 stands/],
    ['[{ country: DE, to: nobody }]', /TDM-1202 emergency.countries\[0\].to\[0\]/],
    ['[{ country: DE, notify: {} }]', /TDM-1241 emergency.countries\[0\].notify/],
    ['[{ country: XX }]', /TDM-1124/],
  ])('countries: %s', (list, message) => {
    expect(told(`${help(`  countries: ${list}\n`)}`)[0]).toMatch(message);
  });
});
