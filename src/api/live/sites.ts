import type { Configuration } from '#engine/ports';
import type { Principal } from '../access/principal.ts';
import { mayAt } from '../access/sites.ts';
import type { LiveCall } from './told.ts';

const known = new WeakMap<object, ReadonlyMap<string, string>>();

/** The site of a trunk, where it has one. */
export function siteOf({ trunks }: Pick<Configuration, 'trunks'>, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  let sites = known.get(trunks);
  if (!sites) {
    sites = new Map(trunks.flatMap((trunk) => (trunk.site === undefined ? [] : [[trunk.name, trunk.site] as const])));
    known.set(trunks, sites);
  }
  return sites.get(name);
}

/** Whether somebody may see a call: it is of a site of his, or passes a trunk of one. */
export function mayCall(
  principal: Principal | undefined,
  configuration: Pick<Configuration, 'trunks'>,
  { site, a, b }: Pick<LiveCall, 'site' | 'a' | 'b'>,
): boolean {
  if (principal?.sites === undefined) return true;
  return [site, siteOf(configuration, a.trunk), siteOf(configuration, b?.trunk)].some(
    (one) => one !== undefined && mayAt(principal, one),
  );
}
