import { expect, test } from 'vitest';
import { maxRequestsPerMinute, Pace } from './pace.ts';

test('as many as the limit in any minute, and then when the oldest is a minute old', () => {
  const pace = new Pace();
  for (let i = 0; i < maxRequestsPerMinute; i++) {
    expect(pace.wait(1, i * 1000)).toBe(0);
    pace.note(i * 1000);
  }
  expect(pace.wait(1, 40_000)).toBe(20_000);
  expect(pace.wait(7, 40_000)).toBe(26_000);
  expect(pace.wait(1, 59_999)).toBe(1);
  expect(pace.wait(1, 60_000)).toBe(0);
  expect(pace.wait(2, 60_000)).toBe(1_000);
});
