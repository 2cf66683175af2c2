import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReceivedReport } from '#engine/ports';
import { RecordReader, RecordStore } from './index.ts';
import { mostReports } from './report-rows.ts';
import { sampleRecord } from './sample-record.testing.ts';
import { recordsFile } from './schema.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-reports-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const said = (callId: string, source: string, receivedAt: number): ReceivedReport => ({
  receivedAt,
  source,
  report: {
    kind: 'session',
    ends: true,
    callId,
    local: { lossPercent: 1.5, jitterMs: 4 },
    remote: { roundTripMs: 31 },
  },
});

test('reports come before a record and after it, and are of the legs whose peers sent them', async () => {
  const durable: string[] = [];
  const store = RecordStore.open({
    path: directory,
    onDurable: (calls) => durable.push(...calls),
    onTrouble: () => {},
  });
  const record = sampleRecord(1);
  const [caller, callee] = [record.leg, record.attempts[0]!.leg];
  store.write(said(caller.callId, caller.trunk, 2000));
  store.write(record);
  store.write(said(callee.callId, callee.trunk, 3000));
  // Somebody else says something of the same call.
  store.write(said(caller.callId, 'stranger', 1000));
  for (let i = 0; i < mostReports + 5; i++) store.write(said('flood', caller.trunk, i));
  await store.close();
  expect(durable).toEqual([record.call]);

  const reader = RecordReader.open(directory);
  expect(reader.reports([caller, callee])).toEqual([
    said(caller.callId, caller.trunk, 2000),
    said(callee.callId, callee.trunk, 3000),
  ]);
  expect(reader.reports([{ trunk: caller.trunk, callId: 'flood' }])).toHaveLength(mostReports);
  reader.close();

  const database = new DatabaseSync(recordsFile(directory), { readOnly: true });
  const row = database.prepare('SELECT * FROM reports WHERE sip_call_id = ? AND number = 1').get(callee.callId);
  expect(row).toMatchObject({ kind: 'session', loss_percent: 1.5, jitter_ms: 4, mos_listening: null });
  database.close();
});

test('one that the tables cannot hold is said to be lost, and holds up nothing', async () => {
  const troubles: unknown[] = [];
  const durable: string[] = [];
  const store = RecordStore.open({
    path: directory,
    onDurable: (calls) => durable.push(...calls),
    onTrouble: (problem) => troubles.push(problem),
  });
  const wrong = said('x', 'pbx', 1);
  store.write({ ...wrong, report: { ...wrong.report, kind: 'other' as 'session' } });
  store.write(sampleRecord(2));
  await store.close();
  expect(troubles).toMatchObject([{ kind: 'report-lost', reason: 'rejected' }]);
  expect(durable).toEqual([sampleRecord(2).call]);
});
