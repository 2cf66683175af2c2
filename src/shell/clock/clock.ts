import type { Instant } from '#kernel';

export function now(): Instant {
  return { mono: performance.now(), wall: Date.now() };
}

/** What Node's timers can bear, ms (they take more for 1). */
const longest = 0x7fff_ffff;

/**
 * The one timer of a machine: armed from its `nextDeadline()` after every turn, so arming must cost next to nothing.
 * A timer that is set too early is left to run and finds out when it fires; only an earlier deadline moves it.
 */
export class Alarm {
  readonly #ring: () => void;
  #deadline: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings once `performance.now()` is at `deadline` or later, never before; `undefined`: not at all. */
  set(deadline: number | undefined): void {
    this.#deadline = deadline;
    if (deadline === undefined) return;
    if (this.#timer !== undefined) {
      if (this.#timerAt <= deadline) return;
      clearTimeout(this.#timer);
    }
    this.#arm(deadline);
  }

  #arm(deadline: number): void {
    const wait = Math.min(longest, Math.max(1, Math.ceil(deadline - performance.now())));
    this.#timerAt = deadline;
    this.#timer = setTimeout(this.#fired, wait);
  }

  readonly #fired = (): void => {
    this.#timer = undefined;
    const deadline = this.#deadline;
    if (deadline === undefined) return;
    // Node rounds, and a later deadline may have been set meanwhile.
    if (performance.now() < deadline) {
      this.#arm(deadline);
      return;
    }
    this.#deadline = undefined;
    this.#ring();
  };
}
