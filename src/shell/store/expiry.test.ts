import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord, ReceivedReport } from '#engine/ports';
import { callsAtOnce } from './expiry.ts';
import { RecordReader, RecordStore } from './index.ts';
import { toReportRow } from './report-rows.ts';
import { toRows } from './rows.ts';
import { sampleRecord } from './sample-record.testing.ts';
import { recordsFile } from './schema.ts';
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

const hour = 3_600_000;
/** `sampleRecord` counts from here. */
const began = 1_700_000_000_000;
const measured = {
  stream: 0,
  media: 'audio',
  a: { packets: 1, bytes: 1, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0 },
  b: { packets: 1, bytes: 1, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0 },
};

/** A call that began then, a minute long. */
const at = (n: number, startedAt: number, change: Partial<CallRecord> = {}): CallRecord => {
  const times = { startedAt, ringingAt: startedAt + 1, answeredAt: startedAt + 2, endedAt: startedAt + 60_000 };
  const record = sampleRecord(n, { ...times, media: [measured], ...change });
  return { ...record, attempts: record.attempts.map((one) => ({ ...one, ...times })) };
};
const report = (callId: string, receivedAt: number): ReceivedReport => ({
  receivedAt,
  source: 'pbx',
  report: { kind: 'session', callId, local: {} } as unknown as ReceivedReport['report'],
});
const write = (...records: (CallRecord | ReceivedReport)[]) =>
  writer.write(JSON.stringify(records.map((one) => ('report' in one ? toReportRow(one) : toRows(one)))));
const rows = (table: string) => {
  const database = new DatabaseSync(recordsFile(directory), { readOnly: true });
  const { n } = database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number };
  database.close();
  return n;
};
const left = async (filter = {}) => {
  const reader = RecordReader.open(directory);
  try {
    const { records, total } = await reader.page(filter, { limit: 100 });
    return { calls: records.map(({ call }) => call), total: total?.calls };
  } finally {
    reader.close();
  }
};

describe('records that are not to be kept any longer', () => {
  test('go with all that hangs on them, and the others stay whole', async () => {
    const [old, young] = [at(1, began, { caller: '0049301' }), at(2, began + 5 * hour, { caller: '0049302' })];
    write(old, young, report('a-1@192.0.2.1', began + 9 * hour), report('a-2@192.0.2.1', began + 9 * hour));
    expect(writer.expire({ before: began + hour })).toEqual({ calls: 1, more: false });
    expect(await left()).toEqual({ calls: ['c000002'], total: 1 });
    expect(await left({ number: '0049301' })).toEqual({ calls: [], total: 0 });
    expect(await left({ number: '0049302' })).toEqual({ calls: ['c000002'], total: 1 });
    // The attempt's own caller is a number of both calls.
    expect([rows('attempts'), rows('media'), rows('reports'), rows('numbers')]).toEqual([1, 2, 1, 3]);
    const reader = RecordReader.open(directory);
    expect([...reader.each({})]).toEqual([young]);
    reader.close();
    expect(writer.expire({ before: began + hour })).toEqual({ calls: 0, more: false });
  });

  test('are overwritten in the file', () => {
    const secret = '+4930987654321';
    write(at(1, began, { called: secret }), at(2, began + 5 * hour));
    expect(writer.expire({ before: began + hour })).toMatchObject({ calls: 1 });
    writer.connection!.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(readFileSync(recordsFile(directory)).includes(secret)).toBe(false);
  });

  test('go by when they were over, and the last of all stays, so that its number is given to no other', async () => {
    write(at(1, began, { endedAt: began + 3 * hour }), at(2, began + hour / 2), at(3, began));
    expect(writer.expire({ before: began + 2 * hour })).toEqual({ calls: 1, more: false });
    expect((await left()).calls).toEqual(['c000003', 'c000001']);
    expect(writer.expire({ before: began + 100 * hour })).toEqual({ calls: 1, more: false });
    expect((await left()).calls).toEqual(['c000003']);
    write(at(4, began + 200 * hour));
    const reader = RecordReader.open(directory);
    expect(reader.lastWritten()).toBe(4);
    reader.close();
  });

  test('stay where the clock may be wrong, as long as no record shows that it is right', async () => {
    write(at(1, began), at(2, began + hour), report('stranger', began), at(3, began + 200 * hour));
    const year = 8_760 * hour;
    const wrong = { before: began + year, unproven: { since: began + year, until: began + 2 * year } };
    expect(writer.expire(wrong)).toBe('doubtful');
    expect((await left()).calls).toEqual(['c000003', 'c000002', 'c000001']);
    const right = { before: began + 2 * hour, unproven: { since: began + 150 * hour, until: began + 250 * hour } };
    expect(writer.expire(right)).toEqual({ calls: 2, more: false });
    // The last stays in any case; a report goes by the clock as well.
    write(report('stranger', began));
    expect(writer.expire(wrong)).toEqual({ calls: 0, more: false });
    expect(rows('reports')).toBe(1);
  });

  test('are in no total, and what the hour of some of them had is told as about so many', async () => {
    write(...[1, 2, 3].map((n) => at(n, began + n)), at(4, began + 600_000, { end: { by: 'callee', reason: 'busy' } }));
    const total = async (filter = {}) => {
      const reader = RecordReader.open(directory);
      try {
        return (await reader.page(filter, { limit: 1 })).total;
      } finally {
        reader.close();
      }
    };
    expect(await total()).toEqual({ calls: 4, estimated: false });
    expect(await total({ reason: 'busy' })).toEqual({ calls: 1, estimated: false });
    expect(writer.expire({ before: began + 120_000 })).toEqual({ calls: 3, more: false });
    expect(await total()).toEqual({ calls: 1, estimated: true });
    expect(await total({ failed: false })).toMatchObject({ estimated: true });
    write(at(5, began + 10 * hour));
    expect(writer.expire({ before: began + 5 * hour })).toEqual({ calls: 1, more: false });
    expect(await total()).toEqual({ calls: 1, estimated: false });
  });

  test('go a part at a time; sums go with the last of their hour', async () => {
    const many = Array.from({ length: callsAtOnce + 7 }, (_, n) => at(n, began + n));
    write(...many, at(9_000, began + 5 * hour));
    expect(writer.expire({ before: began + 2 * hour })).toEqual({ calls: callsAtOnce, more: true });
    expect((await left()).calls).toHaveLength(8);
    expect(writer.expire({ before: began + 2 * hour })).toEqual({ calls: 7, more: false });
    expect(await left()).toEqual({ calls: ['c009000'], total: 1 });
    expect(rows('numbers')).toBe(3);
  });

  test('so do reports on calls of which nobody knows', () => {
    write(at(1, began), at(2, began + 5 * hour));
    for (let n = 0; n < callsAtOnce + 1; n++) write(report(`stranger-${n}`, began));
    write(report('stranger', began + 5 * hour));
    expect(writer.expire({ before: began + hour })).toEqual({ calls: 1, more: true });
    expect(writer.expire({ before: began + hour })).toEqual({ calls: 0, more: false });
    expect(rows('reports')).toBe(1);
  });
});

test('the store lets them go by itself, while others are written, and stops when it is told to', async () => {
  const now = Date.now();
  const old = Array.from({ length: 3 * callsAtOnce }, (_, n) => at(n, now - 48 * hour + n));
  for (let n = 0; n < old.length; n += 250) write(...old.slice(n, n + 250));
  const told: number[] = [];
  const heard = new EventTarget();
  const once = (name: string) => new Promise((resolve) => heard.addEventListener(name, resolve, { once: true }));
  const store = RecordStore.open({
    path: directory,
    window: 1,
    expiryPause: 20,
    onDurable: () => void heard.dispatchEvent(new Event('durable')),
    onTrouble: (problem) => expect.fail(JSON.stringify(problem)),
    onExpired: (calls) => {
      told.push(calls);
      heard.dispatchEvent(new Event('expired'));
    },
  });
  const expired = once('expired');
  store.keep(24 * hour);
  const written = once('durable');
  store.write(at(9_000, now));
  await written;
  await expired;
  // The one that was the last when it began may have had to wait for another.
  while (told.reduce((a, b) => a + b) < old.length) await once('expired');
  expect((await left()).calls).toEqual(['c009000']);
  store.keep(undefined);
  write(at(1, now - 48 * hour), at(2, now));
  await new Promise((later) => setTimeout(later, 100));
  expect((await left()).calls).toEqual(['c000002', 'c009000', 'c000001']);
  await store.close();
});
