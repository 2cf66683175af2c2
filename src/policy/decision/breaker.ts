/** Failures in a row after which nobody is asked any more. */
const mostFailures = 5;
/** Ms until one call tries again. */
const rest = 10_000;

/**
 * Spares calls the wait for who does not answer: after some failures in a row nobody is asked for a while, then one call tries,
 * and only when that is answered all do again. Times are monotonic ms.
 */
export class Breaker {
  #failures = 0;
  #until = 0;
  #isTrying = false;

  /** Undefined: ask. Else for how long nobody is asked, ms. */
  refusal(now: number): number | undefined {
    if (this.#failures < mostFailures) return undefined;
    if (now < this.#until || this.#isTrying) return Math.max(0, this.#until - now);
    this.#isTrying = true;
    return undefined;
  }

  /** True when it had been left alone. */
  answered(): boolean {
    const wasOpen = this.#failures >= mostFailures;
    this.#failures = 0;
    this.#isTrying = false;
    return wasOpen;
  }

  /** True when it is left alone from now on. */
  failed(now: number): boolean {
    this.#isTrying = false;
    this.#failures++;
    if (this.#failures < mostFailures) return false;
    this.#until = now + rest;
    return this.#failures === mostFailures;
  }

  /** Who asked does not care any more: nothing was learned. */
  abandoned(): void {
    this.#isTrying = false;
  }
}
