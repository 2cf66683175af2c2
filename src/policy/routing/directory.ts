import type { Configuration, User } from '#policy/configuration';

/** Whose number it is (reverse look-up): line numbers, extensions, other numbers and names of users. */
export class Directory {
  readonly #users = new Map<string, User>();
  readonly #names = new Map<string, User>();

  constructor({ users = [] }: Pick<Configuration, 'users'>) {
    for (const user of users) {
      this.#names.set(user.name, user);
      for (const number of [user.line, ...user.numbers]) {
        if (number === undefined) continue;
        this.#users.set(number, user);
        const extension = /^(.*);ext=(\d+)$/.exec(number)?.[2];
        // By its extension alone where nobody else has it.
        if (extension !== undefined && !this.#users.has(extension)) this.#users.set(extension, user);
      }
    }
  }

  get size(): number {
    return this.#names.size;
  }

  /** By its name. */
  named(name: string): User | undefined {
    return this.#names.get(name);
  }

  /** By a number as routing knows it, or by its name as an address has it. */
  find(number: string): User | undefined {
    if (this.#names.size === 0) return undefined;
    return this.#users.get(number) ?? this.#names.get(number);
  }
}
