import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { attemptColumns, type Cell, type Cells, callColumns, type Rows } from './rows.ts';

/** Calls of one segment: their numbers are sorted among themselves, on pages that fit in SQLite's cache. */
export const segmentBits = 14;
/** Chars of a number that it is found by. */
export const longestNumber = 64;
/** Trunks and users that are added up by name in one hour; the others together, under this name. */
const mostNames = 500;
export const others = '*';
export const hourMs = 3_600_000;

const call = placesOf(callColumns);
const attempt = placesOf(attemptColumns);

/** Slots of a delay are quarters of an octave: its edges are a fifth apart. */
function slotOf(ms: number): number {
  return Math.floor(Math.log2(Math.max(1, ms)) * 4);
}

/** Ms at which a slot begins. */
export function slotEdge(slot: number): number {
  return 2 ** (slot / 4);
}

interface Sum {
  readonly key: readonly [part: string, trunk: string, hour: number, reason: string];
  calls: number;
  answered: number;
  talkMs: number;
}

/** What records add to the sums of their hours: of a batch together, since most of it is the same few rows. */
export class Tally {
  readonly #numbers: StatementSync;
  readonly #hour: StatementSync;
  readonly #delay: StatementSync;
  readonly #sums = new Map<string, Sum>();
  readonly #delays = new Map<string, { readonly key: readonly [string, string, number, number]; calls: number }>();
  /** Names of the newest hours. */
  readonly #names = new Map<number, Set<string>>();

  constructor(database: DatabaseSync) {
    this.#numbers = database.prepare('INSERT OR IGNORE INTO numbers VALUES (?,?,?)');
    this.#hour = database.prepare(
      `INSERT INTO hours VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls,
       answered = answered + excluded.answered, talk_ms = talk_ms + excluded.talk_ms`,
    );
    this.#delay = database.prepare(
      'INSERT INTO delays VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls',
    );
  }

  /** Finds the call by its numbers. `cells`: as they are written. */
  number(id: number, cells: Cells, attempts: readonly Cells[]): void {
    const numbers = new Set<Cell>([cells[call.caller!]!, cells[call.called!]!]);
    for (const one of attempts) numbers.add(one[attempt.caller!]!).add(one[attempt.called!]!);
    const segment = Math.floor(id / 2 ** segmentBits);
    for (const number of numbers)
      if (typeof number === 'string' && number !== '') this.#numbers.run(segment, number.slice(0, longestNumber), id);
  }

  add([cells, attempts]: Rows): void {
    const started = cells[call.started_at!] as number;
    const hour = Math.floor(started / hourMs);
    const talkMs = cells[call.talk_ms!] as number;
    const wasAnswered = cells[call.answered_at!] !== null;
    const reason = cells[call.end_reason!] as string;
    const delay = (cells[call.ringing_at!] ?? cells[call.answered_at!] ?? undefined) as number | undefined;
    for (const [part, name] of [
      ['all', ''],
      ['from', this.#named(hour, cells[call.trunk!] as string)],
    ] as const) {
      this.#sum([part, name, hour, reason], wasAnswered, talkMs);
      if (delay !== undefined) this.#delayed([part, name, hour, slotOf(delay - started)]);
    }
    for (const one of attempts) {
      const name = this.#named(hour, one[attempt.trunk!] as string);
      const was = one[attempt.answered_at!] !== null;
      this.#sum(['to', name, hour, one[attempt.end_reason!] as string], was, was ? talkMs : 0);
      const rang = (one[attempt.ringing_at!] ?? one[attempt.answered_at!] ?? undefined) as number | undefined;
      if (rang !== undefined) this.#delayed(['to', name, hour, slotOf(rang - (one[attempt.started_at!] as number))]);
    }
  }

  /** Writes what was added, in the transaction that is open. */
  flush(): void {
    for (const { key, calls, answered, talkMs } of this.#sums.values()) this.#hour.run(...key, calls, answered, talkMs);
    for (const { key, calls } of this.#delays.values()) this.#delay.run(...key, calls);
    this.clear();
  }

  clear(): void {
    this.#sums.clear();
    this.#delays.clear();
  }

  #sum(key: Sum['key'], wasAnswered: boolean, talkMs: number): void {
    const name = key.join('\n');
    let sum = this.#sums.get(name);
    if (!sum) {
      sum = { key, calls: 0, answered: 0, talkMs: 0 };
      this.#sums.set(name, sum);
    }
    sum.calls++;
    sum.talkMs += talkMs;
    if (wasAnswered) sum.answered++;
  }

  #delayed(key: readonly [string, string, number, number]): void {
    const name = key.join('\n');
    const known = this.#delays.get(name);
    if (known) known.calls++;
    else this.#delays.set(name, { key, calls: 1 });
  }

  /** Trunks are few; users, who are told like them, may be many. */
  #named(hour: number, name: string): string {
    let names = this.#names.get(hour);
    if (!names) {
      names = new Set();
      this.#names.set(hour, names);
      if (this.#names.size > 4) this.#names.delete(Math.min(...this.#names.keys()));
    }
    if (names.has(name)) return name;
    if (names.size >= mostNames) return others;
    names.add(name);
    return name;
  }
}

function placesOf(columns: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(columns.map((name, place) => [name, place]));
}
