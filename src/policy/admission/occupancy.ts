import type { CallLimits, Configuration, Trunk } from '#policy/configuration';

/** Why a trunk, or what it is part of, can take no further call now. */
export type Refusal = 'calls' | 'calls-per-second';

/** Whatever has a limit of calls. A trunk is one; groups and sites bear names that no trunk can have. */
export interface Limited {
  readonly name: string;
  readonly capacity: CallLimits;
}

/** Who is full, and of what. */
export interface Full {
  /** A trunk's is ''. */
  readonly of: string;
  readonly refusal: Refusal;
}

/**
 * What each trunk, group and site carries: the live legs themselves, so that a count can't drift from the truth, and the starts
 * of the last second.
 */
export class Occupancy {
  readonly #legs = new Map<string, Set<object>>();
  /** The last `callsPerSecond` starts, monotonic ms, as a ring that may not be full yet: its oldest is at `next`. */
  readonly #starts = new Map<string, { ring: number[]; next: number }>();
  /** The groups with limits that a trunk is in. */
  #groups: ReadonlyMap<string, readonly Limited[]> = new Map();
  #sites: ReadonlyMap<string, Limited> = new Map();
  /** Calls, and the sites that count them. */
  readonly #charged = new Map<object, readonly Limited[]>();

  constructor(configuration: Pick<Configuration, 'groups' | 'sites'> = {}) {
    this.configure(configuration);
  }

  /** Who has limits from now on. Groups count what their trunks carry; to a site that has had none its calls are charged anew. */
  configure({ groups = [], sites = [] }: Pick<Configuration, 'groups' | 'sites'>): void {
    for (const { name } of [...this.#groups.values()].flat()) this.#legs.delete(name);
    const byTrunk = new Map<string, Limited[]>();
    for (const { name, capacity, members } of groups) {
      if (!capacity) continue;
      const limited = { name: `group ${name}`, capacity };
      for (const { trunk } of members) byTrunk.set(trunk, [...(byTrunk.get(trunk) ?? []), limited]);
    }
    this.#groups = byTrunk;
    const bounded = sites.flatMap(({ name, capacity }) => (capacity ? [[name, capacity] as const] : []));
    this.#sites = new Map(bounded.map(([name, capacity]) => [name, { name: `site ${name}`, capacity }]));
    for (const [trunk, limited] of byTrunk)
      for (const leg of this.#legs.get(trunk) ?? []) for (const { name } of limited) this.#add(name, leg);
    const byName = new Map([...this.#sites.values()].map((site) => [site.name, site]));
    for (const [call, charged] of this.#charged) {
      for (const { name } of charged) if (!byName.has(name)) this.#legs.delete(name);
      this.#charged.set(
        call,
        charged.flatMap(({ name }) => byName.get(name) ?? []),
      );
    }
  }

  /** False: no site has a limit, and nobody has to ask. */
  get limitsSites(): boolean {
    return this.#sites.size > 0;
  }

  /** Undefined when the trunk, and its groups, may take one more. */
  refusal(trunk: Limited, now: number): Full | undefined {
    const refusal = this.#refusalOf(trunk, now);
    if (refusal) return { of: '', refusal };
    for (const group of this.#groups.get(trunk.name) ?? []) {
      const full = this.#refusalOf(group, now);
      if (full) return { of: group.name, refusal: full };
    }
    return undefined;
  }

  take(trunk: Limited, leg: object, now: number): void {
    this.#start(trunk, leg, now);
    for (const group of this.#groups.get(trunk.name) ?? []) this.#start(group, leg, now);
  }

  /** A leg goes on under another name: it has its place, and is no start. */
  keep({ name }: Pick<Trunk, 'name'>, leg: object): void {
    this.#add(name, leg);
    for (const group of this.#groups.get(name) ?? []) this.#add(group.name, leg);
  }

  release({ name }: Pick<Trunk, 'name'>, leg: object): void {
    this.#legs.get(name)?.delete(leg);
    for (const group of this.#groups.get(name) ?? []) this.#legs.get(group.name)?.delete(leg);
  }

  count(trunk: string): number {
    return this.#legs.get(trunk)?.size ?? 0;
  }

  // --- sites -------------------------------------------------------------------------------------------------------

  /** Those of the sites that count none of these calls. */
  beyond(sites: readonly (string | undefined)[], calls: readonly object[]): readonly (string | undefined)[] {
    const counting = calls.flatMap((call) => this.#charged.get(call) ?? []);
    return sites.filter((name) => name === undefined || !counting.includes(this.#sites.get(name)!));
  }

  /** Undefined when all of these sites may have one more call; those that count `call` already do. `now`: when it begins; it goes on unless given. */
  refusalAt(sites: readonly (string | undefined)[], call: object, now?: number): Full | undefined {
    const charged = this.#charged.get(call);
    for (const name of sites) {
      const site = name === undefined ? undefined : this.#sites.get(name);
      const refusal = site && !charged?.includes(site) ? this.#refusalOf(site, now) : undefined;
      if (refusal) return { of: site!.name, refusal };
    }
    return undefined;
  }

  /** The sites that count a call; those that did before do so no more. `now`: when it begins; it goes on unless given. */
  charge(sites: readonly (string | undefined)[], call: object, now?: number): void {
    const before = this.#charged.get(call) ?? [];
    const limited = [...new Set(sites)].flatMap((name) => (name === undefined ? [] : (this.#sites.get(name) ?? [])));
    for (const site of before) if (!limited.includes(site)) this.#legs.get(site.name)?.delete(call);
    for (const site of limited) {
      if (before.includes(site)) continue;
      if (now === undefined) this.#add(site.name, call);
      else this.#start(site, call, now);
    }
    if (limited.length > 0) this.#charged.set(call, limited);
    else this.#charged.delete(call);
  }

  // --- for people --------------------------------------------------------------------------------------------------

  /** Groups and sites with limits, as plain data. */
  inspect(): readonly Record<string, unknown>[] {
    const all = new Set([...[...this.#groups.values()].flat(), ...this.#sites.values()]);
    return [...all].map(({ name, capacity }) => ({ name, calls: this.count(name), limits: capacity }));
  }

  #refusalOf({ name, capacity }: Limited, now: number | undefined): Refusal | undefined {
    const { calls, callsPerSecond } = capacity;
    if (calls !== undefined && this.count(name) >= calls) return 'calls';
    if (callsPerSecond !== undefined && now !== undefined) {
      const starts = this.#starts.get(name);
      // The start `callsPerSecond` calls ago: the ring's oldest entry, unless it was made for more.
      if (starts && starts.ring.length >= callsPerSecond) {
        const { ring, next } = starts;
        if (now - ring[(next + ring.length - callsPerSecond) % ring.length]! < 1000) return 'calls-per-second';
      }
    }
    return undefined;
  }

  #start({ name, capacity }: Limited, leg: object, now: number): void {
    this.#add(name, leg);
    const { callsPerSecond } = capacity;
    if (callsPerSecond === undefined) return;
    const starts = this.#starts.get(name);
    if (!starts) {
      this.#starts.set(name, { ring: [now], next: 0 });
    } else if (starts.ring.length === callsPerSecond) {
      starts.ring[starts.next] = now;
      starts.next = (starts.next + 1) % callsPerSecond;
    } else if (starts.next === 0 && starts.ring.length < callsPerSecond) {
      starts.ring.push(now);
    } else {
      // It was made for another limit: the last ones stay, in their order.
      const { ring, next } = starts;
      const inOrder = [...ring.slice(next), ...ring.slice(0, next), now];
      this.#starts.set(name, { ring: inOrder.slice(-callsPerSecond), next: 0 });
    }
  }

  #add(name: string, leg: object): void {
    const legs = this.#legs.get(name);
    if (legs) legs.add(leg);
    else this.#legs.set(name, new Set([leg]));
  }
}
