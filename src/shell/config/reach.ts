import type { Report } from './checks.ts';
import type { Draft } from './draft.ts';
import { nearest } from './nearest.ts';
import type { Path } from './problems.ts';
import type { RouteEntry } from './schema.ts';

/** Checks the routes: that they name trunks, that each can be reached, that each trunk is in one. */
export function checkRoutes(draft: Draft, trunks: readonly string[], report: Report): void {
  const known = new Set(trunks);
  for (const [index, route] of draft.routes.entries()) {
    if (!route) continue;
    const path: Path = ['routes', index];
    for (const key of ['from', 'to'] as const) {
      const names: readonly string[] = route[key] ?? [];
      for (const [at, name] of names.entries()) {
        const place = [...path, key, at];
        if (names.indexOf(name) < at) report('TDM-1213', place, `"${name}" stands here twice.`);
        else if (!known.has(name)) report('TDM-1202', place, `there is no trunk "${name}".`, suggestion(name, trunks));
      }
    }
    const { called } = route;
    if (called && (called.prefix === undefined) === (called.pattern === undefined))
      report(
        'TDM-1212',
        [...path, 'called'],
        called.prefix ? '`prefix` and `pattern` are both given.' : 'neither `prefix` nor `pattern` is given.',
      );
  }
  // A route that is not sound may take any call, and use any trunk.
  if (draft.routes.length === 0 || draft.routes.some((route) => route === undefined)) return;
  const routes = draft.routes as readonly RouteEntry[];
  for (const [index, route] of routes.entries()) {
    const above = routes.slice(0, index);
    if (!covered(route, above, trunks)) continue;
    const taker = above.find((one) => takes(one, trunks).some((name) => takes(route, trunks).includes(name)))!;
    report('TDM-1301', ['routes', index], `every call it could take is taken above, first by route "${taker.name}".`);
  }
  for (const [index, name] of trunks.entries()) {
    if (routes.some((route) => takes(route, trunks).includes(name) || route.to.includes(name))) continue;
    report('TDM-1302', ['trunks', index], 'no route takes calls from it or sends calls to it.');
  }
}

function suggestion(name: string, trunks: readonly string[]): string | undefined {
  const near = nearest(name, trunks);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return trunks.length === 0 || trunks.length > 8 ? undefined : `The trunks are ${trunks.join(', ')}.`;
}

/** The trunks whose calls a route takes. */
function takes(route: RouteEntry, trunks: readonly string[]): readonly string[] {
  return route.from ?? trunks;
}

/** Do the routes above take all calls of this one, from each of its trunks and for each of its numbers? */
function covered(route: RouteEntry, above: readonly RouteEntry[], trunks: readonly string[]): boolean {
  const numbers = route.called?.prefix ?? [undefined];
  return takes(route, trunks).every((trunk) => {
    const rivals = above.filter((one) => takes(one, trunks).includes(trunk));
    return numbers.every((prefix) =>
      rivals.some(({ called }) => {
        if (!called) return true;
        if (prefix !== undefined) return called.prefix?.some((one) => prefix.startsWith(one)) ?? false;
        return called.pattern !== undefined && called.pattern === route.called?.pattern;
      }),
    );
  });
}
