/** By which of two ways a peer told a key. */
export type Way = 'media' | 'signalling';

interface Told {
  readonly key: string;
  readonly way: Way;
  readonly until: number;
}

/** Ms by which the two ways may be apart. */
const tolerance = 1_000;
/** Keys that wait for their double: more than fingers press in that time. */
const most = 16;

/**
 * Some peers tell every key twice, in the media and by INFO. What comes by the second way is the same key, once: two of a
 * kind by the same way are two.
 */
export class TwoWays {
  #told: Told[] = [];

  /** A key was pressed from `from` to `until`, monotonic ms. True when the other way has told it already. */
  repeats(key: string, way: Way, from: number, until: number): boolean {
    this.#told = this.#told.filter((one) => from - one.until <= tolerance);
    const double = this.#told.findIndex((one) => one.key === key && one.way !== way);
    if (double >= 0) {
      this.#told.splice(double, 1);
      return true;
    }
    this.#told.push({ key, way, until });
    if (this.#told.length > most) this.#told.shift();
    return false;
  }
}
