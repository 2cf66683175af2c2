import type { DatabaseSync } from 'node:sqlite';
import { Accounts } from './accounts.ts';
import { Audit } from './audit.ts';
import { Invitations } from './invitations.ts';
import { Layouts } from './layouts.ts';
import { RecoveryCodes } from './recovery-codes.ts';
import { inTransaction, openDatabase } from './schema.ts';
import { Sessions } from './sessions.ts';
import { Tokens } from './tokens.ts';
import { Webhooks } from './webhooks.ts';

/** Who may sign in, who has, what they changed, and who is told what happens: DATA/management.sqlite. */
export class ManagementStore {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly invitations: Invitations;
  readonly recoveryCodes: RecoveryCodes;
  readonly audit: Audit;
  readonly layouts: Layouts;
  readonly webhooks: Webhooks;
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.accounts = new Accounts(database);
    this.sessions = new Sessions(database);
    this.tokens = new Tokens(database);
    this.invitations = new Invitations(database);
    this.recoveryCodes = new RecoveryCodes(database);
    this.audit = new Audit(database);
    this.layouts = new Layouts(database);
    this.webhooks = new Webhooks(database);
  }

  /** Throws the system's error when the file cannot be used; in memory without a directory, for tests. */
  static open(directory?: string): ManagementStore {
    return new ManagementStore(openDatabase(directory));
  }

  /** All of it, or nothing. */
  atOnce<T>(act: () => T): T {
    return inTransaction(this.#database, act);
  }

  close(): void {
    this.#database.close();
  }
}
