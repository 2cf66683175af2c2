import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * DATA/management.sqlite: who may sign in, who has, what they changed, and how pictures are arranged. The management process alone writes it. Times are Unix ms.
 * Of passwords, recovery codes, sessions, tokens and invitations hashes are kept: whoever reads the file can sign in by none of them. What webhooks are
 * signed with has to be kept as it is.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,
    sites TEXT,
    disabled INTEGER NOT NULL DEFAULT 0,
    password TEXT,
    totp TEXT,
    totp_step INTEGER NOT NULL DEFAULT 0,
    subject TEXT UNIQUE,
    created_at INTEGER NOT NULL,
    signed_in_at INTEGER
  ) STRICT;
  CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    method TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    agent TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_account ON sessions (account);
  CREATE TABLE tokens (
    hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    account INTEGER REFERENCES accounts ON DELETE CASCADE,
    role TEXT NOT NULL,
    sites TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    used_from TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tokens_by_account ON tokens (account);
  CREATE TABLE invitations (
    hash BLOB PRIMARY KEY,
    account INTEGER REFERENCES accounts ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    via TEXT NOT NULL,
    source TEXT NOT NULL,
    what TEXT NOT NULL,
    object TEXT NOT NULL,
    status INTEGER NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only written to'); END;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only written to'); END;
  `,
  `
  CREATE TABLE layouts (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    sites TEXT,
    trunks TEXT,
    ca TEXT,
    enabled INTEGER NOT NULL,
    enabled_at INTEGER NOT NULL,
    ended_by TEXT,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_secret_until INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE recovery_codes (
    account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    hash BLOB NOT NULL,
    PRIMARY KEY (account, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit_cuts (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_cuts_stay BEFORE UPDATE ON audit_cuts BEGIN SELECT RAISE(ABORT, 'the audit log is only written to'); END;
  CREATE TRIGGER audit_cuts_are_kept BEFORE DELETE ON audit_cuts BEGIN SELECT RAISE(ABORT, 'the audit log is only written to'); END;
  DROP TRIGGER audit_is_kept;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN OLD.id > coalesce((SELECT max(id) FROM audit_cuts), 0)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only written to'); END;
  `,
];

/** Opens the file, creating it for its owner only; in memory without a directory. Throws the system's error, or one that tells of a newer format. */
export function openDatabase(directory: string | undefined): DatabaseSync {
  const database = new DatabaseSync(directory === undefined ? ':memory:' : fileIn(directory), { timeout: 2_000 });
  try {
    // What was changed, and by whom, shall outlast a power failure.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The form of the tables that this version writes. */
export const managementFormat = migrations.length;

function fileIn(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'management.sqlite');
  closeSync(openSync(path, 'a', 0o600));
  return path;
}

function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length)
      throw new Error(
        `management.sqlite was written by a newer version of tandem (format ${version}): run that version`,
      );
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

export function inTransaction<T>(database: DatabaseSync, act: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
