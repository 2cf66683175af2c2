import type { Configuration, Planning, Site, SitePlanning } from '#policy/configuration';
import type { ConnectionKind } from './advice.ts';
import type { AreaMinutes, Rate } from './branch-cost.ts';
import type { HourOfTraffic } from './busy-hours.ts';

/** A site to plan for. */
export interface PlanSite {
  readonly name: string;
  readonly users: number;
  /** Where the number of users comes from. */
  readonly usersFrom: string;
  readonly kind: Site['kind'];
  readonly centre?: string;
  readonly country?: string;
  readonly resilient: boolean;
  readonly survivability: Site['survivability'];
  /** How its trunks are joined to their peers, where it has any. */
  readonly connections: readonly ConnectionKind[];
  /** Numbers by which it is called. */
  readonly numbers: number;
  readonly said: Omit<SitePlanning, 'site' | 'users'>;
}

export interface PlanTrunk {
  readonly name: string;
  readonly kind: 'itsp' | 'pstn-gateway' | 'ip-pbx';
  readonly site?: string;
  readonly country?: string;
  /** Calls at once; undefined: no limit. */
  readonly capacity?: number;
  readonly rates: readonly Rate[];
}

/** What the records tell of a site's or a trunk's calls. */
export interface Measured {
  readonly calls: number;
  /** Ms that a call held a line on average. */
  readonly hold: number;
  /** In order of time. */
  readonly hours: readonly HourOfTraffic[];
  readonly busiest: HourOfTraffic;
  /** Erlangs of each day's busiest hour, on average. */
  readonly averageBusiest: number;
  readonly peak: { readonly at: number; readonly calls: number };
}

export interface MeasuredSite extends Measured {
  readonly areas: readonly AreaMinutes[];
  /** Its numbers that were called most from outside, the first of them. */
  readonly called: readonly { readonly number: string; readonly calls: number }[];
}

/** What was read from records. Times are Unix ms. */
export interface RecordsRead {
  readonly from: number;
  readonly to: number;
  readonly calls: number;
  /** All calls with the public network. */
  readonly whole?: Measured;
  readonly trunks: ReadonlyMap<string, Measured>;
  readonly sites: ReadonlyMap<string, MeasuredSite>;
}

export interface PlanInput {
  readonly planning: Planning;
  readonly sites: readonly PlanSite[];
  readonly trunks: readonly PlanTrunk[];
  readonly records?: RecordsRead;
}

/** What is reckoned with where nobody says anything. */
export const usualPlanning: Planning = {
  profile: 'moderate',
  hold: 180_000,
  blocking: 0.01,
  growth: 0,
  codec: 'PCMA',
  ptime: 20,
  srtp: false,
  sites: [],
  queues: [],
};

const nothingSaid: PlanSite['said'] = { strict: false, wholeService: false, areas: [] };

/** What is to be planned by a configuration. `users`: in place of those that it has, where it has no sites. */
export function planInput(
  {
    sites = [],
    users = [],
    trunks,
    planning = usualPlanning,
  }: Pick<Configuration, 'sites' | 'users' | 'trunks' | 'planning'>,
  given?: { readonly users: number },
): Omit<PlanInput, 'records'> {
  const countries = new Map(sites.map(({ name, country }) => [name, country]));
  const counts = new Map<string | undefined, number>();
  const lines = new Map<string | undefined, number>();
  for (const { site, line, numbers } of users) {
    counts.set(site, (counts.get(site) ?? 0) + 1);
    lines.set(site, (lines.get(site) ?? 0) + numbers.length + (line === undefined ? 0 : 1));
  }
  const said = new Map(planning.sites.map((one) => [one.site, one]));
  const connectionsOf = (site: string | undefined) => [
    ...new Set(
      trunks.flatMap((trunk) =>
        trunk.kind !== 'ip-pbx' && trunk.site === site && trunk.connection ? [trunk.connection.type] : [],
      ),
    ),
  ];
  const planned: PlanSite[] = sites.map((site) => {
    const { name, kind, centre, country, resilient, survivability } = site;
    const { site: _, users: count, ...more } = said.get(name) ?? { site: name, ...nothingSaid };
    return {
      ...{ name, kind, resilient, survivability },
      ...(centre !== undefined && { centre }),
      ...(country !== undefined && { country }),
      users: count ?? counts.get(name) ?? 0,
      usersFrom: count === undefined ? 'users of the configuration there' : 'as planned',
      connections: connectionsOf(name),
      numbers: lines.get(name) ?? 0,
      said: more,
    };
  });
  const whole: PlanSite = {
    name: 'the whole',
    users: given?.users ?? users.length,
    usersFrom: given ? 'as given' : 'users of the configuration',
    kind: 'central',
    resilient: false,
    survivability: 'none',
    connections: connectionsOf(undefined),
    numbers: [...lines.values()].reduce((sum, count) => sum + count, 0),
    said: nothingSaid,
  };
  return {
    planning,
    sites: planned.length > 0 ? planned : [whole],
    trunks: trunks.map(({ name, kind, site, capacity, rates = [] }) => {
      const country = site === undefined ? undefined : countries.get(site);
      return {
        ...{ name, kind, rates },
        ...(site !== undefined && { site }),
        ...(country !== undefined && { country }),
        ...(capacity.calls !== undefined && { capacity: capacity.calls }),
      };
    }),
  };
}
