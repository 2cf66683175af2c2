import { assert } from './assert.ts';

/** One armed deadline. Its owner keeps it to clear or move it; `name` is what a log or an assertion shows. */
export interface Deadline<Owner> {
  readonly name: string;
  readonly owner: Owner;
  /** Monotonic milliseconds. */
  readonly at: number;
}

interface Slot<Owner> {
  name: string;
  owner: Owner;
  at: number;
  /** Order of arming: deadlines of the same millisecond fire in it, so a run can be replayed. */
  order: number;
  /** Place in the heap, -1 when not armed. */
  index: number;
}

/**
 * All deadlines of a machine in one binary heap, so that the shell arms a single timer.
 * `set` is O(1) for deadlines later than most (RFC 3261's 32 s timers), O(log n) otherwise.
 */
export class Deadlines<Owner> {
  readonly #heap: Slot<Owner>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** Monotonic ms of the earliest, or undefined when none is armed. */
  next(): number | undefined {
    return this.#heap[0]?.at;
  }

  set(name: string, owner: Owner, at: number): Deadline<Owner> {
    assert(at < Infinity, `deadline ${name}: not a time`);
    const slot: Slot<Owner> = { name, owner, at, order: this.#order++, index: this.#heap.length };
    this.#heap.push(slot);
    this.#up(slot);
    return slot;
  }

  /** Disarms; a deadline that has fired or was cleared already is left alone. */
  clear(deadline: Deadline<Owner> | undefined): void {
    const slot = deadline as Slot<Owner> | undefined;
    if (!slot || slot.index < 0) return;
    this.#remove(slot);
  }

  /** Takes the earliest deadline that is due at `mono`, or undefined. */
  due(mono: number): Deadline<Owner> | undefined {
    const first = this.#heap[0];
    if (!first || first.at > mono) return undefined;
    this.#remove(first);
    return first;
  }

  /** What is armed, for `inspect()`; not sorted. */
  *[Symbol.iterator](): Iterator<Deadline<Owner>> {
    yield* this.#heap;
  }

  #remove(slot: Slot<Owner>): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (last !== slot) {
      last.index = slot.index;
      heap[slot.index] = last;
      this.#up(last);
      this.#down(last);
    }
    slot.index = -1;
  }

  #before(a: Slot<Owner>, b: Slot<Owner>): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #up(slot: Slot<Owner>): void {
    const heap = this.#heap;
    let index = slot.index;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!;
      if (!this.#before(slot, parent)) break;
      heap[index] = parent;
      parent.index = index;
      index = parentIndex;
    }
    heap[index] = slot;
    slot.index = index;
  }

  #down(slot: Slot<Owner>): void {
    const heap = this.#heap;
    let index = slot.index;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= heap.length) break;
      let child = heap[childIndex]!;
      const right = heap[childIndex + 1];
      if (right && this.#before(right, child)) {
        child = right;
        childIndex++;
      }
      if (!this.#before(child, slot)) break;
      heap[index] = child;
      child.index = index;
      index = childIndex;
    }
    heap[index] = slot;
    slot.index = index;
  }
}
