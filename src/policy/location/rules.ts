import type { Configuration, Site, Trunk } from '#policy/configuration';

/** One end of a call, and where that is: a trunk, or the one that stands for a user. Undefined: at no place of ours. */
export interface End {
  readonly trunk: Pick<Trunk, 'name' | 'kind' | 'localOnly' | 'user' | 'asks'>;
  readonly site: Site | undefined;
  /** Who is at the other end of the node that this is: whoever is joined with it is joined with that. */
  readonly beyond?: End;
}

/** False: no rule of location is in use, and nobody has to ask. */
export function hasLocationRules({ sites = [], trunks }: Pick<Configuration, 'sites' | 'trunks'>): boolean {
  return (
    sites.some((site) => site.localTermination || site.localPolicy !== undefined) ||
    trunks.some(({ localOnly }) => localOnly)
  );
}

/**
 * Why two are not to be joined, whoever called, was transferred, or forwarded whom: undefined when they may. A restricted trunk
 * (`localOnly`) is for who is at its site; where a site keeps its calls in its country, they leave by trunks that end there.
 * docs/location.md has the tables.
 */
export function obstacle(caller: End, callee: End): string | undefined {
  if (caller.beyond) return obstacle(caller.beyond, callee);
  if (callee.beyond) return obstacle(caller, callee.beyond);
  // The node that asks knows who calls, and where he is: it has asked these rules.
  if (caller.trunk.asks !== undefined && caller.trunk.asks === callee.trunk.name) return undefined;
  if (callee.trunk.localOnly && !sameSite(caller, callee))
    return `it is for who is at ${nameOf(callee.site)}, and the caller is at ${nameOf(caller.site)}`;
  if (caller.trunk.localOnly && !sameSite(caller, callee))
    return `trunk ${caller.trunk.name} reaches who is at ${nameOf(caller.site)}, and this is at ${nameOf(callee.site)}`;
  const country = isPeople(caller) && caller.site?.localTermination ? caller.site.country : undefined;
  if (country === undefined || isPeople(callee) || callee.site?.country === country) return undefined;
  return `calls from ${nameOf(caller.site)} stay in ${country}, and it ends in ${callee.site?.country ?? 'no country that is known'}`;
}

/** Users and PBXs: what goes there ends with us. */
function isPeople({ trunk }: End): boolean {
  return trunk.kind === 'ip-pbx';
}

function sameSite(one: End, other: End): boolean {
  return one.site !== undefined && one.site === other.site;
}

function nameOf(site: Site | undefined): string {
  return site?.name ?? 'no site that is known';
}
