import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordsFormat } from '#shell/store';
import { writtenByNewer } from './formats.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-formats-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function keep(file: string, format: number): void {
  const database = new DatabaseSync(join(directory, file));
  database.exec(`PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA user_version = ${format}`);
  database.close();
}

test('what is older, as new, or not there may be run on', () => {
  expect(writtenByNewer(directory)).toBeUndefined();
  keep('records.sqlite', 1);
  expect(writtenByNewer(directory)).toBeUndefined();
  keep('management.sqlite', 1);
  expect(writtenByNewer(join(directory, 'records.sqlite'))).toBeUndefined();
});

test('what a newer version wrote is named, with the way back, and nothing is left beside it', () => {
  keep('records.sqlite', recordsFormat + 2);
  keep('configurations.sqlite', 99);
  const before = readdirSync(directory).sort();
  const why = writtenByNewer(directory)!;
  expect(why).toContain(`records.sqlite (format ${recordsFormat + 2}, this version knows ${recordsFormat})`);
  expect(why).toContain('configurations.sqlite (format 99');
  expect(why).toContain('Nothing was touched');
  expect(why).toContain('tandem restore');
  expect(readdirSync(directory).sort()).toEqual(before);
});

test('what is in the log alone counts too', () => {
  const database = new DatabaseSync(join(directory, 'records.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA user_version = 99');
  expect(writtenByNewer(directory)).toContain('format 99');
  database.close();
});
