import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pattern } from './pattern.ts';

function compile(text: string): Pattern {
  const pattern = Pattern.compile(text);
  if ('wrong' in pattern) throw new Error(pattern.wrong);
  return pattern;
}

function groups(pattern: string, value: string): (string | undefined)[] | undefined {
  const match = compile(pattern).match(value, 0);
  if (!match) return undefined;
  return Array.from({ length: match.length / 2 }, (_, i) =>
    match[2 * i]! < 0 ? undefined : value.slice(match[2 * i], match[2 * i + 1]),
  );
}

/** What the language's own matcher finds. */
function reference(pattern: string, value: string): (string | undefined)[] | undefined {
  const flags = pattern.startsWith('(?i)') ? 'si' : 's';
  const found = new RegExp(pattern.replace('(?i)', ''), flags).exec(value);
  return found ? [...found] : undefined;
}

test.each([
  ['sips:', '<sips:a@b>'],
  ['^sips:(.*)$', 'sips:a@b'],
  ['^sips:(.*)$', 'sip:a@b'],
  ['(a|ab)(c|bcd)(d*)', 'abcd'],
  ['a+?b', 'xaaab'],
  ['(a*)(a*)', 'aaa'],
  ['(a*?)(a*)', 'aaa'],
  ['\\+?(\\d{3,5})', 'x+4930123'],
  ['[^;]+;tag=([A-Za-z0-9]+)', '<sip:a>;tag=9x;y'],
  ['(?i)EARLY', 'P-early-Media'],
  ['(?:ab)+', 'xababa'],
  ['(?:)', 'x'],
  ['[]a]', ']'],
  ['\\$1', 'a$1'],
  ['a{0}b', 'ab'],
  ['(x)|(y)', 'y'],
  ['$', 'abc'],
  ['[\\d-]+', '12-34a'],
])('%s in %s', (pattern, value) => {
  expect(groups(pattern, value)).toEqual(reference(pattern.replace('[]a]', '[\\]a]'), value));
});

test('what is not ASCII is matched by its octets', () => {
  const octets = String.fromCharCode(0x4d, 0xc3, 0xbc, 0x6c);
  expect(compile('Mü').test(octets)).toBe(true);
});

describe('no pattern', () => {
  test.each([
    ['', 'empty'],
    ['(a', 'without its )'],
    ['a)', 'without its ('],
    ['[a', 'without its ]'],
    ['*a', 'nothing before *'],
    ['a**', 'behind each other'],
    ['(?=a)', 'no look-around'],
    ['(a)\\1', 'remember what was matched'],
    ['\\q', 'not understood'],
    ['a{3,2}', 'backwards'],
    ['[z-a]', 'backwards'],
    ['[ü]', 'ASCII'],
    ['a{65}', 'more than 64'],
    ['a\\', 'ends with'],
    ['((((a{64}){64}){64}){64})', 'steps'],
    ['('.repeat(10) + ')'.repeat(10), 'groups'],
    ['(?:'.repeat(30), 'deep'],
    ['a'.repeat(257), 'longer'],
    ['^*', 'cannot be repeated'],
  ])('%s: %s', (pattern, why) => {
    expect(Pattern.compile(pattern)).toMatchObject({ wrong: expect.stringContaining(why) });
  });
});

test('it finds what the matcher of the language finds', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab)', '(?:a|bc)', '(b)', '^', '$', '\\d');
  const piece = fc
    .tuple(atom, fc.constantFrom('', '', '?', '*', '+', '{1,2}', '*?', '??'))
    .map(([one, times]) => (one === '^' || one === '$' ? one : one + times));
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
  const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 12 });
  fc.assert(
    fc.property(pattern, value, (text, input) => {
      // What a group in a repeated item took that matched nothing in the end is told differently: the whole match counts.
      expect(groups(text, input)?.[0]).toEqual(reference(text, input)?.[0]);
    }),
    { numRuns: 2000 },
  );
});

test('nothing takes long, however it is nested', () => {
  const evil = compile('(?:(?:a+)+|b*)*(?:.*a)*c$');
  const value = `c${'a'.repeat(2000)}b`;
  const started = performance.now();
  expect(evil.test(value)).toBe(false);
  // A backtracking matcher would need longer than the sun has left.
  expect(performance.now() - started).toBeLessThan(1000);
});

test('what is longer than any value that is meant matches nothing', () => {
  expect(compile('a').test('a'.repeat(2048))).toBe(true);
  expect(compile('a').test('a'.repeat(2049))).toBe(false);
});
