import type { Draft } from './draft.ts';
import { entriesOf, namesIn } from './names.ts';
import { nearest } from './nearest.ts';
import type { Report } from './problems.ts';
import type { RouteEntry } from './schema.ts';

/** Checks the routes: that they name trunks, that each can be reached, that each trunk is in one. */
export function checkRoutes(draft: Draft, tree: unknown, report: Report): void {
  const trunks = namesIn(tree, 'trunks').filter((name) => typeof name === 'string');
  checkTrunkNames(tree, trunks, report);
  for (const [index, route] of draft.routes.entries()) {
    if (!route) continue;
    const { called } = route;
    if (called && (called.prefix === undefined) === (called.pattern === undefined))
      report(
        'TDM-1212',
        ['routes', index, 'called'],
        called.prefix ? '`prefix` and `pattern` are both given.' : 'neither `prefix` nor `pattern` is given.',
      );
  }
  // A route that is not sound may take any call, and use any trunk.
  if (draft.routes.length === 0 || draft.routes.some((route) => route === undefined)) return;
  const routes = draft.routes as readonly RouteEntry[];
  const used = new Set<string>();
  /** The routes above, by the trunk they take calls from. */
  const above = new Map<string, RouteEntry[]>(trunks.map((name) => [name, []]));
  for (const [index, route] of routes.entries()) {
    const sources = route.from ?? trunks;
    const taker = firstTaker(route, sources, above);
    if (taker)
      report('TDM-1301', ['routes', index], `every call it could take is taken above, first by route "${taker.name}".`);
    for (const name of sources) above.get(name)?.push(route);
    for (const name of [...sources, ...route.to]) used.add(name);
  }
  for (const [index, name] of namesIn(tree, 'trunks').entries()) {
    if (typeof name === 'string' && !used.has(name))
      report('TDM-1302', ['trunks', index], 'no route takes calls from it or sends calls to it.');
  }
}

/** The trunks that routes name, as they are written: the route need not be sound otherwise. */
function checkTrunkNames(tree: unknown, trunks: readonly string[], report: Report): void {
  const known = new Set(trunks);
  for (const [index, route] of entriesOf(tree, 'routes').entries()) {
    for (const key of ['from', 'to']) {
      const value = (route as Record<string, unknown> | undefined)?.[key];
      const names: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const [at, name] of names.entries()) {
        if (typeof name !== 'string') continue;
        const path = ['routes', index, key, at];
        if (names.indexOf(name) < at) report('TDM-1213', path, `"${name}" stands here twice.`);
        else if (!known.has(name)) report('TDM-1202', path, `there is no trunk "${name}".`, suggestion(name, trunks));
      }
    }
  }
}

function suggestion(name: string, trunks: readonly string[]): string | undefined {
  const near = nearest(name, trunks);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return trunks.length === 0 || trunks.length > 8 ? undefined : `The trunks are ${trunks.join(', ')}.`;
}

/** When the routes above take all calls of this one, from each of its trunks and for each of its numbers: one that does. */
function firstTaker(
  route: RouteEntry,
  sources: readonly string[],
  above: ReadonlyMap<string, readonly RouteEntry[]>,
): RouteEntry | undefined {
  const numbers = route.called?.prefix ?? [undefined];
  let first: RouteEntry | undefined;
  const all = sources.every((trunk) =>
    numbers.every((prefix) => {
      const taker = above.get(trunk)?.find((one) => takesAll(one, route, prefix));
      first ??= taker;
      return taker !== undefined;
    }),
  );
  return all ? first : undefined;
}

/** Does a route take every number that begins with `prefix`, or else every number that `other` takes? */
function takesAll({ called }: RouteEntry, other: RouteEntry, prefix: string | undefined): boolean {
  if (!called) return true;
  if (prefix !== undefined) return called.prefix?.some((one) => prefix.startsWith(one)) ?? false;
  return called.pattern !== undefined && called.pattern === other.called?.pattern;
}
