import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalStart } from './literal-start.ts';
import { PrefixTable } from './prefix-table.ts';

describe('prefixes', () => {
  test('all of a number, the longest first', () => {
    const table = new PrefixTable([
      ['+49', 1],
      ['+4930', 2],
      ['+493', 3],
      ['49', 4],
      ['', 5],
      ['+', 6],
      ['+44', 7],
    ]);
    expect([...table.matches('+4930123')]).toEqual([2, 3, 1, 6, 5]);
    expect([...table.matches('493')]).toEqual([4, 5]);
    expect(table.longest('+4412')).toBe(7);
    expect(table.longest('x')).toBe(5);
    expect(table.size).toBe(7);
  });

  test('zeros at the beginning count', () => {
    const table = new PrefixTable([
      ['00', 1],
      ['0', 2],
      ['000', 3],
    ]);
    expect([...table.matches('0049')]).toEqual([1, 2]);
  });

  test('whatever they are, they are those that the number begins with', () => {
    const prefix = fc.stringMatching(/^\+?[0-9]{0,18}$|^[a-z*#]{1,4}$/);
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 40 }), prefix, fc.nat(9), (prefixes, number, more) => {
        const called = `${number}${more}`;
        const table = new PrefixTable(prefixes.map((one, i) => [one, i]));
        const expected = prefixes.filter((one) => called.startsWith(one));
        const found = [...table.matches(called)].map((i) => prefixes[i]!);
        expect(new Set(found)).toEqual(new Set(expected));
        expect(table.longest(called)).toBe(found.length === 0 ? undefined : prefixes.indexOf(found[0]!));
      }),
    );
  });
});

describe('what every number begins with that a pattern fits', () => {
  test.each([
    ['^\\+4930', '+4930'],
    ['^\\+49(30|40)', ''],
    ['^\\+49\\d+$', '+49'],
    ['^\\+1425?', '+142'],
    ['^00*', '0'],
    ['\\+49', ''],
    ['^[0-9]', ''],
    ['^12{3}', '1'],
  ])('%s: "%s"', (pattern, start) => {
    expect(literalStart(pattern)).toBe(start);
  });

  test('it is true of all that fit', () => {
    const patterns = ['^\\+49\\d+$', '^0+1', '^12?3', '^\\*21#', '^(12)+', '^a\\.b'];
    fc.assert(
      fc.property(fc.constantFrom(...patterns), fc.stringMatching(/^[+*#0-9a.b]{0,8}$/), (pattern, text) => {
        if (new RegExp(pattern).test(text)) expect(text.startsWith(literalStart(pattern))).toBe(true);
      }),
    );
  });
});
