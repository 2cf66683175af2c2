import { describe, expect, test } from 'vitest';
import { seeded } from '#kernel';
import type { Route, Trunk, TrunkGroup } from '#policy/configuration';
import { LiveView } from '#policy/groups';
import { Router } from './route.ts';

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

const names = (trunks: readonly Trunk[]): string[] => trunks.map(({ name }) => name);
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
    expect(names(plan.trunks)).toEqual(['north', 'south']);
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
    expect(names(first.trunks)).toEqual(['north', 'south', 'west', 'east', 'pbx']);
    expect(first.decisions).toEqual([
      { rule: 'out', outcome: 'matches: carriers, gateways, pbx' },
      { rule: 'group carriers', outcome: 'round-robin: north, south' },
      { rule: 'group gateways', outcome: 'least-busy: west (0 of 10), south (3 of 30), east (2 of 10)' },
    ]);
    const asked = router.plan(call, live.still(seeded(1)));
    const second = router.plan(call, live);
    expect(names(second.trunks)).toEqual(['south', 'north', 'west', 'east', 'pbx']);
    expect(asked).toEqual(second);
  });

  test('without a view they stand as if no call had come before, every time', () => {
    expect(router.plan(call)).toEqual(router.plan(call));
    expect(names(router.plan(call).trunks)).toEqual(['north', 'south', 'east', 'west', 'pbx']);
  });

  test('a call that a route does not fit takes no turn', () => {
    const picky = routerOf({ name: 'out', from: ['pbx'], to: ['carriers'] });
    const live = new LiveView({ count: () => 0 }, seeded(1));
    picky.plan({ source: 'east', called: '1' }, live);
    expect(names(picky.plan(call, live).trunks)).toEqual(['north', 'south']);
  });
});
