import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRows } from './csv.ts';

const cells = (text: string) => csvRows(text).map((row) => row.cells);

test.each([
  ['', []],
  ['a', [['a']]],
  [
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    '\ufeffa;b\n1;2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b;c\n1,2',
    [
      ['a', 'b;c'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n\n  \n1,',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  ['"a ""b""","c,d"', [['a "b"', 'c,d']]],
  ['a,"b\nc"\nd', [['a', 'b\nc'], ['d']]],
])('%j', (text, rows) => {
  expect(cells(text)).toEqual(rows);
});

test('rows know the line that they begin in, also behind cells of several', () => {
  expect(csvRows('a,b\n\n1,"x\ny"\n2,3\n').map(({ line }) => line)).toEqual([1, 3, 5]);
});

test('what is written by RFC 4180 is read as it was', () => {
  const cell = fc.stringMatching(/^[a-z ",;\n\r0-9]{0,8}$/).map((text) => text.replaceAll('\r', ''));
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  const written = (text: string) => (/[",;\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      expect(cells(rows.map((one) => one.map(written).join(',')).join('\r\n'))).toEqual(rows);
    }),
  );
});

test('never throws, and takes time as the text is long', () => {
  fc.assert(fc.property(fc.string(), (text) => void csvRows(text)));
  const before = performance.now();
  csvRows('"'.repeat(1_000_001));
  expect(performance.now() - before).toBeLessThan(5_000);
});
