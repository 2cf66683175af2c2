/** A deadline in its queue. */
export interface Slot<Owner> {
  readonly name: string;
  /** Of one that was cleared none. */
  owner: Owner | undefined;
  readonly at: number;
  /** Order of arming: deadlines of the same millisecond fire in it, so a run can be replayed. */
  readonly order: number;
  armed: boolean;
  /** Place in the heap, -1 when it is in a row. */
  index: number;
}

export function isBefore<Owner>(a: Slot<Owner>, b: Slot<Owner>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Disarmed slots that may stand in a row beyond as many as are armed. */
const slack = 32;

/** Deadlines in the order of their arming, which is that of their times too. What is disarmed stays for a while. */
export class DeadlineRow<Owner> {
  #slots: (Slot<Owner> | undefined)[] = [];
  /** All before it are let go. */
  #head = 0;
  #armed = 0;
  /** Of the last slot. */
  #latest = Number.NEGATIVE_INFINITY;

  get first(): Slot<Owner> | undefined {
    const slots = this.#slots;
    for (let slot = slots[this.#head]; slot && !slot.armed; slot = slots[this.#head]) slots[this.#head++] = undefined;
    return slots[this.#head];
  }

  /** At the end; false when it would be out of order there. */
  add(slot: Slot<Owner>): boolean {
    if (this.#armed > 0 && this.#latest > slot.at) return false;
    this.#slots.push(slot);
    this.#latest = slot.at;
    this.#armed++;
    return true;
  }

  /** One of its slots is not armed any more. Room is made once most are not: each slot is moved once, by and large. */
  removed(): void {
    this.#armed--;
    if (this.#slots.length <= 2 * this.#armed + slack) return;
    this.#slots = this.#slots.filter((slot) => slot?.armed);
    this.#head = 0;
  }

  *[Symbol.iterator](): Iterator<Slot<Owner>> {
    for (const slot of this.#slots) if (slot?.armed) yield slot;
  }
}

/** Deadlines in any order: a binary heap. */
export class DeadlineHeap<Owner> {
  readonly #slots: Slot<Owner>[] = [];

  get first(): Slot<Owner> | undefined {
    return this.#slots[0];
  }

  add(slot: Slot<Owner>): void {
    slot.index = this.#slots.length;
    this.#slots.push(slot);
    this.#up(slot);
  }

  remove(slot: Slot<Owner>): void {
    const slots = this.#slots;
    const last = slots.pop()!;
    if (last === slot) return;
    last.index = slot.index;
    slots[slot.index] = last;
    this.#up(last);
    this.#down(last);
  }

  [Symbol.iterator](): Iterator<Slot<Owner>> {
    return this.#slots.values();
  }

  #up(slot: Slot<Owner>): void {
    const slots = this.#slots;
    let { index } = slot;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = slots[parentIndex]!;
      if (!isBefore(slot, parent)) break;
      slots[index] = parent;
      parent.index = index;
      index = parentIndex;
    }
    slots[index] = slot;
    slot.index = index;
  }

  #down(slot: Slot<Owner>): void {
    const slots = this.#slots;
    let { index } = slot;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= slots.length) break;
      let child = slots[childIndex]!;
      const right = slots[childIndex + 1];
      if (right && isBefore(right, child)) {
        child = right;
        childIndex++;
      }
      if (!isBefore(child, slot)) break;
      slots[index] = child;
      child.index = index;
      index = childIndex;
    }
    slots[index] = slot;
    slot.index = index;
  }
}
