import { describe, expect, test } from 'vitest';
import type { Configuration, Site, Trunk, User } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { type EmergencyFacts, type EmergencyPlan, EmergencyPlanner } from './index.ts';

const pbx = trunk('pbx', { kind: 'ip-pbx', side: 'internal', site: 'hq' });
const itsp = trunk('itsp');
const trunks = [
  pbx,
  itsp,
  trunk('e911-a', { emergency: 'location' }),
  trunk('e911-b', { emergency: 'location' }),
  trunk('carrier', {
    emergency: 'elin',
    numbers: {
      called: [{ name: 'x', pattern: '^\\+1(.*)$', to: '$1' }],
      calling: [{ name: 'x', pattern: '^\\+1(.*)$', to: '$1' }],
    },
  }),
  trunk('branch-gw', { kind: 'pstn-gateway', side: 'internal', site: 'branch' }),
];

const site = (name: string, more: Partial<Site> = {}): Site => ({
  name,
  kind: 'central',
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...more,
});

const user = (name: string, more: Partial<User> = {}): User => ({
  name,
  numbers: [],
  devices: 1,
  hidden: false,
  ...more,
});
const ann = user('ann', { line: '+12175550101', site: 'hq' });
const wall = user('wall', { line: '+12175550199', site: 'hq', location: 'lobby' });
const desks = user('desks', {
  line: '+12175550198',
  site: 'hq',
  location: 'hq-2-west',
  deviceLocations: [
    { device: 'urn:uuid:00000000-0000-1000-8000-001b213c4d5e', location: 'hq-2-desk' },
    { device: '001b213c4d5f', location: 'hq-2-east' },
    { device: 'urn:uuid:aa', location: 'lobby' },
  ],
});
const bob = user('bob', { line: '+12175550102', site: 'branch' });
const nomad = user('nomad', { line: '+12175550103' });

const configuration = {
  trunks,
  routes: [],
  users: [ann, wall, desks, bob, nomad],
  dialPlans: [{ name: 'hq', accessPrefix: '9', rules: [] }],
  sites: [
    site('hq', {
      location: 'hq',
      dialPlan: 'hq',
      subnets: [
        { network: { host: '10.1.0.0', bits: 16 } },
        { network: { host: '10.1.2.0', bits: 24 }, location: 'hq-2' },
        { network: { host: '2001:db8:1::', bits: 48 }, location: 'hq-2' },
      ],
    }),
    site('branch', { kind: 'branch', centre: 'hq', subnets: [{ network: { host: '10.2.0.0', bits: 16 } }] }),
  ],
  emergency: {
    numbers: [
      { number: '911', masks: ['112', '999'] },
      { number: '988', masks: [], services: ['counseling'] },
      { number: '110', masks: [], services: ['sos.police'] },
    ],
    tests: ['933'],
    to: ['e911-a', 'e911-b'],
    sites: { branch: { to: ['branch-gw', 'carrier'] } },
    relay: '+18005550911',
    callback: 1_800_000,
    locations: [
      { name: 'hq', civic: { country: 'US', HNO: '1', RD: 'Main' }, elins: ['+12175559001', '+12175559002'] },
      { name: 'hq-2', civic: { country: 'US', HNO: '1', RD: 'Main', FLR: '2' }, elins: ['+12175559011'] },
      ...['west', 'east', 'desk'].map((name) => ({
        name: `hq-2-${name}`,
        civic: { country: 'us', HNO: '1', RD: 'Main', FLR: '2', ROOM: name },
        elins: [],
      })),
      { name: 'lobby', civic: { country: 'US', LOC: 'lobby' }, elins: [] },
    ],
    notify: [],
  },
} as unknown as Configuration & { emergency: NonNullable<Configuration['emergency']> };

const planner = (emergency: Partial<Configuration['emergency'] & object> = {}) =>
  new EmergencyPlanner({ ...configuration, emergency: { ...configuration.emergency, ...emergency } });

const facts = (more: Partial<EmergencyFacts> = {}): EmergencyFacts => ({
  trunk: pbx,
  number: '+12175550101',
  called: '911',
  brings: undefined,
  at: 0,
  ...more,
});
const tries = (plan: EmergencyPlan | undefined) =>
  plan?.trunks.map(({ trunk: { name }, called, caller, conveys }) =>
    [name, called, conveys, caller?.number].filter((one) => one !== undefined).join(' '),
  );

describe('what is dialled for help', () => {
  const number = (more: Partial<EmergencyFacts>) => planner().plan(facts(more))?.number;

  test.each<[string, string | undefined, string]>([
    ['911', '911', 'the number itself'],
    ['112', '911', 'a mask (E-3)'],
    ['999', '911', 'each of several masks'],
    ['9911', '911', 'behind the access prefix of the plan (E-3)'],
    ['9112', '911', 'a mask behind it'],
    ['+911', '911', 'as a dial plan makes it (E-3)'],
    ['9+911', '911', 'both'],
    ['110', '110', 'another number'],
    ['91', undefined, 'less'],
    ['9119', undefined, 'more'],
    ['99911', undefined, 'behind the prefix twice'],
    ['+4911', undefined, 'a number that ends so'],
    ['', undefined, 'nothing'],
  ])('%s is %s: %s', (called, expected) => {
    expect(number({ called })).toBe(expected);
  });

  test('the access prefix is that of who calls', () => {
    expect(planner().plan(facts({ called: '9911', trunk: undefined, user: bob, number: bob.line! }))).toBeUndefined();
    expect(planner().plan(facts({ called: '9911', trunk: undefined, user: ann, number: ann.line! }))?.number).toBe(
      '911',
    );
  });

  test.each([
    ['urn:service:sos', '911'],
    ['URN:service:SOS.fire', '911'],
    ['urn:service:sos.police', '110'],
    ['urn:service:sos.police.river', '110'],
    ['urn:service:counseling', undefined],
    ['urn:service:sos.', undefined],
    ['urn:service:sosa', undefined],
    ['urn:nena:service:sos', undefined],
  ])('%s is %s (RFC 5031)', (service, expected) => {
    expect(number({ called: '', service })).toBe(expected);
  });

  test('a provider that calls is none of ours (E-14); a PBX and a gateway are (E-16)', () => {
    expect(number({ trunk: itsp })).toBeUndefined();
    expect(number({ trunk: trunks[5] })).toBe('911');
  });

  test('what may be an emergency is known before it is known who calls', () => {
    const one = planner();
    expect(one.mayBe('9911', 'sip:9911@a')).toBe(true);
    expect(one.mayBe('', 'urn:service:sos.fire')).toBe(true);
    expect(one.mayBe('9-1-1;phone-context=+1', 'tel:9-1-1;phone-context=+1')).toBe(true);
    expect(one.mayBe('8911', 'sip:8911@a')).toBe(false);
  });
});

describe('where help is to come to', () => {
  const place = (more: Partial<EmergencyFacts>) => planner().plan(facts(more))?.place.location?.name;
  const instance = (end: string) => `urn:uuid:00000000-0000-1000-8000-001b213c4d${end}`;
  const phone = (who: User, address?: string) => ({ trunk: undefined, user: who, number: who.line!, address });

  test.each([
    ['the subnet of the phone', phone(ann, '10.1.2.9'), 'hq-2'],
    ["the phone's own, which lies in that of its subnet", phone(desks, '10.1.2.9'), 'hq-2-west'],
    ['and in that of its site', phone(desks, '10.1.9.9'), 'hq-2-west'],
    ['of its devices the one that calls', { ...phone(desks, '10.1.2.9'), device: instance('5e') }, 'hq-2-desk'],
    ['by its hardware address', { ...phone(desks, '10.1.2.9'), device: instance('5f') }, 'hq-2-east'],
    ['another device', { ...phone(desks, '10.1.2.9'), device: instance('50') }, 'hq-2-west'],
    ['the subnet, when the device is not where it was', { ...phone(desks, '10.1.2.9'), device: 'urn:uuid:aa' }, 'hq-2'],
    ['nobody knows: it is at a site without a location', { ...phone(desks, '10.2.0.9') }, undefined],
    ['at a PBX no device is told apart', { number: desks.line!, device: instance('5e') }, 'hq-2-west'],
    ['of two the narrower, by IPv6 too', phone(ann, '2001:db8:1:7::9'), 'hq-2'],
    ['the site, where the subnet says nothing', phone(ann, '10.1.9.9'), 'hq'],
    ['the subnet, whosever site it is', phone(bob, '10.1.2.9'), 'hq-2'],
    ["the phone's own, where it is fixed and in no subnet that says better", phone(wall, '192.0.2.9'), 'lobby'],
    ['the subnet even then: it has been moved', phone(wall, '10.1.2.9'), 'hq-2'],
    ['nobody knows: a phone at home', phone(ann, '192.0.2.9'), undefined],
    ['nobody knows: a site without a location', phone(bob, '192.0.2.9'), undefined],
    ['nobody knows: no site', phone(nomad), undefined],
    ['the site of a PBX, whatever its own address', { address: '10.1.2.1', number: '+12175550777' }, 'hq'],
    ['the site of its user, known by his number', { trunk: itsp2(), number: '12175550101' }, 'hq'],
    ['the place of its telephone on the wall', { number: '+12175550199' }, 'lobby'],
    ['the subnet of a gateway that has no site', { trunk: itsp2(), number: '', address: '10.1.2.1' }, 'hq-2'],
  ])('%s', (_what, more, expected) => {
    expect(place(more)).toBe(expected);
  });

  function itsp2(): Trunk {
    return trunk('other', { kind: 'ip-pbx' });
  }
});

describe('who is asked for help, in which order', () => {
  test('the place is known: those named, the people who ask, and the rest as it is better than nothing (E-8, E-10)', () => {
    expect(tries(planner().plan(facts()))).toEqual([
      'e911-a 911 location',
      'e911-b 911 location',
      'e911-a +18005550911 location',
      'e911-b +18005550911 location',
      'itsp 911 nothing',
      'carrier 911 elin 2175559001',
      'branch-gw 911 nothing',
      'itsp +18005550911 nothing',
      'carrier 8005550911 elin 2175559001',
      'branch-gw +18005550911 nothing',
    ]);
  });

  test('the place is not known: the gateway of the place, then the people who ask (E-4)', () => {
    const plan = planner().plan(facts({ trunk: undefined, user: bob, number: bob.line! }));
    expect(tries(plan)?.slice(0, 6)).toEqual([
      'branch-gw 911 nothing',
      'branch-gw +18005550911 nothing',
      'carrier 8005550911 nothing 2175550102',
      'e911-a +18005550911 nothing',
      'e911-b +18005550911 nothing',
      'carrier 911 nothing 2175550102',
    ]);
    expect(plan?.decisions).toContainEqual({
      rule: 'emergency place',
      outcome: 'not known: bob is of site branch, which has no location',
    });
  });

  test('the call brings its place: it is known', () => {
    const plan = planner().plan(facts({ trunk: undefined, user: bob, number: bob.line!, brings: 'believed' }));
    expect(tries(plan)?.slice(0, 3)).toEqual([
      'branch-gw 911 nothing',
      'carrier 911 nothing 2175550102',
      'e911-a 911 location',
    ]);
  });

  test('the call brings a place that nobody vouches for: it goes along, and people ask', () => {
    const plan = planner().plan(facts({ trunk: undefined, user: nomad, number: nomad.line!, brings: 'unverified' }));
    expect(tries(plan)?.slice(0, 3)).toEqual([
      'e911-a +18005550911 location',
      'e911-b +18005550911 location',
      'e911-a 911 location',
    ]);
  });

  test('without people who ask, help itself is asked', () => {
    const { relay: _relay, ...emergency } = configuration.emergency;
    const one = new EmergencyPlanner({ ...configuration, emergency });
    expect(tries(one.plan(facts({ trunk: undefined, user: nomad, number: nomad.line! })))?.slice(0, 2)).toEqual([
      'e911-a 911 nothing',
      'e911-b 911 nothing',
    ]);
  });

  test('the number goes unchanged; rules write the caller and the relay as the trunk wants them (C14)', () => {
    const one = planner({ to: ['carrier'], sites: {} });
    expect(
      tries(one.plan(facts({ trunk: undefined, user: nomad, number: nomad.line!, brings: 'believed' })))?.[0],
    ).toBe('carrier 911 nothing 2175550103');
  });

  test('it never goes back to where it came from', () => {
    const gateway = trunks[5]!;
    const plan = planner({ to: ['branch-gw', 'e911-a'] }).plan(facts({ trunk: gateway }));
    expect(tries(plan)?.some((one) => one.startsWith('branch-gw'))).toBe(false);
  });

  test('a group takes its turns (E-8: round robin)', () => {
    const grouped = new EmergencyPlanner({
      ...configuration,
      groups: [
        {
          name: 'e911',
          choice: 'round-robin',
          members: [
            { trunk: 'e911-a', weight: 1 },
            { trunk: 'e911-b', weight: 1 },
          ],
        },
      ],
      emergency: { ...configuration.emergency, to: ['e911'] },
    });
    const view = { count: () => 0, turn: () => 1, random: { integer: () => 0, token: () => '0' } };
    expect(tries(grouped.plan(facts(), view))?.[0]).toBe('e911-b 911 location');
  });

  test('no more tries than anybody has patience for', () => {
    const many = Array.from({ length: 60 }, (_, at) => trunk(`t${at}`));
    const plan = new EmergencyPlanner({ ...configuration, trunks: [...trunks, ...many] }).plan(facts());
    expect(plan?.trunks).toHaveLength(24);
  });
});

describe('a test', () => {
  test('shows what a call for help would do, and calls nobody', () => {
    const plan = planner().plan(facts({ called: '933' }));
    expect(plan).toMatchObject({ test: true, number: '911' });
    expect(tries(plan)?.[0]).toBe('e911-a 911 location');
    expect(plan?.decisions[0]).toEqual({ rule: 'emergency', outcome: 'a test of 911: 933 is for trying it' });
  });
});

describe('numbers that stand for a place (E-14)', () => {
  const at2 = (number: string) => ({ trunk: undefined, user: ann, number, address: '10.1.9.9' });

  test('each caller his own while there are any, then the oldest, and the same when he calls again', () => {
    const one = planner({ to: ['carrier'], sites: {} });
    const elinOf = (number: string, at: number) => {
      const { elin } = one.plan(facts({ ...at2(number), at }))!;
      one.elins.take(elin!, 'ann', number, at);
      return elin;
    };
    expect(elinOf('+1', 0)).toBe('+12175559001');
    expect(elinOf('+2', 1)).toBe('+12175559002');
    expect(elinOf('+1', 2)).toBe('+12175559001');
    expect(elinOf('+3', 3)).toBe('+12175559002');
  });

  test('a call to it is for who called last, for as long as that is said', () => {
    const { elins } = planner();
    elins.take('+12175559001', 'ann', '+12175550101', 1000);
    expect(elins.callerOf('+12175559001', 1_800_999)).toMatchObject({ source: 'ann', caller: '+12175550101' });
    expect(elins.state(1_800_999)).toHaveLength(1);
    expect(elins.callerOf('+12175559001', 1_801_000)).toBeUndefined();
    expect(elins.callerOf('+12175559002', 1000)).toBeUndefined();
  });

  test('outlives the process', () => {
    const before = planner().elins;
    before.take('+12175559001', 'ann', '+12175550101', 1000);
    const after = planner().elins;
    after.restore(JSON.parse(JSON.stringify(before.state(2000))));
    expect(after.callerOf('+12175559001', 2000)?.source).toBe('ann');
  });

  test('none is lent where no trunk is told it', () => {
    const plan = new EmergencyPlanner({ ...configuration, trunks: [pbx, trunks[2]!] }).plan(facts());
    expect(plan?.elin).toBeUndefined();
  });
});
