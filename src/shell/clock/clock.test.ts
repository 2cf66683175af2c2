import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Alarm } from './clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function alarm() {
  const rung: number[] = [];
  const start = performance.now();
  const it = new Alarm(() => rung.push(performance.now() - start));
  return { rung, set: (after: number | undefined) => it.set(after === undefined ? undefined : start + after) };
}

test('rings once, at its deadline', () => {
  const { rung, set } = alarm();
  set(500);
  vi.advanceTimersByTime(499);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(rung).toEqual([500]);
});

test('an earlier deadline moves it, a later one costs no timer and still rings in time', () => {
  const { rung, set } = alarm();
  set(500);
  set(100);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(rung).toEqual([100]);
  set(300);
  set(900);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(799);
  expect(rung).toEqual([100]);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual([100, 900]);
});

test('a fraction of a millisecond is never rung early, a deadline of the past soon', () => {
  const { rung, set } = alarm();
  set(10.4);
  vi.advanceTimersByTime(10);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual([11]);
  set(-5);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual([11, 12]);
});

test('without a deadline it is still, and one in months is not taken for one at once', () => {
  const { rung, set } = alarm();
  set(50);
  set(undefined);
  vi.advanceTimersByTime(1000);
  expect(rung).toEqual([]);
  const months = 90 * 24 * 3600 * 1000;
  set(months);
  vi.advanceTimersByTime(0x7fff_ffff + 10);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(months);
  expect(rung).toHaveLength(1);
});
