import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fittedTable } from './fitted-table.ts';
import { type OutputFormat, printList, printNext, printObject } from './output.ts';
import { cut, widthOf } from './width.ts';

const plain = (_format: unknown, text: string) => text;

test('a text is cut by the columns that it takes', () => {
  expect([widthOf('abc'), widthOf('台北分公司'), widthOf('é'), widthOf('e\u0301')]).toEqual([3, 10, 1, 1]);
  expect(cut('台北分公司', 10)).toBe('台北分公司');
  expect(cut('台北分公司', 9)).toBe('台北分公…');
  expect(cut('台北分公司', 8)).toBe('台北分…');
  expect(cut('abc', 0)).toBe('');
});

test('a table fits the terminal: the widest column that may is cut, one of wide characters too', () => {
  const rows = [
    { name: '台北分公司的電話', calls: '3' },
    { name: 'berlin', calls: '12' },
  ];
  const columns = [
    { heading: 'NAME', cell: (row: (typeof rows)[0]) => row.name, least: 4 },
    { heading: 'CALLS', cell: (row: (typeof rows)[0]) => row.calls, right: true as const },
  ];
  expect(fittedTable(rows, columns, 80, plain)).toBe(
    'NAME              CALLS\n台北分公司的電話      3\nberlin               12\n',
  );
  const narrow = fittedTable(rows, columns, 17, plain);
  expect(narrow).toBe('NAME        CALLS\n台北分公…       3\nberlin         12\n');
  for (const line of narrow.trimEnd().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(17);
});

const written = (act: (out: { write(text: string): void }) => void): string => {
  let text = '';
  act({
    write: (more) => {
      text += more;
    },
  });
  return text;
};
const rows = [{ name: 'a' }, { name: 'b\u009b31m' }];
const list = (format: OutputFormat) =>
  written((out) => printList(out, format, rows, [{ heading: 'NAME', cell: ({ name }) => name }]));

test('a list in every form, none of which steers a terminal', () => {
  expect(list('table')).toBe('NAME\na\nb\\x9b31m\n');
  expect(JSON.parse(list('json'))).toEqual(rows);
  expect(
    list('ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(rows);
  expect(parse(list('yaml'))).toMatchObject([{ name: 'a' }, {}]);
  for (const format of ['table', 'json', 'yaml', 'ndjson'] as const) expect(list(format)).not.toMatch(/\u009b/);
  expect(written((out) => printList(out, 'table', [], []))).toBe('There is none.\n');
  expect(written((out) => printList(out, 'json', [], []))).toBe('[]\n');
});

test('one thing, and one after the other', () => {
  const one = (format: OutputFormat) => written((out) => printObject(out, format, { a: 1 }, () => 'A\n'));
  expect([one('table'), one('json'), one('yaml'), one('ndjson')]).toEqual([
    'A\n',
    '{\n  "a": 1\n}\n',
    'a: 1\n',
    '{"a":1}\n',
  ]);
  const next = (format: OutputFormat) => written((out) => printNext(out, format, { a: 1 }, () => 'A\n'));
  expect([next('table'), next('json'), next('yaml'), next('ndjson')]).toEqual([
    'A\n',
    '{"a":1}\n',
    '---\na: 1\n',
    '{"a":1}\n',
  ]);
});
