import { expect, test } from 'vitest';
import { lossOf, seriesOf } from './quality.ts';

const nothing = [null, null, null];
const course = {
  startedAt: '2026-11-23T12:00:00.000Z',
  stepMs: 5000,
  a: {
    packets: [250, 0, 45],
    lost: [0, 0, 5],
    jitterMs: [0.4, null, 3],
    roundTripMs: [null, 41, null],
    peerLoss: [null, 0.25, null],
  },
  b: { packets: [null, 250, 100], lost: nothing, jitterMs: nothing, roundTripMs: nothing, peerLoss: nothing },
};
const began = Date.parse(course.startedAt) / 1000;

test('a point at the end of each step; the last one may be cut off by the end', () => {
  const at = [began + 5, began + 10, began + 11];
  expect(seriesOf(course, 'rate', (began + 11) * 1000)).toEqual([at, [50, 0, 45], [null, 50, 100]]);
  expect(seriesOf(course, 'rate')).toEqual([
    [began + 5, began + 10, began + 15],
    [50, 0, 9],
    [null, 50, 20],
  ]);
});

test('of what is not known there is no value, and no zero', () => {
  expect(seriesOf(course, 'lostShare').slice(1)).toEqual([[0, null, 10], nothing]);
  expect(seriesOf(course, 'jitterMs').slice(1)).toEqual([[0.4, null, 3], nothing]);
  expect(seriesOf(course, 'roundTripMs').slice(1)).toEqual([[null, 41, null], nothing]);
  expect(seriesOf(course, 'peerLoss').slice(1)).toEqual([[null, 25, null], nothing]);
});

test('loss of all that was expected; packets that came twice are none', () => {
  expect(lossOf({ packets: 95, lost: 5 })).toBe(0.05);
  expect(lossOf({ packets: 100, lost: -3 })).toBe(0);
  expect(lossOf({ packets: 0, lost: 0 })).toBeUndefined();
});
