import { suggestion } from './check-references.ts';
import { trunksOf } from './compile-routes.ts';
import type { Draft } from './draft.ts';
import { entriesOf, namesIn } from './names.ts';
import type { Path, Report } from './problems.ts';
import type { RouteEntry } from './schema-routes.ts';

/** Checks the routes and groups: that they name trunks, that each can be reached, that each trunk is in one. */
export function checkRoutes(draft: Draft, tree: unknown, report: Report): void {
  const known = (section: string) => namesIn(tree, section).filter((name) => typeof name === 'string');
  const trunks = known('trunks');
  checkTrunkNames(tree, { trunks, groups: known('groups') }, report);
  for (const [index, route] of draft.routes.entries()) {
    if (!route) continue;
    checkRoute(route, ['routes', index], report);
  }
  // A route that is not sound may take any call, and use any trunk.
  const sound = <T>(entries: readonly (T | undefined)[]): entries is readonly T[] => !entries.includes(undefined);
  const { routes, groups } = draft;
  if (routes.length === 0 || !sound(routes) || !sound(groups)) return;
  const used = new Set<string>();
  /** The routes above, by the trunk they take calls from. */
  const above = new Map(trunks.map((name) => [name, new Takers()]));
  // What location rules leave nothing of goes on to the next route.
  const isLocal =
    draft.trunks.some((trunk) => trunk?.['local-only']) || draft.sites.some((site) => site?.['local-termination']);
  for (const name of helpersOf(draft)) for (const one of [name, ...trunksOf([name], groups)]) used.add(one);
  for (const name of collectorsOf(draft)) used.add(name);
  for (const [index, route] of routes.entries()) {
    const sources = route.from ? trunksOf(route.from, groups) : trunks;
    // Those of a usage follow each other: later ones serve when earlier ones fail.
    const taker = route.usages || isLocal ? undefined : firstTaker(route, sources, above);
    if (taker)
      report('TDM-1301', ['routes', index], `every call it could take is taken above, first by route "${taker.name}".`);
    if (!route.usages) for (const name of sources) above.get(name)?.add(route);
    const named = [...(route.from ?? []), ...(route.to ?? [])];
    for (const name of [...sources, ...named, ...trunksOf(named, groups)]) used.add(name);
  }
  // Who outside is asked may name any of them.
  if (draft.decisions?.service || draft.decisions?.enum) return;
  for (const section of ['trunks', 'groups']) {
    for (const [index, name] of namesIn(tree, section).entries()) {
      if (typeof name === 'string' && !used.has(name))
        report('TDM-1302', [section, index], 'no route takes calls from it or sends calls to it.');
    }
  }
}

/** Trunks and groups that calls for help take first. */
function helpersOf({ emergency, sites }: Draft): readonly string[] {
  if (!emergency) return [];
  const { to, countries = [] } = emergency;
  return [to, ...countries.map((one) => one.to ?? []), ...sites.map((site) => site?.emergency?.to ?? [])].flat();
}

/** Trunks by which collectors of reports are reached. */
function collectorsOf({ trunks, users, registrar }: Draft): readonly string[] {
  return [registrar, ...trunks, ...users].flatMap((one) => one?.quality?.trunk ?? []);
}

function checkRoute({ called, to, refuse, choice }: RouteEntry, path: Path, report: Report): void {
  if (called) {
    const given = (['prefix', 'pattern', 'file'] as const).filter((key) => called[key] !== undefined);
    if (given.length > 1)
      report('TDM-1212', [...path, 'called'], `\`${given[0]}\` and \`${given[1]}\` are both given.`);
    else if (given.length === 0 && !called.except)
      report('TDM-1212', [...path, 'called'], 'neither `prefix`, `pattern` nor `file` is given.');
  }
  if (!to && refuse === undefined) report('TDM-1102', path, '`to` is missing.');
  if (to && refuse !== undefined)
    report('TDM-1216', [...path, 'refuse'], 'the route says where calls go `to`.', 'Leave one of them out.');
  if (choice === 'least-cost' && refuse !== undefined)
    report('TDM-1216', [...path, 'choice'], 'a call that is refused has no trunks to choose from.');
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

/** The routes above, as far as they take every call with a number: none is disabled, no time, site or exception lets one by. */
class Takers {
  #any: RouteEntry | undefined;
  readonly #prefixes = new Map<string, RouteEntry>();
  readonly #patterns = new Map<string, RouteEntry>();

  add(route: RouteEntry): void {
    const { called, disabled, sites, times } = route;
    // A list in a file is too long to be kept once more for each trunk.
    if (disabled || sites || times || called?.except || called?.file !== undefined) return;
    if (!called) this.#any ??= route;
    if (called?.pattern) this.#patterns.set(called.pattern.source, route);
    for (const prefix of called?.prefix ?? []) if (!this.#prefixes.has(prefix)) this.#prefixes.set(prefix, route);
  }

  /** One that takes a part of what another could: what begins with `prefix`, or else all of it. */
  of({ called }: RouteEntry, prefix: string | undefined): RouteEntry | undefined {
    if (this.#any) return this.#any;
    if (prefix === undefined) return called?.pattern && this.#patterns.get(called.pattern.source);
    for (let length = prefix.length; length > 0; length--) {
      const taker = this.#prefixes.get(prefix.slice(0, length));
      if (taker) return taker;
    }
    return undefined;
  }
}

/** When the routes above take all calls of this one, from each of its trunks and for each of its numbers: one that does. */
function firstTaker(
  route: RouteEntry,
  sources: readonly string[],
  above: ReadonlyMap<string, Takers>,
): RouteEntry | undefined {
  const numbers = route.called?.prefix ?? [undefined];
  let first: RouteEntry | undefined;
  const all = sources.every((trunk) =>
    numbers.every((prefix) => {
      const taker = above.get(trunk)?.of(route, prefix);
      first ??= taker;
      return taker !== undefined;
    }),
  );
  return all ? first : undefined;
}
