/**
 * Prints what it costs to let records go (`records.keep`): how long a part takes for which new records wait, how far the log grows meanwhile,
 * and whether new records take longer since what is deleted is overwritten. Fills a file first, as the running program writes it.
 *
 *   node --conditions=source scripts/bench-expiry.ts [calls, 1,000,000 unless given [calls that go, 100,000 unless given]]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '#engine/ports';
import { callsAtOnce } from '../src/shell/store/expiry.ts';
import { toRows } from '../src/shell/store/rows.ts';
import { recordsFile } from '../src/shell/store/schema.ts';
import { Writer } from '../src/shell/store/writer.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const going = Number(process.argv[3] ?? 100_000);
const batch = 250;
const directory = mkdtempSync(join(tmpdir(), 'tandem-expiry-'));
const began = Date.UTC(2026, 0, 1);
const writer = new Writer(directory);

const counters = (packets: number) => ({
  ...{ packets, bytes: packets * 160, lost: 1, jitterMs: 2.5, payloadType: 8, rtcpPackets: 12, dropped: 0 },
  source: { host: '198.51.100.1', port: 4_000 },
});

/** A second after the one before, answered, with media of both sides; numbers look thrown. */
function record(n: number): CallRecord {
  const thrown = (salt: number, below: number) => ((n * 2_654_435_761 + salt * 40_503) % 4_294_967_291) % below;
  const startedAt = began + n * 1_000;
  const talkMs = thrown(1, 400_000);
  const times = { startedAt, ringingAt: startedAt + 300, answeredAt: startedAt + 4_000 };
  const over = { ...times, endedAt: startedAt + 4_000 + talkMs, end: { by: 'caller', reason: 'hangup' } as const };
  const id = n.toString(16).padStart(32, '0');
  const [caller, called] = [`+4930${1_000_000 + thrown(2, 20_000)}`, `+49${1_500_000_000 + thrown(3, 5_000_000) * 97}`];
  const leg = (trunk: string, remote: string) => ({
    ...{ trunk, remote, callId: `${trunk}-${id}`, localTag: `l${id.slice(-8)}`, remoteTag: `r${id.slice(-8)}` },
  });
  return {
    ...{ call: id, leg: leg('pbx', 'udp 192.0.2.1:5060'), caller, called, route: 'out', talkMs, ...over },
    decisions: [{ rule: 'out', outcome: 'matches: itsp' }],
    attempts: [{ leg: leg('itsp', 'udp 203.0.113.10:5060'), caller, called, ...over }],
    media: [{ stream: 0, media: 'audio', a: counters(talkMs >> 4), b: counters(talkMs >> 4) }],
  };
}

let written = 0;
function write(): number {
  const rows = JSON.stringify(Array.from({ length: batch }, () => toRows(record(written++))));
  return timed(() => {
    if (writer.write(rows).length > 0) throw new Error('a record is refused');
  });
}

function timed(act: () => unknown): number {
  const before = performance.now();
  act();
  return performance.now() - before;
}

function tell(what: string, ms: readonly number[], more = ''): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  console.log(`${what.padEnd(52)} ${at(0.5)} ms, 99 % within ${at(0.99)}, most ${at(1)}  ${more}`);
}

const size = (suffix = '') => statSync(`${recordsFile(directory)}${suffix}`, { throwIfNoEntry: false })?.size ?? 0;
const megabytes = (octets: number) => `${(octets / 1e6).toFixed(1)} MB`;

try {
  writer.open();
  const database = writer.connection!;
  database.exec('PRAGMA synchronous = OFF');
  const filling = timed(() => {
    while (written < count) write();
  });
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = FULL');
  console.log(`${count.toLocaleString('en')} calls written in ${(filling / 1_000).toFixed(0)} s, ${megabytes(size())}`);

  const batches: Record<'ON' | 'OFF', number[]> = { ON: [], OFF: [] };
  for (let turn = 0; turn < 12; turn++)
    for (const mode of turn % 2 ? (['ON', 'OFF'] as const) : (['OFF', 'ON'] as const)) {
      database.exec(`PRAGMA secure_delete = ${mode}`);
      for (let n = 0; n < 20; n++) batches[mode].push(write());
    }
  tell(`a batch of ${batch} new records`, batches.OFF);
  tell('the same where what is deleted is overwritten', batches.ON);
  database.exec('PRAGMA secure_delete = ON');

  const passes: number[] = [];
  const besides: number[] = [];
  let gone = 0;
  let log = 0;
  for (;;) {
    let passed: ReturnType<Writer['expire']> | undefined;
    passes.push(
      timed(() => {
        passed = writer.expire({ before: began + going * 1_000 });
      }),
    );
    if (passed === undefined || passed === 'doubtful') throw new Error('nothing is let go');
    gone += passed.calls;
    log = Math.max(log, size('-wal'));
    if (!passed.more) break;
    if (passes.length % 4 === 0) besides.push(write());
  }
  const all = passes.reduce((sum, ms) => sum + ms, 0) / 1_000;
  tell(`${callsAtOnce} calls let go`, passes, `${gone.toLocaleString('en')} in ${all.toFixed(1)} s`);
  tell(`a batch of ${batch} new records meanwhile`, besides);
  console.log(`the log, at most: ${megabytes(log)}; the file: ${megabytes(size())}`);
} finally {
  writer.close();
  rmSync(directory, { recursive: true, force: true });
}
