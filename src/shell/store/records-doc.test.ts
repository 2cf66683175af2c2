import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { attemptColumns, callColumns, mediaColumns } from './rows.ts';
import { migrate } from './schema.ts';

const document = readFileSync(new URL('../../../docs/records.md', import.meta.url), 'utf8');
const database = new DatabaseSync(':memory:');
migrate(database);

interface Column {
  readonly name: string;
  readonly type: string;
}

/** What the tables are once every migration has been taken. */
function built(table: string): Column[] {
  const columns = database.prepare(`PRAGMA table_info(${table})`).all() as {
    name: string;
    type: string;
    notnull: number;
  }[];
  return columns.map(({ name, type, notnull }) => ({ name, type: notnull ? type : `${type}, may be NULL` }));
}

/** What the section of the document says of them. */
function documented(table: string): (Column & { readonly unit: string; readonly meaning: string })[] {
  const section = document.split('\n## ').find((part) => part.startsWith(`Table \`${table}\``))!;
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, name, type, unit, meaning] = line.split('|').map((cell) => cell.trim());
      return { name: name!.replaceAll('`', ''), type: type!, unit: unit!, meaning: meaning! };
    });
}

describe('docs/records.md', () => {
  const tables = (
    database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
      name: string;
    }[]
  ).map(({ name }) => name);

  test('has a section for each table and no other', () => {
    const sections = [...document.matchAll(/^## Table `(\w+)`/gm)].map((match) => match[1]!);
    expect(sections.toSorted()).toEqual(tables.toSorted());
  });

  test.each(tables)('says of %s what the table is: every column, in order, with its type', (table) => {
    expect(documented(table).map(({ name, type }) => ({ name, type }))).toEqual(built(table));
  });

  test.each(tables)('explains every column of %s, with a unit where it is a quantity', (table) => {
    for (const { name, unit, meaning } of documented(table)) {
      expect(meaning, name).toMatch(/\.$|…$/);
      if (/_at$/.test(name)) expect(unit, name).toBe('Unix ms');
      if (/_ms$/.test(name)) expect(unit, name).toBe('ms');
    }
  });
});

test('every column of the tables is written', () => {
  const names = (table: string) =>
    built(table)
      .map(({ name }) => name)
      .toSorted();
  expect(['id', ...callColumns].toSorted()).toEqual(names('calls'));
  expect(['calls_id', 'attempt', ...attemptColumns].toSorted()).toEqual(names('attempts'));
  expect(['calls_id', ...mediaColumns].toSorted()).toEqual(names('media'));
});
