import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StreamSideCounters } from '#codec/media-control';
import type { CallRecord } from '#engine/ports';
import { RecordReader } from './reader.ts';
import { toRows } from './rows.ts';
import { anyRecord, sampleRecord } from './sample-record.testing.ts';
import { migrate, migrations, NewerRecords, versionOf } from './schema.ts';
import { Writer } from './writer.ts';

let directory: string;
let writer: Writer;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-records-'));
  writer = new Writer(directory);
});
afterEach(() => {
  writer.close();
  rmSync(directory, { recursive: true, force: true });
});

const file = () => join(directory, 'records.sqlite');
const write = (...records: CallRecord[]) => writer.write(JSON.stringify(records.map(toRows)));

function read(): CallRecord[] {
  const reader = RecordReader.open(directory);
  try {
    return [...reader.each({})];
  } finally {
    reader.close();
  }
}

describe('a record and its rows', () => {
  test('whatever is written is read back the same', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        write(record);
        const reader = RecordReader.open(directory);
        expect(reader.find(record.call, 2)).toEqual([record]);
        reader.close();
      }),
      { numRuns: 150 },
    );
  });

  test('fractions of the clock are rounded, bytes of the wire become text', () => {
    const record = sampleRecord(1, {
      startedAt: 1_700_000_001_000.4,
      talkMs: 899.6,
      // UTF-8 as bytes, then bytes that are not UTF-8, then text beyond bytes.
      caller: 'M\u00c3\u00bcller',
      called: 'M\u00fcller',
      decisions: [{ rule: '\u6f22', outcome: 'nul \0 inside' }],
    });
    write(record);
    expect(read()).toEqual([{ ...record, startedAt: 1_700_000_001_000, talkMs: 900, caller: 'M\u00fcller' }]);
  });

  test('the first record of a call stays: writing it again changes nothing', () => {
    write(sampleRecord(1), sampleRecord(2));
    expect(write(sampleRecord(1, { talkMs: 5, end: { by: 'nobody', reason: 'media-silent' } }))).toEqual([]);
    expect(read()).toEqual([sampleRecord(1), sampleRecord(2)]);
  });

  test('an m-line that was measured more than once: voice, a fax, and voice on another network', () => {
    const part = (stream: number, media: string, packets: number) => ({
      stream,
      media,
      a: counters({ packets }),
      b: counters({ packets: packets + 1 }),
    });
    const record = sampleRecord(1, {
      media: [part(0, 'audio', 10), part(0, 'image', 20), part(0, 'audio', 30), part(1, 'video', 40)],
    });
    expect(write(record)).toEqual([]);
    expect(read()).toEqual([record]);
  });

  test('a record that the tables cannot hold is rejected by itself, whole', () => {
    const nameless = { stream: 0, media: undefined as unknown as string, a: counters(), b: counters() };
    const rejected = write(
      sampleRecord(1),
      sampleRecord(2, { caller: undefined as unknown as string }),
      sampleRecord(3, { media: [nameless] }),
      sampleRecord(4),
    );
    expect(rejected.map(([index]) => index)).toEqual([1, 2]);
    expect(rejected[0]![1]).toContain('calls.caller');
    expect(read()).toEqual([sampleRecord(1), sampleRecord(4)]);
  });
});

describe('the file', () => {
  test('it and its directory are for their owner only', () => {
    const inner = join(directory, 'a/b');
    const other = new Writer(inner);
    other.write(JSON.stringify([toRows(sampleRecord(1))]));
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    for (const name of ['records.sqlite', 'records.sqlite-wal', 'records.sqlite-shm'])
      expect(statSync(join(inner, name)).mode & 0o777).toBe(0o600);
    other.close();
  });

  test('a locked file is trouble, not a loss: the batch can be written later', () => {
    write(sampleRecord(1));
    const other = new DatabaseSync(file());
    other.exec('BEGIN IMMEDIATE');
    expect(() => write(sampleRecord(2))).toThrow(/locked/);
    other.exec('ROLLBACK');
    other.close();
    write(sampleRecord(2));
    expect(read()).toHaveLength(2);
  });

  test('a full disk is trouble, and nothing of the batch is half there', () => {
    write(sampleRecord(1));
    // SQLite's own limit gives the same error as the disk does, but only for this connection.
    const database = writer.connection!;
    const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const batch = JSON.stringify(Array.from({ length: 100 }, (_, n) => toRows(sampleRecord(n + 2))));
    expect(() => writer.write(batch)).toThrow(/full/);
    expect(read()).toEqual([sampleRecord(1)]);
    // The writer opens the file again for the next attempt: the limit is gone with the connection.
    expect(writer.write(batch)).toEqual([]);
    expect(read()).toHaveLength(101);
  });

  test('what is not a database is trouble until it is moved away', () => {
    writeFileSync(file(), 'this is certainly no database, but it lies where the records should'.repeat(20));
    expect(() => write(sampleRecord(1))).toThrow(/not a database/);
    renameSync(file(), `${file()}.odd`);
    write(sampleRecord(1));
    expect(read()).toEqual([sampleRecord(1)]);
  });

  test('a file moved away under the writer: the next record goes to a new one, where people will look', () => {
    write(sampleRecord(1));
    renameSync(file(), `${file()}.archive`);
    write(sampleRecord(2));
    expect(read()).toEqual([sampleRecord(2)]);
    const archive = new DatabaseSync(`${file()}.archive`, { readOnly: true });
    expect(archive.prepare('SELECT call FROM calls').all()).toEqual([{ call: sampleRecord(1).call }]);
    archive.close();
  });
});

describe('migrations', () => {
  test('each step is taken once, in order, and what was written stays', () => {
    const database = new DatabaseSync(file());
    migrate(database, { steps: ['CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)'] });
    expect(versionOf(database)).toBe(2);
    migrate(database, {
      steps: ['CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)', 'ALTER TABLE t ADD COLUMN b DEFAULT 7'],
    });
    migrate(database, {
      steps: ['CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)', 'ALTER TABLE t ADD COLUMN b DEFAULT 7'],
    });
    expect(versionOf(database)).toBe(3);
    expect(database.prepare('SELECT * FROM t').all()).toEqual([{ a: 1, b: 7 }]);
    database.close();
  });

  test('a file of an older version is told of, before and after; without room on the disk it is left as it is, with words', () => {
    const database = new DatabaseSync(file());
    migrate(database, { steps: migrations.slice(0, 5) });
    database.exec(`INSERT INTO calls (call, started_at, ended_at, talk_ms, trunk, remote, sip_call_id, local_tag, remote_tag, caller, called, end_by,
      end_reason, decisions) VALUES ('c', 1, 1, 0, 't', 'r', 'i', 'l', 'r', 'a', 'b', 'caller', 'hangup', '[]')`);
    expect(() => migrate(database, { room: () => 10 })).toThrow(
      /takes \d+ MB of their disk, which has 1 MB left: make room/,
    );
    expect(versionOf(database)).toBe(5);
    database.close();
    const told: unknown[] = [];
    const another = new Writer(directory, { onMigrated: (migration, tookMs) => told.push([migration, typeof tookMs]) });
    another.open();
    another.close();
    const migration = { from: 5, to: migrations.length, calls: 1 };
    expect(told).toEqual([
      [migration, 'undefined'],
      [migration, 'number'],
    ]);
  });

  test('a step that fails leaves the version and the tables before it', () => {
    const database = new DatabaseSync(file());
    expect(() => migrate(database, { steps: ['CREATE TABLE t (a)', 'CREATE TABLE t (a)'] })).toThrow(/already exists/);
    expect(versionOf(database)).toBe(0);
    expect(database.prepare('SELECT name FROM sqlite_master').all()).toEqual([]);
    database.close();
  });

  test('records of a newer version are not touched', () => {
    write(sampleRecord(1));
    writer.close();
    const database = new DatabaseSync(file());
    database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    expect(() => write(sampleRecord(2))).toThrow(NewerRecords);
    expect(() => read()).toThrow(/newer version of tandem/);
  });
});

function counters(more: Partial<StreamSideCounters> = {}): StreamSideCounters {
  return { packets: 1, bytes: 160, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0, ...more };
}
