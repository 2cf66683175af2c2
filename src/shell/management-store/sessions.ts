import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { hashOf, newId, newSecret } from './secrets.ts';

/** Of who signed in by a browser. */
export interface Session {
  /** What it is called in lists; the secret is another. */
  readonly id: string;
  /** Of the account. */
  readonly account: number;
  readonly method: 'password' | 'oidc';
  /** Unix ms. */
  readonly createdAt: number;
  readonly seenAt: number;
  /** From which address, by which User-Agent. */
  readonly source: string;
  readonly agent: string;
}

/** Whoever signs in once more than this ends his oldest. */
const mostOfOne = 20;

type Row = Record<string, SQLOutputValue>;

export class Sessions {
  readonly #database: DatabaseSync;
  /** Asked with every request. */
  readonly #find: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#find = database.prepare('SELECT * FROM sessions WHERE hash = ?');
  }

  /** The secret that the browser keeps. */
  begin(session: Omit<Session, 'id' | 'createdAt' | 'seenAt'>, now: number): string {
    const { account, method, source, agent } = session;
    const secret = newSecret();
    this.#database
      .prepare(
        `DELETE FROM sessions WHERE account = ?1 AND hash NOT IN
          (SELECT hash FROM sessions WHERE account = ?1 ORDER BY seen_at DESC LIMIT ${mostOfOne - 1})`,
      )
      .run(account);
    this.#database
      .prepare(
        `INSERT INTO sessions (hash, id, account, method, created_at, seen_at, source, agent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)`,
      )
      .run(hashOf(secret), newId(), account, method, now, source, agent);
    return secret;
  }

  find(secret: string): Session | undefined {
    const row = this.#find.get(hashOf(secret)) as Row | undefined;
    return row && toSession(row);
  }

  /** It was used; written at most every so many ms. */
  note({ id, seenAt }: Session, now: number, every: number): void {
    if (now - seenAt >= every) this.#database.prepare('UPDATE sessions SET seen_at = ? WHERE id = ?').run(now, id);
  }

  /** The last used first. */
  list(account?: number): Session[] {
    const rows = this.#database
      .prepare('SELECT * FROM sessions WHERE account = coalesce(?, account) ORDER BY seen_at DESC')
      .all(account ?? null) as Row[];
    return rows.map(toSession);
  }

  end(id: string): boolean {
    return this.#database.prepare('DELETE FROM sessions WHERE id = ?').run(id).changes > 0;
  }

  /** All of an account, but one where it is named. */
  endAll(account: number, but = ''): void {
    this.#database.prepare('DELETE FROM sessions WHERE account = ? AND id <> ?').run(account, but);
  }

  /** Those that were last used, or began, before these times. */
  purge(seenBefore: number, begunBefore: number): void {
    this.#database.prepare('DELETE FROM sessions WHERE seen_at < ? OR created_at < ?').run(seenBefore, begunBefore);
  }
}

function toSession(row: Row): Session {
  return {
    id: row.id as string,
    account: row.account as number,
    method: row.method as Session['method'],
    createdAt: row.created_at as number,
    seenAt: row.seen_at as number,
    source: row.source as string,
    agent: row.agent as string,
  };
}
