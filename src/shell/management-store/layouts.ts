import type { DatabaseSync } from 'node:sqlite';

/** How something is laid out for all who look at it. */
export interface Layout {
  readonly version: number;
  /** JSON. */
  readonly value: unknown;
}

/** Pictures that people arranged: the same for all, and no part of the configuration, since no call goes another way for it. */
export class Layouts {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Undefined: nobody arranged it. */
  get(name: string): Layout | undefined {
    const row = this.#database.prepare('SELECT version, value FROM layouts WHERE name = ?').get(name) as
      | { version: number; value: string }
      | undefined;
    return row && { version: row.version, value: JSON.parse(row.value) };
  }

  /** The version that it is now; undefined: it is not at `before` any more (0: nobody had arranged it), and nothing was changed. */
  put(name: string, value: unknown, before: number): number | undefined {
    const text = JSON.stringify(value);
    const { changes } =
      before === 0
        ? this.#database
            .prepare('INSERT INTO layouts (name, version, value) VALUES (?, 1, ?) ON CONFLICT DO NOTHING')
            .run(name, text)
        : this.#database
            .prepare('UPDATE layouts SET version = version + 1, value = ? WHERE name = ? AND version = ?')
            .run(text, name, before);
    return changes === 0 ? undefined : before + 1;
  }
}
