import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '#kernel';
import type { Route, Trunk, TrunkGroup, User } from '#policy/configuration';
import { LiveView } from '#policy/groups';
import { type RoutePlan, Router } from './route.ts';
import { refusalOf } from './sample.ts';

const trunk = (name: string, calls?: number): Trunk => ({
  name,
  kind: 'itsp',
  side: 'external',
  transport: 'udp',
  addresses: [],
  capacity: calls === undefined ? {} : { calls },
  setupTimeout: 10_000,
  ringTimeout: 60_000,
});

const groups: readonly TrunkGroup[] = [
  {
    name: 'carriers',
    members: [
      { trunk: 'north', weight: 1 },
      { trunk: 'south', weight: 1 },
    ],
    choice: 'round-robin',
  },
  {
    name: 'gateways',
    members: [
      { trunk: 'east', weight: 1 },
      { trunk: 'south', weight: 1 },
      { trunk: 'west', weight: 1 },
    ],
    choice: 'least-busy',
  },
];

function routerOf(...routes: Route[]): Router {
  const trunks = [trunk('pbx'), trunk('north'), trunk('south', 30), trunk('east', 10), trunk('west', 10)];
  return new Router({ trunks, groups, routes });
}

const names = ({ trunks }: RoutePlan): string[] => trunks.map(({ trunk }) => trunk.name);
const call = { source: 'pbx', called: '+3120' };

describe('trunks', () => {
  const router = routerOf(
    { name: 'in', from: ['north'], to: ['pbx'] },
    { name: 'uk', from: [], called: { prefixes: ['+44', '0044'] }, to: ['west'] },
    { name: 'short', from: [], called: { pattern: '^\\d{3}$' }, to: ['east'] },
    { name: 'out', from: ['pbx'], to: ['north', 'nobody', 'south', 'north'] },
  );

  test('the first route that fits, and why the others did not', () => {
    const plan = router.plan(call);
    expect(plan.route).toBe('out');
    expect(names(plan)).toEqual(['north', 'south']);
    expect(plan.decisions).toEqual([
      { rule: 'in', outcome: 'no: is for calls from north, this one is from pbx' },
      { rule: 'uk', outcome: 'no: +3120 does not begin with +44 or 0044' },
      { rule: 'short', outcome: 'no: +3120 does not match ^\\d{3}$' },
      { rule: 'out', outcome: 'matches: north, nobody, south, north' },
    ]);
  });

  test('none', () => {
    expect(router.plan({ source: 'east', called: '+3120' })).toMatchObject({ route: undefined, trunks: [] });
  });
});

describe('groups', () => {
  const router = routerOf({ name: 'out', from: [], to: ['carriers', 'gateways', 'pbx'] });

  test('each call is told what was chosen, and tries each trunk once', () => {
    const live = new LiveView({ count: (name) => ({ south: 3, east: 2 })[name] ?? 0 }, seeded(1));
    const first = router.plan(call, live);
    expect(names(first)).toEqual(['north', 'south', 'west', 'east', 'pbx']);
    expect(first.decisions).toEqual([
      { rule: 'out', outcome: 'matches: carriers, gateways, pbx' },
      { rule: 'group carriers', outcome: 'round-robin: north, south' },
      { rule: 'group gateways', outcome: 'least-busy: west (0 of 10), south (3 of 30), east (2 of 10)' },
    ]);
    const asked = router.plan(call, live.still(seeded(1)));
    const second = router.plan(call, live);
    expect(names(second)).toEqual(['south', 'north', 'west', 'east', 'pbx']);
    expect(asked).toEqual(second);
  });

  test('without a view they stand as if no call had come before, every time', () => {
    expect(router.plan(call)).toEqual(router.plan(call));
    expect(names(router.plan(call))).toEqual(['north', 'south', 'east', 'west', 'pbx']);
  });

  test('a call that a route does not fit takes no turn', () => {
    const picky = routerOf({ name: 'out', from: ['pbx'], to: ['carriers'] });
    const live = new LiveView({ count: () => 0 }, seeded(1));
    picky.plan({ source: 'east', called: '1' }, live);
    expect(names(picky.plan(call, live))).toEqual(['north', 'south']);
  });
});

const features = {
  forwarding: true,
  transfer: true,
  'simultaneous-ring': true,
  'pstn-reroute': true,
  'bandwidth-override': false,
  'toll-bypass': true,
};

describe('usages', () => {
  const number = (name: string, pattern: string, usages: string[], to: string[]): Route => ({
    name,
    from: [],
    called: { pattern },
    usages,
    to,
  });
  const trunks = [
    { ...trunk('pbx'), kind: 'ip-pbx' as const },
    { ...trunk('blocked'), kind: 'ip-pbx' as const, usages: [] },
    trunk('t1'),
    trunk('t2'),
    trunk('t3'),
  ];
  const user = (name: string, site: string, policy?: string): User => ({
    name,
    numbers: [],
    site,
    devices: 5,
    hidden: false,
    ...(policy === undefined ? {} : { policy }),
  });
  const router = new Router({
    trunks,
    groups: [],
    routes: [
      number('redmond', '^\\+1(425|206|253)(\\d{7})$', ['local', 'redmond-local'], ['t1', 't2']),
      number('dallas', '^\\+1(972|214|469)(\\d{7})$', ['local'], ['t3']),
      number('universal', '^\\+?(\\d*)$', ['hop-off'], ['t1', 't2', 't3']),
      number('dallas-users', '^\\+?(\\d*)$', ['dallas-users'], ['t3']),
    ],
    policies: [
      { name: 'dallas', usages: ['dallas-users', 'hop-off'], features },
      { name: 'global', usages: ['local'], features },
      { name: 'mute', usages: [], features },
    ],
    sites: [{ name: 'dallas', kind: 'branch', subnets: [], resilient: false, survivability: 'none', policy: 'dallas' }],
    users: [user('ann', 'dallas'), user('bob', 'redmond'), user('cy', 'dallas', 'mute')],
  });

  test('a route that fails is followed by those of later usages, each trunk once', () => {
    const plan = router.plan({ source: 'ann', called: '+14255550100' });
    expect(plan.route).toBe('dallas-users');
    expect(names(plan)).toEqual(['t3', 't1', 't2']);
    expect(plan.decisions).toEqual([
      { rule: 'policy dallas', outcome: 'lets call dallas-users, hop-off' },
      { rule: 'dallas-users / dallas-users', outcome: 'matches: t3' },
      { rule: 'hop-off / universal', outcome: 'matches: t1, t2, t3' },
    ]);
  });

  test('who has no policy of his own or of his site has that of all', () => {
    expect(names(router.plan({ source: 'bob', called: '+12145550100' }))).toEqual(['t3']);
    expect(router.plan({ source: 'bob', called: '+4930123' }).route).toBeUndefined();
  });

  describe('who may not call a number', () => {
    const refusal = (source: string, called: string) => refusalOf(router.plan({ source, called }));

    test('gets 403: another has the right, and somebody has none at all', () => {
      expect(refusal('bob', '+4930123')).toBe(403);
      expect(router.plan({ source: 'bob', called: '+4930123' }).decisions.at(-1)).toEqual({
        rule: 'dallas-users / dallas-users',
        outcome: 'nearly: it takes +4930123, for who has usage dallas-users',
      });
      expect(router.plan({ source: 'cy', called: '+12145550100' })).toMatchObject({ route: undefined, trunks: [] });
      expect(refusal('cy', '+12145550100')).toBe(403);
      expect(refusal('cy', 'nobody')).toBe(403);
    });

    test('gets 404 where nobody may: there is no such number', () => {
      expect(refusal('bob', 'nobody')).toBe(404);
    });

    test('by a trunk: a PBX is told, who is outside learns no more than that there is no such number', () => {
      // Without usages it gets no route that has some.
      expect(refusal('pbx', '+12145550100')).toBe(403);
      expect(refusal('t1', '+12145550100')).toBe(404);
      expect(refusal('blocked', '+12145550100')).toBe(403);
      expect(refusal('blocked', 'nobody')).toBe(403);
    });
  });
});

test('between trunks their usages decide: in, out, from PBX to PBX, and nowhere for one that has none', () => {
  const pbx = (name: string, usages: string[]) => ({ ...trunk(name), kind: 'ip-pbx' as const, usages });
  const router = new Router({
    trunks: [
      { ...trunk('itsp'), usages: ['inside'] },
      pbx('dallas', ['inside', 'outside']),
      pbx('redmond', ['inside', 'outside']),
      pbx('lab', ['inside']),
      pbx('blocked', []),
    ],
    groups: [],
    routes: [
      { name: 'dallas', from: [], called: { prefixes: ['+1972555'] }, usages: ['inside'], to: ['dallas'] },
      { name: 'redmond', from: [], called: { prefixes: ['+1425555'] }, usages: ['inside'], to: ['redmond'] },
      {
        name: 'world',
        from: [],
        called: { prefixes: ['+'], except: ['+1972555', '+1425555'] },
        usages: ['outside'],
        to: ['itsp'],
      },
    ],
  });
  const called = { dallas: '+19725550100', redmond: '+14255550100', world: '+442079460123' };
  const becomes = (source: string, to: keyof typeof called) => {
    const plan = router.plan({ source, called: called[to] });
    return refusalOf(plan) ?? names(plan).join();
  };
  const table = ['itsp', 'dallas', 'redmond', 'lab', 'blocked'].map((source) => [
    source,
    becomes(source, 'dallas'),
    becomes(source, 'redmond'),
    becomes(source, 'world'),
  ]);
  expect(table).toEqual([
    // from        to Dallas  to Redmond  outside
    ['itsp', 'dallas', 'redmond', 404],
    ['dallas', 'dallas', 'redmond', 'itsp'],
    ['redmond', 'dallas', 'redmond', 'itsp'],
    ['lab', 'dallas', 'redmond', 403],
    ['blocked', 403, 403, 403],
  ]);
  expect(router.plan({ source: 'blocked', called: called.world }).decisions[0]).toEqual({
    rule: 'trunk blocked',
    outcome: 'lets call nobody',
  });
});

test('a refusal among usages ends the search: what comes after it is not tried', () => {
  const router = new Router({
    trunks: [trunk('t1'), trunk('t2')],
    groups: [],
    routes: [
      { name: 'first', from: [], usages: ['a'], to: ['t1'] },
      { name: 'wall', from: [], usages: ['b'], to: [], refuse: 603 },
      { name: 'after', from: [], usages: ['c'], to: ['t2'] },
    ],
    policies: [{ name: 'global', usages: ['a', 'b', 'c'], features }],
    users: [{ name: 'ann', numbers: [], devices: 5, hidden: false }],
  });
  expect(names(router.plan({ source: 'ann', called: '1' }))).toEqual(['t1']);
});

describe('what a route can say', () => {
  const base: Route = { name: 'out', from: [], to: ['north', 'south'] };

  test('exceptions', () => {
    const router = routerOf({ ...base, called: { prefixes: ['+1425'], except: ['+1425237'] } });
    expect(router.plan({ source: 'pbx', called: '+14255550100' }).route).toBe('out');
    const plan = router.plan({ source: 'pbx', called: '+14252370100' });
    expect(plan.route).toBeUndefined();
    expect(plan.decisions).toEqual([{ rule: 'out', outcome: 'no: +14252370100 is excepted by +1425237' }]);
  });

  test('the time, as the clocks of its zone show it', () => {
    const router = routerOf({
      ...base,
      times: [{ days: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60, zone: 'Asia/Taipei' }],
    });
    const at = (time: string) => router.plan({ source: 'pbx', called: '1', at: Date.parse(time) }).route;
    expect(at('2026-11-23T00:00:00Z')).toBe('out');
    expect(at('2026-11-22T23:59:00Z')).toBeUndefined();
    expect(at('2026-11-23T09:59:00Z')).toBe('out');
    expect(at('2026-11-23T10:00:00Z')).toBeUndefined();
    expect(at('2026-11-21T04:00:00Z')).toBeUndefined();
  });

  test('past midnight', () => {
    const router = routerOf({ ...base, times: [{ days: [5], from: 22 * 60, to: 2 * 60, zone: 'UTC' }] });
    const at = (time: string) => router.plan({ source: 'pbx', called: '1', at: Date.parse(time) }).route;
    expect(at('2026-11-20T22:00:00Z')).toBe('out');
    expect(at('2026-11-21T01:59:00Z')).toBe('out');
    expect(at('2026-11-21T02:00:00Z')).toBeUndefined();
    expect(at('2026-11-20T01:00:00Z')).toBeUndefined();
  });

  test('another number for whoever calls, and how a trunk writes numbers', () => {
    const rule = (pattern: string, to: string) => ({ name: pattern, pattern, to });
    const written: Trunk = {
      ...trunk('north'),
      numbers: { called: [rule('^\\+(\\d+)$', '00$1')], calling: [rule('^\\+49(\\d+)$', '0$1')] },
    };
    const router = new Router({
      trunks: [trunk('pbx'), written, trunk('south')],
      groups: [],
      routes: [{ ...base, from: ['pbx'], callerId: '+4930900' }],
    });
    expect(router.plan({ source: 'pbx', called: '+3120', caller: '+493012' }).trunks).toMatchObject([
      { called: '003120', caller: { number: '030900', masks: true } },
      { caller: { number: '+4930900', masks: true } },
    ]);
  });

  test('least cost: by the longest prefix that a trunk has a price for', () => {
    const priced = (name: string, rates: [string, number][]): Trunk => ({
      ...trunk(name),
      rates: rates.map(([prefix, price]) => ({ prefix, price })),
    });
    const router = new Router({
      trunks: [
        trunk('none'),
        priced('a', [
          ['+49', 0.02],
          ['+4915', 0.2],
        ]),
        priced('b', [['+4', 0.05]]),
      ],
      groups: [],
      routes: [{ ...base, choice: 'least-cost', to: ['none', 'a', 'b'] }],
    });
    const order = (called: string) => names(router.plan({ source: 'pbx', called }));
    expect(order('+4930')).toEqual(['a', 'b', 'none']);
    expect(order('+491512')).toEqual(['b', 'a', 'none']);
    expect(order('+1')).toEqual(['none', 'a', 'b']);
  });

  test('a refusal', () => {
    const router = routerOf({ ...base, called: { prefixes: ['+1900'] }, to: [], refuse: 603 });
    expect(router.plan({ source: 'pbx', called: '+19001' })).toMatchObject({ route: 'out', trunks: [], refuse: 603 });
  });
});

describe('whose number it is', () => {
  const user = (name: string, line: string): User => ({ name, line, numbers: ['+4930999'], devices: 5, hidden: false });
  const router = new Router({
    trunks: [trunk('itsp')],
    groups: [],
    routes: [{ name: 'all', from: [], to: ['itsp'] }],
    users: [user('ann', '+493055;ext=12')],
  });

  test.each(['+493055;ext=12', '12', '+4930999', 'ann'])('%s', (called) => {
    expect(router.plan({ source: 'itsp', called })).toMatchObject({ user: { name: 'ann' }, trunks: [] });
  });

  test('a number of nobody goes by the routes', () => {
    expect(router.plan({ source: 'itsp', called: '13' })).toMatchObject({ route: 'all' });
  });
});

test('many routes are not looked at one by one, and the choice is the same', () => {
  const prefixes = fc.uniqueArray(fc.stringMatching(/^\+?[1-9][0-9]{0,3}$/), { minLength: 40, maxLength: 80 });
  fc.assert(
    fc.property(prefixes, fc.stringMatching(/^\+?[1-9][0-9]{1,6}$/), (list, called) => {
      const routes: Route[] = list.map((prefix, i) => ({
        name: `r${i}`,
        from: i % 5 === 0 ? ['north'] : [],
        called: i % 3 === 0 ? { pattern: `^${prefix.replace('+', '\\+')}` } : { prefixes: [prefix] },
        to: ['south'],
      }));
      const first = routes.find(({ from }, i) => (from.length === 0 || i % 5 !== 0) && called.startsWith(list[i]!));
      expect(routerOf(...routes).plan({ source: 'pbx', called }).route).toBe(first?.name);
    }),
    { numRuns: 50 },
  );
});
