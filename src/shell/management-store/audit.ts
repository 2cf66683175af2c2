import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';

/** One thing that somebody did, or tried to. */
export interface AuditEntry {
  /** Unix ms. */
  readonly at: number;
  readonly who: string;
  /** `socket`, `session`, `token`, or `` where it is not known who he is. */
  readonly via: string;
  /** The address that it came from. */
  readonly source: string;
  /** Method and route: `PATCH /api/v1/accounts/:account`. */
  readonly what: string;
  /** What it was done to: the path as it was asked for. */
  readonly object: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** JSON of what was sent, what was before and what is after; no secrets. */
  readonly detail: string;
}

export interface AuditRow extends AuditEntry {
  /** In the order of writing, from 1 on. */
  readonly id: number;
  /** Over this row and the hash of the row before it, hex. */
  readonly hash: string;
  /** Whether the row is as it was written, behind the row that it was written behind. */
  readonly verified: boolean;
}

export interface AuditFilter {
  /** Unix ms. */
  readonly since?: number;
  readonly until?: number;
  readonly who?: string;
  /** A part of `what` or of `object`. */
  readonly contains?: string;
  /** Rows before this one. */
  readonly before?: number;
}

export interface Verification {
  readonly rows: number;
  /** Of the last row, hex: whoever keeps it elsewhere finds out when rows at the end are gone. */
  readonly head: string;
  /** The first row that is not as it was written, or is missing. */
  readonly brokenAt: number | undefined;
}

type Row = Record<string, SQLOutputValue>;

/** Rows that are looked at in one go: who else waits meanwhile waits some ms. */
const slice = 2_000;

/** What is before the first row. */
const origin = new Uint8Array(32);

/**
 * Rows are written and never changed (the tables refuse it), and each bears a hash over itself and the one before it: whoever changes the
 * file by other means has to change every row behind, and the head that was noted elsewhere tells.
 */
export class Audit {
  readonly #database: DatabaseSync;
  readonly #append: StatementSync;
  #last: { readonly id: number; readonly hash: Uint8Array };

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#append = database.prepare(
      'INSERT INTO audit (id, at, who, via, source, what, object, status, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const row = database.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1').get() as Row | undefined;
    // It counts rows that are gone, too: where some at the end are, a gap remains.
    const written = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").get() as Row | undefined;
    this.#last = {
      id: (written?.seq as number | undefined) ?? 0,
      hash: (row?.hash as Uint8Array | undefined) ?? origin,
    };
  }

  /** Durable when it returns. Throws the system's error. */
  append(entry: AuditEntry): { readonly id: number; readonly hash: string } {
    const id = this.#last.id + 1;
    const hash = hashOf(this.#last.hash, id, entry);
    const { at, who, via, source, what, object, status, detail } = entry;
    this.#append.run(id, at, who, via, source, what, object, status, detail, hash);
    this.#last = { id, hash };
    return { id, hash: toHex(hash) };
  }

  /** The newest first. */
  list(filter: AuditFilter, limit: number): AuditRow[] {
    const { since, until, who, contains, before } = filter;
    const rows = this.#database
      .prepare(
        `SELECT a.*, b.hash AS previous FROM audit a LEFT JOIN audit b ON b.id = a.id - 1
         WHERE a.id < coalesce(:before, 9e15) AND a.at >= coalesce(:since, 0) AND a.at < coalesce(:until, 9e15)
           AND (:who IS NULL OR a.who = :who COLLATE NOCASE)
           AND (:contains IS NULL OR instr(a.what, :contains) > 0 OR instr(a.object, :contains) > 0)
         ORDER BY a.id DESC LIMIT :limit`,
      )
      .all({
        before: before ?? null,
        since: since ?? null,
        until: until ?? null,
        who: who ?? null,
        contains: contains ?? null,
        limit,
      }) as Row[];
    return rows.map((row) => {
      const entry = toEntry(row);
      const id = row.id as number;
      const previous = id === 1 ? origin : (row.previous as Uint8Array | null);
      const hash = toHex(row.hash as Uint8Array);
      return { ...entry, id, hash, verified: previous !== null && toHex(hashOf(previous, id, entry)) === hash };
    });
  }

  /** Looks at every row, in turns. */
  async verify(): Promise<Verification> {
    // What is written meanwhile is looked at another time.
    const { id: last, hash: head } = this.#last;
    const some = this.#database.prepare('SELECT * FROM audit WHERE id > ? AND id <= ? ORDER BY id LIMIT ?');
    let id = 0;
    let hash: Uint8Array = origin;
    while (id < last) {
      const rows = some.all(id, last, slice) as Row[];
      for (const row of rows) {
        id++;
        hash = hashOf(hash, id, toEntry(row));
        if (row.id !== id || toHex(row.hash as Uint8Array) !== toHex(hash))
          return { rows: last, head: toHex(head), brokenAt: id };
      }
      if (rows.length === 0) return { rows: last, head: toHex(head), brokenAt: id + 1 };
      await new Promise(setImmediate);
    }
    return { rows: last, head: toHex(head), brokenAt: toHex(hash) === toHex(head) ? undefined : last };
  }
}

function hashOf(previous: Uint8Array, id: number, entry: AuditEntry): Uint8Array {
  const { at, who, via, source, what, object, status, detail } = entry;
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify([id, at, who, via, source, what, object, status, detail]))
    .digest();
}

function toEntry(row: Row): AuditEntry {
  const { at, who, via, source, what, object, status, detail } = row;
  return { at, who, via, source, what, object, status, detail } as unknown as AuditEntry;
}

function toHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
