import type { Principal } from './principal.ts';

/**
 * Rights by site. A route that says `sites: 'heeded'` in its `config` shows and changes only what these functions let pass; any other is
 * closed to whom only some sites are given.
 */

/** Whether he may see, and with his role change, what is of this site; what is of none is of all, and his who has all. */
export function mayAt(principal: Principal | undefined, site: string | undefined): boolean {
  const { sites } = principal ?? {};
  return sites === undefined || (site !== undefined && sites.includes(site));
}

/** What both have; undefined: all. */
export function sharedSites(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!one || !other) return one ?? other;
  return one.filter((site) => other.includes(site));
}
