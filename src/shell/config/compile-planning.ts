import type { Planning } from '#engine/ports';
import type { PlanningEntry } from './schema-planning.ts';

type WayPrice = NonNullable<Planning['sites'][number]['trunk']>;

/** What is planned with: from the file to the planner's. */
export function compilePlanning(entry: PlanningEntry): Planning {
  const { profile, hold, blocking, growth, codec, ptime, srtp, tunnel, currency, sites = [], queues = [] } = entry;
  return {
    ...{ profile, hold, blocking, growth, codec, ptime, srtp },
    ...(tunnel !== undefined && { tunnel }),
    ...(currency !== undefined && { currency }),
    sites: sites.map(compileSite),
    queues: queues.map(({ name, site, 'calls-per-hour': callsPerHour, handling, within, share }) => ({
      ...{ name, callsPerHour, handling, within, share },
      ...(site !== undefined && { site }),
    })),
  };
}

function compileSite(entry: NonNullable<PlanningEntry['sites']>[number]): Planning['sites'][number] {
  const { site, users, profile, hold, tunnel, strict, areas, centre, trunk, gateway } = entry;
  const { 'link-price': linkPrice, 'whole-service': wholeService } = entry;
  return {
    ...{ site, strict, wholeService, areas: areas ?? [] },
    ...(users !== undefined && { users }),
    ...(profile !== undefined && { profile }),
    ...(hold !== undefined && { hold }),
    ...(tunnel !== undefined && { tunnel }),
    ...(linkPrice !== undefined && { linkPrice }),
    ...(centre && { centre: wayPrice(centre) }),
    ...(trunk && { trunk: wayPrice(trunk) }),
    ...(gateway && { gateway: wayPrice(gateway) }),
  };
}

function wayPrice({ month, rates = [] }: { month: number; rates?: WayPrice['rates'] | undefined }): WayPrice {
  return { month, rates };
}
