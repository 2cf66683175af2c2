/** What has been seen of one nonce. */
interface Seen {
  readonly madeAt: number;
  /** Greatest nc. */
  highest: number;
  /** Bit n: `highest` - n was seen. */
  window: number;
  /** It was used without nc (RFC 2069), which a nonce may be once. */
  uncounted: boolean;
}

const windowSize = 32;

/**
 * Which nc of which nonces were used (RFC 7616 3.3), so that nothing counts twice. A window lets requests overtake each other, as
 * over UDP they do. Bounded: when it is full the nonce first used longest ago is forgotten, and with it all that were made before and
 * are not in the table, since they can no longer be told from it. They are stale, nothing worse.
 */
export class NonceCounts {
  readonly #seen = new Map<string, Seen>();
  readonly #most: number;
  readonly #lifetime: number;
  /** Nonces made at or before this are taken only if they are in the table. */
  #forgotten = -1;

  constructor(most: number, lifetime: number) {
    this.#most = most;
    this.#lifetime = lifetime;
  }

  get size(): number {
    return this.#seen.size;
  }

  /** Notes one use; `nc` undefined: used without. Call it for what was proved right only: nothing else may change the table. */
  use(nonce: string, madeAt: number, nc: number | undefined, now: number): 'first' | 'again' | 'forgotten' {
    let seen = this.#seen.get(nonce);
    if (!seen) {
      if (madeAt <= this.#forgotten) return 'forgotten';
      this.#makeRoom(now);
      seen = { madeAt, highest: 0, window: 0, uncounted: false };
      this.#seen.set(nonce, seen);
    }
    if (nc === undefined) {
      if (seen.uncounted) return 'again';
      seen.uncounted = true;
      return 'first';
    }
    const ahead = nc - seen.highest;
    if (ahead > 0) {
      seen.window = ahead >= windowSize ? 1 : (seen.window << ahead) | 1;
      seen.highest = nc;
      return 'first';
    }
    if (-ahead >= windowSize || (seen.window & (1 << -ahead)) !== 0) return 'again';
    seen.window |= 1 << -ahead;
    return 'first';
  }

  #makeRoom(now: number): void {
    for (const [nonce, { madeAt }] of this.#seen) {
      const expired = now - madeAt > this.#lifetime;
      if (!expired && this.#seen.size < this.#most) return;
      this.#seen.delete(nonce);
      this.#forgotten = Math.max(this.#forgotten, madeAt);
    }
  }
}
