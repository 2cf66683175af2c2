/** What a minute costs by how the number begins. */
export interface Rate {
  readonly prefix: string;
  readonly price: number;
}

/** Minutes a month that a branch talks to an area. */
export interface AreaMinutes {
  readonly prefix: string;
  readonly minutes: number;
}

/** A way for a branch to reach the public network; money is of one currency, a month. */
export interface WayOut {
  readonly kind: 'centre' | 'trunk' | 'gateway';
  /** Lines, equipment, fees. */
  readonly month: number;
  readonly rates: readonly Rate[];
}

export interface WayCost {
  readonly kind: WayOut['kind'];
  readonly month: number;
  /** What the minutes cost, area by area. */
  readonly areas: readonly {
    readonly prefix: string;
    readonly minutes: number;
    readonly price: number;
    readonly cost: number;
  }[];
  readonly total: number;
  /** Areas without a price: with them nothing can be compared. */
  readonly unpriced: readonly string[];
}

/** What each way costs, and which is the cheapest of those whose prices are all known; the first of equals. */
export function compareWays(
  areas: readonly AreaMinutes[],
  ways: readonly WayOut[],
): { readonly costs: readonly WayCost[]; readonly best: WayCost | undefined } {
  const costs = ways.map((way) => costOf(areas, way));
  let best: WayCost | undefined;
  for (const cost of costs) if (cost.unpriced.length === 0 && (!best || cost.total < best.total)) best = cost;
  return { costs, best };
}

function costOf(areas: readonly AreaMinutes[], { kind, month, rates }: WayOut): WayCost {
  const prices = new Map(rates.map(({ prefix, price }) => [prefix, price]));
  const unpriced: string[] = [];
  const priced = areas.flatMap(({ prefix, minutes }) => {
    const price = priceOf(prefix, prices);
    if (price === undefined) {
      if (minutes > 0) unpriced.push(prefix);
      return [];
    }
    return [{ prefix, minutes, price, cost: minutes * price }];
  });
  const total = priced.reduce((sum, { cost }) => sum + cost, month);
  return { kind, month, areas: priced, total, unpriced };
}

/** By the longest prefix; `number` may itself be the beginning of one. */
export function priceOf(number: string, prices: ReadonlyMap<string, number>): number | undefined {
  for (let length = number.length; length >= 0; length--) {
    const price = prices.get(number.slice(0, length));
    if (price !== undefined) return price;
  }
  return undefined;
}
