import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '#kernel';
import type { Trunk, TrunkGroup } from '#policy/configuration';
import { Groups, type GroupView, LiveView, stillView } from './groups.ts';

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

const trunks = [trunk('a', 10), trunk('b', 100), trunk('c', 10)];
const weights = { a: 1, b: 2, c: 1 };

function groupsOf(choice: TrunkGroup['choice'], weightOf: Record<string, number> = weights, among = trunks): Groups {
  const members = Object.entries(weightOf).map(([name, weight]) => ({ trunk: name, weight }));
  return new Groups({ trunks: among, groups: [{ name: 'g', members, choice }] });
}

const names = (order: readonly Trunk[]): string => order.map(({ name }) => name).join('');
const loaded = (counts: Record<string, number>, turn = 0): GroupView => ({
  ...stillView,
  count: (name) => counts[name] ?? 0,
  turn: () => turn,
});

test('ordered: as they are listed', () => {
  const groups = groupsOf('ordered', { c: 1, a: 1, b: 1 });
  const live = new LiveView({ count: () => 5 }, seeded(1));
  expect([1, 2, 3].map(() => names(groups.order('g', live)))).toEqual(['cab', 'cab', 'cab']);
});

test('round-robin: each call begins one further, and looking on takes no turn', () => {
  const groups = groupsOf('round-robin');
  const live = new LiveView({ count: () => 0 }, seeded(1));
  const orders: string[] = [];
  for (let i = 0; i < 5; i++) {
    const seen = names(groups.order('g', live.still(seeded(2))));
    expect(names(groups.order('g', live.still(seeded(2))))).toBe(seen);
    orders.push(names(groups.order('g', live)));
    expect(orders.at(-1)).toBe(seen);
  }
  expect(orders).toEqual(['abc', 'bca', 'cab', 'abc', 'bca']);
});

test('each group has its own turns', () => {
  const members = [
    { trunk: 'a', weight: 1 },
    { trunk: 'b', weight: 1 },
  ];
  const groups = new Groups({
    trunks,
    groups: [
      { name: 'g', members, choice: 'round-robin' },
      { name: 'h', members, choice: 'round-robin' },
    ],
  });
  const live = new LiveView({ count: () => 0 }, seeded(1));
  expect(['g', 'g', 'h', 'g'].map((name) => names(groups.order(name, live)))).toEqual(['ab', 'ba', 'ab', 'ab']);
});

describe('weighted', () => {
  test('first and second fall by weight', () => {
    const groups = groupsOf('weighted', { a: 1, b: 2, c: 5 });
    const live = new LiveView({ count: () => 0 }, seeded(7));
    const orders = new Map<string, number>();
    const rounds = 8_000;
    for (let i = 0; i < rounds; i++) {
      const order = names(groups.order('g', live));
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    // P(first) by weight of 8, P(second) by weight of what is left.
    const expected = {
      abc: ((1 / 8) * 2) / 7,
      acb: ((1 / 8) * 5) / 7,
      bac: ((2 / 8) * 1) / 6,
      bca: ((2 / 8) * 5) / 6,
      cab: ((5 / 8) * 1) / 3,
      cba: ((5 / 8) * 2) / 3,
    };
    for (const [order, share] of Object.entries(expected)) {
      const deviation = Math.sqrt(rounds * share * (1 - share));
      expect(Math.abs((orders.get(order) ?? 0) - rounds * share), order).toBeLessThan(6 * deviation);
    }
  });

  test('weight 0 comes last, as listed', () => {
    const groups = groupsOf('weighted', { a: 0, b: 1, c: 0 });
    const live = new LiveView({ count: () => 0 }, seeded(7));
    for (let i = 0; i < 20; i++) expect(names(groups.order('g', live))).toBe('bac');
    expect(names(groupsOf('weighted', { c: 0, a: 0 }).order('g', live))).toBe('ca');
  });
});

describe('least-busy', () => {
  test.each([
    ['shares, not calls', { a: 2, b: 10, c: 1 }, 0, 'bca'],
    ['an idle one first', { a: 1, b: 1, c: 0 }, 0, 'cba'],
    ['equals by turns', {}, 0, 'abc'],
    ['equals by turns', {}, 1, 'bca'],
    ['equals by turns, behind one that is less busy', { a: 1, b: 1, c: 1 }, 2, 'bca'],
    ['full ones last', { a: 10, b: 99, c: 9 }, 0, 'cba'],
  ])('%s: %j, turn %i: %s', (_, counts, turn, order) => {
    expect(names(groupsOf('least-busy').order('g', loaded(counts, turn)))).toBe(order);
  });

  test('calls where one has no limit: shares and calls do not compare', () => {
    const groups = groupsOf('least-busy', weights, [trunk('a', 10), trunk('b', 100), trunk('c')]);
    expect(names(groups.order('g', loaded({ a: 3, b: 9, c: 5 })))).toBe('acb');
  });
});

test('a name that is no group has no order, and a member that is no trunk no place', () => {
  expect(groupsOf('ordered').order('h', stillView)).toEqual([]);
  expect(new Groups({ trunks }).has('g')).toBe(false);
  expect(names(groupsOf('least-busy', { x: 1, a: 1 }).order('g', stillView))).toBe('a');
  for (const choice of ['ordered', 'round-robin', 'weighted', 'least-busy'] as const)
    expect(groupsOf(choice, {}).order('g', stillView)).toEqual([]);
});

test('every order has every member once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('ordered' as const, 'round-robin' as const, 'weighted' as const, 'least-busy' as const),
      fc.array(
        fc.record({ weight: fc.nat(65_535), calls: fc.option(fc.integer({ min: 1, max: 500 })), busy: fc.nat(500) }),
        {
          maxLength: 12,
        },
      ),
      fc.integer(),
      (choice, members, seed) => {
        const among = members.map(({ calls }, i) => trunk(`t${i}`, calls ?? undefined));
        const groups = groupsOf(choice, Object.fromEntries(members.map(({ weight }, i) => [`t${i}`, weight])), among);
        const live = new LiveView({ count: (name) => members[Number(name.slice(1))]!.busy }, seeded(seed));
        for (let i = 0; i < 3; i++) expect(new Set(groups.order('g', live))).toEqual(new Set(among));
        expect(groups.order('g', live).length).toBe(among.length);
      },
    ),
  );
});
