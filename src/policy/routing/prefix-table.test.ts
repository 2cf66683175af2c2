import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalStart } from './literal-start.ts';
import { PrefixTable } from './prefix-table.ts';

describe('prefixes', () => {
  test('all of a number, the longest first', () => {
    const table = new PrefixTable(['+49', '+4930', '+493', '49', '', '+', '+44']);
    expect([...table.matches('+4930123')]).toEqual([1, 2, 0, 5, 4]);
    expect([...table.matches('493')]).toEqual([3, 4]);
    expect(table.longest('+4412')).toBe(6);
    expect(table.longest('x')).toBe(4);
    expect(table.size).toBe(7);
  });

  test('zeros at the beginning count', () => {
    expect([...new PrefixTable(['00', '0', '000']).matches('0049')]).toEqual([0, 1]);
  });

  test('one that stands there again comes again, as they stand; each stands for what it is said to', () => {
    const table = new PrefixTable(['+49', 'x', '+4', '+49', 'x'], Int32Array.of(7, 8, 9, 5, 6));
    expect([...table.matches('+4930')]).toEqual([7, 5, 9]);
    expect([...table.matches('xy')]).toEqual([8, 6]);
  });

  test('of many each is found', () => {
    const prefixes = Array.from({ length: 5_000 }, (_, i) => `+${(i * 7_919) % 100_003}${i % 2 ? '00000000' : ''}`);
    const table = new PrefixTable(prefixes);
    for (const [i, prefix] of prefixes.entries()) expect([...table.matches(prefix)]).toContain(i);
  });

  test('whatever they are, they are those that the number begins with', () => {
    const prefix = fc.stringMatching(/^\+?[0-9]{0,18}$|^[a-z*#]{1,4}$/);
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 40 }), prefix, fc.nat(9), (prefixes, number, more) => {
        const called = `${number}${more}`;
        const table = new PrefixTable(prefixes);
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
