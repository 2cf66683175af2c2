import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** What is known of a call whose messages are kept. */
export interface TraceSummary {
  readonly call: string;
  /** When it ended: Unix ms. */
  readonly at: number;
  readonly caller: string;
  readonly called: string;
  /** Of both sides, and of every try. */
  readonly trunks: readonly string[];
  /** Why it ended. */
  readonly reason: string;
}

export interface KeptTrace<Message> extends TraceSummary {
  readonly messages: readonly Message[];
}

export interface TraceQuery {
  readonly trunk?: string;
  /** In the caller's number or the called one. */
  readonly number?: string;
  readonly reason?: string;
  /** Unix ms, that one included; and that one not. */
  readonly from?: number;
  readonly to?: number;
  /** Those that were kept before this one. */
  readonly before?: number;
  readonly limit: number;
}

export interface TraceLimits {
  /** Octets that all may take. */
  readonly size: number;
  /** Ms that one may live. */
  readonly lifetime: number;
}

/** One of a list; `id`: those that are kept later have higher ones. */
export type ListedTrace = TraceSummary & { readonly id: number; readonly messages: number };

const migrations = [
  `CREATE TABLE traces (
     id INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, caller TEXT NOT NULL, called TEXT NOT NULL,
     trunks TEXT NOT NULL, reason TEXT NOT NULL, messages INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
   CREATE INDEX traces_at ON traces (at);`,
];

/**
 * Messages of calls that have ended, compressed, in DATA/traces.sqlite. What the file holds stays within its limits: what is too old goes,
 * and when it is full what was kept first.
 */
export class TraceStore<Message> {
  readonly #database: DatabaseSync;
  readonly #pageSize: number;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#pageSize = this.#pragma('page_size');
  }

  /** Throws the system's error when the directory cannot be used; in memory without one, for tests. */
  static open<Message>(directory?: string): TraceStore<Message> {
    const database = new DatabaseSync(directory === undefined ? ':memory:' : fileIn(directory), { timeout: 2_000 });
    // Room that is given up is given back. What is lost with the power are traces of the last moment.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('PRAGMA journal_size_limit = 1000000;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) throw new Error('traces.sqlite was written by a newer version of this program');
    for (const [index, script] of migrations.entries())
      if (index >= version) database.exec(`BEGIN; ${script} PRAGMA user_version = ${index + 1}; COMMIT;`);
    return new TraceStore(database);
  }

  /** Octets that it takes of the disk, but for a journal of 1 MB. */
  get size(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pageSize;
  }

  /** False: it alone is more than may be kept. `now`: Unix ms. */
  keep(trace: KeptTrace<Message>, { size, lifetime }: TraceLimits, now: number): boolean {
    const { call, at, caller, called, trunks, reason, messages } = trace;
    const data = zstdCompressSync(JSON.stringify(messages));
    if (data.length > size / 2) return false;
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO traces (call, at, caller, called, trunks, reason, messages, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(call, at, caller, called, JSON.stringify(trunks), reason, messages.length, data);
    this.prune({ size, lifetime }, now);
    return true;
  }

  /** Lets go what is too old, or too much. */
  prune({ size, lifetime }: TraceLimits, now: number): void {
    this.#database.prepare('DELETE FROM traces WHERE at < ?').run(now - lifetime);
    const oldest = this.#database.prepare('DELETE FROM traces WHERE id = (SELECT min(id) FROM traces)');
    while (this.size > size && oldest.run().changes > 0);
    if (this.#pragma('freelist_count') > 0) this.#database.exec('PRAGMA incremental_vacuum');
  }

  get(call: string): KeptTrace<Message> | undefined {
    const row = this.#database.prepare('SELECT * FROM traces WHERE call = ?').get(call);
    if (!row) return undefined;
    const text = zstdDecompressSync(row.data as Uint8Array).toString();
    const { messages: _, id: __, ...summary } = listed(row);
    return { ...summary, messages: JSON.parse(text) };
  }

  /** Newest first. */
  list({ trunk, number, reason, from, to, before, limit }: TraceQuery): readonly ListedTrace[] {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    const when = (condition: string, ...of: (string | number)[]) => {
      conditions.push(condition);
      values.push(...of);
    };
    if (trunk !== undefined) when('EXISTS (SELECT 1 FROM json_each(trunks) WHERE value = ?)', trunk);
    if (number !== undefined) when('(instr(caller, ?) > 0 OR instr(called, ?) > 0)', number, number);
    if (reason !== undefined) when('reason = ?', reason);
    if (from !== undefined) when('at >= ?', from);
    if (to !== undefined) when('at < ?', to);
    if (before !== undefined) when('id < ?', before);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    return this.#database
      .prepare(
        `SELECT id, call, at, caller, called, trunks, reason, messages FROM traces ${where} ORDER BY id DESC LIMIT ?`,
      )
      .all(...values, limit)
      .map(listed);
  }

  /** False: there is none. */
  remove(call: string): boolean {
    return this.#database.prepare('DELETE FROM traces WHERE call = ?').run(call).changes > 0;
  }

  /** How many there are, and when the oldest ended. */
  stands(): { readonly traces: number; readonly oldest?: number } {
    const row = this.#database.prepare('SELECT count(*) AS traces, min(at) AS oldest FROM traces').get() as {
      traces: number;
      oldest: number | null;
    };
    return { traces: row.traces, ...(row.oldest !== null && { oldest: row.oldest }) };
  }

  close(): void {
    this.#database.close();
  }

  #pragma(name: string): number {
    return Number(Object.values(this.#database.prepare(`PRAGMA ${name}`).get()!)[0]);
  }
}

function listed(row: Readonly<Record<string, unknown>>): ListedTrace {
  const { id, call, at, caller, called, trunks, reason, messages } = row as unknown as Omit<ListedTrace, 'trunks'> & {
    readonly trunks: string;
  };
  return { id, call, at, caller, called, trunks: JSON.parse(trunks), reason, messages };
}

function fileIn(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'traces.sqlite');
  // What people said to each other's phones is nobody else's business.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  return path;
}
