import { expect, test } from 'vitest';
import type { Trunk } from '#policy/configuration';
import { mostPublications, Publications } from './publications.ts';

const trunk = (name: string) => ({ name }) as Trunk;
const [source, other, one, two, gone] = ['source', 'other', 'one', 'two', 'gone'].map(trunk) as [
  Trunk,
  Trunk,
  Trunk,
  Trunk,
  Trunk,
];

test('the trunk that knows the tag comes first, for who published there', () => {
  const publications = new Publications();
  publications.published(two, source, undefined, 'a');
  expect(publications.order([one, two], source, 'a')).toEqual([two, one]);
  expect(publications.order([one, two], source, 'b')).toEqual([one, two]);
  expect(publications.order([one, two], source, undefined)).toEqual([one, two]);
  expect(publications.order([one, two], other, 'a')).toEqual([one, two]);
});

test('a new tag takes the place of the old one, and a removal leaves none', () => {
  const publications = new Publications();
  publications.published(two, source, undefined, 'a');
  publications.published(two, source, 'a', 'b');
  expect(publications.size).toBe(1);
  expect(publications.order([one, two], source, 'b')).toEqual([two, one]);
  publications.published(two, source, 'b', undefined);
  expect(publications.size).toBe(0);
});

test('a trunk that the route does not lead to is not added to it', () => {
  const publications = new Publications();
  publications.published(gone, source, undefined, 'a');
  expect(publications.order([one, two], source, 'a')).toEqual([one, two]);
});

test('what is remembered has a limit, and so has a tag', () => {
  const publications = new Publications();
  publications.published(two, source, undefined, 'first');
  for (let i = 0; i < mostPublications; i++) publications.published(one, source, undefined, `tag-${i}`);
  expect(publications.size).toBe(mostPublications);
  expect(publications.order([one, two], source, 'first')).toEqual([one, two]);
  const long = 'x'.repeat(10_000);
  publications.published(two, source, undefined, `${long}a`);
  expect(publications.order([one, two], source, `${long}b`)).toEqual([two, one]);
});
