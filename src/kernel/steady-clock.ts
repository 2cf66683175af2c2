import type { Instant } from './instant.ts';

const day = 24 * 3_600_000;

/** Unix ms, [since, until). */
export interface Evidence {
  readonly since: number;
  readonly until: number;
}

/**
 * Whether the clock that people see may be believed where what is old is deleted for ever: one that is years ahead would have all of it go. It
 * is believed when something bears it out that was written in the week before, or when it has gone on without a leap for a day, which leaves
 * somebody the time to put it right. A leap ahead is borne out by nothing.
 */
export class SteadyClock {
  /** Without a leap since then (of `mono`), and ahead of that by so much when it was looked at last. */
  #since: number;
  #ahead: number;
  #hasLeapt = false;

  constructor({ mono, wall }: Instant) {
    this.#since = mono;
    this.#ahead = wall - mono;
  }

  /** Looks at it again. Gives by how much it has leapt ahead since (ms); 0: it has not. One that was put back was wrong before. `kept`: for how long things are kept, ms. */
  look({ mono, wall }: Instant, kept: number): number {
    const by = wall - mono - this.#ahead;
    this.#ahead += by;
    // By less than this nothing is deleted much too early.
    if (Math.abs(by) < Math.min(day, kept / 4)) return 0;
    this.#since = mono;
    this.#hasLeapt = by > 0;
    return Math.max(0, by);
  }

  /** A time: it is to be believed where something was written then. That is not of the last moments, which may be as wrong. */
  standing({ mono, wall }: Instant, kept: number): 'proven' | 'leapt' | Evidence {
    if (mono - this.#since >= day) return 'proven';
    if (this.#hasLeapt) return 'leapt';
    const until = wall - Math.min(day, kept / 2);
    return { since: until - 7 * day, until };
  }
}
