import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordReader, RecordStore, type RecordStoreOptions, recordedAmong, type StoreTrouble } from './index.ts';
import { sampleRecord } from './sample-record.testing.ts';
import { migrate, migrations, recordsFile } from './schema.ts';

let directory: string;
let stores: RecordStore[];
let durable: string[];
let troubles: StoreTrouble[];
let heard: (() => void)[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-records-'));
  stores = [];
  durable = [];
  troubles = [];
  heard = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(options: Partial<RecordStoreOptions> = {}): RecordStore {
  const note = () => {
    for (const wake of heard.splice(0)) wake();
  };
  const store = RecordStore.open({
    path: directory,
    window: 1,
    grace: 0,
    onDurable: (calls) => {
      durable.push(...calls);
      note();
    },
    onTrouble: (problem) => {
      troubles.push(problem);
      note();
    },
    ...options,
  });
  stores.push(store);
  return store;
}

/** Waits for what the store says, not for time. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => heard.push(resolve));
}

function recorded(): string[] {
  const reader = RecordReader.open(directory);
  try {
    return [...reader.each({})].map((record) => record.call);
  } finally {
    reader.close();
  }
}

const calls = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => sampleRecord(from + n)).map((record) => record.call);

describe('the record store', () => {
  test('says durable only what another process can read, in order', async () => {
    const store = open({
      onDurable: (some) => {
        const there = new Set(recorded());
        expect(some.filter((call) => !there.has(call))).toEqual([]);
        durable.push(...some);
        for (const wake of heard.splice(0)) wake();
      },
    });
    for (let n = 0; n < 700; n++) store.write(sampleRecord(n));
    expect(store.pending).toBe(700);
    await until(() => durable.length === 700);
    expect(store.pending).toBe(0);
    expect(durable).toEqual(calls(0, 700));
    expect(troubles).toEqual([]);
  });

  test('close writes what is pending first; what comes after it is lost aloud', async () => {
    const store = open({ window: 60_000 });
    for (let n = 0; n < 300; n++) store.write(sampleRecord(n));
    const closing = store.close();
    store.write(sampleRecord(999));
    await closing;
    await store.close();
    expect(durable).toEqual(calls(0, 300));
    expect(recorded()).toEqual(calls(0, 300));
    expect(troubles).toEqual([
      { kind: 'lost', reason: 'closed', detail: 'the store is closed', record: sampleRecord(999) },
    ]);
  });

  test('a locked file: told once, kept, written when the lock falls, told again', async () => {
    const store = open();
    store.write(sampleRecord(0));
    await until(() => durable.length === 1);
    const other = new DatabaseSync(join(directory, 'records.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    store.write(sampleRecord(1));
    await until(() => troubles.length === 1);
    store.write(sampleRecord(2));
    expect(troubles[0]).toEqual({ kind: 'unwritable', detail: 'database is locked', pending: 1 });
    expect(durable).toHaveLength(1);
    other.exec('ROLLBACK');
    other.close();
    await until(() => durable.length === 3);
    expect(troubles.slice(1)).toEqual([{ kind: 'recovered', pending: 1 }]);
    expect(recorded()).toEqual(calls(0, 3));
  });

  test('a directory that cannot be used is told at once, and used when it can be', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'a file where the directory should be');
    const store = open();
    await until(() => troubles.length === 1);
    expect(troubles[0]).toMatchObject({ kind: 'unwritable', pending: 0 });
    store.write(sampleRecord(0));
    rmSync(directory);
    await until(() => durable.length === 1);
    expect(troubles.at(-1)).toMatchObject({ kind: 'recovered' });
  });

  test('too many waiting: the newest are lost aloud, the others are written', async () => {
    const store = open({ limit: 10 });
    for (let n = 0; n < 12; n++) store.write(sampleRecord(n));
    expect(troubles.map((t) => t.kind === 'lost' && [t.reason, t.record.call])).toEqual([
      ['full', 'c000010'],
      ['full', 'c000011'],
    ]);
    await until(() => durable.length === 10);
    expect(recorded()).toEqual(calls(0, 10));
  });

  test('a record that cannot be written is lost aloud and holds nobody up', async () => {
    const store = open();
    const bad = sampleRecord(1, { talkMs: Number.NaN });
    for (const record of [sampleRecord(0), bad, sampleRecord(2)]) store.write(record);
    await until(() => durable.length === 2);
    expect(durable).toEqual(['c000000', 'c000002']);
    expect(troubles).toMatchObject([{ kind: 'lost', reason: 'rejected', record: { call: 'c000001' } }]);
  });

  test('closing under trouble ends, and names every record that it could not save', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'a file where the directory should be');
    const store = open();
    for (let n = 0; n < 3; n++) store.write(sampleRecord(n));
    await store.close();
    expect(troubles.filter((t) => t.kind === 'lost').map((t) => t.record.call)).toEqual(calls(0, 3));
    rmSync(directory);
    mkdirSync(directory);
  });

  test('which calls have a record already is known before any store is open', async () => {
    expect(recordedAmong(directory, ['c000001'])).toEqual(new Set());
    const store = open();
    store.write(sampleRecord(1));
    await store.close();
    expect(recordedAmong(directory, ['c000000', 'c000001'])).toEqual(new Set(['c000001']));
  });
});

describe('kill -9', () => {
  test('everything that was acknowledged is there, and nothing twice', async () => {
    const program = `
      import { RecordStore } from '#shell/store';
      import { sampleRecord } from ${JSON.stringify(join(import.meta.dirname, 'sample-record.testing.ts'))};
      const store = RecordStore.open({
        path: process.argv[1], window: 5,
        onTrouble: (problem) => { console.error(problem); process.exit(1); },
        onDurable: (calls) => console.log(calls.join(' ')),
      });
      let n = Number(process.argv[2]);
      setInterval(() => { for (let k = 0; k < 40; k++) store.write(sampleRecord(n++)); }, 2);
    `;
    const acknowledged = new Set<string>();
    // The second life begins among the calls of the first: what a restart would record again.
    for (const [from, enough] of [
      [0, 400],
      [200, 1200],
    ] as const) {
      const child = spawn(
        process.execPath,
        ['--conditions=source', '--input-type=module', '-e', program, directory, String(from)],
        { cwd: join(import.meta.dirname, '../../..'), stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const exit = once(child, 'exit');
      for await (const line of createInterface({ input: child.stdout })) {
        for (const call of line.split(' ')) acknowledged.add(call);
        if (acknowledged.size >= enough) child.kill('SIGKILL');
      }
      await exit;
    }
    const there = recorded();
    expect(new Set(there).size).toBe(there.length);
    const found = new Set(there);
    expect([...acknowledged].filter((call) => !found.has(call))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThanOrEqual(1200);
  });
});

test('tables of an older version are brought to this one by a thread that stands back, and records written by one that does not', async () => {
  const database = new DatabaseSync(recordsFile(directory));
  migrate(database, { steps: migrations.slice(0, 5) });
  database.exec(`INSERT INTO calls (call, started_at, ended_at, talk_ms, trunk, remote, sip_call_id, local_tag, remote_tag, caller, called, end_by,
    end_reason, decisions) VALUES ('c', 1, 1, 0, 't', 'r', 'i', 'l', 'r', 'a', 'b', 'caller', 'hangup', '[]')`);
  database.close();
  const told: unknown[] = [];
  const store = open({ onMigration: (_migration, tookMs) => told.push(typeof tookMs) });
  // While it is at it: this batch is with it, and has to be with the next.
  store.write(sampleRecord(1));
  await until(() => durable.length === 1);
  store.write(sampleRecord(2));
  await until(() => durable.length === 2);
  expect(told).toEqual(['undefined', 'number']);
  expect(troubles).toEqual([]);
  expect(recorded()).toHaveLength(3);
  if (process.platform !== 'linux') return;
  const niceness = (thread: string) =>
    Number(readFileSync(`/proc/self/task/${thread}/stat`, 'latin1').split(') ')[1]!.split(' ')[16]);
  expect(readdirSync('/proc/self/task').filter((thread) => niceness(thread) === 10)).toEqual([]);
});
