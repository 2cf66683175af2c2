import type { Configuration } from '#policy/configuration';
import type { AreaMinutes } from './branch-cost.ts';
import { BusyHours } from './busy-hours.ts';
import type { Measured, PlanInput, RecordsRead } from './plan-input.ts';

/** What a record tells of the lines that a call held. Unix ms. */
export interface RecordedCall {
  readonly leg: { readonly trunk: string };
  readonly caller: string;
  readonly called: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly talkMs: number;
  readonly attempts: readonly {
    readonly leg: { readonly trunk: string };
    readonly called: string;
    readonly startedAt: number;
    readonly answeredAt?: number;
    readonly endedAt: number;
  }[];
}

/** Where calls go that no price fits. */
const elsewhere = 'elsewhere';

const day = 86_400_000;
const daysOfMonth = 365.25 / 12;

/** Folds records, oldest first, into traffic by trunk and by site, and the minutes that sites call where. */
export class RecordedTraffic {
  readonly #outside: ReadonlyMap<string, boolean>;
  readonly #siteOfTrunk: ReadonlyMap<string, string>;
  readonly #siteOfNumber: ReadonlyMap<string, string>;
  readonly #prefixes: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #whole = new BusyHours();
  readonly #trunks = new Map<string, BusyHours>();
  readonly #sites = new Map<string, BusyHours>();
  /** Ms talked, by site and area. */
  readonly #areas = new Map<string, Map<string, number>>();
  /** Calls from outside, by site and number. */
  readonly #called = new Map<string, Map<string, number>>();
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #calls = 0;

  constructor(
    { trunks, users = [] }: Pick<Configuration, 'trunks' | 'users'>,
    { sites, trunks: planned }: Pick<PlanInput, 'sites' | 'trunks'>,
  ) {
    this.#outside = new Map(trunks.map(({ name, kind }) => [name, kind !== 'ip-pbx']));
    this.#siteOfTrunk = new Map(trunks.flatMap(({ name, site }) => (site === undefined ? [] : [[name, site]])));
    this.#siteOfNumber = new Map(
      users.flatMap(({ line, numbers, site }) =>
        site === undefined
          ? []
          : [...(line === undefined ? [] : [line.split(';')[0]!]), ...numbers].map((number) => [number, site] as const),
      ),
    );
    this.#prefixes = new Map(
      sites.map(({ name, centre, said }) => {
        const own = [said.centre, said.trunk, said.gateway].flatMap((way) => way?.rates ?? []);
        const rates = [...own, ...planned.filter(({ site }) => site === centre).flatMap((trunk) => trunk.rates)];
        return [name, new Set(rates.map(({ prefix }) => prefix))];
      }),
    );
  }

  add(call: RecordedCall): void {
    const { leg, startedAt, endedAt, attempts } = call;
    this.#from = Math.min(this.#from, startedAt);
    this.#to = Math.max(this.#to, endedAt);
    this.#calls++;
    const held = new Set<string>();
    const hold = (trunk: string, from: number, to: number, site: string | undefined) => {
      if (!this.#outside.get(trunk)) return;
      this.#whole.add(from, to, startedAt);
      hoursIn(this.#trunks, trunk).add(from, to, startedAt);
      // A call that comes from outside and leaves again holds two lines of its trunks, and one of its site.
      if (site === undefined || held.has(site)) return;
      held.add(site);
      hoursIn(this.#sites, site).add(from, to, startedAt);
    };
    const site = this.#siteOf(call);
    hold(leg.trunk, startedAt, endedAt, site);
    if (site !== undefined && this.#outside.get(leg.trunk)) count(this.#called, site, call.called, 1);
    for (const attempt of attempts) {
      hold(attempt.leg.trunk, attempt.startedAt, attempt.endedAt, site);
      if (attempt.answeredAt === undefined || site === undefined || !this.#outside.get(attempt.leg.trunk)) continue;
      count(this.#areas, site, this.#areaOf(site, attempt.called), call.talkMs);
    }
  }

  /** Undefined where there was no call. `dayOf`: the day that a time is in, where people live. */
  read(dayOf: (at: number) => number): RecordsRead | undefined {
    if (this.#calls === 0) return undefined;
    // Less than a day cannot tell of a month.
    const days = Math.max((this.#to - this.#from) / day, 1);
    const areas = (site: string): AreaMinutes[] =>
      [...(this.#areas.get(site) ?? [])].map(([prefix, ms]) => ({
        prefix,
        minutes: Math.round(((ms / 60_000) * daysOfMonth) / days),
      }));
    const called = (site: string) =>
      [...(this.#called.get(site) ?? [])]
        .map(([number, calls]) => ({ number, calls }))
        .sort((one, other) => other.calls - one.calls)
        .slice(0, mostCalled);
    const whole = measuredOf(this.#whole, dayOf);
    return {
      from: this.#from,
      to: this.#to,
      calls: this.#calls,
      ...(whole && { whole }),
      trunks: new Map([...this.#trunks].map(([name, hours]) => [name, measuredOf(hours, dayOf)!])),
      sites: new Map(
        [...this.#sites].map(([name, hours]) => [
          name,
          { ...measuredOf(hours, dayOf)!, areas: areas(name), called: called(name) },
        ]),
      ),
    };
  }

  /** Whose it is: by the number of the one who calls, or is called, else where the PBX stands. */
  #siteOf({ leg, caller, called, attempts }: RecordedCall): string | undefined {
    if (!this.#outside.get(leg.trunk)) return this.#numberAt(caller) ?? this.#siteOfTrunk.get(leg.trunk);
    const inside = attempts.find((attempt) => this.#outside.get(attempt.leg.trunk) === false);
    return this.#numberAt(called) ?? (inside && this.#siteOfTrunk.get(inside.leg.trunk));
  }

  #numberAt(number: string): string | undefined {
    return this.#siteOfNumber.get(number) ?? this.#siteOfNumber.get(`+${number}`);
  }

  #areaOf(site: string, number: string): string {
    const prefixes = this.#prefixes.get(site);
    const global = number.startsWith('+') ? number : `+${number}`;
    for (let length = global.length; length > 0; length--) {
      const prefix = global.slice(0, length);
      if (prefixes?.has(prefix)) return prefix;
    }
    return elsewhere;
  }
}

/** Numbers of a site that are counted: a stranger may call any. */
const mostNumbers = 100_000;
/** Of them that are told. */
const mostCalled = 5;

function count(all: Map<string, Map<string, number>>, site: string, key: string, more: number): void {
  const ofSite = all.get(site) ?? new Map<string, number>();
  all.set(site, ofSite);
  if (ofSite.has(key) || ofSite.size < mostNumbers) ofSite.set(key, (ofSite.get(key) ?? 0) + more);
}

function hoursIn(all: Map<string, BusyHours>, name: string): BusyHours {
  const hours = all.get(name) ?? new BusyHours();
  all.set(name, hours);
  return hours;
}

function measuredOf(traffic: BusyHours, dayOf: (at: number) => number): Measured | undefined {
  const { peak } = traffic;
  const busiest = traffic.busiest();
  if (!peak) return undefined;
  return {
    calls: traffic.calls,
    hold: traffic.hold,
    hours: traffic.hours(),
    // Calls that took no time at all make no traffic.
    busiest: busiest ?? { at: peak.at, erlangs: 0 },
    averageBusiest: traffic.averageBusiest(dayOf),
    peak,
  };
}
