const none = -1;

/** Small numbers in the order in which they were appended; each is there once at most. Nothing is allocated after the beginning. */
export class Order {
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  /** -1: there are none. */
  first = none;
  #last = none;

  /** For numbers below `size`. */
  constructor(size: number) {
    this.#before = new Int32Array(size);
    this.#after = new Int32Array(size);
  }

  append(one: number): void {
    this.#before[one] = this.#last;
    this.#after[one] = none;
    if (this.#last === none) this.first = one;
    else this.#after[this.#last] = one;
    this.#last = one;
  }

  /** It must be there. */
  remove(one: number): void {
    const before = this.#before[one]!;
    const after = this.#after[one]!;
    if (before === none) this.first = after;
    else this.#after[before] = after;
    if (after === none) this.#last = before;
    else this.#before[after] = before;
  }
}
