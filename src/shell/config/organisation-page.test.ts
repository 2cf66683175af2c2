import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { told } from './organisation.testing.ts';

const page = readFileSync(new URL('../../../docs/organisation.md', import.meta.url), 'utf8');
const examples = page.split('\n## ').flatMap((section) => {
  const heading = section.split('\n')[0]!;
  return [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => ({ heading, text: text! }));
});

test('docs/organisation.md has its examples', () => {
  expect(examples.map(({ heading }) => heading)).toEqual([
    ...['Places', 'Numbers', 'Numbers', 'People', 'Defaults of trunks', 'Sample calls'],
  ]);
});

test.each(examples)('$heading: an example is sound, without a doubt', ({ text }) => {
  expect(told(text)).toEqual([]);
});
