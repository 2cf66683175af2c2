import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';

/** `waiting`: yet to be taken; `taken`; `failed`: tried for a day, or not wanted any more; `dropped`: there was no room. */
export type DeliveryState = 'waiting' | 'taken' | 'failed' | 'dropped';

/** Something that is to be told. */
export interface Message {
  /** The same for all who are told, and each time. */
  readonly id: string;
  readonly type: string;
  /** When it happened: Unix ms. */
  readonly at: number;
  readonly body: string;
  /** What it is about: of one subject, what happened first is taken first. */
  readonly subject: string;
}

export interface Delivery {
  readonly id: number;
  readonly webhook: string;
  readonly message: Message;
  readonly state: DeliveryState;
  readonly tries: number;
  /** When it is tried next, and until when at all: Unix ms. */
  readonly dueAt: number;
  readonly expiresAt: number;
  /** When it was taken or given up. */
  readonly endedAt: number | undefined;
  /** The last one. */
  readonly last: Try | undefined;
}

export interface Try {
  readonly number: number;
  /** Unix ms. */
  readonly at: number;
  readonly ms: number;
  readonly status: number | undefined;
  /** Why it was not taken. */
  readonly error: string | undefined;
  /** How the answer began. */
  readonly answer: string | undefined;
}

/** How a receiver is, over all that was sent to it. */
export interface Health {
  /** Tries that failed, since one did not. */
  readonly failures: number;
  /** Since when none was taken; 0: the last one was. */
  readonly failingSince: number;
  /** When it is tried again at the earliest. */
  readonly nextAt: number;
  readonly takenAt: number | undefined;
  readonly error: string | undefined;
  /** When something was dropped last, and how much ever. */
  readonly droppedAt: number | undefined;
  readonly dropped: number;
}

/** What is to be known when we begin anew, by name; undefined: it is forgotten. */
export type Known = Iterable<readonly [name: string, value: string | undefined]>;

const noHealth: Health = {
  failures: 0,
  failingSince: 0,
  nextAt: 0,
  takenAt: undefined,
  error: undefined,
  droppedAt: undefined,
  dropped: 0,
};

export const queueLimits = {
  /** Messages that wait for one receiver: of more the oldest is dropped. */
  waiting: 10_000,
  /** Those that are over and are still shown, of each. */
  shown: 200,
  /** Tries of one that are shown: the last ones. */
  tries: 50,
} as const;

const migrations = [
  `CREATE TABLE messages (
     id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL,
     subject TEXT NOT NULL, body TEXT NOT NULL) STRICT;
   CREATE TABLE deliveries (
     id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
     subject TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, due_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
     ended_at INTEGER, UNIQUE (webhook, message)) STRICT;
   CREATE INDEX deliveries_waiting ON deliveries (webhook, id) WHERE state = 'waiting';
   CREATE INDEX deliveries_subject ON deliveries (webhook, subject, id) WHERE state = 'waiting';
   CREATE INDEX deliveries_over ON deliveries (webhook, id) WHERE state <> 'waiting';
   CREATE INDEX deliveries_message ON deliveries (message);
   CREATE TABLE tries (
     delivery INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE, number INTEGER NOT NULL, at INTEGER NOT NULL, ms INTEGER NOT NULL,
     status INTEGER, error TEXT, answer TEXT, PRIMARY KEY (delivery, number)) STRICT, WITHOUT ROWID;
   CREATE TABLE health (
     webhook TEXT PRIMARY KEY, failures INTEGER NOT NULL, failing_since INTEGER NOT NULL, next_at INTEGER NOT NULL, taken_at INTEGER,
     error TEXT, dropped_at INTEGER, dropped INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE known (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

type Row = Record<string, SQLOutputValue>;

const columns = `d.*, m.message AS message_id, m.type, m.at, m.body,
  t.number AS try_number, t.at AS try_at, t.ms, t.status, t.error, t.answer`;
const joined = `JOIN messages m ON m.id = d.message LEFT JOIN tries t ON t.delivery = d.id AND t.number = d.tries`;

/**
 * What is yet to be told to whom, and what was, in DATA/webhooks.sqlite: it outlives this process. What its sender knew of the world when
 * it told something is noted in the same transaction, so that nothing is told twice or left out when he begins anew.
 */
export class WebhookQueue {
  readonly #database: DatabaseSync;
  readonly #insertMessage: StatementSync;
  readonly #insertDelivery: StatementSync;
  readonly #setKnown: StatementSync;
  readonly #forget: StatementSync;
  readonly #ready: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insertMessage = database.prepare(
      'INSERT INTO messages (message, type, at, subject, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#insertDelivery = database.prepare(
      `INSERT INTO deliveries (webhook, message, subject, state, tries, due_at, expires_at)
       SELECT ?, id, subject, 'waiting', 0, ?, ? FROM messages WHERE message = ? ON CONFLICT DO NOTHING`,
    );
    this.#setKnown = database.prepare(
      'INSERT INTO known (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    this.#forget = database.prepare('DELETE FROM known WHERE name = ?');
    this.#ready = database.prepare(
      `SELECT ${columns} FROM deliveries d INDEXED BY deliveries_waiting ${joined}
       WHERE d.webhook = ? AND d.state = 'waiting' AND d.due_at <= ? AND NOT EXISTS (
         SELECT 1 FROM deliveries o INDEXED BY deliveries_subject
         WHERE o.webhook = d.webhook AND o.subject = d.subject AND o.state = 'waiting' AND o.id < d.id)
       ORDER BY d.id LIMIT ?`,
    );
  }

  /** Throws the system's error when the directory cannot be used; in memory without one, for tests. */
  static open(directory?: string): WebhookQueue {
    const database = new DatabaseSync(directory === undefined ? ':memory:' : fileIn(directory), { timeout: 2_000 });
    try {
      // Outlives the process; what the power takes with it is of the last moment.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
      database.exec('PRAGMA journal_size_limit = 1000000;');
      const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
      if (version > migrations.length)
        throw new Error('webhooks.sqlite was written by a newer version of tandem: run that version');
      for (const [index, script] of migrations.entries())
        if (index >= version) database.exec(`BEGIN; ${script} PRAGMA user_version = ${index + 1}; COMMIT;`);
      return new WebhookQueue(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** All of it, or nothing. `known`: what is to be known when we begin anew. Throws the system's error. */
  put(
    items: readonly { readonly message: Message; readonly webhooks: readonly string[] }[],
    {
      now,
      expiresAt,
      known = [],
    }: {
      readonly now: number;
      readonly expiresAt: number;
      readonly known?: Known;
    },
  ): void {
    this.#atOnce(() => {
      for (const { message, webhooks } of items) {
        if (webhooks.length === 0) continue;
        const { id, type, at, subject, body } = message;
        this.#insertMessage.run(id, type, at, subject, body);
        for (const webhook of webhooks) this.#insertDelivery.run(webhook, now, expiresAt, id);
      }
      for (const [name, value] of known) {
        if (value === undefined) this.#forget.run(name);
        else this.#setKnown.run(name, value);
      }
    });
  }

  /** All that was noted, by name. */
  known(): Map<string, string> {
    const rows = this.#database.prepare('SELECT name, value FROM known').all() as { name: string; value: string }[];
    return new Map(rows.map(({ name, value }) => [name, value]));
  }

  /** Those whose time has come and who wait for no other of their subject, the oldest first. */
  ready(webhook: string, now: number, limit: number): Delivery[] {
    return (this.#ready.all(webhook, now, limit) as Row[]).map(toDelivery);
  }

  /** How many wait, and since when the first of them. */
  waiting(webhook: string): { readonly count: number; readonly oldest: number | undefined } {
    const row = this.#database
      .prepare(
        `SELECT count(*) AS n, min(d.id) AS first FROM deliveries d INDEXED BY deliveries_waiting WHERE d.webhook = ? AND d.state = 'waiting'`,
      )
      .get(webhook) as { n: number; first: number | null };
    const oldest = row.first === null ? undefined : this.get(webhook, row.first)?.message.at;
    return { count: row.n, oldest };
  }

  /** Drops the oldest that are beyond the limit, but for those that are under way; how many. */
  dropBeyond(webhook: string, limit: number, underWay: ReadonlySet<number>, now: number): number {
    const { count } = this.waiting(webhook);
    if (count <= limit) return 0;
    const rows = this.#database
      .prepare(
        `SELECT id FROM deliveries INDEXED BY deliveries_waiting WHERE webhook = ? AND state = 'waiting' ORDER BY id LIMIT ?`,
      )
      .all(webhook, count - limit + underWay.size) as { id: number }[];
    const gone = rows.filter(({ id }) => !underWay.has(id)).slice(0, count - limit);
    this.#atOnce(() => {
      const drop = this.#database.prepare("UPDATE deliveries SET state = 'dropped', ended_at = ? WHERE id = ?");
      for (const { id } of gone) drop.run(now, id);
    });
    return gone.length;
  }

  /** What a try has come to. `dueAt`: when the next one is; without it there is none. */
  tried(
    delivery: Delivery,
    outcome: Omit<Try, 'number'>,
    next: { readonly state: DeliveryState; readonly dueAt?: number; readonly health?: Health },
  ): void {
    const { id, webhook } = delivery;
    const number = delivery.tries + 1;
    const { at, ms, status, error, answer } = outcome;
    this.#atOnce(() => {
      // It may have been removed meanwhile, with its webhook.
      const { changes } = this.#database
        .prepare('UPDATE deliveries SET state = ?, tries = ?, due_at = ?, ended_at = ? WHERE id = ?')
        .run(next.state, number, next.dueAt ?? at, next.state === 'waiting' ? null : at + ms, id);
      if (changes === 0) return;
      this.#database
        .prepare('INSERT INTO tries (delivery, number, at, ms, status, error, answer) VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(id, number, at, ms, status ?? null, error ?? null, answer ?? null);
      this.#database
        .prepare('DELETE FROM tries WHERE delivery = ? AND number <= ?')
        .run(id, number - queueLimits.tries);
      if (next.health) this.setHealth(webhook, next.health);
    });
  }

  /** Those of which the time is over are given up; how many of whom. */
  expire(now: number): readonly { readonly webhook: string; readonly count: number }[] {
    const due = this.#database
      .prepare(
        `SELECT webhook, count(*) AS count FROM deliveries WHERE state = 'waiting' AND expires_at <= ? GROUP BY webhook`,
      )
      .all(now) as { webhook: string; count: number }[];
    if (due.length > 0)
      this.#database
        .prepare("UPDATE deliveries SET state = 'failed', ended_at = ? WHERE state = 'waiting' AND expires_at <= ?")
        .run(now, now);
    return due;
  }

  /** Once more, from the start: it may wait, or be over. False: it is not there. */
  again(webhook: string, id: number, now: number, expiresAt: number): boolean {
    return (
      this.#database
        .prepare(
          "UPDATE deliveries SET state = 'waiting', due_at = ?, expires_at = max(expires_at, ?), ended_at = NULL WHERE webhook = ? AND id = ?",
        )
        .run(now, expiresAt, webhook, id).changes > 0
    );
  }

  /** Those that wait do so no longer: whoever did not answer does now. */
  hurry(webhook: string, now: number): void {
    this.#database
      .prepare("UPDATE deliveries SET due_at = ? WHERE webhook = ? AND state = 'waiting' AND due_at > ?")
      .run(now, webhook, now);
  }

  /** The newest first, those before `before`. */
  list(
    webhook: string,
    limit: number,
    { before, state }: { readonly before?: number; readonly state?: DeliveryState } = {},
  ): Delivery[] {
    const rows = this.#database
      .prepare(
        `SELECT ${columns} FROM deliveries d ${joined}
         WHERE d.webhook = :webhook AND d.id < coalesce(:before, 9e15) AND (:state IS NULL OR d.state = :state) ORDER BY d.id DESC LIMIT :limit`,
      )
      .all({ webhook, before: before ?? null, state: state ?? null, limit }) as Row[];
    return rows.map(toDelivery);
  }

  get(webhook: string, id: number): Delivery | undefined {
    const row = this.#database
      .prepare(`SELECT ${columns} FROM deliveries d ${joined} WHERE d.webhook = ? AND d.id = ?`)
      .get(webhook, id) as Row | undefined;
    return row && toDelivery(row);
  }

  /** The delivery of a message. */
  of(webhook: string, message: string): Delivery | undefined {
    const row = this.#database
      .prepare(`SELECT ${columns} FROM deliveries d ${joined} WHERE d.webhook = ? AND m.message = ?`)
      .get(webhook, message) as Row | undefined;
    return row && toDelivery(row);
  }

  /** The last ones of a delivery, in their order. */
  tries(id: number): Try[] {
    return (this.#database.prepare('SELECT * FROM tries WHERE delivery = ? ORDER BY number').all(id) as Row[]).map(
      (row) => ({
        number: row.number as number,
        at: row.at as number,
        ...tryOf(row),
      }),
    );
  }

  health(webhook: string): Health {
    const row = this.#database.prepare('SELECT * FROM health WHERE webhook = ?').get(webhook) as Row | undefined;
    if (!row) return noHealth;
    return {
      failures: row.failures as number,
      failingSince: row.failing_since as number,
      nextAt: row.next_at as number,
      takenAt: (row.taken_at as number | null) ?? undefined,
      error: (row.error as string | null) ?? undefined,
      droppedAt: (row.dropped_at as number | null) ?? undefined,
      dropped: row.dropped as number,
    };
  }

  setHealth(webhook: string, { failures, failingSince, nextAt, takenAt, error, droppedAt, dropped }: Health): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(webhook, failures, failingSince, nextAt, takenAt ?? null, error ?? null, droppedAt ?? null, dropped);
  }

  /** What is over and no more shown goes, and what is of webhooks that are not there. */
  prune(webhooks: readonly string[]): void {
    this.#atOnce(() => {
      const names = JSON.stringify(webhooks);
      const gone = this.#database
        .prepare('DELETE FROM deliveries WHERE webhook NOT IN (SELECT value FROM json_each(?)) RETURNING message')
        .all(names) as { message: number }[];
      this.#database.prepare('DELETE FROM health WHERE webhook NOT IN (SELECT value FROM json_each(?))').run(names);
      const trim = this.#database.prepare(
        `DELETE FROM deliveries WHERE webhook = ?1 AND state <> 'waiting' AND id <= (
           SELECT id FROM deliveries INDEXED BY deliveries_over WHERE webhook = ?1 AND state <> 'waiting' ORDER BY id DESC LIMIT 1 OFFSET ?2)
         RETURNING message`,
      );
      for (const webhook of webhooks) gone.push(...(trim.all(webhook, queueLimits.shown) as { message: number }[]));
      const forget = this.#database.prepare(
        'DELETE FROM messages WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message = ?1)',
      );
      for (const message of new Set(gone.map((one) => one.message))) forget.run(message);
    });
  }

  close(): void {
    this.#database.close();
  }

  #atOnce(act: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      act();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function fileIn(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'webhooks.sqlite');
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  return path;
}

function toDelivery(row: Row): Delivery {
  return {
    id: row.id as number,
    webhook: row.webhook as string,
    message: {
      id: row.message_id as string,
      type: row.type as string,
      at: row.at as number,
      subject: row.subject as string,
      body: row.body as string,
    },
    state: row.state as DeliveryState,
    tries: row.tries as number,
    dueAt: row.due_at as number,
    expiresAt: row.expires_at as number,
    endedAt: (row.ended_at as number | null) ?? undefined,
    last:
      row.try_number === null
        ? undefined
        : { number: row.try_number as number, at: row.try_at as number, ...tryOf(row) },
  };
}

function tryOf(row: Row): Omit<Try, 'number' | 'at'> {
  return {
    ms: row.ms as number,
    status: (row.status as number | null) ?? undefined,
    error: (row.error as string | null) ?? undefined,
    answer: (row.answer as string | null) ?? undefined,
  };
}
