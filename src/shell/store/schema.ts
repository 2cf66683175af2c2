import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** The records' file in the directory that `records.path` names. */
export function recordsFile(directory: string): string {
  return join(directory, 'records.sqlite');
}

/**
 * The steps from each version of the tables to the next; the version is SQLite's `user_version`. Forward only: a step that
 * has shipped is never changed, a change is a further step. docs/records.md is tested against what they add up to.
 *
 * One index, in the order of time, that holds what people filter by: every insert then goes to the same hot page at its
 * right end, while an index on random numbers would cost a page write a record (measured: it doubles the CPU of a write);
 * a search for a number reads it without touching the table.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    call TEXT NOT NULL UNIQUE,
    started_at INTEGER NOT NULL,
    ringing_at INTEGER,
    answered_at INTEGER,
    ended_at INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    trunk TEXT NOT NULL,
    remote TEXT NOT NULL,
    sip_call_id TEXT NOT NULL,
    local_tag TEXT NOT NULL,
    remote_tag TEXT NOT NULL,
    caller TEXT NOT NULL,
    called TEXT NOT NULL,
    route TEXT,
    end_by TEXT NOT NULL,
    end_reason TEXT NOT NULL,
    end_status INTEGER,
    end_phrase TEXT,
    end_q850 INTEGER,
    end_q850_text TEXT,
    end_reason_header TEXT,
    media_streams INTEGER,
    decisions TEXT NOT NULL
  ) STRICT;

  CREATE TABLE attempts (
    calls_id INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ringing_at INTEGER,
    answered_at INTEGER,
    ended_at INTEGER NOT NULL,
    trunk TEXT NOT NULL,
    remote TEXT NOT NULL,
    sip_call_id TEXT NOT NULL,
    local_tag TEXT NOT NULL,
    remote_tag TEXT NOT NULL,
    caller TEXT NOT NULL,
    called TEXT NOT NULL,
    end_by TEXT NOT NULL,
    end_reason TEXT NOT NULL,
    end_status INTEGER,
    end_phrase TEXT,
    end_q850 INTEGER,
    end_q850_text TEXT,
    end_reason_header TEXT,
    PRIMARY KEY (calls_id, attempt)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE media (
    calls_id INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    stream INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('caller', 'callee')),
    media TEXT NOT NULL,
    packets INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    jitter_ms REAL,
    payload_type INTEGER NOT NULL,
    rtcp_packets INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    source_host TEXT,
    source_port INTEGER,
    PRIMARY KEY (calls_id, stream, side)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX calls_by_time ON calls (started_at, trunk, caller, called, end_reason);
  `,
  // One m-line may be measured more than once in a call: as voice and as a fax, or on either network of ours.
  `
  CREATE TABLE media_parts (
    calls_id INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    stream INTEGER NOT NULL,
    part INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('caller', 'callee')),
    media TEXT NOT NULL,
    packets INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    jitter_ms REAL,
    payload_type INTEGER NOT NULL,
    rtcp_packets INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    source_host TEXT,
    source_port INTEGER,
    PRIMARY KEY (calls_id, stream, part, side)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO media_parts SELECT calls_id, stream, 0, side, media, packets, bytes, lost, jitter_ms, payload_type,
    rtcp_packets, dropped, source_host, source_port FROM media;
  DROP TABLE media;
  ALTER TABLE media_parts RENAME TO media;
  `,
  // Calls for help are looked for by themselves.
  `
  ALTER TABLE calls ADD COLUMN emergency TEXT;
  `,
  // By what it was decided where a call goes.
  `
  ALTER TABLE calls ADD COLUMN user TEXT;
  ALTER TABLE calls ADD COLUMN site TEXT;
  ALTER TABLE calls ADD COLUMN policy TEXT;
  ALTER TABLE calls ADD COLUMN usage TEXT;
  `,
  // Media that went past us was never there to be measured.
  `
  ALTER TABLE calls ADD COLUMN bypassed INTEGER;
  `,
  // Of ten million calls those with one number are found, and a year is added up, in milliseconds. Numbers are sorted within segments of
  // calls only: new ones go to few pages, which an index over all would not let them.
  `
  CREATE TABLE numbers (
    segment INTEGER NOT NULL,
    number TEXT NOT NULL,
    calls_id INTEGER NOT NULL,
    PRIMARY KEY (segment, number, calls_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE hours (
    part TEXT NOT NULL CHECK (part IN ('all', 'from', 'to')),
    trunk TEXT NOT NULL,
    hour INTEGER NOT NULL,
    reason TEXT NOT NULL,
    calls INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    PRIMARY KEY (part, trunk, hour, reason)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE delays (
    part TEXT NOT NULL CHECK (part IN ('all', 'from', 'to')),
    trunk TEXT NOT NULL,
    hour INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (part, trunk, hour, slot)
  ) STRICT, WITHOUT ROWID;

  INSERT OR IGNORE INTO numbers SELECT id >> 14, substr(caller, 1, 64), id FROM calls WHERE caller <> '';
  INSERT OR IGNORE INTO numbers SELECT id >> 14, substr(called, 1, 64), id FROM calls WHERE called <> '';
  INSERT OR IGNORE INTO numbers SELECT calls_id >> 14, substr(caller, 1, 64), calls_id FROM attempts WHERE caller <> '';
  INSERT OR IGNORE INTO numbers SELECT calls_id >> 14, substr(called, 1, 64), calls_id FROM attempts WHERE called <> '';

  CREATE TEMP TABLE few AS
    SELECT trunk FROM (
      SELECT trunk, count(*) AS calls FROM calls GROUP BY trunk UNION ALL
      SELECT trunk, count(*) FROM attempts GROUP BY trunk
    ) GROUP BY trunk ORDER BY sum(calls) DESC LIMIT 500;

  INSERT INTO hours
    SELECT 'all', '', started_at / 3600000, end_reason, count(*), count(answered_at), sum(talk_ms)
      FROM calls GROUP BY 3, 4 UNION ALL
    SELECT 'from', CASE WHEN trunk IN (SELECT trunk FROM few) THEN trunk ELSE '*' END, started_at / 3600000, end_reason,
      count(*), count(answered_at), sum(talk_ms)
      FROM calls GROUP BY 2, 3, 4 UNION ALL
    SELECT 'to', CASE WHEN a.trunk IN (SELECT trunk FROM few) THEN a.trunk ELSE '*' END, c.started_at / 3600000, a.end_reason,
      count(*), count(a.answered_at), sum(CASE WHEN a.answered_at IS NULL THEN 0 ELSE c.talk_ms END)
      FROM attempts a JOIN calls c ON c.id = a.calls_id GROUP BY 2, 3, 4;

  INSERT INTO delays
    SELECT 'all', '', started_at / 3600000, CAST(log2(max(1, coalesce(ringing_at, answered_at) - started_at)) * 4 AS INTEGER), count(*)
      FROM calls WHERE coalesce(ringing_at, answered_at) IS NOT NULL GROUP BY 3, 4 UNION ALL
    SELECT 'from', CASE WHEN trunk IN (SELECT trunk FROM few) THEN trunk ELSE '*' END, started_at / 3600000,
      CAST(log2(max(1, coalesce(ringing_at, answered_at) - started_at)) * 4 AS INTEGER), count(*)
      FROM calls WHERE coalesce(ringing_at, answered_at) IS NOT NULL GROUP BY 2, 3, 4 UNION ALL
    SELECT 'to', CASE WHEN a.trunk IN (SELECT trunk FROM few) THEN a.trunk ELSE '*' END, c.started_at / 3600000,
      CAST(log2(max(1, coalesce(a.ringing_at, a.answered_at) - a.started_at)) * 4 AS INTEGER), count(*)
      FROM attempts a JOIN calls c ON c.id = a.calls_id
      WHERE coalesce(a.ringing_at, a.answered_at) IS NOT NULL GROUP BY 2, 3, 4;

  DROP TABLE few;
  `,
  // What devices say themselves of what they hear.
  `
  ALTER TABLE media ADD COLUMN report TEXT;
  `,
  // How it went over time.
  `
  ALTER TABLE media ADD COLUMN course_at INTEGER;
  ALTER TABLE media ADD COLUMN course_step_ms INTEGER;
  ALTER TABLE media ADD COLUMN course TEXT;
  `,
  // Copies of media that somebody had made.
  `
  ALTER TABLE calls ADD COLUMN captures TEXT;
  `,
  // What peers have told of the voice of calls (RFC 6035). They come when they like, some before the record and some after it: the Call-ID joins them.
  `
  CREATE TABLE reports (
    sip_call_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('session', 'interval', 'alert')),
    loss_percent REAL,
    jitter_ms REAL,
    round_trip_ms REAL,
    mos_listening REAL,
    mos_conversational REAL,
    report TEXT NOT NULL,
    PRIMARY KEY (sip_call_id, number)
  ) STRICT, WITHOUT ROWID;
  `,
  // The oldest go first, where records are not kept for ever.
  `
  CREATE INDEX reports_by_time ON reports (received_at);
  `,
];

/** The form of the tables that this version writes. */
export const recordsFormat = migrations.length;

/** Creates the directory and the file for their owner only; SQLite gives the files beside it the same mode. */
export function createFile(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = recordsFile(directory);
  closeSync(openSync(path, 'a', 0o600));
  return path;
}

/** A file of an older version is brought to this one: `calls` of them, some 10 to 40 s a million. */
export interface Migration {
  readonly from: number;
  readonly to: number;
  readonly calls: number;
}

export interface MigrateOptions {
  readonly steps?: readonly string[];
  /** Before a step is taken; not of a file that is new. */
  readonly onBegin?: (migration: Migration) => void;
  /** Bytes that the disk has left; any number unless given. */
  readonly room?: () => number;
}

/**
 * Brings the tables to the newest version, all steps in one transaction. Throws NewerRecords rather than touch what it does not know, and an error
 * that says how much is missing where the disk has not the room that it takes.
 */
export function migrate(
  database: DatabaseSync,
  { steps = migrations, onBegin, room = () => Number.POSITIVE_INFINITY }: MigrateOptions = {},
): void {
  if (versionOf(database) === steps.length) return;
  // The lock comes before the look: two processes may start at once.
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > steps.length) throw new NewerRecords(version, steps.length);
    if (version > 0) {
      const size = sizeOf(database);
      const free = room();
      if (free < size)
        throw new Error(
          `the records are of an older version, and to bring them to this one takes ${inMegabytes(size)} of their disk, which has ${inMegabytes(free)} left: make room; nothing was touched`,
        );
      onBegin?.({ from: version, to: steps.length, calls: callsIn(database) });
    }
    // Millions of rows may be to be written anew.
    database.exec('PRAGMA cache_size = -262144');
    for (const step of steps.slice(version)) database.exec(step);
    database.exec('PRAGMA cache_size = -2000');
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Of the file, and so at most of what its log grows by. */
function sizeOf(database: DatabaseSync): number {
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
  const { page_size: page } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  return pages * page;
}

function callsIn(database: DatabaseSync): number {
  return (database.prepare('SELECT coalesce(max(id), 0) AS calls FROM calls').get() as { calls: number }).calls;
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

export function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

export class NewerRecords extends Error {
  override readonly name = 'NewerRecords';

  constructor(found: number, known: number) {
    super(
      `the records were written by a newer version of tandem (format ${found}, this one knows ${known}): run that version`,
    );
  }
}
