import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '#kernel';
import type { SrvRecord } from './dns.ts';
import { interleaved, shuffled, srvOrder } from './order.ts';

function srv(target: string, priority: number, weight: number): SrvRecord {
  return { type: 'SRV', priority, weight, port: 5060, target };
}

const draws = 20_000;

/** How often each is the first. */
function firsts(records: readonly SrvRecord[], seed = 7): Map<string, number> {
  const random = seeded(seed);
  const counts = new Map(records.map(({ target }) => [target, 0]));
  for (let i = 0; i < draws; i++) {
    const { target } = srvOrder(records, random)[0]!;
    counts.set(target, counts.get(target)! + 1);
  }
  return counts;
}

/** Chi-square of what was counted against the shares that were due. */
function distance(counts: Map<string, number>, shares: Readonly<Record<string, number>>): number {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return Object.entries(shares).reduce((sum, [target, share]) => {
    const due = (draws * share) / total;
    return sum + (counts.get(target)! - due) ** 2 / due;
  }, 0);
}

/** 99.99 % of true draws are closer, by degrees of freedom. */
const bounds = [0, 15.1, 18.4, 21.1, 23.5];

describe('SRV weights (RFC 2782)', () => {
  test.each([1, 2, 3])('the first is drawn by weight, seed %i', (seed) => {
    const counts = firsts([srv('a', 1, 60), srv('b', 1, 30), srv('c', 1, 10)], seed);
    // With 0 among the numbers drawn, as the RFC has it, the first that stands there has one more chance in 101; it is
    // any of them, so the shares are 60, 30 and 10 and a third of one each.
    expect(distance(counts, { a: 60 + 1 / 3, b: 30 + 1 / 3, c: 10 + 1 / 3 })).toBeLessThan(bounds[2]!);
  });

  test('small weights show that 0 is among the numbers drawn', () => {
    // As in the RFC, 0 to the sum: each has its weight and half of one more chance.
    expect(distance(firsts([srv('a', 1, 1), srv('b', 1, 2)]), { a: 1.5, b: 2.5 })).toBeLessThan(bounds[1]!);
  });

  test('the second is drawn by weight among those left', () => {
    const records = [srv('a', 1, 50), srv('b', 1, 40), srv('c', 1, 10)];
    const random = seeded(11);
    const seconds = new Map([
      ['b', 0],
      ['c', 0],
    ]);
    let total = 0;
    for (let i = 0; i < draws; i++) {
      const [first, second] = srvOrder(records, random);
      if (first!.target !== 'a') continue;
      total++;
      seconds.set(second!.target, seconds.get(second!.target)! + 1);
    }
    const due = (total * 40.5) / 51;
    expect(
      (seconds.get('b')! - due) ** 2 / due + (seconds.get('c')! - (total - due)) ** 2 / (total - due),
    ).toBeLessThan(bounds[1]!);
  });

  test('weight 0 among others has a very small chance, and has it', () => {
    const counts = firsts([srv('a', 1, 99), srv('zero', 1, 0)]);
    expect(distance(counts, { a: 99, zero: 1 })).toBeLessThan(bounds[1]!);
    expect(counts.get('zero')).toBeGreaterThan(0);
  });

  test('several of weight 0 share that chance', () => {
    const counts = firsts([srv('a', 1, 19), srv('x', 1, 0), srv('y', 1, 0)]);
    expect(distance(counts, { a: 19, x: 0.5, y: 0.5 })).toBeLessThan(bounds[2]!);
  });

  test('where all have weight 0 they are equals', () => {
    const records = ['a', 'b', 'c', 'd'].map((target) => srv(target, 1, 0));
    expect(distance(firsts(records), { a: 1, b: 1, c: 1, d: 1 })).toBeLessThan(bounds[3]!);
  });

  const anyRecords = fc.array(
    fc.record({ priority: fc.integer({ min: 0, max: 3 }), weight: fc.integer({ min: 0, max: 65535 }) }),
    { maxLength: 40 },
  );

  test('any set: each once, priorities ascending, the same seed the same order', () => {
    fc.assert(
      fc.property(anyRecords, fc.integer(), (all, seed) => {
        const records = all.map(({ priority, weight }, index) => srv(`t${index}`, priority, weight));
        const order = srvOrder(records, seeded(seed));
        expect(new Set(order)).toEqual(new Set(records));
        expect(order).toHaveLength(records.length);
        for (let i = 1; i < order.length; i++)
          expect(order[i]!.priority).toBeGreaterThanOrEqual(order[i - 1]!.priority);
        expect(srvOrder(records, seeded(seed))).toEqual(order);
      }),
    );
  });
});

test('a shuffle finds every order, each as often', () => {
  const random = seeded(3);
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const order = shuffled(['a', 'b', 'c'], random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const shares = Object.fromEntries(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'].map((order) => [order, 1]));
  // Five degrees of freedom.
  expect(distance(counts, shares)).toBeLessThan(25.7);
});

test.each([
  { lists: [], order: '' },
  { lists: ['abc'], order: 'abc' },
  { lists: ['abc', 'x'], order: 'axbc' },
  { lists: ['a', 'xyz'], order: 'axyz' },
  { lists: ['', 'xy'], order: 'xy' },
  { lists: ['ab', 'xy'], order: 'axby' },
])('in turn: $lists', ({ lists, order }) => {
  expect(interleaved(lists.map((list) => [...list])).join('')).toBe(order);
});
