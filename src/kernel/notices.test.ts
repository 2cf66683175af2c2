import { expect, test } from 'vitest';
import { Notices } from './notices.ts';

test('told once a minute, each by itself', () => {
  const notices = new Notices();
  expect(notices.worthTelling('a', 0)).toBe(true);
  expect(notices.worthTelling('a', 59_999)).toBe(false);
  expect(notices.worthTelling('b', 59_999)).toBe(true);
  expect(notices.worthTelling('a', 60_000)).toBe(true);
});

test('a flood of different things is forgotten oldest first, and never grows', () => {
  const notices = new Notices();
  for (let i = 0; i < 5_000; i++) expect(notices.worthTelling(`source ${i}`, i)).toBe(true);
  expect(notices.worthTelling('source 4999', 5_000)).toBe(false);
  expect(notices.worthTelling('source 0', 5_000)).toBe(true);
});
