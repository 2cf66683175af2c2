import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { readNames, writeNames } from './columns.ts';

export type Role = 'viewer' | 'operator' | 'administrator';

/** Somebody who may sign in. */
export interface Account {
  readonly id: number;
  /** Upper and lower case are one. */
  readonly name: string;
  readonly role: Role;
  /** Undefined: all. */
  readonly sites: readonly string[] | undefined;
  readonly disabled: boolean;
  /** As Passwords writes it; undefined: he was invited, or signs in elsewhere. */
  readonly password: string | undefined;
  /** The secret of his one-time passwords, base32. */
  readonly totp: string | undefined;
  /** The last time step one of which was taken: none is taken twice (RFC 6238 5.2). */
  readonly totpStep: number;
  /** Who he is at the provider that he signs in at. */
  readonly subject: string | undefined;
  /** Unix ms. */
  readonly createdAt: number;
  readonly signedInAt: number | undefined;
}

/** Far more than anybody has: a provider of OpenID Connect may know very many. */
const mostAccounts = 10_000;

type Row = Record<string, SQLOutputValue>;

export class Accounts {
  readonly #database: DatabaseSync;
  /** Asked with every request. */
  readonly #byId: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#byId = database.prepare('SELECT * FROM accounts WHERE id = ?');
  }

  byName(name: string): Account | undefined {
    return this.#one('name = ?', name);
  }

  byId(id: number): Account | undefined {
    const row = this.#byId.get(id) as Row | undefined;
    return row && toAccount(row);
  }

  bySubject(subject: string): Account | undefined {
    return this.#one('subject = ?', subject);
  }

  /** By name. */
  list(): Account[] {
    return (this.#database.prepare('SELECT * FROM accounts ORDER BY name').all() as Row[]).map(toAccount);
  }

  /** Those who can sign in and may all. */
  administrators(): Account[] {
    return this.list().filter(
      ({ role, disabled, password, subject, sites }) =>
        role === 'administrator' && !sites && !disabled && (password !== undefined || subject !== undefined),
    );
  }

  /** Undefined: there is somebody of this name, or there are too many. */
  create(
    account: Pick<Account, 'name' | 'role' | 'sites' | 'createdAt'> & Partial<Pick<Account, 'password' | 'subject'>>,
  ): Account | undefined {
    const { name, role, sites, createdAt, password, subject } = account;
    const { changes, lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO accounts (name, role, sites, password, subject, created_at)
         SELECT ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM accounts) < ${mostAccounts} ON CONFLICT DO NOTHING`,
      )
      .run(name, role, writeNames(sites), password ?? null, subject ?? null, createdAt);
    return changes === 0 ? undefined : this.byId(Number(lastInsertRowid));
  }

  change(id: number, change: Partial<Omit<Account, 'id' | 'name' | 'createdAt'>>): void {
    const columns: Row = {};
    if (change.role !== undefined) columns.role = change.role;
    if ('sites' in change) columns.sites = writeNames(change.sites);
    if (change.disabled !== undefined) columns.disabled = change.disabled ? 1 : 0;
    if ('password' in change) columns.password = change.password ?? null;
    if ('totp' in change) columns.totp = change.totp ?? null;
    if (change.totpStep !== undefined) columns.totp_step = change.totpStep;
    if ('signedInAt' in change) columns.signed_in_at = change.signedInAt ?? null;
    const names = Object.keys(columns);
    if (names.length === 0) return;
    this.#database
      .prepare(`UPDATE accounts SET ${names.map((name) => `${name} = :${name}`).join(', ')} WHERE id = :id`)
      .run({ ...columns, id } as Record<string, string | number | null>);
  }

  /** His sessions, tokens and invitations go with him. */
  remove(id: number): void {
    this.#database.prepare('DELETE FROM accounts WHERE id = ?').run(id);
  }

  #one(where: string, value: string): Account | undefined {
    const row = this.#database.prepare(`SELECT * FROM accounts WHERE ${where}`).get(value) as Row | undefined;
    return row && toAccount(row);
  }
}

function toAccount(row: Row): Account {
  return {
    id: row.id as number,
    name: row.name as string,
    role: row.role as Role,
    sites: readNames(row.sites),
    disabled: row.disabled === 1,
    password: (row.password as string | null) ?? undefined,
    totp: (row.totp as string | null) ?? undefined,
    totpStep: row.totp_step as number,
    subject: (row.subject as string | null) ?? undefined,
    createdAt: row.created_at as number,
    signedInAt: (row.signed_in_at as number | null) ?? undefined,
  };
}
