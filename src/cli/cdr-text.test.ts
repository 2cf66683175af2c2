import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, duration, harmless, harmlessJson, timeOf } from './cdr-text.ts';

describe('text from the wire', () => {
  test('what steers a terminal is shown, not done', () => {
    expect(harmless('\x1b]0;title\x07')).toBe('\\x1b]0;title\\x07');
    expect(harmless('a\r\nb\tc\x7f\x9b31m')).toBe('a\\x0d\\x0ab\\x09c\\x7f\\x9b31m');
    expect(harmless('1\u202e2\u2066\ufeff\u200b\u2028')).toBe('1\\u202e2\\u2066\\ufeff\\u200b\\u2028');
    expect(harmless('Müller 漢字 🎉 \\ +49*#')).toBe('Müller 漢字 🎉 \\ +49*#');
  });

  test('no control character passes, in text, JSON or CSV, and JSON stays what it was', () => {
    const wild = fc.string({ unit: fc.integer({ min: 0, max: 0x2070 }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(wild, (text) => {
        for (const out of [harmless(text), harmlessJson({ text }), csvCell(text)])
          expect(out).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        expect(JSON.parse(harmlessJson({ text }))).toEqual({ text });
      }),
    );
  });
});

describe('a CSV cell', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['line\r\nbreak', 'line\\x0d\\x0abreak'],
    // Numbers are what these columns are made of.
    ['+4930123456', '+4930123456'],
    ['-12', '-12'],
    ['0049', '0049'],
    ['*21#', '*21#'],
    // Formulas are not.
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+1-1', "'+1-1"],
    ['+', "'+"],
    ['-cmd|x', "'-cmd|x"],
    [' =1+1', "' =1+1"],
    [' +49', "' +49"],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])('%j becomes %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test('our own numbers are numbers, what is missing is empty', () => {
    expect([csvCell(-3), csvCell(0.5), csvCell(undefined)]).toEqual(['-3', '0.5', '']);
  });
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 00 s'],
  [3_599_400, '59 min 59 s'],
  [3_599_600, '1 h 00 min'],
  [7_380_000, '2 h 03 min'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

describe('a time', () => {
  const now = 1_700_000_000_000;

  test.each([
    ['90s', now - 90_000],
    ['15m', now - 900_000],
    ['1.5h', now - 5_400_000],
    ['7d', now - 604_800_000],
    ['2w', now - 1_209_600_000],
    ['2023-11-14T08:00:00Z', Date.UTC(2023, 10, 14, 8)],
    ['2023-11-14 08:00+02:00', Date.UTC(2023, 10, 14, 6)],
    ['2023-11-14', new Date(2023, 10, 14).getTime()],
    ['2023-11-14T08:00', new Date(2023, 10, 14, 8).getTime()],
  ])('%s', (text, time) => {
    expect(timeOf(text, now)).toBe(time);
  });

  test.each(['', 'h', '-1h', 'yesterday', '5', '2023', '2023-13-01', '1x', '14.11.2023', '2023-11-14T', '1e400d'])(
    '%j is none',
    (text) => {
      expect(timeOf(text, now)).toBeUndefined();
    },
  );
});
