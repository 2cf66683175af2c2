import type { PlanFacts } from '#call';
import type { Trunk } from '#policy/configuration';
import type { CallFacts, Router } from '#policy/routing';

/** Where those are that a call is of, as routing takes it. */
export function placesIn(
  router: Router,
  source: Trunk,
  { address, talker, outside, deposit }: PlanFacts = {},
): Partial<CallFacts> {
  const siteOf = (trunk: Trunk, at: string) => router.placeOf(trunk, at).site?.name;
  return {
    ...(source.user && address !== undefined ? { here: { site: siteOf(source, address) } } : {}),
    ...(talker ? { talker: { source: talker.trunk.name, site: siteOf(talker.trunk, talker.address) } } : {}),
    ...(outside ? { outside } : {}),
    ...(deposit ? { deposit } : {}),
  };
}
