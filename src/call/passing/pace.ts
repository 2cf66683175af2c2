import type { Trunk } from '#policy/configuration';

/** Requests beside calls in any second of a trunk whose configuration does not say. */
export const usualPace = 100;

/** How many requests beside calls a trunk sends and gets in a second: a bucket each, that fills by itself. */
export class Pace {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** Takes one; false when there are none left. `now`: monotonic ms. */
  take(trunk: Trunk, now: number): boolean {
    const most = trunk.capacity.messagesPerSecond ?? usualPace;
    let bucket = this.#buckets.get(trunk.name);
    if (!bucket) {
      bucket = { left: most, at: now };
      this.#buckets.set(trunk.name, bucket);
    }
    bucket.left = Math.min(most, bucket.left + ((now - bucket.at) * most) / 1000);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }
}
