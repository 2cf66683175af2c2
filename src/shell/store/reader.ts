import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CallRecord, LegIdentifiers, ReceivedReport } from '#engine/ports';
import { conditions, type RecordFilter } from './filter.ts';
import { isOf, toReport } from './report-rows.ts';
import { type Row, toRecord } from './rows.ts';
import { migrations, NewerRecords, recordsFile, versionOf } from './schema.ts';
import { type FoundRows, type PageOptions, type RecordPlace, Search } from './search.ts';
import { type MinuteSum, recent, type Statistics, type StatisticsQuestion, statistics } from './statistics.ts';

export class NoRecords extends Error {
  override readonly name = 'NoRecords';
  readonly path: string;

  constructor(path: string, detail: string) {
    super(detail);
    this.path = path;
  }
}

/** A page of records, newest first. */
export interface RecordPage extends Omit<FoundRows, 'rows'> {
  readonly records: readonly CallRecord[];
}

function older(path: string, version: number): string {
  return version === 0
    ? `the tables in ${path} are not set up yet`
    : `the tables in ${path} are of an older version (format ${version}, this one reads ${migrations.length}): the program brings them to this one when it starts, ` +
        'some 10 to 40 s a million calls; ask again then';
}

function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? -1;
}

/** Records in one read transaction at most: a reader that dawdles (a pager) must not keep the writer's log from shrinking. */
const pageSize = 500;

/** Reads the records, also while the program writes them. */
export class RecordReader {
  readonly #database: DatabaseSync;
  readonly #path: string;
  /** The file's identity when it was opened. */
  readonly #inode: number;
  readonly #attempts: StatementSync;
  readonly #media: StatementSync;
  readonly #search: Search;

  private constructor(database: DatabaseSync, path: string, inode: number) {
    this.#database = database;
    this.#path = path;
    this.#inode = inode;
    this.#attempts = database.prepare('SELECT * FROM attempts WHERE calls_id = ? ORDER BY attempt');
    this.#media = database.prepare('SELECT * FROM media WHERE calls_id = ? ORDER BY stream, part, side');
    this.#search = new Search(database);
  }

  /** Throws NoRecords when the directory holds none that can be read. */
  static open(directory: string): RecordReader {
    const path = recordsFile(directory);
    if (!existsSync(path)) throw new NoRecords(path, `no records at ${path}`);
    let database: DatabaseSync | undefined;
    try {
      // Before it is opened: where it is replaced in between, it looks moved, and is opened once more.
      const inode = inodeOf(path);
      database = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
      const version = versionOf(database);
      if (version > migrations.length) throw new NewerRecords(version, migrations.length);
      if (version < migrations.length) throw new NoRecords(path, older(path, version));
      return new RecordReader(database, path, inode);
    } catch (error) {
      database?.close();
      if (error instanceof NoRecords || error instanceof NewerRecords) throw error;
      throw new NoRecords(path, `the records at ${path} cannot be read: ${(error as Error).message}`);
    }
  }

  /** Whether the file was moved away, or another took its place. */
  get isMoved(): boolean {
    return inodeOf(this.#path) !== this.#inode;
  }

  /** Newest first. */
  list(filter: RecordFilter, limit: number): CallRecord[] {
    const records: CallRecord[] = [];
    for (const record of this.#walk(filter, 'DESC', limit)) records.push(record);
    return records;
  }

  /** A page of them, of ten million as quickly as of ten. */
  async page(filter: RecordFilter, options: PageOptions): Promise<RecordPage> {
    const { rows, ...found } = await this.#search.page(filter, options);
    return { ...found, records: rows.map((row) => this.#whole(row)) };
  }

  /** By the minute, of calls that began since then: for figures of the hour. */
  recent(since: number): readonly MinuteSum[] {
    return recent(this.#database, since);
  }

  statistics(question: StatisticsQuestion): Statistics {
    return statistics(this.#database, question);
  }

  /** Oldest first, page by page: memory does not grow with the range. */
  each(filter: RecordFilter): Generator<CallRecord> {
    return this.#walk(filter, 'ASC', Number.POSITIVE_INFINITY);
  }

  /** Calls whose id begins with `prefix` (an exact match stands alone), in the order of their ids, behind `after`; at most `limit` of them. */
  find(prefix: string, limit: number, after?: string): CallRecord[] {
    const exact = this.#database.prepare('SELECT * FROM calls WHERE call = ?').all(prefix) as Row[];
    if (exact.length > 0) return exact.map((row) => this.#whole(row));
    const rows = this.#database
      .prepare(
        `SELECT * FROM calls WHERE call ${after === undefined ? '>=' : '>'} ?1 AND call < ?2 ORDER BY call LIMIT ?3`,
      )
      .all(after ?? prefix, `${prefix}\u{10ffff}`, limit) as Row[];
    return rows.map((row) => this.#whole(row));
  }

  /** In the order in which they were written: those after that one, and the number of the last of them. */
  writtenAfter(number: number, limit: number): { readonly records: readonly CallRecord[]; readonly last: number } {
    const rows = this.#database
      .prepare('SELECT * FROM calls WHERE id > ? ORDER BY id LIMIT ?')
      .all(number, limit) as Row[];
    const last = (rows.at(-1)?.id as number | undefined) ?? number;
    return { records: rows.map((row) => this.#whole(row)), last };
  }

  /** The number of the record that was written last; 0: there is none. */
  lastWritten(): number {
    const row = this.#database.prepare('SELECT max(id) AS id FROM calls').get() as Row | undefined;
    return (row?.id as number | null) ?? 0;
  }

  /** What was told of the voice of a call by those at the other end of its legs, in the order in which it came. */
  reports(legs: readonly Pick<LegIdentifiers, 'trunk' | 'callId'>[]): ReceivedReport[] {
    const of = this.#database.prepare('SELECT * FROM reports WHERE sip_call_id = ? ORDER BY number');
    return legs
      .flatMap((leg) => (of.all(leg.callId) as Row[]).map(toReport).filter((report) => isOf(report, leg)))
      .sort((one, other) => one.receivedAt - other.receivedAt);
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
    let place: RecordPlace | undefined = { started: edge, id: edge };
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
