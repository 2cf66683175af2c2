import type { DatabaseSync } from 'node:sqlite';
import type { EndReason } from '#engine/ports';
import { ownEnds } from './filter.ts';
import { hourMs, slotEdge } from './tally.ts';

export interface StatisticsQuestion {
  /** Unix ms, [since, until). By the hour, where steps are hours or longer. */
  readonly since: number;
  readonly until: number;
  /** Ms of one step. */
  readonly interval: number;
  /** Of these trunks: calls `from` them, or tries over them (`to`, unless given). All calls unless given. */
  readonly trunks?: readonly string[] | undefined;
  readonly part?: 'from' | 'to' | undefined;
  /** Those alone that ended so. */
  readonly reason?: EndReason | undefined;
  /** Ms to be added to UTC before a day begins: steps of days are the owner's. */
  readonly offset?: number | undefined;
}

/** What became of calls. */
export interface Sums {
  readonly calls: number;
  readonly answered: number;
  /** Answered, or ended as a party chose (ITU-T E.425). */
  readonly effective: number;
  readonly talkMs: number;
}

/** Ms until it rang: half of all rang within `p50`. To within a tenth; absent: none did. */
export interface Delays {
  readonly rang: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
}

export interface Statistics {
  /** Ms of a step: longer than was asked for, where there are too many calls for that. */
  readonly interval: number;
  /** `delays`: absent where one reason is asked for, since they are not kept by reason. */
  readonly total: Sums & { readonly delays?: Delays };
  /** Steps with calls, by their beginning, Unix ms. */
  readonly series: readonly (Sums & { readonly at: number })[];
  readonly reasons: readonly { readonly reason: EndReason; readonly calls: number }[];
  /** Unless some trunks are meant. */
  readonly trunks: readonly (Sums & { readonly trunk: string; readonly part: 'from' | 'to' })[];
}

/** Calls that are added up one by one, where a step is shorter than an hour. */
const mostSingle = 200_000;

const sums = `sum(calls) AS calls, sum(answered) AS answered, sum(talk_ms) AS talkMs,
  sum(CASE WHEN reason IN (${ownEnds}) THEN calls ELSE answered END) AS effective`;

/** What is bound is a REAL: it is divided otherwise. */
const whole = (name: string) => `CAST(:${name} AS INTEGER)`;

/** Adds up what the writer has summed by the hour; less than an hour, the calls themselves. */
export function statistics(database: DatabaseSync, question: StatisticsQuestion): Statistics {
  const { since, until, trunks, part = 'to', reason, offset = 0 } = question;
  const of = { ':part': trunks ? part : 'all', ':trunks': JSON.stringify(trunks ?? ['']) };
  const ended: Record<string, string> = reason === undefined ? {} : { ':reason': reason };
  const range = { ':low': Math.floor(since / hourMs), ':high': Math.floor((until - 1) / hourMs) };
  const when = 'part = :part AND trunk IN (SELECT value FROM json_each(:trunks)) AND hour >= :low AND hour <= :high';
  const within = reason === undefined ? when : `${when} AND reason = :reason`;
  const all = (sql: string, values: Record<string, string | number>) => database.prepare(sql).all(values) as unknown[];
  const total = all(`SELECT ${sums} FROM hours WHERE ${within}`, { ...of, ...range, ...ended })[0] as Sums;
  const isFine = question.interval < hourMs && trunks === undefined && total.calls <= mostSingle;
  const interval = isFine ? question.interval : Math.max(hourMs, question.interval - (question.interval % hourMs));
  const series = isFine
    ? all(
        `SELECT (started_at - ${whole('since')}) / ${whole('step')} * ${whole('step')} + ${whole('since')} AS at, count(*) AS calls, count(answered_at) AS answered, sum(talk_ms) AS talkMs,
           count(CASE WHEN end_reason IN (${ownEnds}) OR answered_at IS NOT NULL THEN 1 END) AS effective
         FROM calls INDEXED BY calls_by_time WHERE started_at >= :since AND started_at < :until ${reason === undefined ? '' : 'AND end_reason = :reason'} GROUP BY 1 ORDER BY 1`,
        { ':since': since, ':until': until, ':step': interval, ...ended },
      )
    : all(
        `SELECT (hour * ${hourMs} + ${whole('offset')}) / ${whole('step')} * ${whole('step')} - ${whole('offset')} AS at, ${sums} FROM hours WHERE ${within} GROUP BY 1 ORDER BY 1`,
        { ...of, ...range, ...ended, ':step': interval, ':offset': offset },
      );
  const reasons = all(
    `SELECT reason, sum(calls) AS calls FROM hours WHERE ${within} GROUP BY reason ORDER BY calls DESC, reason`,
    { ...of, ...range, ...ended },
  );
  const slots =
    reason === undefined &&
    all(`SELECT slot, sum(calls) AS calls FROM delays WHERE ${when} GROUP BY slot ORDER BY slot`, { ...of, ...range });
  return {
    interval,
    total: { ...summed(total), ...(slots && { delays: delaysOf(slots as Slot[]) }) },
    series: (series as (Sums & { at: number })[]).map((step) => ({ at: step.at, ...summed(step) })),
    reasons: reasons as Statistics['reasons'],
    trunks: trunks ? [] : byTrunk(database, range, reason),
  };
}

function byTrunk(
  database: DatabaseSync,
  range: { ':low': number; ':high': number },
  reason: EndReason | undefined,
): Statistics['trunks'] {
  // Name by name: the hours of each are together.
  const names = database.prepare(
    `WITH RECURSIVE names(trunk) AS (
       SELECT min(trunk) FROM hours WHERE part = :part UNION ALL
       SELECT (SELECT min(trunk) FROM hours WHERE part = :part AND trunk > names.trunk) FROM names WHERE trunk IS NOT NULL
     ) SELECT trunk FROM names WHERE trunk IS NOT NULL`,
  );
  const one = database.prepare(
    `SELECT ${sums} FROM hours WHERE part = :part AND trunk = :trunk AND hour >= :low AND hour <= :high AND (:reason IS NULL OR reason = :reason)`,
  );
  return (['from', 'to'] as const).flatMap((part) =>
    (names.all({ ':part': part }) as { trunk: string }[]).flatMap(({ trunk }) => {
      const sum = one.get({ ...range, ':part': part, ':trunk': trunk, ':reason': reason ?? null }) as unknown as Sums;
      return sum.calls === null ? [] : [{ trunk, part, ...summed(sum) }];
    }),
  );
}

/** Calls of one minute that ended alike. */
export interface MinuteSum {
  readonly part: 'all' | 'from' | 'to';
  readonly trunk: string;
  /** Unix ms. */
  readonly at: number;
  readonly reason: EndReason;
  readonly wasAnswered: boolean;
  readonly calls: number;
  readonly talkMs: number;
}

/** What became of the calls that began since then, minute by minute, by their end. Nothing, where they are too many to be added up at once. */
export function recent(database: DatabaseSync, since: number): readonly MinuteSum[] {
  const low = Math.floor(since / hourMs);
  const { calls } = database
    .prepare("SELECT coalesce(sum(calls), 0) AS calls FROM hours WHERE part = 'all' AND trunk = '' AND hour >= ?")
    .get(low) as { calls: number };
  if (calls > mostSingle) return [];
  const rows = database
    .prepare(
      `SELECT 'from' AS part, trunk, ended_at / 60000 AS minute, end_reason AS reason, answered_at IS NOT NULL AS was, count(*) AS calls,
         sum(talk_ms) AS talkMs
       FROM calls INDEXED BY calls_by_time WHERE started_at >= :since GROUP BY 2, 3, 4, 5 UNION ALL
       SELECT 'to', a.trunk, a.ended_at / 60000, a.end_reason, a.answered_at IS NOT NULL, count(*),
         sum(CASE WHEN a.answered_at IS NULL THEN 0 ELSE c.talk_ms END)
       FROM calls c INDEXED BY calls_by_time JOIN attempts a ON a.calls_id = c.id WHERE c.started_at >= :since GROUP BY 2, 3, 4, 5`,
    )
    .all({ ':since': since }) as (Omit<MinuteSum, 'at' | 'wasAnswered'> & { minute: number; was: number })[];
  const found = rows.map(({ minute, was, ...rest }) => ({ ...rest, at: minute * 60_000, wasAnswered: was === 1 }));
  return [
    ...found,
    ...found.flatMap((one) => (one.part === 'from' ? [{ ...one, part: 'all' as const, trunk: '' }] : [])),
  ];
}

interface Slot {
  readonly slot: number;
  readonly calls: number;
}

function delaysOf(slots: readonly Slot[]): Delays {
  const rang = slots.reduce((sum, { calls }) => sum + calls, 0);
  if (rang === 0) return { rang };
  return {
    rang,
    p50: percentile(slots, rang * 0.5),
    p90: percentile(slots, rang * 0.9),
    p99: percentile(slots, rang * 0.99),
  };
}

/** Within a slot they are taken for evenly spread. */
function percentile(slots: readonly Slot[], wanted: number): number {
  let before = 0;
  for (const { slot, calls } of slots) {
    if (before + calls >= wanted) {
      const [from, to] = [slotEdge(slot), slotEdge(slot + 1)];
      return from + ((to - from) * (wanted - before)) / calls;
    }
    before += calls;
  }
  return slotEdge(slots.at(-1)!.slot + 1);
}

/** Without what SQLite says of nothing. */
function summed({ calls, answered, effective, talkMs }: Sums): Sums {
  return { calls: calls ?? 0, answered: answered ?? 0, effective: effective ?? 0, talkMs: talkMs ?? 0 };
}
