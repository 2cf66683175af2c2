/**
 * Prints how long the console's questions to the records take: pages, searches and statistics over many calls. Makes them first, as a version
 * before the sums would have left them, and says how long the step to them takes.
 *
 *   node --conditions=source scripts/bench-console.ts [calls, 10,000,000 unless given [directory, kept when given]]
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RecordReader } from '#shell/store';
import { createFile, migrate, migrations } from '../src/shell/store/schema.ts';

const count = Number(process.argv[2] ?? 10_000_000);
const kept = process.argv[3];
const directory = kept ?? mkdtempSync(join(tmpdir(), 'tandem-console-'));
const year = 365 * 86_400_000;
const start = Date.UTC(2026, 0, 1);
const step = Math.floor(year / count);

/** Milliseconds, and what came. */
async function timed<T>(act: () => T | Promise<T>): Promise<[ms: number, result: T]> {
  const began = performance.now();
  const result = await act();
  return [performance.now() - began, result];
}

function tell(what: string, ms: number, more = ''): void {
  console.log(`${what.padEnd(72)} ${ms.toFixed(ms < 10 ? 1 : 0).padStart(8)} ms  ${more}`);
}

/** A number that looks thrown: the same for the same n. */
const thrown = (salt: number, below: number) => `((n * 2654435761 + ${salt} * 40503) % 4294967291 % ${below})`;
const reason = `CASE WHEN n % 100000 = 7 THEN 'no-media-ports' ELSE
  (CASE ${thrown(1, 100)} / 5 WHEN 0 THEN 'busy' WHEN 1 THEN 'no-answer' WHEN 2 THEN 'no-answer' WHEN 3 THEN 'cancelled'
   WHEN 4 THEN 'rejected' ELSE 'hangup' END) END`;

function fill(): void {
  const path = createFile(directory);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  migrate(database, { steps: migrations.slice(0, 5) });
  const chunk = 500_000;
  for (let from = 1; from <= count; from += chunk) {
    const numbers = `WITH RECURSIVE s(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM s WHERE n < ${Math.min(count, from + chunk - 1)})`;
    const basics = `${start} + n * ${step} AS t, ${reason} AS r,
      CASE WHEN n % 200000 = 11 THEN 'rare' WHEN n % 3 = 0 THEN 'itsp-a' ELSE 'pbx' END AS source,
      CASE WHEN n % 3 = 0 THEN 'pbx' WHEN n % 7 = 1 THEN 'itsp-b' ELSE 'itsp-a' END AS target,
      '+4930' || (1000000 + ${thrown(2, 20_000)}) AS inner, '+49' || (1500000000 + ${thrown(3, 5_000_000)} * 97) AS outer`;
    database.exec(`BEGIN; ${numbers} INSERT INTO calls (id, call, started_at, ringing_at, answered_at, ended_at, talk_ms, trunk, remote,
        sip_call_id, local_tag, remote_tag, caller, called, route, end_by, end_reason, end_status, end_phrase, media_streams, decisions, site)
      SELECT n, printf('%016x', n), t, CASE WHEN r = 'rejected' THEN NULL ELSE t + 300 + ${thrown(4, 4000)} END,
        CASE WHEN r = 'hangup' THEN t + 9000 END, t + 9000 + CASE WHEN r = 'hangup' THEN ${thrown(5, 400_000)} ELSE 0 END,
        CASE WHEN r = 'hangup' THEN ${thrown(5, 400_000)} ELSE 0 END, source, 'udp 192.0.2.1:5060', 'call-' || n || '@192.0.2.1', 'l' || n, 'r' || n,
        CASE WHEN n % 3 = 0 THEN outer ELSE inner END, CASE WHEN n % 3 = 0 THEN inner ELSE outer END, 'out', 'caller', r, 200, 'OK', NULL,
        '[{"rule":"out","outcome":"matches: itsp-a"}]', CASE WHEN n % 500000 = 3 THEN 'lima' ELSE 'berlin' END
      FROM (SELECT n, ${basics} FROM s);
      ${numbers} INSERT INTO attempts (calls_id, attempt, started_at, ringing_at, answered_at, ended_at, trunk, remote, sip_call_id, local_tag,
        remote_tag, caller, called, end_by, end_reason, end_status)
      SELECT n, 1, t + 20, CASE WHEN r = 'rejected' THEN NULL ELSE t + 300 + ${thrown(4, 4000)} END, CASE WHEN r = 'hangup' THEN t + 9000 END, t + 9000,
        target, 'udp 203.0.113.10:5060', 'b-' || n, 'l' || n, 'r' || n, CASE WHEN n % 3 = 0 THEN outer ELSE inner END,
        CASE WHEN n % 3 = 0 THEN inner ELSE outer END, 'caller', r, 200
      FROM (SELECT n, ${basics} FROM s); COMMIT`);
  }
  database.close();
}

async function step6(): Promise<void> {
  const path = join(directory, 'records.sqlite');
  const before = statSync(path).size;
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const [ms] = await timed(() => migrate(database));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  const grown = (statSync(path).size - before) / 1e6;
  tell('the step to numbers, hours and delays', ms, `${(before / 1e6).toFixed(0)} MB and ${grown.toFixed(0)} MB more`);
}

async function ask(): Promise<void> {
  const reader = RecordReader.open(directory);
  const end = start + year;
  const page = async (what: string, filter: Parameters<RecordReader['page']>[0], more: object = {}) => {
    const [ms, found] = await timed(() => reader.page(filter, { limit: 100, ...more }));
    tell(what, ms, `${found.records.length} of ${found.total?.calls ?? '?'}${found.complete ? '' : ', cut'}`);
    return found;
  };
  const newest = await page('the newest 100', {});
  await page('the next 100', {}, { older: newest.older });
  await page('100 of the middle of the year', { until: start + year / 2 });
  await page('failed ones', { failed: true });
  await page('by trunk', { trunk: 'itsp-b' });
  await page('by a trunk that few calls came by', { trunk: 'rare' });
  await page('by a reason that is rare', { reason: 'no-media-ports' });
  await page('by a number (of a customer)', { number: newest.records[0]!.called });
  await page('by a number (of ours)', { number: '+49301000007'.slice(0, 12) });
  await page('by the beginning of a number', { number: '+491712*' });
  await page('by a beginning that most have', { number: '+49*' });
  await page('by the end of a number', { number: '*0815' });
  await page('by a number that nobody has', { number: '+4999999999999' });
  await page('by an end that no number has', { number: '*x' });
  await page('by a site that few calls came from', { site: 'lima' });
  const sums = async (what: string, question: Parameters<RecordReader['statistics']>[0]) => {
    const [ms, found] = await timed(() => reader.statistics(question));
    tell(
      what,
      ms,
      `${found.total.calls} calls in ${found.series.length} steps, half rang within ${found.total.delays?.p50?.toFixed(0)} ms`,
    );
  };
  await sums('statistics of the year, by day', { since: start, until: end, interval: 86_400_000 });
  await sums('statistics of the year, by hour', { since: start, until: end, interval: 3_600_000 });
  await sums('statistics of the year of one trunk, by day', {
    since: start,
    until: end,
    interval: 86_400_000,
    trunks: ['itsp-a'],
  });
  await sums('statistics of a week, by hour', { since: end - 7 * 86_400_000, until: end, interval: 3_600_000 });
  await sums('statistics of a day, by 5 minutes', {
    since: end - 2 * 86_400_000,
    until: end - 86_400_000,
    interval: 300_000,
  });
  const [ms] = await timed(() => reader.find(newest.records[0]!.call, 1));
  tell('one record', ms);
  reader.close();
}

try {
  if (!existsSync(join(directory, 'records.sqlite'))) {
    const [ms] = await timed(fill);
    tell(`${count.toLocaleString('en')} calls made`, ms);
    await step6();
  }
  await ask();
  console.log('again, warm:');
  await ask();
} finally {
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
}
