import { expect, test } from 'vitest';
import { Breaker } from './breaker.ts';

test('who has failed five times in a row is let rest, then one tries, and an answer brings all back', () => {
  const breaker = new Breaker();
  for (let i = 0; i < 4; i++) expect(breaker.failed(i)).toBe(false);
  expect(breaker.refusal(4)).toBeUndefined();
  expect(breaker.failed(5)).toBe(true);
  expect(breaker.refusal(6)).toBe(9_999);
  expect(breaker.refusal(10_004)).toBe(1);
  expect(breaker.refusal(10_005)).toBeUndefined();
  // One is trying: the others do not.
  expect(breaker.refusal(10_006)).toBe(0);
  expect(breaker.failed(10_500)).toBe(false);
  expect(breaker.refusal(20_499)).toBe(1);
  expect(breaker.refusal(20_500)).toBeUndefined();
  expect(breaker.answered()).toBe(true);
  expect(breaker.refusal(20_501)).toBeUndefined();
  expect(breaker.answered()).toBe(false);
});

test('an answer between failures makes them few again; who gave up while trying lets the next try', () => {
  const breaker = new Breaker();
  for (let i = 0; i < 4; i++) breaker.failed(i);
  breaker.answered();
  for (let i = 0; i < 4; i++) expect(breaker.failed(i)).toBe(false);
  breaker.failed(4);
  expect(breaker.refusal(10_004)).toBeUndefined();
  breaker.abandoned();
  expect(breaker.refusal(10_004)).toBeUndefined();
});
