/** One hour of the clock. */
export interface HourOfTraffic {
  /** Unix ms of its beginning. */
  readonly at: number;
  readonly erlangs: number;
}

const hour = 3_600_000;
/** Hours that are kept: ten years. What is older than those is let go. */
const mostHours = 87_600;
/** A call that lasts longer than this was not hung up: it counts as far. */
const longest = 24 * hour;

/** Traffic by the hour, and how many calls there were at once. */
export class BusyHours {
  readonly #ms = new Map<number, number>();
  /** When the calls that are up end: a heap, the earliest first. */
  readonly #ends: number[] = [];
  /** Calls that one that began before them may yet follow, by when they began. */
  readonly #pending: { readonly from: number; readonly end: number }[] = [];
  #peak: { readonly at: number; readonly calls: number } | undefined;
  #calls = 0;
  #talked = 0;

  /** Unix ms. Calls come more or less in the order in which they began; `settled`: none that began before this comes any more. */
  add(from: number, to: number, settled: number = from): void {
    const end = Math.min(Math.max(to, from), from + longest);
    this.#calls++;
    this.#talked += end - from;
    for (let at = from; at < end; ) {
      const start = Math.floor(at / hour) * hour;
      const next = Math.min(start + hour, end);
      this.#ms.set(start, (this.#ms.get(start) ?? 0) + next - at);
      at = next;
    }
    if (this.#ms.size > mostHours) this.#ms.delete(this.#ms.keys().next().value!);
    let place = this.#pending.length;
    while (place > 0 && this.#pending[place - 1]!.from > from) place--;
    this.#pending.splice(place, 0, { from, end });
    this.#settle(settled);
  }

  #settle(until: number): void {
    let count = 0;
    while (count < this.#pending.length && this.#pending[count]!.from <= until) {
      const { from, end } = this.#pending[count++]!;
      while (this.#ends.length > 0 && this.#ends[0]! <= from) pop(this.#ends);
      push(this.#ends, end);
      if (this.#ends.length > (this.#peak?.calls ?? 0)) this.#peak = { at: from, calls: this.#ends.length };
    }
    this.#pending.splice(0, count);
  }

  get calls(): number {
    return this.#calls;
  }

  /** Ms that a call holds a line on average. */
  get hold(): number {
    return this.#calls === 0 ? 0 : this.#talked / this.#calls;
  }

  /** When most calls were up, and how many. */
  get peak(): { readonly at: number; readonly calls: number } | undefined {
    this.#settle(Number.POSITIVE_INFINITY);
    return this.#peak;
  }

  /** In order of time; hours without a call are left out. */
  hours(): readonly HourOfTraffic[] {
    return [...this.#ms].map(([at, ms]) => ({ at, erlangs: ms / hour })).sort((one, other) => one.at - other.at);
  }

  busiest(): HourOfTraffic | undefined {
    let most: HourOfTraffic | undefined;
    for (const one of this.hours()) if (!most || one.erlangs > most.erlangs) most = one;
    return most;
  }

  /** Of each day the busiest hour, on average: what lines are bought for where no single day shall decide. `dayOf` a time: any key. */
  averageBusiest(dayOf: (at: number) => number): number {
    const days = new Map<number, number>();
    for (const { at, erlangs } of this.hours()) days.set(dayOf(at), Math.max(days.get(dayOf(at)) ?? 0, erlangs));
    return days.size === 0 ? 0 : [...days.values()].reduce((sum, one) => sum + one, 0) / days.size;
  }
}

function push(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (heap[above]! <= value) break;
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = value;
}

function pop(heap: number[]): void {
  const value = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && heap[below + 1]! < heap[below]!) below++;
    if (heap[below]! >= value) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = value;
}
