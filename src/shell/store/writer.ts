import { statfsSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Expiry } from './expiry.ts';
import { mostReports, type ReportRow, reportColumns } from './report-rows.ts';
import type { Expired, ExpiryOrder } from './retention.ts';
import { attemptColumns, type Cell, callColumns, mediaColumns, type Rows } from './rows.ts';
import { createFile, type Migration, migrate } from './schema.ts';
import { Tally } from './tally.ts';

/** Rows that SQLite will never take, with its reason; the others are durable. */
export type Rejected = readonly (readonly [index: number, detail: string])[];

interface Open {
  readonly database: DatabaseSync;
  readonly path: string;
  /** The file's identity when it was opened. */
  readonly inode: number;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly call: StatementSync;
  readonly attempt: StatementSync;
  readonly media: StatementSync;
  readonly report: StatementSync;
  readonly tally: Tally;
  /** Where it was ever asked for: what it needs costs each write a little. */
  expiry: Expiry | undefined;
}

export interface WriterOptions {
  /** Told when tables of an older version are being brought to this one, and again with the time that it took. */
  readonly onMigrated?: (migration: Migration, tookMs?: number) => void;
}

/**
 * Writes batches of records, one transaction a batch. It runs in the store's thread and is plain synchronous code.
 *
 * Durable means on the disk: with `synchronous = FULL` a commit returns after the write-ahead log is synced, so what was
 * acknowledged survives the death of the process and of the machine. The batch makes that cheap: one sync for all.
 *
 * The first record of a call stays: should the process die between the commit and the moment it forgets the call, the
 * call comes back at the start and is ended once more, less truly than the first time.
 */
export class Writer {
  readonly #directory: string;
  readonly #onMigrated: WriterOptions['onMigrated'];
  #open: Open | undefined;

  constructor(directory: string, { onMigrated }: WriterOptions = {}) {
    this.#directory = directory;
    this.#onMigrated = onMigrated;
  }

  /** Opens now rather than at the first batch, so that trouble is known early. Throws the trouble. */
  open(): void {
    this.#opened();
  }

  /** Commits the batch, JSON of (Rows | ReportRow)[]. Throws on trouble with disk or file: nothing of the batch is written then. */
  write(batch: string): Rejected {
    const rows = JSON.parse(batch) as readonly (Rows | ReportRow)[];
    try {
      return this.#commit(this.#opened(), rows);
    } catch (error) {
      // The file may have been replaced, its disk remounted: begin afresh.
      this.close();
      throw error;
    }
  }

  /** Lets go of what was over by then, as much as takes some 5 ms. Throws on trouble with disk or file: nothing is let go then. */
  expire(order: ExpiryOrder): Expired {
    const open = this.#opened();
    try {
      open.expiry ??= new Expiry(open.database);
      open.begin.run();
      const passed = open.expiry.pass(order);
      open.commit.run();
      return passed;
    } catch (error) {
      rollBack(open);
      throw error;
    }
  }

  /** The connection, while there is one: for tests that put it under pressure. */
  get connection(): DatabaseSync | undefined {
    return this.#open?.database;
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.database.close();
    } catch {
      // A file that cannot be written cannot be tidied either; its log is read when it is opened again.
    }
  }

  #commit(open: Open, rows: readonly (Rows | ReportRow)[]): Rejected {
    open.begin.run();
    open.tally.clear();
    try {
      for (const row of rows) write(open, row);
      open.tally.flush();
      open.commit.run();
      return [];
    } catch (error) {
      rollBack(open);
      if (isTrouble(error)) throw error;
    }
    // A row is at fault: find it, so that it does not hold up the others.
    const rejected: [number, string][] = [];
    open.begin.run();
    open.tally.clear();
    try {
      rows.forEach((row, index) => {
        open.database.exec('SAVEPOINT one');
        try {
          write(open, row);
        } catch (error) {
          if (isTrouble(error)) throw error;
          open.database.exec('ROLLBACK TO one');
          rejected.push([index, (error as Error).message]);
        }
        open.database.exec('RELEASE one');
      });
      open.tally.flush();
      open.commit.run();
      return rejected;
    } catch (error) {
      rollBack(open);
      throw error;
    }
  }

  #opened(): Open {
    const open = this.#open;
    if (open && inodeOf(open.path) === open.inode) return open;
    // A file moved or removed under us would take records that nobody sees again. What was moved gets what it has in the
    // log still: SQLite would leave it there, and the log belongs to the new file of that name.
    if (open) carryLog(open);
    this.close();
    this.#open = openFile(this.#directory, this.#onMigrated);
    return this.#open;
  }
}

function openFile(directory: string, onMigrated: WriterOptions['onMigrated']): Open {
  const path = createFile(directory);
  const database = new DatabaseSync(path, { timeout: 1000 });
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = OFF;
      PRAGMA wal_autocheckpoint = 2000;
      PRAGMA journal_size_limit = 67108864;
    `);
    migrateAloud(database, directory, onMigrated);
    const marks = (count: number) => new Array(count).fill('?').join(',');
    return {
      database,
      path,
      inode: inodeOf(path),
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      call: database.prepare(
        `INSERT INTO calls (${callColumns.join(',')}) VALUES (${marks(callColumns.length)}) ON CONFLICT (call) DO NOTHING`,
      ),
      attempt: database.prepare(
        `INSERT INTO attempts (calls_id,attempt,${attemptColumns.join(',')}) VALUES (${marks(attemptColumns.length + 2)})`,
      ),
      media: database.prepare(
        `INSERT INTO media (calls_id,${mediaColumns.join(',')}) VALUES (${marks(mediaColumns.length + 1)})`,
      ),
      report: database.prepare(
        `INSERT INTO reports (sip_call_id,number,${reportColumns.join(',')})
         SELECT ?1, n, ${reportColumns.map((_, i) => `?${i + 2}`).join(',')}
         FROM (SELECT coalesce(max(number), 0) + 1 AS n FROM reports WHERE sip_call_id = ?1) WHERE n <= ${mostReports}`,
      ),
      tally: new Tally(database),
      expiry: undefined,
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrateAloud(database: DatabaseSync, directory: string, onMigrated: WriterOptions['onMigrated']): void {
  const began = performance.now();
  let migration: Migration | undefined;
  migrate(database, {
    room: () => {
      const { bavail, bsize } = statfsSync(directory);
      return bavail * bsize;
    },
    onBegin: (told) => {
      migration = told;
      onMigrated?.(told);
    },
  });
  if (migration) onMigrated?.(migration, Math.round(performance.now() - began));
}

function write(open: Open, row: Rows | ReportRow): void {
  if (row[0] === 'report') open.report.run(...([row[1], ...row[2]] as Cell[]).map(toText));
  else if (insert(open, row)) open.tally.add(row);
}

/** False: the call has its record already. */
function insert(open: Open, [call, attempts, media]: Rows): boolean {
  const cells = call.map(toText);
  const { changes, lastInsertRowid: id } = open.call.run(...cells);
  if (changes === 0) return false;
  const tries = attempts.map((one) => one.map(toText));
  for (let n = 0; n < tries.length; n++) open.attempt.run(id, n + 1, ...tries[n]!);
  for (const side of media) open.media.run(id, ...(side as Cell[]));
  open.tally.number(Number(id), cells, tries);
  return true;
}

function carryLog({ database }: Open): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The moved file is out of reach: its log cannot be saved.
  }
}

function rollBack(open: Open): void {
  if (open.database.isTransaction) open.database.exec('ROLLBACK');
}

function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? -1;
}

/** SQLite's codes for trouble with a row; all else is trouble with the disk, the file or the locks, and passes or is mended. */
const rowFaults = new Set([18 /* TOOBIG */, 19 /* CONSTRAINT */, 20 /* MISMATCH */, 25 /* RANGE */]);

function isTrouble(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  // Without a code it is Node's, about a value that cannot be bound: the row's fault; or the file system's.
  if (code === undefined) return (error as { syscall?: string }).syscall !== undefined;
  return !rowFaults.has(code & 0xff);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What came from the wire is a string of bytes: as text it is UTF-8 (RFC 3261 25.1), or latin1 where it is not. */
function toText(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  for (let i = 0; i < cell.length; i++) {
    const code = cell.charCodeAt(i);
    if (code < 0x80) continue;
    // Beyond a byte: text already.
    for (let rest = i; rest < cell.length; rest++) if (cell.charCodeAt(rest) > 0xff) return cell;
    try {
      return utf8.decode(Buffer.from(cell, 'latin1'));
    } catch {
      return cell;
    }
  }
  return cell;
}
