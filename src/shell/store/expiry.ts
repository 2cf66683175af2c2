import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Expired, ExpiryOrder } from './retention.ts';
import { hourMs, segmentBits } from './tally.ts';

/** Calls that go in one transaction: some 5 ms, for which records wait. */
export const callsAtOnce = 250;

/**
 * Lets records go that are older than somebody wants to keep them: the call and all that hangs on it, oldest first. The record that was
 * written last stays, however old: what follows the records in the order of their numbers counts on from it.
 */
export class Expiry {
  readonly #find: StatementSync;
  readonly #drops: readonly StatementSync[];
  readonly #reports: StatementSync;
  readonly #oldest: StatementSync;
  readonly #evidence: StatementSync;
  readonly #hours: readonly StatementSync[];

  constructor(database: DatabaseSync) {
    // Whoever asked for this wants what the records held off the disk, not only out of sight.
    database.exec('PRAGMA secure_delete = ON');
    this.#find = database.prepare(
      `SELECT id FROM calls INDEXED BY calls_by_time
       WHERE started_at < :before AND ended_at < :before AND id < (SELECT max(id) FROM calls)
       ORDER BY started_at LIMIT ${callsAtOnce}`,
    );
    const gone = 'SELECT value FROM json_each(:ids)';
    this.#drops = [
      `DELETE FROM reports WHERE sip_call_id IN (
         SELECT sip_call_id FROM calls WHERE id IN (${gone}) UNION SELECT sip_call_id FROM attempts WHERE calls_id IN (${gone}))`,
      `DELETE FROM numbers WHERE segment IN (SELECT DISTINCT value >> ${segmentBits} FROM json_each(:ids)) AND calls_id IN (${gone})`,
      `DELETE FROM attempts WHERE calls_id IN (${gone})`,
      `DELETE FROM media WHERE calls_id IN (${gone})`,
      `DELETE FROM calls WHERE id IN (${gone})`,
    ].map((sql) => database.prepare(sql));
    this.#reports = database.prepare(
      `DELETE FROM reports WHERE (sip_call_id, number) IN (
         SELECT sip_call_id, number FROM reports INDEXED BY reports_by_time WHERE received_at < ? ORDER BY received_at LIMIT ${callsAtOnce})`,
    );
    this.#oldest = database.prepare('SELECT min(started_at) AS started FROM calls');
    this.#evidence = database.prepare('SELECT 1 FROM calls WHERE started_at >= ? AND started_at < ? LIMIT 1');
    this.#hours = ['hours', 'delays'].map((table) => database.prepare(`DELETE FROM ${table} WHERE hour < ?`));
  }

  /** Of what was over by then as much as one transaction may take, which the caller opens. */
  pass({ before, unproven }: ExpiryOrder): Expired {
    const ids = (this.#find.all({ ':before': before }) as { id: number }[]).map(({ id }) => id);
    if (unproven && !this.#evidence.get(unproven.since, unproven.until))
      return ids.length > 0 ? 'doubtful' : { calls: 0, more: false };
    if (ids.length > 0) for (const drop of this.#drops) drop.run({ ':ids': JSON.stringify(ids) });
    // Of calls that have left no record, too.
    const { changes: reports } = this.#reports.run(before);
    const more = ids.length === callsAtOnce || Number(reports) === callsAtOnce;
    if (!more) this.#dropHours(before);
    return { calls: ids.length, more };
  }

  /** Sums of hours of which no record is left. */
  #dropHours(before: number): void {
    const { started } = this.#oldest.get() as { started: number | null };
    const hour = Math.floor(Math.min(before, started ?? before) / hourMs);
    for (const drop of this.#hours) drop.run(hour);
  }
}
