import type { CompiledRoute } from './compiled-route.ts';
import { PrefixTable } from './prefix-table.ts';

/** Routes that are looked at one by one: so few that each says why it does not fit. */
const fewRoutes = 32;

/** Routes in their order, of which those are found quickly that a number may fit. */
export class RouteList {
  readonly routes: readonly CompiledRoute[];
  /** Start of a number -> the places in the list of the routes that begin so. */
  readonly #starts: PrefixTable | undefined;
  readonly #places: readonly (readonly number[])[];
  /** Those that take numbers of any beginning. */
  readonly #open: readonly number[];

  /** `routes` in the order in which they are to be tried. */
  constructor(routes: readonly CompiledRoute[]) {
    this.routes = routes;
    const lists = new Map<string, number[]>();
    const open: number[] = [];
    for (const [place, { starts }] of routes.entries()) {
      if (starts.includes('')) {
        open.push(place);
        continue;
      }
      for (const start of starts) {
        const list = lists.get(start);
        if (!list) lists.set(start, [place]);
        else if (list.at(-1) !== place) list.push(place);
      }
    }
    this.#open = open;
    this.#places = [...lists.values()];
    this.#starts =
      routes.length <= fewRoutes ? undefined : new PrefixTable([...lists.keys()].map((start, i) => [start, i]));
  }

  /** Those that may take the number, in order; all of a short list, so that a trace tells of each. */
  candidates(number: string): readonly CompiledRoute[] {
    if (!this.#starts) return this.routes;
    const places = [...this.#open];
    for (const list of this.#starts.matches(number)) places.push(...this.#places[list]!);
    places.sort((one, other) => one - other);
    return places.filter((place, i) => place !== places[i - 1]).map((place) => this.routes[place]!);
  }
}
