/** The catalogue of moments: each has a chapter of its own kind, and there are enough of them. */
import { expect, test } from 'vitest';
import { ofCalls, readMoments } from '../scripts/moments.ts';

const moments = readMoments();

test('not fewer than 120 moments of calls, each by a name of its own', () => {
  const names = new Set(ofCalls(moments).map(({ ladder }) => ladder));
  expect(names.size).toBeGreaterThanOrEqual(120);
});

test('each says what it is in its first line, and no two the same', () => {
  const titles = moments.map(({ title }) => title);
  expect(titles.filter((title) => title.length < 15)).toEqual([]);
  const seen = new Set<string>();
  expect(titles.filter((title) => seen.size === seen.add(title).size)).toEqual([]);
});

test('each moment of a call that is signalled has a section', () => {
  const silent = ofCalls(moments).filter(
    ({ sections, ladder }) => sections === '' && !/^(crash|drain|stop|clock)/.test(ladder),
  );
  expect(silent).toEqual([]);
});
