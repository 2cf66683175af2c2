import { assert } from './assert.ts';
import { DeadlineHeap, DeadlineRow, isBefore, type Slot } from './deadline-queues.ts';

/** One armed deadline. Its owner keeps it to clear or move it; `name` is what a log or an assertion shows. */
export interface Deadline<Owner> {
  readonly name: string;
  readonly owner: Owner;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** Names are few and ours. Should they ever be many, what is left of them goes by the heap. */
const maxRows = 64;

/**
 * All deadlines of a machine, so that the shell arms a single timer. Those of one name are nearly always as far from the
 * moment of arming as the last one of that name (RFC 3261's 32 s timers), so that they come in the order they were armed in:
 * each name has a row, and only what is out of order goes to a binary heap. `set`, `clear` and `due` are O(1) in a row.
 */
export class Deadlines<Owner> {
  readonly #rows = new Map<string, DeadlineRow<Owner>>();
  readonly #heap = new DeadlineHeap<Owner>();
  #order = 0;
  #size = 0;
  /** The earliest; undefined when it has to be looked for, or nothing is armed. */
  #first: Slot<Owner> | undefined;

  get size(): number {
    return this.#size;
  }

  /** Monotonic ms of the earliest, or undefined when none is armed. */
  next(): number | undefined {
    return this.#earliest()?.at;
  }

  set(name: string, owner: Owner, at: number): Deadline<Owner> {
    assert(at < Infinity, `deadline ${name}: not a time`);
    const slot: Slot<Owner> = { name, owner, at, order: this.#order++, armed: true, index: -1 };
    if (!this.#row(name)?.add(slot)) this.#heap.add(slot);
    this.#size++;
    if (this.#size === 1 || (this.#first && isBefore(slot, this.#first))) this.#first = slot;
    return slot as Deadline<Owner>;
  }

  /** Disarms; a deadline that has fired or was cleared already is left alone. */
  clear(deadline: Deadline<Owner> | undefined): void {
    const slot = deadline as Slot<Owner> | undefined;
    if (!slot?.armed) return;
    this.#remove(slot);
    // It stays in its row for a while, its owner need not.
    slot.owner = undefined;
  }

  /** Takes the earliest deadline that is due at `mono`, or undefined. */
  due(mono: number): Deadline<Owner> | undefined {
    const first = this.#earliest();
    if (!first || first.at > mono) return undefined;
    this.#remove(first);
    return first as Deadline<Owner>;
  }

  /** What is armed, for `inspect()`; not sorted. */
  *[Symbol.iterator](): Iterator<Deadline<Owner>> {
    for (const row of this.#rows.values()) yield* row as Iterable<Deadline<Owner>>;
    yield* this.#heap as Iterable<Deadline<Owner>>;
  }

  #row(name: string): DeadlineRow<Owner> | undefined {
    const known = this.#rows.get(name);
    if (known || this.#rows.size >= maxRows) return known;
    const row = new DeadlineRow<Owner>();
    this.#rows.set(name, row);
    return row;
  }

  #earliest(): Slot<Owner> | undefined {
    if (this.#first || this.#size === 0) return this.#first;
    let first = this.#heap.first;
    for (const row of this.#rows.values()) {
      const { first: candidate } = row;
      if (candidate && (!first || isBefore(candidate, first))) first = candidate;
    }
    this.#first = first;
    return first;
  }

  #remove(slot: Slot<Owner>): void {
    slot.armed = false;
    this.#size--;
    if (slot === this.#first) this.#first = undefined;
    if (slot.index >= 0) this.#heap.remove(slot);
    else this.#rows.get(slot.name)!.removed();
  }
}
