import type { Trunk } from '#policy/configuration';

/** Why a trunk can take no further call now. */
export type Refusal = 'calls' | 'calls-per-second';

/**
 * What each trunk carries: the live legs themselves, so that a count can't drift from the truth, and the starts of
 * the last second.
 */
export class Occupancy {
  readonly #legs = new Map<string, Set<object>>();
  /** The last `callsPerSecond` starts of a trunk, monotonic ms, as a ring. */
  readonly #starts = new Map<string, { ring: number[]; next: number }>();

  /** Undefined when the trunk may take one more. */
  refusal(trunk: Trunk, now: number): Refusal | undefined {
    const { calls, callsPerSecond } = trunk.capacity;
    if (calls !== undefined && this.count(trunk.name) >= calls) return 'calls';
    if (callsPerSecond !== undefined) {
      const starts = this.#starts.get(trunk.name);
      // The ring's oldest entry is the start `callsPerSecond` calls ago.
      if (starts && starts.ring.length >= callsPerSecond && now - starts.ring[starts.next]! < 1000)
        return 'calls-per-second';
    }
    return undefined;
  }

  take(trunk: Trunk, leg: object, now: number): void {
    this.keep(trunk, leg);
    const { callsPerSecond } = trunk.capacity;
    if (callsPerSecond === undefined) return;
    const starts = this.#starts.get(trunk.name);
    if (!starts) {
      this.#starts.set(trunk.name, { ring: [now], next: 0 });
    } else if (starts.ring.length < callsPerSecond) {
      starts.ring.push(now);
    } else {
      starts.ring[starts.next] = now;
      starts.next = (starts.next + 1) % callsPerSecond;
    }
  }

  /** A leg goes on under another name: it has its place, and is no start. */
  keep({ name }: Trunk, leg: object): void {
    const legs = this.#legs.get(name);
    if (legs) legs.add(leg);
    else this.#legs.set(name, new Set([leg]));
  }

  release(trunk: Trunk, leg: object): void {
    this.#legs.get(trunk.name)?.delete(leg);
  }

  count(trunk: string): number {
    return this.#legs.get(trunk)?.size ?? 0;
  }
}
