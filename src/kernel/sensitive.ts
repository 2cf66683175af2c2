/**
 * A value that must not be seen: neither printed nor written as JSON gives it away. `reveal()` is the one way to it,
 * so that every place that uses a secret is found by that name.
 */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[hidden]';
  }

  toJSON(): string {
    return '[hidden]';
  }
}
