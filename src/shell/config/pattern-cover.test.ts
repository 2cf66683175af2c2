import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPattern } from './pattern.ts';
import { covers } from './pattern-cover.ts';

const source = (text: string) => {
  const read = readPattern(text);
  if (!('value' in read)) throw new Error(`${text}: ${read.message}`);
  return read.value.source;
};
const covered = (wider: string, narrower: string) => covers(source(wider), source(narrower));

describe('one pattern takes all that another takes', () => {
  test.each([
    ['(\\d+)', '0(\\d+)'],
    ['(\\d*)', '(\\d{4})'],
    ['\\d{3,}', '\\d{3}'],
    ['\\+?(\\d*)', '\\+1(425|206)(\\d{7})'],
    ['(030|040)\\d*', '030\\d{3}'],
    ['[2-9]\\d+', '[3-5]\\d{2,4}'],
    ['.*', 'alice'],
    ['[^0]\\d', '[1-35]\\d'],
    ['[*#-]1', '-1'],
    ['0?\\d', '0\\d'],
    ['(a|b(c|d))1', 'bd1'],
    ['\\d?1*', '1{0,9}'],
  ])('%s, %s', (wider, narrower) => {
    expect(covered(wider, narrower)).toBe(true);
  });

  test.each([
    ['0(\\d+)', '(\\d+)'],
    ['(\\d{4})', '(\\d{4,5})'],
    ['\\d+', '\\+\\d+'],
    ['(030|040)\\d*', '0[345]0\\d'],
    ['(\\d+)', '(\\d*)'],
    ['\\d*', '.*'],
    ['[^0]\\d', '[0-2]\\d'],
    ['[2-9]\\d+', '[2-9]'],
  ])('%s does not take all of %s', (wider, narrower) => {
    expect(covered(wider, narrower)).toBe(false);
  });
});

const item = fc
  .tuple(
    fc.constantFrom('0', '1', '\\d', '[02]', '\\+', '(0|1)', '(01|2)'),
    fc.constantFrom('', '', '', '?', '{2}', '{1,2}'),
  )
  .map(([one, times]) => (one.startsWith('(') ? one : one + times));
const pattern = fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(''));

test('it is so for every number that is tried', () => {
  const numbers = fc.array(fc.constantFrom('0', '1', '2', '5', '+'), { maxLength: 5 }).map((signs) => signs.join(''));
  let agreed = 0;
  fc.assert(
    fc.property(pattern, pattern, fc.array(numbers, { minLength: 30, maxLength: 30 }), (wider, narrower, tried) => {
      const [wide, narrow] = [readPattern(wider), readPattern(narrower)];
      if (!('value' in wide) || !('value' in narrow) || !covers(wide.value.source, narrow.value.source)) return;
      agreed++;
      for (const number of tried)
        if (new RegExp(narrow.value.source).test(number)) expect(number).toMatch(new RegExp(wide.value.source));
    }),
    { numRuns: 2_000, seed: 1 },
  );
  expect(agreed).toBeGreaterThan(20);
});

test('a narrower one that is not covered has a number that shows it', () => {
  // All numbers of up to four signs: short patterns are told apart by them.
  const signs = ['0', '1', '2', '5', '+'];
  const all = signs.flatMap((a) =>
    ['', ...signs].flatMap((b) => ['', ...signs].flatMap((c) => ['', ...signs].map((d) => a + b + c + d))),
  );
  const short = fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => items.join(''));
  fc.assert(
    fc.property(short, short, (wider, narrower) => {
      const [wide, narrow] = [readPattern(wider), readPattern(narrower)];
      if (!('value' in wide) || !('value' in narrow)) return;
      const [ofWide, ofNarrow] = [new RegExp(wide.value.source), new RegExp(narrow.value.source)];
      const isCovered = ['', ...all].every((number) => !ofNarrow.test(number) || ofWide.test(number));
      expect(covers(wide.value.source, narrow.value.source)).toBe(isCovered);
    }),
    { numRuns: 1_000, seed: 2 },
  );
});
