import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * One process owns the directory. The lock is the operating system's (SQLite takes it for us: Node has no file locks), so it
 * falls with its owner however that died: there is no stale lock, and no process id to mistake for another's.
 */
export class DirectoryLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws DirectoryInUse when another process, or this one, holds the lock. */
  static take(directory: string): DirectoryLock {
    const owner = join(directory, 'live.owner');
    const database = new DatabaseSync(join(directory, 'live.lock'), { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if ((error as { errcode?: number }).errcode !== 5) throw error; // 5: SQLITE_BUSY
      throw new DirectoryInUse(directory, readOwner(owner));
    }
    // For the message above only; the lock does not depend on it.
    writeFileSync(owner, `${process.pid}\n`, { mode: 0o600 });
    return new DirectoryLock(database);
  }

  release(): void {
    this.#database.close();
  }
}

class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  /** The process id of the owner, where it could be read. */
  readonly owner: string | undefined;

  constructor(directory: string, owner: string | undefined) {
    super(
      `the live state in ${directory} is in use by ${owner ? `process ${owner}` : 'another process'}: ` +
        'stop that one first, or give this one its own records.path',
    );
    this.owner = owner;
  }
}

function readOwner(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'latin1').trim();
    return Number.isInteger(Number(text)) && text !== '' ? text : undefined;
  } catch {
    return undefined;
  }
}
