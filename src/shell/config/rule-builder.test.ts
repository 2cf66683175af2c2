import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPattern } from './pattern.ts';
import { type RuleInWords, ruleOfWords } from './rule-builder.ts';

test.each([
  // Starting digits, length, how many come off, what goes in front: the rule that it stands for.
  [{ starts: '+', length: 'at least 11', remove: 1, add: '011' }, '^\\+(\\d{9}\\d+)$', '011$1'],
  [{ starts: '+', length: 'any', remove: 1, add: '' }, '^\\+(\\d*)$', '$1'],
  [{ starts: '+1425', length: 'exactly 12', remove: 5, add: '' }, '^\\+1425(\\d{7})$', '$1'],
  [{ starts: '', length: 'exactly 4', remove: 0, add: '+1425555' }, '^(\\d{4})$', '+1425555$1'],
  [{ starts: '00', length: 'at least 3', remove: 3, add: '' }, '^00\\d(\\d*)$', '$1'],
  [{ starts: '*1', length: 'exactly 2', remove: 0, add: '9' }, '^(\\*1)$', '9$1'],
])('%j', ({ length, ...words }, pattern, to) => {
  expect(ruleOfWords({ ...words, length: lengthOf(length) })).toEqual({ pattern, to });
});

function lengthOf(text: string): RuleInWords['length'] {
  const [, kind, count] = /^(any|exactly|at least) ?(\d*)$/.exec(text)!;
  return { kind: kind as 'any', count: Number(count) };
}

test('whatever the words are, they and the pattern take the same numbers and make the same of them', () => {
  const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`));
  const words = fc.record({
    starts: fc.tuple(fc.constantFrom('', '+', '*'), digits(4)).map((parts) => parts.join('')),
    length: fc.oneof(
      fc.constant({ kind: 'any' as const, count: 0 }),
      fc.record({
        kind: fc.constantFrom('exactly' as const, 'at least' as const),
        count: fc.integer({ min: 1, max: 12 }),
      }),
    ),
    remove: fc.nat(14),
    add: digits(4),
  });
  fc.assert(
    fc.property(words, digits(14), fc.boolean(), (rule, rest, begins) => {
      const made = ruleOfWords(rule);
      const { kind, count } = rule.length;
      if ('code' in made) {
        // Some number of this length has less than is taken off, or less than it starts with.
        const shortest = kind === 'any' ? rule.starts.length : count;
        expect(shortest < Math.max(rule.remove, rule.starts.length)).toBe(true);
        return;
      }
      expect(readPattern(made.pattern)).toHaveProperty('value');
      const number = `${begins ? rule.starts : ''}${rest}`;
      const fits =
        number.startsWith(rule.starts) &&
        (kind === 'any' || (kind === 'exactly' ? number.length === count : number.length >= count));
      const pattern = new RegExp(made.pattern);
      expect(pattern.test(number)).toBe(fits);
      if (fits) expect(number.replace(pattern, made.to)).toBe(`${rule.add}${number.slice(rule.remove)}`);
    }),
    { numRuns: 2000 },
  );
});
