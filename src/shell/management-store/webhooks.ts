import { randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { Sensitive } from '#kernel';
import { readNames, writeNames } from './columns.ts';
import { newId } from './secrets.ts';

/** Somebody elsewhere who is told what happens. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Names of events that he is told of. */
  readonly events: readonly string[];
  /** What is of these, or of one of these trunks; undefined both: all. */
  readonly sites: readonly string[] | undefined;
  readonly trunks: readonly string[] | undefined;
  /** PEM of roots that are believed beside the usual ones. */
  readonly ca: string | undefined;
  readonly enabled: boolean;
  /** Since when, Unix ms: what happened before is not told. */
  readonly enabledAt: number;
  /** Why it was disabled by ourselves: it was gone (410), or had not answered for long. */
  readonly endedBy: 'gone' | 'failing' | undefined;
  /** `whsec_…`, what is signed with. */
  readonly secret: Sensitive<string>;
  /** The one before, with which is signed as well until then. */
  readonly oldSecret: { readonly secret: Sensitive<string>; readonly until: number } | undefined;
  /** How often it was changed. */
  readonly version: number;
  /** Unix ms. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** What of it may be changed. */
export type WebhookChange = Partial<Pick<Webhook, 'name' | 'url' | 'events' | 'sites' | 'trunks' | 'ca' | 'enabled'>>;

/** Each has a queue of its own. */
const mostWebhooks = 32;
/** By which secrets that were let slip are found where they lie (Standard Webhooks); the rest is base64. */
const mark = 'whsec_';

type Row = Record<string, SQLOutputValue>;

export class Webhooks {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** By name. */
  list(): Webhook[] {
    return (this.#database.prepare('SELECT * FROM webhooks ORDER BY name').all() as Row[]).map(toWebhook);
  }

  get(id: string): Webhook | undefined {
    const row = this.#database.prepare('SELECT * FROM webhooks WHERE id = ?').get(id) as Row | undefined;
    return row && toWebhook(row);
  }

  byName(name: string): Webhook | undefined {
    const row = this.#database.prepare('SELECT * FROM webhooks WHERE name = ?').get(name) as Row | undefined;
    return row && toWebhook(row);
  }

  /** Undefined: there is one of this name, or there are too many. */
  create(
    webhook: Pick<Webhook, 'name' | 'url' | 'events' | 'sites' | 'trunks' | 'ca' | 'enabled'>,
    now: number,
  ): Webhook | undefined {
    const all = this.list();
    if (all.length >= mostWebhooks || this.byName(webhook.name)) return undefined;
    const { name, url, events, sites, trunks, ca, enabled } = webhook;
    const id = newId();
    this.#database
      .prepare(
        `INSERT INTO webhooks (id, name, url, events, sites, trunks, ca, enabled, enabled_at, secret, version, created_at, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      )
      .run(
        id,
        name,
        url,
        JSON.stringify(events),
        writeNames(sites),
        writeNames(trunks),
        ca ?? null,
        Number(enabled),
        now,
        newWebhookSecret(),
        now,
        now,
      );
    return this.get(id);
  }

  /** Undefined: it is not there, or another has this name. Enabling one forgets why it was disabled. */
  change(id: string, change: WebhookChange, now: number): Webhook | undefined {
    const was = this.get(id);
    const namesake = change.name === undefined ? undefined : this.byName(change.name);
    if (!was || (namesake && namesake.id !== id)) return undefined;
    const { name, url, events, sites, trunks, ca, enabled } = { ...was, ...change };
    const begins = enabled && !was.enabled;
    this.#database
      .prepare(
        `UPDATE webhooks SET name = ?, url = ?, events = ?, sites = ?, trunks = ?, ca = ?, enabled = ?, enabled_at = ?, ended_by = ?,
           version = version + 1, changed_at = ? WHERE id = ?`,
      )
      .run(
        name,
        url,
        JSON.stringify(events),
        writeNames(sites),
        writeNames(trunks),
        ca ?? null,
        Number(enabled),
        begins ? now : was.enabledAt,
        enabled ? null : (was.endedBy ?? null),
        now,
        id,
      );
    return this.get(id);
  }

  /** We end it ourselves. */
  end(id: string, why: 'gone' | 'failing', now: number): void {
    this.#database
      .prepare('UPDATE webhooks SET enabled = 0, ended_by = ?, version = version + 1, changed_at = ? WHERE id = ?')
      .run(why, now, id);
  }

  /** A new secret; the one that was is good until then. */
  rotate(id: string, until: number, now: number): Webhook | undefined {
    this.#database
      .prepare(
        `UPDATE webhooks SET old_secret = secret, old_secret_until = ?, secret = ?, version = version + 1, changed_at = ?
         WHERE id = ?`,
      )
      .run(until, newWebhookSecret(), now, id);
    return this.get(id);
  }

  remove(id: string): void {
    this.#database.prepare('DELETE FROM webhooks WHERE id = ?').run(id);
  }
}

function newWebhookSecret(): string {
  return `${mark}${randomBytes(32).toString('base64')}`;
}

function toWebhook(row: Row): Webhook {
  return {
    id: row.id as string,
    name: row.name as string,
    url: row.url as string,
    events: JSON.parse(row.events as string) as string[],
    sites: readNames(row.sites),
    trunks: readNames(row.trunks),
    ca: (row.ca as string | null) ?? undefined,
    enabled: row.enabled === 1,
    enabledAt: row.enabled_at as number,
    endedBy: (row.ended_by as Webhook['endedBy'] | null) ?? undefined,
    secret: new Sensitive(row.secret as string),
    oldSecret:
      row.old_secret === null || row.old_secret === undefined
        ? undefined
        : { secret: new Sensitive(row.old_secret as string), until: row.old_secret_until as number },
    version: row.version as number,
    createdAt: row.created_at as number,
    changedAt: row.changed_at as number,
  };
}
