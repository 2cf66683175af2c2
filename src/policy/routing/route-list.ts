import type { CompiledRoute } from './compiled-route.ts';
import { PrefixTable } from './prefix-table.ts';

/** Routes that are looked at one by one: so few that each says why it does not fit. */
const fewRoutes = 32;

/** Routes in their order, of which those are found quickly that a number may fit. */
export class RouteList {
  readonly routes: readonly CompiledRoute[];
  /** Start of a number -> the place in the list of a route that begins so. */
  readonly #starts: PrefixTable | undefined;
  /** Those that take numbers of any beginning. */
  readonly #open: readonly number[];

  /** `routes` in the order in which they are to be tried. */
  constructor(routes: readonly CompiledRoute[]) {
    this.routes = routes;
    const starts: string[] = [];
    const places: number[] = [];
    const open: number[] = [];
    const isLong = routes.length > fewRoutes;
    for (const [place, route] of isLong ? routes.entries() : []) {
      if (route.starts.includes('')) open.push(place);
      else
        for (const start of route.starts) {
          starts.push(start);
          places.push(place);
        }
    }
    this.#open = open;
    this.#starts = isLong ? new PrefixTable(starts, Int32Array.from(places)) : undefined;
  }

  /** Those that may take the number, in order; all of a short list, so that a trace tells of each. */
  candidates(number: string): readonly CompiledRoute[] {
    if (!this.#starts) return this.routes;
    const places = [...this.#open, ...this.#starts.matches(number)];
    places.sort((one, other) => one - other);
    return places.filter((place, i) => place !== places[i - 1]).map((place) => this.routes[place]!);
  }
}
