import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPattern } from './pattern.ts';

describe('readPattern', () => {
  test.each([
    ['\\+49[0-9]{6,13}', '+4930123456', '0049301'],
    ['0[1-9].*', '030', '00'],
    ['(030|040)\\d+', '0401', '0501'],
    ['^1[0-9]{3}$', '1234', '12345'],
    ['[^0].*', '1', '0'],
    ['alice', 'alice', 'alicex'],
    ['\\*21\\*.+#', '*21*5#', '*21*#'],
    ['11[02]', '112', '113'],
    ['^\\+1(425|206|253)(\\d{7})$', '+14255550100', '+14265550100'],
    ['^\\+?(\\d*)$', '49', '++49'],
    ['^\\+(\\d*);ext=(\\d*)$', '+1425;ext=1', '+1425'],
    ['(?:00|\\+)49(\\d+)', '+4930', '4930'],
  ])('%s takes %s and not %s', (text, yes, no) => {
    const read = readPattern(text);
    expect(read).toHaveProperty('value');
    const pattern = new RegExp((read as { value: { source: string } }).value.source);
    expect([pattern.test(yes), pattern.test(no)]).toEqual([true, false]);
  });

  test('is anchored whether or not the anchors are written', () => {
    expect(readPattern('1.')).toMatchObject({ value: { source: '^1.$' } });
    expect(readPattern('^1.$')).toMatchObject({ value: { source: '^1.$' } });
  });

  test.each([
    ['', 'empty'],
    ['^$', 'empty'],
    ['+49.*', '`+49.*` is not understood'],
    ['(a+)+', 'cannot be repeated'],
    ['(a', 'without its )'],
    ['a)', 'without its ('],
    ['(\\d*)(\\d*)(\\d*)', 'more than 2'],
    ['((((((1))))))', 'more than 4 deep'],
    ['(1)'.repeat(10), 'more than 9 groups'],
    ['(a|b)*', 'cannot be repeated'],
    ['(?=a)b', 'not understood'],
    ['a|b', 'not understood'],
    ['(a)\\1', 'not understood'],
    ['\\w+', 'not understood'],
    ['.*.*.*', 'more than 2'],
    ['1?2?3?', 'more than 2'],
    ['[9-0]', 'out of order'],
    ['[0-9', 'not understood'],
    ['1{9,3}', 'backwards'],
    ['1{99}', 'more than 64'],
    ['1**', 'not understood'],
    ['a b', 'not understood'],
    ['1'.repeat(129), 'longer than 128'],
    // Seconds for one digit, and with three alternatives years.
    [`${'(?:|)'.repeat(24)}x`, 'more than 1000 ways'],
    [`${'(?:||)'.repeat(20)}x`, 'more than 1000 ways'],
    [`${'(?:.|.|.)'.repeat(13)}x`, 'more than 1000 ways'],
    ['(?:(?:.|.)(?:.|.)|(?:.|.)(?:.|.))'.repeat(3).concat('(1|2)'), 'more than 1000 ways'],
  ])('%s is refused: %s', (text, reason) => {
    expect(readPattern(text)).toMatchObject({ code: 'TDM-1113', message: expect.stringContaining(reason) });
  });

  test('alternatives are taken in some ways, each as often as anybody needs', () => {
    const many = `(${Array.from({ length: 30 }, (_, n) => n + 10).join('|')})(?:\\d{3}|)(2|3|4)`;
    expect(readPattern(many)).toMatchObject({ value: { groups: 2 } });
    expect(readPattern('(1|2)'.repeat(9))).toMatchObject({ value: { groups: 9 } });
    // They add up beside each other, and multiply one after the other.
    const eight = '(?:(?:.|.)(?:.|.)|(?:.|.)(?:.|.))';
    expect(readPattern(eight.repeat(3))).toMatchObject({ value: {} });
  });

  test('what is accepted compiles, and never backtracks more than length² ways', () => {
    const piece = fc.constantFrom('a', '1', '\\+', '.', '\\d', '[0-9]', '(1|a)', '*', '+', '?', '{2}', '{1,9}', '{3,}');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const read = readPattern(pieces.join(''));
        if (!('value' in read)) return;
        new RegExp(read.value.source);
        const open = read.value.source.match(/(?<!\\)[*+?]|\{\d+,\d*\}/g) ?? [];
        expect(open.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 500 },
    );
  });
});
