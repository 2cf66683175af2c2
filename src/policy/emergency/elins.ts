import type { Location } from '#policy/configuration';

/** Who called by an ELIN, and until when a call to it is for him. */
export interface Borrowed {
  /** The trunk that he came by, or the user that he is. */
  readonly source: string;
  /** His number. */
  readonly caller: string;
  /** Unix ms. */
  readonly until: number;
}

/** Emergency location identification numbers: which of a place's stands for which caller. As many at once as there are numbers. */
export class Elins {
  readonly #borrowed = new Map<string, Borrowed>();
  readonly #callback: number;

  constructor(callback: number) {
    this.#callback = callback;
  }

  get size(): number {
    return this.#borrowed.size;
  }

  /** The number of the place that a caller is to be known by: his own from the call before, one that is free, or the oldest. */
  choose({ elins }: Location, source: string, caller: string, wall: number): string | undefined {
    let oldest: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const elin of elins) {
      const borrowed = this.#borrowed.get(elin);
      if (borrowed?.source === source && borrowed.caller === caller) return elin;
      const until = borrowed && borrowed.until > wall ? borrowed.until : 0;
      if (until < least) {
        least = until;
        oldest = elin;
      }
    }
    return oldest;
  }

  /** A call has gone out by it. */
  take(elin: string, source: string, caller: string, wall: number): void {
    this.#borrowed.set(elin, { source, caller, until: wall + this.#callback });
  }

  /** Whom a call to this number is for. */
  callerOf(number: string, wall: number): Borrowed | undefined {
    const borrowed = this.#borrowed.get(number);
    if (!borrowed) return undefined;
    if (borrowed.until > wall) return borrowed;
    this.#borrowed.delete(number);
    return undefined;
  }

  /** What a process after this one needs. */
  state(wall: number): readonly (readonly [elin: string, borrowed: Borrowed])[] {
    return [...this.#borrowed].filter(([, { until }]) => until > wall);
  }

  restore(state: readonly (readonly [elin: string, borrowed: Borrowed])[]): void {
    for (const [elin, borrowed] of state) this.#borrowed.set(elin, borrowed);
  }
}
