import type { DatabaseSync } from 'node:sqlite';
import { hashOf, newSecret } from './secrets.ts';

/** Links by which somebody chooses his password, once. */
export class Invitations {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The secret of its link. One that was made for the same account before is void. `account` undefined: of the first administrator. */
  create(account: number | undefined, expiresAt: number): string {
    const secret = newSecret();
    this.#database.prepare('DELETE FROM invitations WHERE account IS ?').run(account ?? null);
    this.#database
      .prepare('INSERT INTO invitations (hash, account, expires_at) VALUES (?, ?, ?)')
      .run(hashOf(secret), account ?? null, expiresAt);
    return secret;
  }

  /** For whom, while it holds. */
  find(secret: string, now: number): { readonly account: number | undefined } | undefined {
    const row = this.#database
      .prepare('SELECT account FROM invitations WHERE hash = ? AND expires_at > ?')
      .get(hashOf(secret), now) as { account: number | null } | undefined;
    return row && { account: row.account ?? undefined };
  }

  /** Whether it was there to be used: of two at once one alone finds it so. */
  use(secret: string, now: number): boolean {
    return (
      this.#database.prepare('DELETE FROM invitations WHERE hash = ? AND expires_at > ?').run(hashOf(secret), now)
        .changes > 0
    );
  }

  /** Those of this account, or of the first administrator. */
  void(account: number | undefined): void {
    this.#database.prepare('DELETE FROM invitations WHERE account IS ?').run(account ?? null);
  }
}
