import type { Trunk } from '#policy/configuration';
import { PrefixTable } from './prefix-table.ts';

/** What trunks charge for a minute, by the longest prefix of the number. */
export class Prices {
  readonly #tables = new Map<string, { readonly table: PrefixTable; readonly prices: Float64Array }>();

  constructor(trunks: readonly Trunk[]) {
    for (const { name, rates } of trunks) {
      if (!rates) continue;
      const table = new PrefixTable(rates.map(({ prefix }) => prefix));
      this.#tables.set(name, { table, prices: Float64Array.from(rates, ({ price }) => price) });
    }
  }

  /** Undefined when the trunk says nothing of the number. */
  of(trunk: Trunk, number: string): number | undefined {
    const known = this.#tables.get(trunk.name);
    const at = known?.table.longest(number);
    return at === undefined ? undefined : known!.prices[at];
  }

  /** The cheapest first; who names no price comes last, else as they were. */
  order(
    trunks: readonly Trunk[],
    number: string,
  ): readonly { readonly trunk: Trunk; readonly price: number | undefined }[] {
    return trunks
      .map((trunk) => ({ trunk, price: this.of(trunk, number) }))
      .sort((one, other) => (one.price ?? Number.MAX_VALUE) - (other.price ?? Number.MAX_VALUE));
  }
}
