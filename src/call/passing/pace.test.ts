import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trunk } from '#policy/configuration';
import { Pace, usualPace } from './pace.ts';

const trunk = (messagesPerSecond?: number, name = 'one') =>
  ({ name, capacity: messagesPerSecond === undefined ? {} : { messagesPerSecond } }) as Trunk;

const taken = (pace: Pace, of: Trunk, tries: number, now: number) =>
  Array.from({ length: tries }, () => pace.take(of, now)).filter(Boolean).length;

test('so many at once, and so many more a second later', () => {
  const pace = new Pace();
  const one = trunk(5);
  expect(taken(pace, one, 20, 1_000)).toBe(5);
  expect(taken(pace, one, 20, 1_200)).toBe(1);
  expect(taken(pace, one, 20, 2_200)).toBe(5);
  expect(taken(pace, one, 20, 99_000)).toBe(5);
  expect(taken(pace, trunk(undefined, 'other'), 200, 0)).toBe(usualPace);
});

test('each trunk by itself', () => {
  const pace = new Pace();
  const [one, other] = [trunk(1), trunk(1, 'other')];
  expect([pace.take(one, 0), pace.take(one, 0), pace.take(other, 0)]).toEqual([true, false, true]);
});

test('never more than a second lets, and a bucket full, in any span of time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 0, max: 400 })), (most, pauses) => {
      const pace = new Pace();
      const one = trunk(most);
      const times: number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        if (pace.take(one, now)) times.push(now);
      }
      for (const [at, from] of times.entries()) {
        const until = times.filter((time) => time >= from && time <= from + 1_000).length;
        expect(until).toBeLessThanOrEqual(2 * most);
        expect(times.length - at).toBeLessThanOrEqual(most + ((now - from) * most) / 1_000 + 1);
      }
    }),
  );
});
