import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Role } from './accounts.ts';
import { readNames, writeNames } from './columns.ts';
import { hashOf, newId, newSecret } from './secrets.ts';

/** What a program proves itself by. */
export interface Token {
  readonly id: string;
  readonly name: string;
  /** Whose it is: it may never do more than he may. Undefined: of who runs the program. */
  readonly account: number | undefined;
  readonly role: Role;
  /** Undefined: all. */
  readonly sites: readonly string[] | undefined;
  /** Unix ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | undefined;
  readonly usedFrom: string | undefined;
}

/** By which secrets that were let slip are found where they lie. */
const mark = 'tdm_';
/** Of all, and of one account: nobody shall have the others go without. */
const mostTokens = 1_000;
const mostOfOne = 50;
/** Ms between two notes of when it was used. */
const noteEvery = 60_000;

type Row = Record<string, SQLOutputValue>;

export class Tokens {
  readonly #database: DatabaseSync;
  /** Asked with every request. */
  readonly #find: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#find = database.prepare('SELECT * FROM tokens WHERE hash = ?');
  }

  /** The token, and the secret that is told once. Undefined: one of his has this name, or there are too many. */
  create(
    token: Omit<Token, 'id' | 'usedAt' | 'usedFrom'>,
  ): { readonly token: Token; readonly secret: string } | undefined {
    const { name, account, role, sites, createdAt, expiresAt } = token;
    const all = this.list();
    const own = all.filter((one) => one.account === account);
    // Who runs the program may as many as there are.
    const isTooMany = all.length >= mostTokens || (account !== undefined && own.length >= mostOfOne);
    if (isTooMany || own.some((one) => one.name === name)) return undefined;
    const secret = `${mark}${newSecret()}`;
    const id = newId();
    this.#database
      .prepare(
        'INSERT INTO tokens (hash, id, name, account, role, sites, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(hashOf(secret), id, name, account ?? null, role, writeNames(sites), createdAt, expiresAt);
    return { token: { ...token, id, usedAt: undefined, usedFrom: undefined }, secret };
  }

  find(secret: string): Token | undefined {
    if (!secret.startsWith(mark)) return undefined;
    const row = this.#find.get(hashOf(secret)) as Row | undefined;
    return row && toToken(row);
  }

  byId(id: string): Token | undefined {
    const row = this.#database.prepare('SELECT * FROM tokens WHERE id = ?').get(id) as Row | undefined;
    return row && toToken(row);
  }

  /** It was used. */
  note({ id, usedAt = 0, usedFrom }: Token, now: number, source: string): void {
    if (now - usedAt < noteEvery && usedFrom === source) return;
    this.#database.prepare('UPDATE tokens SET used_at = ?, used_from = ? WHERE id = ?').run(now, source, id);
  }

  /** By name; of one account where it is given. */
  list(account?: number): Token[] {
    const rows = this.#database.prepare('SELECT * FROM tokens ORDER BY name, id').all() as Row[];
    return rows.map(toToken).filter((one) => account === undefined || one.account === account);
  }

  revoke(id: string): boolean {
    return this.#database.prepare('DELETE FROM tokens WHERE id = ?').run(id).changes > 0;
  }

  /** Those that expired before this time. */
  purge(before: number): void {
    this.#database.prepare('DELETE FROM tokens WHERE expires_at < ?').run(before);
  }
}

function toToken(row: Row): Token {
  return {
    id: row.id as string,
    name: row.name as string,
    account: (row.account as number | null) ?? undefined,
    role: row.role as Role,
    sites: readNames(row.sites),
    createdAt: row.created_at as number,
    expiresAt: row.expires_at as number,
    usedAt: (row.used_at as number | null) ?? undefined,
    usedFrom: (row.used_from as string | null) ?? undefined,
  };
}
