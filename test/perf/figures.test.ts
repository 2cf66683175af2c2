import { expect, test } from 'vitest';
import { median, table } from './figures.ts';

test('the median of an even number of samples lies between the middle two, whatever their order', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 9, 1, 2])).toBe(5.5);
});

test('a table is in columns: names to the left, figures to the right, a rule under the head', () => {
  const rows = [
    ['load', 'µs'],
    ['1000 calls/s', '7'],
  ];
  expect(table(rows).split('\n')).toEqual(['load          µs', '------------  --', '1000 calls/s   7']);
});
