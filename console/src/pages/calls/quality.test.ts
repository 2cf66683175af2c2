import { expect, test } from 'vitest';
import { lossOf, type Reading, seriesOf } from './quality.ts';

const reading = (at: number, packets: number, lost: number, jitterMs?: number): Reading => ({
  at,
  a: { packets, lost, jitterMs },
  b: { packets: 0, lost: 0 },
});

test('what happened between each two readings', () => {
  const readings = [reading(0, 0, 0), reading(2_000, 100, 0, 1.5), reading(4_000, 190, 10, 4)];
  expect(seriesOf(readings, 'rate')).toEqual([
    [2, 4],
    [50, 45],
    [0, 0],
  ]);
  expect(seriesOf(readings, 'lostShare')).toEqual([
    [2, 4],
    [0, 10],
    [null, null],
  ]);
  expect(seriesOf(readings, 'jitterMs')).toEqual([
    [2, 4],
    [1.5, 4],
    [null, null],
  ]);
});

test('counters that began anew are no loss, and what was not measured is nothing', () => {
  const readings = [reading(0, 500, 20, 1), reading(1_000, 10, 0, 1)];
  for (const measure of ['rate', 'lostShare', 'jitterMs'] as const)
    expect(seriesOf(readings, measure)[1]).toEqual([null]);
  expect(seriesOf(readings.slice(0, 1), 'rate')).toEqual([[], [], []]);
});

test('loss of all that was expected; packets that came twice are none', () => {
  expect(lossOf({ packets: 95, lost: 5 })).toBe(0.05);
  expect(lossOf({ packets: 100, lost: -3 })).toBe(0);
  expect(lossOf({ packets: 0, lost: 0 })).toBeUndefined();
});
