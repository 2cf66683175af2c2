import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallRecord, type EndReason, partiesOwnEnds } from '#engine/ports';
import type { RecordFilter } from './filter.ts';
import { RecordReader } from './reader.ts';
import { toRows } from './rows.ts';
import { sampleRecord } from './sample-record.testing.ts';
import { migrate, migrations } from './schema.ts';
import type { RecordPlace } from './search.ts';
import { Writer } from './writer.ts';

let directory: string;
let writer: Writer;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-search-'));
  writer = new Writer(directory);
  writer.open();
});
afterEach(() => {
  writer.close();
  rmSync(directory, { recursive: true, force: true });
});

const base = 1_700_000_000_000;
const hour = 3_600_000;
const write = (records: readonly CallRecord[]) => writer.write(JSON.stringify(records.map(toRows)));
const reading = async <T>(act: (reader: RecordReader) => T | Promise<T>): Promise<T> => {
  const reader = RecordReader.open(directory);
  try {
    return await act(reader);
  } finally {
    reader.close();
  }
};

function record(
  n: number,
  { at = n, trunk = 'pbx', to = 'itsp', reason = 'hangup' as EndReason, called = '77', more = {} } = {},
): CallRecord {
  const { leg, attempts } = sampleRecord(n);
  const startedAt = base + at * 60_000;
  const end = { by: 'callee', reason } as const;
  const { answeredAt: _, ...rest } = sampleRecord(n, { startedAt, called, end, leg: { ...leg, trunk }, ...more });
  const answered = reason === 'hangup' ? { answeredAt: startedAt + 3_000 } : {};
  const { answeredAt: __, ...attempt } = attempts[0]!;
  return {
    ...rest,
    ...answered,
    talkMs: reason === 'hangup' ? 60_000 : 0,
    ringingAt: startedAt + 1_000,
    attempts: [
      {
        ...attempt,
        ...answered,
        startedAt,
        ringingAt: startedAt + 1_000,
        leg: { ...attempt.leg, trunk: to },
        end,
        called,
      },
    ],
  };
}

const numberOf = (one: CallRecord) => Number(one.call.slice(1));

describe('pages', () => {
  const any = fc.record({
    at: fc.nat(400),
    trunk: fc.constantFrom('pbx', 'rare'),
    to: fc.constantFrom('itsp', 'gw'),
    reason: fc.constantFrom<EndReason>('hangup', 'busy', 'unreachable'),
    called: fc.constantFrom('77', '78', '1234'),
  });
  const filters = fc.record(
    {
      since: fc.nat(400).map((at) => base + at * 60_000),
      until: fc.nat(400).map((at) => base + at * 60_000),
      trunk: fc.constantFrom('pbx', 'gw', 'rare', 'none'),
      number: fc.constantFrom('77', '7*', '*4', '99', '*'),
      reason: fc.constantFrom<EndReason>('hangup', 'unreachable'),
      failed: fc.boolean(),
      answered: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const fits = (
    one: CallRecord,
    { since = 0, until = Number.MAX_VALUE, trunk, number, reason, failed, answered }: RecordFilter,
  ) => {
    const pattern = number && new RegExp(`^${number.replaceAll('*', '.*')}$`);
    const numbers = [one.caller, one.called, ...one.attempts.flatMap((each) => [each.caller, each.called])];
    return (
      one.startedAt >= since &&
      one.startedAt < until &&
      (trunk === undefined || one.leg.trunk === trunk || one.attempts.some(({ leg }) => leg.trunk === trunk)) &&
      (!pattern || numbers.some((each) => pattern.test(each))) &&
      (reason === undefined || one.end.reason === reason) &&
      (failed === undefined || partiesOwnEnds.has(one.end.reason) !== failed) &&
      (answered === undefined || (one.answeredAt !== undefined) === answered)
    );
  };

  test('down and up again they have every call that fits, once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(any, { maxLength: 40 }),
        filters,
        fc.integer({ min: 1, max: 7 }),
        async (raw, filter, limit) => {
          const own = mkdtempSync(join(tmpdir(), 'tandem-search-'));
          const filled = new Writer(own);
          const records = raw.map((one, n) => record(n, one));
          filled.write(JSON.stringify(records.map(toRows)));
          const reader = RecordReader.open(own);
          const wanted = records
            .map((one, id) => ({ one, id }))
            .filter(({ one }) => fits(one, filter))
            .sort((a, b) => b.one.startedAt - a.one.startedAt || b.id - a.id)
            .map(({ id }) => id);
          const down: number[] = [];
          let newest: RecordPlace | undefined;
          let last: RecordPlace | undefined;
          for (let older: RecordPlace | undefined; ; ) {
            const page = await reader.page(filter, { limit, older });
            expect(page.complete).toBe(true);
            down.push(...page.records.map(numberOf));
            newest ??= page.newer;
            last = page.newer ?? last;
            if (!page.older) break;
            older = page.older;
          }
          expect(down).toEqual(wanted);
          // Back up from the beginning of the last page.
          const up: number[] = [];
          for (let newer = last; newer; ) {
            const page = await reader.page(filter, { limit, newer });
            up.unshift(...page.records.map(numberOf));
            newer = page.newer;
          }
          if (last) expect(up).toEqual(wanted.slice(0, up.length));
          if (newest) expect((await reader.page(filter, { limit, newer: newest })).records).toEqual([]);
          reader.close();
          filled.close();
          rmSync(own, { recursive: true });
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test('new calls come after the newest that was seen', async () => {
    write([record(1), record(2)]);
    const { newer } = await reading((reader) => reader.page({}, { limit: 10 }));
    write([record(3), record(4)]);
    const page = await reading((reader) => reader.page({}, { limit: 10, newer }));
    expect(page.records.map(numberOf)).toEqual([4, 3]);
  });

  test('where the time is over, the page says so, and goes on from there', async () => {
    // Between those of the sites nobody asks for there are hours without calls: each is a part of its own.
    const reason = (n: number) => (n % 2 ? 'busy' : 'hangup');
    write(Array.from({ length: 30 }, (_, n) => record(n, { at: n * 60, reason: reason(n) })));
    await reading(async (reader) => {
      const found: number[] = [];
      let pages = 0;
      for (let older: RecordPlace | undefined; ; pages++) {
        const page = await reader.page({ site: 'nowhere', reason: 'busy' }, { limit: 5, older, budget: -1 });
        found.push(...page.records.map(numberOf));
        if (page.complete) break;
        expect(page.older).toBeDefined();
        older = page.older;
      }
      expect(found).toEqual([]);
      expect(pages).toBe(14);
    });
  });

  test('how many there are: of numbers and of all exactly, of trunks by their hours, else nobody says', async () => {
    write([record(1), record(2, { called: '99' }), record(3, { reason: 'busy' })]);
    await reading(async (reader) => {
      const total = async (filter: RecordFilter) => (await reader.page(filter, { limit: 1 })).total;
      expect(await total({})).toEqual({ calls: 3, estimated: false });
      expect(await total({ number: '99' })).toEqual({ calls: 1, estimated: false });
      expect(await total({ trunk: 'itsp' })).toEqual({ calls: 3, estimated: true });
      expect(await total({ reason: 'busy' })).toEqual({ calls: 1, estimated: false });
      expect(await total({ site: 'x' })).toBeUndefined();
    });
  });
});

describe('statistics', () => {
  const records = [
    record(1, { at: 0 }),
    record(2, { at: 30, reason: 'busy' }),
    record(3, { at: 61, reason: 'unreachable', to: 'gw' }),
    record(4, { at: 24 * 60 }),
  ];
  const first = Math.floor(base / hour) * hour;

  test('by the hour and by the day, by trunk and by reason', async () => {
    write(records);
    const asked = { since: first, until: first + 48 * hour };
    const byHour = await reading((reader) => reader.statistics({ ...asked, interval: hour }));
    expect(byHour.total).toMatchObject({ calls: 4, answered: 2, effective: 3, talkMs: 120_000 });
    expect(byHour.series.map(({ at, calls }) => [(at - first) / hour, calls])).toEqual([
      [0, 2],
      [1, 1],
      [24, 1],
    ]);
    expect(byHour.reasons).toEqual([
      { reason: 'hangup', calls: 2 },
      { reason: 'busy', calls: 1 },
      { reason: 'unreachable', calls: 1 },
    ]);
    expect(byHour.trunks.map(({ trunk, part, calls }) => [trunk, part, calls])).toEqual([
      ['pbx', 'from', 4],
      ['gw', 'to', 1],
      ['itsp', 'to', 3],
    ]);
    const byDay = await reading((reader) => reader.statistics({ ...asked, interval: 24 * hour, offset: 2 * hour }));
    // The day of who is two hours ahead began at 22:00 UTC.
    expect(byDay.series.every(({ at }) => (at + 2 * hour) % (24 * hour) === 0)).toBe(true);
    const gw = await reading((reader) => reader.statistics({ ...asked, interval: hour, trunks: ['gw'] }));
    expect(gw.total).toMatchObject({ calls: 1, answered: 0, effective: 0 });
    expect(gw.trunks).toEqual([]);
    const both = await reading((reader) => reader.statistics({ ...asked, interval: hour, trunks: ['gw', 'itsp'] }));
    expect(both.total.calls).toBe(4);
    expect(
      (await reading((reader) => reader.statistics({ ...asked, interval: hour, trunks: [] }))).total,
    ).toMatchObject({ calls: 0 });
    const busy = await reading((reader) => reader.statistics({ ...asked, interval: hour, reason: 'busy' }));
    expect(busy.total).toEqual({ calls: 1, answered: 0, effective: 1, talkMs: 0 });
    expect(busy.reasons).toEqual([{ reason: 'busy', calls: 1 }]);
    expect(busy.series.map(({ calls }) => calls)).toEqual([1]);
    expect(busy.trunks.map(({ trunk, part, calls }) => [trunk, part, calls])).toEqual([
      ['pbx', 'from', 1],
      ['itsp', 'to', 1],
    ]);
    const fine = await reading((reader) => reader.statistics({ ...asked, interval: 300_000, reason: 'busy' }));
    expect(fine.series.map(({ calls }) => calls)).toEqual([1]);
  });

  test('by minutes from the calls themselves; how long it took to ring', async () => {
    write([...records, record(5, { at: 1 })]);
    const fine = await reading((reader) =>
      reader.statistics({ since: base, until: base + 40 * 60_000, interval: 300_000 }),
    );
    expect(fine.interval).toBe(300_000);
    expect(fine.series.map(({ at, calls, effective }) => [at - base, calls, effective])).toEqual([
      [0, 2, 2],
      [30 * 60_000, 1, 1],
    ]);
    const delays = fine.total.delays!;
    expect(delays.rang).toBeGreaterThan(0);
    for (const ms of [delays.p50!, delays.p90!, delays.p99!]) expect(ms / 1_000).toBeCloseTo(1, 0.7);
  });

  test('by the minute of their end, for the hour that is', async () => {
    write(records);
    const sums = await reading((reader) => reader.recent(base + 60_000));
    expect(
      sums.map(({ part, trunk, reason, wasAnswered, calls }) => [part, trunk, reason, wasAnswered, calls]),
    ).toEqual(
      expect.arrayContaining([
        ['from', 'pbx', 'busy', false, 1],
        ['to', 'gw', 'unreachable', false, 1],
        ['all', '', 'hangup', true, 1],
      ]),
    );
    expect(sums).toHaveLength(9);
    expect(sums.every(({ at }) => at % 60_000 === 0)).toBe(true);
  });

  test('of nothing it is nothing', async () => {
    expect(await reading((reader) => reader.statistics({ since: 0, until: hour, interval: hour }))).toEqual({
      interval: hour,
      total: { calls: 0, answered: 0, effective: 0, talkMs: 0, delays: { rang: 0 } },
      series: [],
      reasons: [],
      trunks: [],
    });
  });

  test('who calls by another name each time does not make a row each: the others are together', async () => {
    write(Array.from({ length: 700 }, (_, n) => record(n, { at: 0, trunk: `user${n}` })));
    const { trunks } = await reading((reader) =>
      reader.statistics({ since: first, until: first + hour, interval: hour }),
    );
    const from = trunks.filter(({ part }) => part === 'from');
    expect(from.length).toBeLessThanOrEqual(501);
    expect(from.reduce((sum, { calls }) => sum + calls, 0)).toBe(700);
    // What is hidden there is found all the same.
    const { records: found } = await reading((reader) => reader.page({ trunk: 'user699' }, { limit: 5 }));
    expect(found.map(numberOf)).toEqual([699]);
  });
});

test('the step to the sums makes what the writer would have written', () => {
  const records = Array.from({ length: 200 }, (_, n) =>
    record(n, {
      at: n * 7,
      reason: (['hangup', 'busy', 'unreachable'] as const)[n % 3]!,
      to: n % 2 ? 'gw' : 'itsp',
      called: `+49${n % 20}`,
    }),
  );
  write(records);
  const contents = (database: DatabaseSync) =>
    ['numbers', 'hours', 'delays'].map((table) => database.prepare(`SELECT * FROM ${table}`).all());
  const written = contents(writer.connection!);
  const old = new DatabaseSync(':memory:');
  migrate(old, { steps: migrations.slice(0, 5) });
  old.exec(`ATTACH '${join(directory, 'records.sqlite')}' AS new`);
  for (const table of ['calls', 'attempts', 'media']) {
    // What came later it does not have.
    const names = old.prepare(`SELECT group_concat(name) AS list FROM pragma_table_info('${table}')`).get() as {
      list: string;
    };
    old.exec(`INSERT INTO main.${table} (${names.list}) SELECT ${names.list} FROM new.${table}`);
  }
  old.exec('DETACH new');
  migrate(old, { steps: migrations.slice(0, 6) });
  expect(contents(old)).toEqual(written);
  expect(written.map((rows) => rows.length > 10)).toEqual([true, true, true]);
  old.close();
});

test('a record that cannot be written, or is there already, is not added up', () => {
  const bad = { ...record(1), talkMs: 2 ** 70 };
  expect(write([bad as CallRecord, record(2)])).toHaveLength(1);
  write([record(2)]);
  const sums = writer.connection!.prepare("SELECT sum(calls) AS calls FROM hours WHERE part = 'all'").get();
  expect(sums).toEqual({ calls: 1 });
});
