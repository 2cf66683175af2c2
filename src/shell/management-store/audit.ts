import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type Instant, SteadyClock } from '#kernel';
import { inTransaction } from './schema.ts';

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
  /** Rows after this one, the oldest first. */
  readonly after?: number;
}

/** How long rows are kept. */
export interface AuditLimits {
  /** Ms; 0: for ever. */
  readonly keep: number;
  /** How many, the newest. */
  readonly rows: number;
}

export interface Verification {
  /** How many were written ever. */
  readonly rows: number;
  /** Those of them that were let go since they were old; each later one is held by their last one's hash all the same. */
  readonly cut: number;
  /** Of the last row, hex: whoever keeps it elsewhere finds out when rows at the end are gone. */
  readonly head: string;
  /** The first row that is not as it was written, or is missing. */
  readonly brokenAt: number | undefined;
}

type Row = Record<string, SQLOutputValue>;

/** A place in the chain. */
interface Link {
  readonly id: number;
  readonly hash: Uint8Array;
}

/** What a row is that tells up to which one older ones were let go, and what that one's hash was. */
const cutting = 'cut';

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
  /** The last row that was let go. */
  #base: Link;
  #last: Link;
  /** Since the first cut. */
  #clock: SteadyClock | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#append = database.prepare(
      'INSERT INTO audit (id, at, who, via, source, what, object, status, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const cut = database.prepare('SELECT id, hash FROM audit_cuts ORDER BY id DESC LIMIT 1').get() as Row | undefined;
    this.#base = (cut as Link | undefined) ?? { id: 0, hash: origin };
    const row = database.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1').get() as Row | undefined;
    // It counts rows that are gone, too: where some at the end are, a gap remains.
    const written = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").get() as Row | undefined;
    this.#last = {
      id: (written?.seq as number | undefined) ?? 0,
      hash: (row?.hash as Uint8Array | undefined) ?? this.#base.hash,
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

  /**
   * Lets go what is older than it has to be kept, unless something is wrong with it: that is left to be seen. The row that says so stands in
   * the chain like any other. By a clock that may be wrong none is too old. Gives how many are gone. `mono`: of a clock that does not jump, ms.
   */
  async cut(limits: AuditLimits, now: number, mono = performance.now()): Promise<number> {
    const { id: upTo, hash } = this.#oldest(
      this.#believes({ wall: now, mono }, limits) ? limits : { ...limits, keep: 0 },
      now,
    );
    if (upTo <= this.#base.id || (await this.verify()).brokenAt !== undefined) return 0;
    const count = upTo - this.#base.id;
    const before = this.#last;
    try {
      inTransaction(this.#database, () => {
        const detail = JSON.stringify({ upTo, hash: toHex(hash) });
        this.append({ at: now, who: '', via: '', source: '', what: cutting, object: '', status: 200, detail });
        this.#database.prepare('INSERT INTO audit_cuts (id, hash) VALUES (?, ?)').run(upTo, hash);
        this.#database.prepare('DELETE FROM audit WHERE id <= ?').run(upTo);
      });
    } catch (error) {
      this.#last = before;
      throw error;
    }
    this.#base = { id: upTo, hash };
    return count;
  }

  /** Whether it may be that late. */
  #believes(now: Instant, { keep }: AuditLimits): boolean {
    if (keep === 0) return true;
    this.#clock ??= new SteadyClock(now);
    this.#clock.look(now, keep);
    const standing = this.#clock.standing(now, keep);
    if (typeof standing === 'string') return standing === 'proven';
    const { since, until } = standing;
    const row = this.#database.prepare('SELECT 1 FROM audit WHERE at >= ? AND at < ? ORDER BY id DESC LIMIT 1');
    return row.get(since, until) !== undefined;
  }

  /** The last row that does not have to be kept. */
  #oldest({ keep, rows }: AuditLimits, now: number): Link {
    const young = this.#database
      .prepare('SELECT coalesce(min(id) - 1, :last) AS id FROM audit WHERE at >= :since')
      .get({ last: this.#last.id, since: keep === 0 ? 0 : now - keep }) as { id: number };
    const id = Math.max(young.id, this.#last.id - rows);
    const row = this.#database.prepare('SELECT id, hash FROM audit WHERE id = ?').get(id) as Link | undefined;
    return row ?? this.#base;
  }

  /** The newest first, unless those after some row are asked for. */
  list(filter: AuditFilter, limit: number): AuditRow[] {
    const { since, until, who, contains, before, after } = filter;
    const rows = this.#database
      .prepare(
        `SELECT a.*, b.hash AS previous FROM audit a LEFT JOIN audit b ON b.id = a.id - 1
         WHERE a.id < coalesce(:before, 9e15) AND a.id > coalesce(:after, 0) AND a.at >= coalesce(:since, 0) AND a.at < coalesce(:until, 9e15)
           AND (:who IS NULL OR a.who = :who COLLATE NOCASE)
           AND (:contains IS NULL OR instr(a.what, :contains) > 0 OR instr(a.object, :contains) > 0)
         ORDER BY a.id ${after === undefined ? 'DESC' : 'ASC'} LIMIT :limit`,
      )
      .all({
        before: before ?? null,
        after: after ?? null,
        since: since ?? null,
        until: until ?? null,
        who: who ?? null,
        contains: contains ?? null,
        limit,
      }) as Row[];
    return rows.map((row) => {
      const entry = toEntry(row);
      const id = row.id as number;
      const previous = id === this.#base.id + 1 ? this.#base.hash : (row.previous as Uint8Array | null);
      const hash = toHex(row.hash as Uint8Array);
      return { ...entry, id, hash, verified: previous !== null && toHex(hashOf(previous, id, entry)) === hash };
    });
  }

  /** Looks at every row, in turns. */
  async verify(): Promise<Verification> {
    // What is written meanwhile is looked at another time.
    const { id: last, hash: head } = this.#last;
    const some = this.#database.prepare('SELECT * FROM audit WHERE id > ? AND id <= ? ORDER BY id LIMIT ?');
    const base = this.#base;
    let { id, hash } = base;
    // Whoever lets rows go by other means does not have the row that says so in the chain.
    let isCut = base.id === 0;
    while (id < last) {
      const rows = some.all(id, last, slice) as Row[];
      for (const row of rows) {
        id++;
        hash = hashOf(hash, id, toEntry(row));
        if (row.id !== id || toHex(row.hash as Uint8Array) !== toHex(hash))
          return { rows: last, cut: base.id, head: toHex(head), brokenAt: id };
        isCut ||= row.what === cutting && tellsOf(row.detail as string, base);
      }
      if (rows.length === 0) return { rows: last, cut: base.id, head: toHex(head), brokenAt: id + 1 };
      await new Promise(setImmediate);
    }
    const brokenAt = isCut ? (toHex(hash) === toHex(head) ? undefined : last) : base.id + 1;
    return { rows: last, cut: base.id, head: toHex(head), brokenAt };
  }
}

/** What the hash of a row has to be, hex; `previous`: that of the row before it, or nothing. `detail`: what its JSON says. */
export function hashOfRow(
  previous: string,
  { id, ...row }: Omit<AuditEntry, 'detail'> & { readonly id: number; readonly detail: unknown },
): string {
  const before = previous === '' ? origin : Buffer.from(previous, 'hex');
  return toHex(hashOf(before, id, { ...row, detail: JSON.stringify(row.detail) }));
}

function tellsOf(detail: string, { id, hash }: Link): boolean {
  try {
    const { upTo, hash: told } = JSON.parse(detail) as { readonly upTo?: unknown; readonly hash?: unknown };
    return upTo === id && told === toHex(hash);
  } catch {
    return false;
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
