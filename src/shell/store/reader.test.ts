import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord } from '#engine/ports';
import { CurrentReader } from './current-reader.ts';
import type { RecordFilter } from './filter.ts';
import { NoRecords, RecordReader } from './reader.ts';
import { toRows } from './rows.ts';
import { sampleRecord } from './sample-record.testing.ts';
import { Writer } from './writer.ts';

let directory: string;
let writer: Writer;
let reader: RecordReader;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-records-'));
  writer = new Writer(directory);
  writer.open();
  reader = RecordReader.open(directory);
});
afterEach(() => {
  reader.close();
  writer.close();
  rmSync(directory, { recursive: true, force: true });
});

const write = (records: CallRecord[]) => writer.write(JSON.stringify(records.map(toRows)));
const numbers = (filter: RecordFilter, limit = 100) =>
  reader.list(filter, limit).map((record) => Number(record.call.slice(1)));

describe('in the order of writing', () => {
  test('from a number on, a page at a time, whenever calls began', () => {
    expect([reader.lastWritten(), reader.writtenAfter(0, 10)]).toEqual([0, { records: [], last: 0 }]);
    write([sampleRecord(3), sampleRecord(1)]);
    write([sampleRecord(2)]);
    const last = reader.lastWritten();
    const first = reader.writtenAfter(0, 2);
    expect(first.records.map(({ call }) => call)).toEqual([3, 1].map((n) => sampleRecord(n).call));
    expect(reader.writtenAfter(first.last, 2)).toEqual({ records: [sampleRecord(2)], last });
    expect(reader.writtenAfter(last, 2)).toEqual({ records: [], last });
  });
});

test('who reads for long is not shown a file that was moved away, nor parts of two', () => {
  const records = new CurrentReader(() => directory);
  write([sampleRecord(1)]);
  const before = records.get()!;
  expect(records.get()).toBe(before);
  renameSync(join(directory, 'records.sqlite'), join(directory, 'old.sqlite'));
  expect(records.get()).toBeUndefined();
  write([sampleRecord(2)]);
  const shown = records.get()!;
  expect(shown.list({}, 9)).toEqual([sampleRecord(2)]);
  expect(records.get()).toBe(shown);
  expect(() => before.lastWritten()).toThrow('not open');
  records.close();
});

describe('list', () => {
  test('newest first, as many as asked, while the writer is at work', () => {
    write([sampleRecord(2), sampleRecord(1), sampleRecord(3)]);
    expect(numbers({}, 2)).toEqual([3, 2]);
    write([sampleRecord(4)]);
    expect(numbers({})).toEqual([4, 3, 2, 1]);
  });

  test('since is included, until is not', () => {
    write([1, 2, 3, 4].map((n) => sampleRecord(n)));
    expect(numbers({ since: sampleRecord(2).startedAt, until: sampleRecord(4).startedAt })).toEqual([3, 2]);
  });

  test('a trunk that the call came from or was offered to', () => {
    const elsewhere = sampleRecord(2, { attempts: [] });
    write([sampleRecord(1), elsewhere, sampleRecord(3, { leg: { ...elsewhere.leg, trunk: 'itsp' } })]);
    expect(numbers({ trunk: 'itsp' })).toEqual([3, 1]);
    expect(numbers({ trunk: 'pbx' })).toEqual([2, 1]);
    expect(numbers({ trunk: 'its' })).toEqual([]);
  });

  test('a number as received or as sent, whole or with stars; the signs of LIKE stand for themselves', () => {
    write([
      sampleRecord(1, { caller: '100%', attempts: [] }),
      sampleRecord(2, { caller: '1005', called: '77', attempts: [] }),
      sampleRecord(3, { caller: '300', called: '400' }),
    ]);
    expect(numbers({ number: '77' })).toEqual([2]);
    expect(numbers({ number: '7' })).toEqual([]);
    expect(numbers({ number: '100%' })).toEqual([1]);
    expect(numbers({ number: '*100%' })).toEqual([1]);
    expect(numbers({ number: '100*' })).toEqual([2, 1]);
    // As sent to the trunk.
    expect(numbers({ number: '+4930555*' })).toEqual([3]);
  });

  test('by reason, and failures: what no party chose', () => {
    write([
      sampleRecord(1),
      sampleRecord(2, { end: { by: 'callee', reason: 'busy' } }),
      sampleRecord(3, { end: { by: 'tandem', reason: 'unreachable' } }),
      sampleRecord(4, { end: { by: 'caller', reason: 'cancelled' } }),
      sampleRecord(5, { end: { by: 'tandem', reason: 'media-lost' } }),
    ]);
    expect(numbers({ reason: 'busy' })).toEqual([2]);
    expect(numbers({ failed: true })).toEqual([5, 3]);
    expect(numbers({ failed: true, reason: 'media-lost' })).toEqual([5]);
  });
});

describe('each', () => {
  test('oldest first across pages, also when many began in the same millisecond', () => {
    const records = Array.from({ length: 1700 }, (_, n) =>
      sampleRecord(n, { startedAt: 1_700_000_000_000 + Math.floor(n / 900) }),
    );
    write(records);
    expect([...reader.each({})].map((record) => record.call)).toEqual(records.map((record) => record.call));
    expect(reader.list({}, 1700).map((record) => record.call)).toEqual(records.map((record) => record.call).reverse());
  });

  test('between pages no transaction is open: the writer can empty its log', () => {
    write(Array.from({ length: 1200 }, (_, n) => sampleRecord(n)));
    const walk = reader.each({});
    for (let n = 0; n < 700; n++) walk.next();
    expect(writer.connection!.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
    expect([...walk]).toHaveLength(500);
  });

  test('the order comes from the index, nothing is sorted or read besides', () => {
    for (const order of ['ASC', 'DESC']) {
      const plan = writer
        .connection!.prepare(
          `EXPLAIN QUERY PLAN SELECT * FROM calls INDEXED BY calls_by_time WHERE started_at >= 5
           AND (started_at, id) > (7, 1) ORDER BY started_at ${order}, id ${order} LIMIT 9`,
        )
        .all() as { detail: string }[];
      expect(plan.map((step) => step.detail).join()).toMatch(/^SEARCH calls USING INDEX calls_by_time \(/);
    }
  });
});

describe('find', () => {
  test('an exact id stands alone, a prefix gives all that begin with it', () => {
    write([sampleRecord(1, { call: 'ab' }), sampleRecord(2, { call: 'abc' }), sampleRecord(3, { call: 'b' })]);
    const found = (prefix: string) => reader.find(prefix, 5).map((record) => record.call);
    expect(found('ab')).toEqual(['ab']);
    expect(found('a')).toEqual(['ab', 'abc']);
    expect(found('abc')).toEqual(['abc']);
    expect(found('c')).toEqual([]);
    expect(reader.find('a', 1)).toHaveLength(1);
  });
});

describe('where no records can be read', () => {
  const opening = (name: string) => () => RecordReader.open(join(directory, name));

  test('each case says which', () => {
    expect(opening('none')).toThrow(NoRecords);
    expect(opening('none')).toThrow(`no records at ${join(directory, 'none/records.sqlite')}`);
    for (const [name, content] of [
      ['empty', ''],
      ['other', 'no database at all'.repeat(100)],
    ] as const) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'records.sqlite'), content);
    }
    expect(opening('empty')).toThrow(/not set up yet/);
    expect(opening('other')).toThrow(/cannot be read: file is not a database/);
    mkdirSync(join(directory, 'newer'));
    const newer = new DatabaseSync(join(directory, 'newer/records.sqlite'));
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(opening('newer')).toThrow(/newer version/);
  });
});
