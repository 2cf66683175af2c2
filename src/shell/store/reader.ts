import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type CallRecord, type EndReason, partiesOwnEnds } from '#engine/ports';
import { type Row, toRecord } from './rows.ts';
import { migrations, NewerRecords, recordsFile, versionOf } from './schema.ts';

/** Which calls; what is left out does not matter. */
export interface RecordFilter {
  /** Calls that began at or after this time. Unix ms. */
  readonly since?: number;
  /** Calls that began before this time. Unix ms. */
  readonly until?: number;
  /** Calls that came from this trunk or were offered to it. */
  readonly trunk?: string;
  /** The caller's or the called number, as received or as sent; `*` stands for any characters. */
  readonly number?: string;
  readonly reason?: EndReason;
  /** Only calls that a cause outside the parties' will ended: all but hung up, given up, busy and not answered. */
  readonly failed?: boolean;
}

export class NoRecords extends Error {
  override readonly name = 'NoRecords';
  readonly path: string;

  constructor(path: string, detail: string) {
    super(detail);
    this.path = path;
  }
}

/** The place of a call in the order of time. */
interface Place {
  readonly started: number;
  readonly id: number;
}

/** Records in one read transaction at most: a reader that dawdles (a pager) must not keep the writer's log from shrinking. */
const pageSize = 500;

/** Reads the records, also while the program writes them. */
export class RecordReader {
  readonly #database: DatabaseSync;
  readonly #attempts: StatementSync;
  readonly #media: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#attempts = database.prepare('SELECT * FROM attempts WHERE calls_id = ? ORDER BY attempt');
    this.#media = database.prepare('SELECT * FROM media WHERE calls_id = ? ORDER BY stream, part, side');
  }

  /** Throws NoRecords when the directory holds none that can be read. */
  static open(directory: string): RecordReader {
    const path = recordsFile(directory);
    if (!existsSync(path)) throw new NoRecords(path, `no records at ${path}`);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
      const version = versionOf(database);
      if (version > migrations.length) throw new NewerRecords(version, migrations.length);
      if (version < migrations.length) throw new NoRecords(path, `the tables in ${path} are not set up yet`);
      return new RecordReader(database);
    } catch (error) {
      database?.close();
      if (error instanceof NoRecords || error instanceof NewerRecords) throw error;
      throw new NoRecords(path, `the records at ${path} cannot be read: ${(error as Error).message}`);
    }
  }

  /** Newest first. */
  list(filter: RecordFilter, limit: number): CallRecord[] {
    const records: CallRecord[] = [];
    for (const record of this.#walk(filter, 'DESC', limit)) records.push(record);
    return records;
  }

  /** Oldest first, page by page: memory does not grow with the range. */
  each(filter: RecordFilter): Generator<CallRecord> {
    return this.#walk(filter, 'ASC', Number.POSITIVE_INFINITY);
  }

  /** Calls whose id begins with `prefix` (an exact match stands alone); at most `limit` of them. */
  find(prefix: string, limit: number): CallRecord[] {
    const exact = this.#database.prepare('SELECT * FROM calls WHERE call = ?').all(prefix) as Row[];
    if (exact.length > 0) return exact.map((row) => this.#whole(row));
    const rows = this.#database
      .prepare('SELECT * FROM calls WHERE call >= ?1 AND call < ?2 ORDER BY call LIMIT ?3')
      .all(prefix, `${prefix}\u{10ffff}`, limit) as Row[];
    return rows.map((row) => this.#whole(row));
  }

  /** Those of the calls that have a record. */
  having(calls: Iterable<string>): Set<string> {
    const one = this.#database.prepare('SELECT 1 FROM calls WHERE call = ?');
    const found = new Set<string>();
    for (const call of calls) if (one.get(call) !== undefined) found.add(call);
    return found;
  }

  close(): void {
    this.#database.close();
  }

  *#walk(filter: RecordFilter, order: 'ASC' | 'DESC', limit: number): Generator<CallRecord> {
    const { where, values } = conditions(filter);
    const beyond = order === 'ASC' ? '>' : '<';
    const statement = this.#database.prepare(
      `SELECT * FROM calls INDEXED BY calls_by_time
       WHERE ${[...where, `(started_at, id) ${beyond} (:started, :id)`].join(' AND ')}
       ORDER BY started_at ${order}, id ${order} LIMIT :page`,
    );
    const edge = order === 'ASC' ? -Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
    let place: Place | undefined = { started: edge, id: edge };
    for (let left = limit; place !== undefined && left > 0; left -= pageSize) {
      const page = Math.min(left, pageSize);
      const rows = statement.all({ ...values, ':started': place.started, ':id': place.id, ':page': page }) as Row[];
      for (const row of rows) yield this.#whole(row);
      const last = rows.length < page ? undefined : rows.at(-1);
      place = last && { started: last.started_at as number, id: last.id as number };
    }
  }

  #whole(row: Row): CallRecord {
    const id = row.id as number;
    return toRecord(
      row,
      this.#attempts.all(id) as Row[],
      row.media_streams === null ? [] : (this.#media.all(id) as Row[]),
    );
  }
}

/**
 * Those of `calls` that have a durable record already: asked at the start, before what the live state kept is restored, since
 * a call that was recorded is over, even where the process died before it could forget it.
 */
export function recordedAmong(directory: string, calls: Iterable<string>): Set<string> {
  if (!existsSync(recordsFile(directory))) return new Set();
  const reader = RecordReader.open(directory);
  try {
    return reader.having(calls);
  } finally {
    reader.close();
  }
}

function conditions(filter: RecordFilter): { where: string[]; values: Record<string, string | number> } {
  const where: string[] = [];
  const values: Record<string, string | number> = {};
  if (filter.since !== undefined) {
    where.push('started_at >= :since');
    values[':since'] = filter.since;
  }
  if (filter.until !== undefined) {
    where.push('started_at < :until');
    values[':until'] = filter.until;
  }
  if (filter.trunk !== undefined) {
    where.push(
      '(trunk = :trunk OR EXISTS (SELECT 1 FROM attempts a WHERE a.calls_id = calls.id AND a.trunk = :trunk))',
    );
    values[':trunk'] = filter.trunk;
  }
  if (filter.number !== undefined) {
    const is = filter.number.includes('*') ? "LIKE :number ESCAPE '\\'" : '= :number';
    where.push(
      `(caller ${is} OR called ${is} OR EXISTS
        (SELECT 1 FROM attempts a WHERE a.calls_id = calls.id AND (a.caller ${is} OR a.called ${is})))`,
    );
    values[':number'] = filter.number.includes('*') ? likePattern(filter.number) : filter.number;
  }
  if (filter.reason !== undefined) {
    where.push('end_reason = :reason');
    values[':reason'] = filter.reason;
  }
  if (filter.failed) where.push(`end_reason NOT IN (${[...partiesOwnEnds].map((reason) => `'${reason}'`).join(', ')})`);
  return { where, values };
}

function likePattern(number: string): string {
  let pattern = '';
  for (const char of number)
    pattern += char === '*' ? '%' : char === '%' || char === '_' || char === '\\' ? `\\${char}` : char;
  return pattern;
}
