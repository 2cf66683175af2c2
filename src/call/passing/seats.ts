import type { Trunk } from '#policy/configuration';

/** Subscriptions at once, of all trunks, and of one whose configuration does not say (docs/limits.md). */
const seatLimits = { all: 50_000, trunk: 10_000 } as const;

/** How many subscriptions each trunk has: whoever holds a seat is in the set, so that no count can drift. */
export class Seats {
  readonly #held = new Map<string, Set<object>>();
  readonly #all = new Set<object>();

  get size(): number {
    return this.#all.size;
  }

  isFull({ name, capacity }: Trunk): boolean {
    if (this.#all.size >= seatLimits.all) return true;
    return (this.#held.get(name)?.size ?? 0) >= (capacity.subscriptions ?? seatLimits.trunk);
  }

  take(trunks: readonly Trunk[], holder: object): void {
    this.#all.add(holder);
    for (const { name } of trunks) {
      const held = this.#held.get(name);
      if (held) held.add(holder);
      else this.#held.set(name, new Set([holder]));
    }
  }

  release(trunks: readonly Trunk[], holder: object): void {
    this.#all.delete(holder);
    for (const { name } of trunks) this.#held.get(name)?.delete(holder);
  }
}
