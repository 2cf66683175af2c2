import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '#kernel';
import { backOff, backOffRefused, leastExpires, refreshAfter, startAfter, within } from './times.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 });

test('a refresh comes between half and nine tenths of what was granted, a minute before the end where there is room', () => {
  fc.assert(
    fc.property(fc.integer({ min: leastExpires, max: 4_294_967_295_000 }), seed, (granted, dice) => {
      const wait = refreshAfter(granted, seeded(dice));
      const held = Math.min(granted, 86_400_000);
      expect(wait).toBeGreaterThanOrEqual(Math.floor(held / 2));
      expect(wait).toBeLessThanOrEqual(held * 0.9);
      if (granted >= 150_000) expect(granted - wait).toBeGreaterThanOrEqual(60_000);
    }),
  );
});

test.each([10, 60, 119, 120, 121, 150, 3600])('refreshes of %i s are spread', (seconds) => {
  const random = seeded(3);
  const waits = Array.from({ length: 200 }, () => refreshAfter(seconds * 1000, random));
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(seconds * 1000 * 0.09);
});

test('back-off is half to all of base * 2^failures, and the most at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), seed, (failures, dice) => {
      const retry = { base: 30_000, most: 1_800_000 };
      const upper = Math.min(1_800_000, 30_000 * 2 ** failures);
      const wait = backOff(retry, failures, seeded(dice));
      expect(wait).toBeGreaterThanOrEqual(upper / 2);
      expect(wait).toBeLessThanOrEqual(upper);
      expect(backOffRefused(retry, failures, seeded(dice))).toBe(backOff(retry, failures + 3, seeded(dice)));
    }),
  );
});

test('a base of nothing is a second all the same', () => {
  expect(backOff({ base: 0, most: 0 }, 1, seeded(1))).toBeGreaterThanOrEqual(500);
});

test('starts: so many in each second', () => {
  const random = seeded(5);
  const times = Array.from({ length: 100 }, (_, place) => startAfter(place, 20, random));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  for (let second = 0; second < 5; second++) {
    expect(times.filter((time) => Math.floor(time / 1000) === second)).toHaveLength(20);
  }
});

test('within: both ends can come, nothing beyond', () => {
  const random = seeded(9);
  const drawn = new Set(Array.from({ length: 200 }, () => within(random, 3, 5)));
  expect(drawn).toEqual(new Set([3, 4, 5]));
  expect(within(random, 7, 7)).toBe(7);
  expect(within(random, 7, 2)).toBe(7);
});
