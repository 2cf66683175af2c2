import { type Random, seeded } from '#kernel';

/** The dice of one part of the world. Each part has its own, so that a change in one leaves the others' throws alone. */
export class Dice implements Random {
  readonly #random: Random;
  readonly #mark: string;

  /** `mark` stands before every token, so that a token tells whose it is. */
  constructor(random: Random, mark = '') {
    this.#random = random;
    this.#mark = mark;
  }

  static of(seed: number, part: string, mark = ''): Dice {
    let hash = 0x811c9dc5 ^ seed;
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
    return new Dice(seeded(hash >>> 0), mark);
  }

  integer(below: number): number {
    return this.#random.integer(below);
  }

  token(bits: number): string {
    return this.#mark + this.#random.token(bits);
  }

  chance(probability: number): boolean {
    return this.#random.integer(1_000_000) < probability * 1_000_000;
  }

  /** A number of ms, `from` <= n <= `to`, thousandths kept. */
  between(from: number, to: number): number {
    return from + this.#random.integer(Math.max(1, Math.round((to - from) * 1000) + 1)) / 1000;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#random.integer(list.length)]!;
  }
}
