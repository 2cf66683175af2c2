import { trunksOf } from './compile.ts';
import type { Draft } from './draft.ts';
import { entriesOf, namesIn } from './names.ts';
import { nearest } from './nearest.ts';
import type { Report } from './problems.ts';
import type { RouteEntry } from './schema.ts';

/** Checks the routes and groups: that they name trunks, that each can be reached, that each trunk is in one. */
export function checkRoutes(draft: Draft, tree: unknown, report: Report): void {
  const known = (section: string) => namesIn(tree, section).filter((name) => typeof name === 'string');
  const trunks = known('trunks');
  checkTrunkNames(tree, { trunks, groups: known('groups') }, report);
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
  const sound = <T>(entries: readonly (T | undefined)[]): entries is readonly T[] => !entries.includes(undefined);
  const { routes, groups } = draft;
  if (routes.length === 0 || !sound(routes) || !sound(groups)) return;
  const used = new Set<string>();
  /** The routes above, by the trunk they take calls from. */
  const above = new Map<string, RouteEntry[]>(trunks.map((name) => [name, []]));
  for (const [index, route] of routes.entries()) {
    const sources = route.from ? trunksOf(route.from, groups) : trunks;
    const taker = firstTaker(route, sources, above);
    if (taker)
      report('TDM-1301', ['routes', index], `every call it could take is taken above, first by route "${taker.name}".`);
    for (const name of sources) above.get(name)?.push(route);
    const named = [...(route.from ?? []), ...route.to];
    for (const name of [...sources, ...named, ...trunksOf(named, groups)]) used.add(name);
  }
  for (const section of ['trunks', 'groups']) {
    for (const [index, name] of namesIn(tree, section).entries()) {
      if (typeof name === 'string' && !used.has(name))
        report('TDM-1302', [section, index], 'no route takes calls from it or sends calls to it.');
    }
  }
}

interface Known {
  readonly trunks: readonly string[];
  readonly groups: readonly string[];
}

/** The trunks that routes and groups name, as they are written: the entry need not be sound otherwise. */
function checkTrunkNames(tree: unknown, { trunks, groups }: Known, report: Report): void {
  const targets = [...trunks, ...groups];
  checkNamesAt(tree, 'routes', 'from', targets, report);
  checkNamesAt(tree, 'routes', 'to', targets, report);
  checkNamesAt(tree, 'groups', 'trunks', trunks, report);
}

function checkNamesAt(tree: unknown, section: string, key: string, allowed: readonly string[], report: Report): void {
  const known = new Set(allowed);
  const what = section === 'routes' ? 'trunk or group' : 'trunk';
  for (const [index, entry] of entriesOf(tree, section).entries()) {
    const value = (entry as Record<string, unknown> | undefined)?.[key];
    const names = (Array.isArray(value) ? value : [value]).map(nameOf);
    for (const [at, name] of names.entries()) {
      if (typeof name !== 'string') continue;
      const path = [section, index, key, at];
      if (names.indexOf(name) < at) report('TDM-1213', path, `"${name}" stands here twice.`);
      else if (!known.has(name)) report('TDM-1202', path, `there is no ${what} "${name}".`, suggestion(name, allowed));
    }
  }
}

/** A member of a group may stand as a map. */
function nameOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null ? (entry as { trunk?: unknown }).trunk : entry;
}

function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0 || known.length > 8 ? undefined : `Known are ${known.join(', ')}.`;
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
