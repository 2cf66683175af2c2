import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { partiesOwnEnds } from '#engine/ports';
import { conditions, type RecordFilter } from './filter.ts';
import type { Row } from './rows.ts';
import { hourMs, longestNumber, others } from './tally.ts';

/** The place of a call in the order of time. */
export interface RecordPlace {
  readonly started: number;
  readonly id: number;
}

export interface PageOptions {
  readonly limit: number;
  /** Calls that come before this place in time; after it those `newer`. The newest, where neither is given. */
  readonly older?: RecordPlace | undefined;
  readonly newer?: RecordPlace | undefined;
  /** Ms that it may take; what was found by then is the page. */
  readonly budget?: number;
}

/** Rows of `calls`, newest first. */
export interface FoundRows {
  readonly rows: readonly Row[];
  /** Where the older ones begin, and the newer ones: to be asked from. Absent: there are none. */
  readonly older?: RecordPlace;
  readonly newer?: RecordPlace;
  /** False: the time was over before the page was full; there may be more. */
  readonly complete: boolean;
  /** How many there are; `estimated`: by the hour, or tries in place of calls. Absent: nobody knows. */
  readonly total?: { readonly calls: number; readonly estimated: boolean };
}

/** Calls that are looked at in one statement: some 50 ms. */
const slice = 20_000;
/** Calls of a number up to which all are found by it before any is looked at. */
const selective = 20_000;
const usualBudget = 1_000;
const edge = Number.MAX_SAFE_INTEGER;

interface Span {
  /** Unix ms, [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Finds pages of calls among ten millions of them. */
export class Search {
  readonly #database: DatabaseSync;
  readonly #numbers: { readonly whole: StatementSync; readonly start: StatementSync };

  constructor(database: DatabaseSync) {
    this.#database = database;
    const numbers = (is: string) =>
      database.prepare(
        `SELECT DISTINCT calls_id AS id FROM numbers WHERE segment = ? AND ${is} LIMIT ${selective + 1}`,
      );
    this.#numbers = { whole: numbers('number = ?'), start: numbers('number >= ? AND number < ?') };
  }

  async page(filter: RecordFilter, { limit, older, newer, budget = usualBudget }: PageOptions): Promise<FoundRows> {
    const until = performance.now() + budget;
    const ids = this.#idsOf(filter.number);
    const isUp = newer !== undefined;
    const from = newer ?? older;
    const found = ids
      ? this.#among(ids, filter, limit + 1, from, isUp)
      : await this.#walk(filter, limit + 1, from, isUp, until);
    const more = found.rows.length > limit;
    const rows = found.rows.slice(0, limit);
    if (isUp) rows.reverse();
    const placeOf = (row: Row | undefined) => row && { started: row.started_at as number, id: row.id as number };
    const [first, last] = [placeOf(rows[0]), placeOf(rows.at(-1))];
    // Where the time was over the rest begins where it was, whether anything was found or not.
    const on = more ? (isUp ? first : last) : found.at;
    const total = this.#total(filter, ids?.length);
    return {
      rows,
      ...(isUp ? on && { newer: on } : on && { older: on }),
      // Who comes from one side may go back there.
      ...(isUp ? { older: last ?? newer } : { ...(first && { newer: first }) }),
      complete: found.at === undefined,
      ...(total && { total }),
    };
  }

  /** The ids of the calls with a number, where those are not too many; undefined: go by time. */
  #idsOf(number: string | undefined): readonly number[] | undefined {
    if (number === undefined) return undefined;
    const star = number.indexOf('*');
    if (star === 0 || (star > 0 && star < number.length - 1)) return undefined;
    const start = number.slice(0, star < 0 ? longestNumber : Math.min(star, longestNumber));
    const { newest } = this.#database.prepare('SELECT max(segment) AS newest FROM numbers').get() as {
      newest: number | null;
    };
    const ids: number[] = [];
    for (let segment = newest ?? -1; segment >= 0; segment--) {
      const rows =
        star < 0
          ? this.#numbers.whole.all(segment, start)
          : this.#numbers.start.all(segment, start, `${start}\u{10ffff}`);
      for (const { id } of rows) ids.push(id as number);
      if (ids.length > selective) return undefined;
    }
    return ids;
  }

  /** Those of these calls that fit. */
  #among(
    ids: readonly number[],
    filter: RecordFilter,
    limit: number,
    from: RecordPlace | undefined,
    isUp: boolean,
  ): { rows: Row[]; at?: RecordPlace } {
    const { where, values } = conditions(filter);
    const rows = this.#database
      .prepare(
        `SELECT * FROM calls WHERE ${['id IN (SELECT value FROM json_each(:ids))', ...where, beyond(isUp)].join(' AND ')}
         ORDER BY started_at ${orderOf(isUp)}, id ${orderOf(isUp)} LIMIT :limit`,
      )
      .all({ ...values, ...placeValues(from, isUp), ':ids': JSON.stringify(ids), ':limit': limit }) as Row[];
    return { rows };
  }

  /** By time, slice by slice, past hours that have none. `at`: where the time was over. */
  async #walk(
    filter: RecordFilter,
    limit: number,
    from: RecordPlace | undefined,
    isUp: boolean,
    until: number,
  ): Promise<{ rows: Row[]; at?: RecordPlace }> {
    const { where, values } = conditions(filter);
    const statement = this.#database.prepare(
      `SELECT * FROM calls INDEXED BY calls_by_time
       WHERE ${['started_at >= :from AND started_at < :to', ...where, beyond(isUp)].join(' AND ')}
       ORDER BY started_at ${orderOf(isUp)}, id ${orderOf(isUp)} LIMIT :limit`,
    );
    const rows: Row[] = [];
    const spans = this.#spans(filter, from, isUp);
    for (const span of spans) {
      const left = limit - rows.length;
      rows.push(
        ...(statement.all({
          ...values,
          ...placeValues(from, isUp),
          ':from': span.from,
          ':to': span.to,
          ':limit': left,
        }) as Row[]),
      );
      if (rows.length >= limit) return { rows };
      if (performance.now() > until && span !== spans.at(-1))
        return { rows, at: isUp ? { started: span.to - 1, id: edge } : { started: span.from, id: -1 } };
      await turn();
    }
    return { rows };
  }

  /** Parts of the time that have calls which may fit, each with so many calls that one statement looks at them quickly. */
  #spans(filter: RecordFilter, from: RecordPlace | undefined, isUp: boolean): readonly Span[] {
    const { since = 0, until = edge } = filter;
    // A place between two slices is at none of their calls.
    const lowest = Math.max(since, isUp && from ? from.started + (from.id === edge ? 1 : 0) : 0);
    const highest = Math.min(until, !isUp && from ? from.started + (from.id < 0 ? 0 : 1) : edge);
    const { where, values } = hourConditions(filter);
    // How many there are to look at, and whether any of them fits.
    const hours = this.#database
      .prepare(
        `SELECT hour, sum(calls) AS calls, ${where === '' ? '1' : `hour IN (SELECT hour FROM hours WHERE ${where})`} AS fits
         FROM hours WHERE part = 'all' AND trunk = '' AND hour >= :low AND hour <= :high
         GROUP BY hour ORDER BY hour ${orderOf(isUp)}`,
      )
      .all({
        ...values,
        ':low': Math.floor(lowest / hourMs),
        ':high': Math.floor((highest - 1) / hourMs),
      }) as { hour: number; calls: number; fits: number }[];
    const spans: Span[] = [];
    let open: { first: number; last: number; calls: number } | undefined;
    const close = () => {
      if (!open) return;
      const [low, high] = isUp ? [open.first, open.last] : [open.last, open.first];
      spans.push(...sliced(Math.max(lowest, low * hourMs), Math.min(highest, (high + 1) * hourMs), open.calls, isUp));
      open = undefined;
    };
    for (const { hour, calls, fits } of hours) {
      if (!fits) {
        close();
        continue;
      }
      if (open && open.calls + calls > slice) close();
      open = { first: open?.first ?? hour, last: hour, calls: (open?.calls ?? 0) + calls };
    }
    close();
    return spans;
  }

  /** By the hour; where it is asked for more than hours know, by nobody. */
  #total(filter: RecordFilter, ofNumber: number | undefined): FoundRows['total'] {
    const { since = 0, until = edge, trunk, reason, failed, number, ...rest } = filter;
    if (Object.values(rest).some((value) => value !== undefined)) return undefined;
    const isPlain = trunk === undefined && reason === undefined && failed === undefined;
    if (number !== undefined)
      return ofNumber === undefined || !isPlain || filter.since !== undefined || filter.until !== undefined
        ? undefined
        : { calls: ofNumber, estimated: false };
    const sum = (part: string, name: string, { where, values } = reasonConditions(filter)) => {
      const { calls } = this.#database
        .prepare(
          `SELECT coalesce(sum(calls), 0) AS calls FROM hours WHERE part = :part AND trunk = :name AND hour >= :low AND hour <= :high${where}`,
        )
        .get({
          ...values,
          ':part': part,
          ':name': name,
          ':low': Math.floor(since / hourMs),
          ':high': Math.floor((until - 1) / hourMs),
        }) as { calls: number };
      return calls;
    };
    const calls = trunk === undefined ? sum('all', '') : sum('from', trunk) + sum('to', trunk);
    if (trunk !== undefined || filter.since !== undefined || filter.until !== undefined)
      return { calls, estimated: true };
    // Sums keep what was let go of an hour (expiry.ts); numbers of calls are given one after the other.
    const { span } = this.#database
      .prepare('SELECT coalesce((SELECT max(id) FROM calls) - (SELECT min(id) FROM calls) + 1, 0) AS span')
      .get() as { span: number };
    const all = isPlain ? calls : sum('all', '', { where: '', values: {} });
    return { calls: Math.min(calls, span), estimated: all !== span };
  }
}

/** Parts of a time with so many calls that each has a slice of them, were they spread evenly. */
function sliced(from: number, to: number, calls: number, isUp: boolean): Span[] {
  if (to <= from) return [];
  const parts = Math.max(1, Math.ceil(calls / slice));
  const width = (to - from) / parts;
  const spans = Array.from({ length: parts }, (_, i) => ({
    from: Math.round(from + i * width),
    to: i === parts - 1 ? to : Math.round(from + (i + 1) * width),
  }));
  return isUp ? spans : spans.reverse();
}

/** What hours know of a filter. An attempt ends otherwise than its call: of a trunk's tries the reasons do not count. */
function hourConditions(filter: RecordFilter): { where: string; values: Record<string, string | number> } {
  const { trunk } = filter;
  const { where, values } = reasonConditions(filter);
  if (trunk !== undefined)
    return {
      where: `part IN ('from', 'to') AND trunk IN (:trunk, '${others}')`,
      values: { ':trunk': trunk },
    };
  return where === '' ? { where: '', values: {} } : { where: `part = 'all' AND trunk = ''${where}`, values };
}

function reasonConditions({ reason, failed }: RecordFilter): { where: string; values: Record<string, string> } {
  const own = [...partiesOwnEnds].map((one) => `'${one}'`).join(', ');
  return {
    where:
      (reason === undefined ? '' : ' AND reason = :reason') +
      (failed === undefined ? '' : ` AND reason ${failed ? 'NOT IN' : 'IN'} (${own})`),
    values: reason === undefined ? {} : { ':reason': reason },
  };
}

function beyond(isUp: boolean): string {
  return `(started_at, id) ${isUp ? '>' : '<'} (:started, :id)`;
}

function orderOf(isUp: boolean): string {
  return isUp ? 'ASC' : 'DESC';
}

function placeValues(from: RecordPlace | undefined, isUp: boolean): Record<string, number> {
  const outermost = isUp ? -edge : edge;
  return { ':started': from?.started ?? outermost, ':id': from?.id ?? outermost };
}
