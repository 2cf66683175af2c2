import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeBackup, restoreBackup } from './index.ts';

let directory: string;
let data: string;
let into: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-backup-'));
  data = join(directory, 'data');
  into = join(directory, 'backup');
  mkdirSync(data);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A database that is written to: what was written last is in its log. */
function written(name: string, rows: number): DatabaseSync {
  const database = new DatabaseSync(join(data, name));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x INTEGER) STRICT');
  for (let n = 0; n < rows; n++) database.exec(`INSERT INTO t VALUES (${n})`);
  return database;
}

function rows(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const { n } = database.prepare('SELECT count(*) AS n FROM t').get() as { n: number };
  database.close();
  return n;
}

const make = (more: object = {}) => makeBackup({ data, into, version: '1.2.3', now: 0, ...more });

test('a copy has what was committed, log and all, while the writer goes on; it is its owner’s alone', () => {
  const writer = written('records.sqlite', 5);
  writer.exec('BEGIN; INSERT INTO t VALUES (99)');
  const configuration = join(directory, 'tandem.yaml');
  writeFileSync(configuration, 'trunks: []\n', { mode: 0o644 });
  const backup = make({ configuration });
  writer.exec('COMMIT');
  writer.close();
  expect(backup).toMatchObject({ version: '1.2.3', at: '1970-01-01T00:00:00.000Z' });
  expect(readdirSync(into).sort()).toEqual(['backup.json', 'records.sqlite', 'tandem.yaml']);
  expect(rows(join(into, 'records.sqlite'))).toBe(5);
  expect(readFileSync(join(into, 'tandem.yaml'), 'utf8')).toBe('trunks: []\n');
  for (const name of readdirSync(into)) expect(statSync(join(into, name)).mode & 0o777).toBe(0o600);
  expect(statSync(into).mode & 0o777).toBe(0o700);
});

test('what is there is kept beside what is restored, with its log; the journal of calls goes', () => {
  written('records.sqlite', 3).close();
  make();
  const later = written('other.sqlite', 1);
  later.close();
  const grown = new DatabaseSync(join(data, 'records.sqlite'));
  grown.exec('INSERT INTO t VALUES (1)');
  grown.close();
  writeFileSync(join(data, 'live-0000000001.journal'), 'calls');
  restoreBackup(into, data);
  expect(rows(join(data, 'records.sqlite'))).toBe(3);
  expect(rows(join(data, 'records.sqlite.before'))).toBe(4);
  expect(rows(join(data, 'other.sqlite'))).toBe(1);
  expect(existsSync(join(data, 'live-0000000001.journal'))).toBe(false);
});

test('into a directory that is not there yet', () => {
  written('records.sqlite', 3).close();
  make();
  restoreBackup(into, join(directory, 'new/data'));
  expect(rows(join(directory, 'new/data/records.sqlite'))).toBe(3);
});

test('one that was damaged or is not whole is refused, and nothing is touched', () => {
  written('records.sqlite', 3).close();
  written('management.sqlite', 1).close();
  make();
  const path = join(into, 'records.sqlite');
  const sound = readFileSync(path);
  const damaged = Buffer.from(sound);
  damaged[damaged.length - 1]! ^= 1;
  writeFileSync(path, damaged);
  expect(() => restoreBackup(into, data)).toThrow('records.sqlite is not as it was written');
  rmSync(path);
  expect(() => restoreBackup(into, data)).toThrow('is not whole: there is no records.sqlite');
  rmSync(join(into, 'backup.json'));
  expect(() => restoreBackup(into, data)).toThrow('is no backup');
  expect(readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name))).toHaveLength(2);
});

test('a name that leads elsewhere is refused', () => {
  written('records.sqlite', 1).close();
  make();
  const manifest = join(into, 'backup.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"records.sqlite"', '"../data/records.sqlite"'));
  expect(() => restoreBackup(into, data)).toThrow('names a file elsewhere');
});

test('a copy goes where nothing is, and one that failed leaves nothing', () => {
  expect(() => make()).toThrow('nothing to copy');
  written('records.sqlite', 1).close();
  writeFileSync(
    join(data, 'management.sqlite'),
    'this is no database, however long it is made here for SQLite to look at it',
  );
  expect(() => make()).toThrow('not a database');
  expect(readdirSync(directory)).toEqual(['data']);
  mkdirSync(into);
  expect(() => make()).toThrow('exists: a backup goes where nothing is');
});

test('certificates that the program keeps, and requests with their keys, go along and come back, for nobody else to read', () => {
  written('records.sqlite', 1).close();
  mkdirSync(join(data, 'certificates/requests'), { recursive: true });
  writeFileSync(join(data, 'certificates/requests/a.json'), 'a key');
  writeFileSync(join(data, 'certificates/requests/b.json.next'), 'half of it');
  writeFileSync(join(data, 'certificates/wan.pem'), 'old');
  expect(Object.keys(make().files)).toEqual(['records.sqlite', 'certificates/requests/a.json', 'certificates/wan.pem']);
  writeFileSync(join(data, 'certificates/wan.pem'), 'new');
  writeFileSync(join(data, 'certificates/lan.pem'), 'of after');

  for (const place of [data, join(directory, 'other')]) {
    restoreBackup(into, place);
    expect(readdirSync(join(place, 'certificates'), { recursive: true }).sort()).toEqual([
      'requests',
      'requests/a.json',
      'wan.pem',
    ]);
    expect(readFileSync(join(place, 'certificates/wan.pem'), 'utf8')).toBe('old');
    expect(statSync(join(place, 'certificates/requests/a.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(place, 'certificates')).mode & 0o777).toBe(0o700);
    expect(existsSync(join(place, 'certificates.next'))).toBe(false);
  }
  expect(readFileSync(join(data, 'certificates.before/lan.pem'), 'utf8')).toBe('of after');
});

test('a backup that names what is elsewhere is none', () => {
  written('records.sqlite', 1).close();
  make();
  const manifest = join(into, 'backup.json');
  const backup = JSON.parse(readFileSync(manifest, 'utf8')) as { files: Record<string, object> };
  for (const name of ['certificates/../../x', 'certificates//x', 'other/x', '../x']) {
    writeFileSync(manifest, JSON.stringify({ ...backup, files: { [name]: { bytes: 1, sha256: '' } } }));
    expect(() => restoreBackup(into, data)).toThrow(`names a file elsewhere: ${name}`);
  }
});
