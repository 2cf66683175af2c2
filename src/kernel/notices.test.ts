import { expect, test } from 'vitest';
import { Notices } from './notices.ts';

test('told once a minute, each by itself', () => {
  const notices = new Notices();
  expect(notices.worthTelling('a', 0)).toBe(true);
  expect(notices.worthTelling('a', 59_999)).toBe(false);
  expect(notices.worthTelling('b', 59_999)).toBe(true);
  expect(notices.worthTelling('a', 60_000)).toBe(true);
});

test('a flood of different things is told for a while, never grows, and is told again a minute later', () => {
  const notices = new Notices();
  const told = (from: number, now: number) => {
    let count = 0;
    for (let i = 0; i < 5_000; i++) if (notices.worthTelling(`source ${from + i}`, now)) count++;
    return count;
  };
  expect(told(0, 0)).toBe(1_000);
  expect(told(5_000, 59_999)).toBe(0);
  expect(told(10_000, 60_000)).toBe(1_000);
  expect(notices.worthTelling('source 10000', 60_001)).toBe(false);
});
