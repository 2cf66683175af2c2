import { createHash } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One configuration that ran. */
export interface Version {
  readonly id: number;
  /** Unix ms. */
  readonly at: number;
  readonly who: string;
  /** What for, in somebody's words; '' where nothing was said. */
  readonly reason: string;
  /** `commit`: by the API; `rollback`; `file`: somebody wrote the file. */
  readonly by: 'commit' | 'rollback' | 'file';
  readonly hash: string;
  /** In how many things it differs from the one before it. */
  readonly differences: number;
}

/** What somebody is changing, and has not committed. */
export interface Draft {
  /** The hash of the text that it began with. */
  readonly base: string;
  readonly text: string;
  /** How it came to be; undefined: it was written as a whole. */
  readonly edits?: readonly unknown[];
  /** Unix ms. */
  readonly at: number;
}

/** Names a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const migrations = [
  `CREATE TABLE versions (
     id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,
     by TEXT NOT NULL, hash TEXT NOT NULL, differences INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
   CREATE TABLE drafts (
     who TEXT PRIMARY KEY, base TEXT NOT NULL, text TEXT NOT NULL, edits TEXT, at INTEGER NOT NULL) STRICT;`,
];

/** The form of the tables that this version writes. */
export const historyFormat = migrations.length;

/** Every configuration that ran, and what is being changed; in a file that only our user may read, for passwords may stand in them. */
export class ConfigurationHistory {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws the system's error when the directory cannot be written to. */
  static open(directory: string): ConfigurationHistory {
    const path = join(directory, 'configurations.sqlite');
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    const database = new DatabaseSync(path, { timeout: 2_000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) throw new Error(`${path} was written by a newer version of this program`);
    for (const [index, script] of migrations.entries())
      if (index >= version) database.exec(`BEGIN; ${script} PRAGMA user_version = ${index + 1}; COMMIT;`);
    return new ConfigurationHistory(database);
  }

  add(version: Omit<Version, 'id' | 'hash'>, text: string): Version {
    const { at, who, reason, by, differences } = version;
    const hash = hashOf(text);
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO versions (at, who, reason, by, hash, differences, text) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(at, who, reason, by, hash, differences, text);
    return { id: Number(lastInsertRowid), at, who, reason, by, hash, differences };
  }

  /** It did not come to run. */
  remove(id: number): void {
    this.#database.prepare('DELETE FROM versions WHERE id = ?').run(id);
  }

  /** Newest first. */
  list(limit: number, before = Number.MAX_SAFE_INTEGER): readonly Version[] {
    return this.#database
      .prepare('SELECT id, at, who, reason, by, hash, differences FROM versions WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before, limit) as unknown as Version[];
  }

  get(id: number): (Version & { readonly text: string }) | undefined {
    return this.#database.prepare('SELECT * FROM versions WHERE id = ?').get(id) as unknown as
      | (Version & { readonly text: string })
      | undefined;
  }

  draft(who: string): Draft | undefined {
    const row = this.#database.prepare('SELECT * FROM drafts WHERE who = ?').get(who) as
      | { base: string; text: string; edits: string | null; at: number }
      | undefined;
    if (!row) return undefined;
    const { base, text, edits, at } = row;
    return { base, text, at, ...(edits !== null && { edits: JSON.parse(edits) as unknown[] }) };
  }

  keep(who: string, { base, text, edits, at }: Draft): void {
    this.#database
      .prepare(
        `INSERT INTO drafts (who, base, text, edits, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (who) DO UPDATE SET base = excluded.base, text = excluded.text, edits = excluded.edits, at = excluded.at`,
      )
      .run(who, base, text, edits === undefined ? null : JSON.stringify(edits), at);
  }

  discard(who: string): void {
    this.#database.prepare('DELETE FROM drafts WHERE who = ?').run(who);
  }

  close(): void {
    this.#database.close();
  }
}
