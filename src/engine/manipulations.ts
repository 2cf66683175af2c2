import type { Trunk } from '#policy/configuration';
import { Manipulation } from '#policy/manipulation';

/** The rules on messages of those trunks that have some, compiled once. */
export class Manipulations {
  readonly #byTrunk = new Map<string, Manipulation>();

  constructor(trunks: readonly Trunk[]) {
    for (const { name, manipulation } of trunks)
      if (manipulation && manipulation.length > 0) this.#byTrunk.set(name, new Manipulation(manipulation));
  }

  of({ name }: Trunk): Manipulation | undefined {
    return this.#byTrunk.size === 0 ? undefined : this.#byTrunk.get(name);
  }
}
