import type { Bandwidth, Configuration, Link, Site } from '#policy/configuration';

/** A link that calls share: its name as people read it, and the most that they may take of it. */
export interface NetworkLink {
  readonly name: string;
  readonly bandwidth: Bandwidth;
}

/** Which links lie between two sites: the direct one, else the access of each and what joins their regions. */
export class Network {
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #access = new Map<string, NetworkLink>();
  readonly #direct = new Map<string, NetworkLink | undefined>();
  /** Region -> its neighbours, and the link there, where that has limits. */
  readonly #regions = new Map<string, Map<string, NetworkLink | undefined>>();
  readonly #paths = new Map<string, readonly NetworkLink[]>();

  constructor({
    sites = [],
    regionLinks = [],
    siteLinks = [],
  }: Pick<Configuration, 'sites' | 'regionLinks' | 'siteLinks'>) {
    this.#sites = new Map(sites.map((site) => [site.name, site]));
    for (const { name, bandwidth } of sites)
      if (bandwidth) this.#access.set(name, { name: `the link of ${name}`, bandwidth });
    for (const link of siteLinks) this.#direct.set(pair(...link.between), limited(link));
    for (const link of regionLinks) {
      const [one, other] = link.between;
      this.#join(one, other, limited(link));
      this.#join(other, one, limited(link));
    }
  }

  /** The links with limits that a call between two sites takes; none where both are the same or one is not known. */
  between(one: string | undefined, other: string | undefined): readonly NetworkLink[] {
    if (one === undefined || other === undefined || one === other) return [];
    const key = pair(one, other);
    const known = this.#paths.get(key);
    if (known) return known;
    const path = this.#path(one, other);
    this.#paths.set(key, path);
    return path;
  }

  #path(one: string, other: string): readonly NetworkLink[] {
    const key = pair(one, other);
    if (this.#direct.has(key)) return present([this.#direct.get(key)]);
    const from = this.#sites.get(one);
    const to = this.#sites.get(other);
    if (!from || !to) return [];
    return present([this.#access.get(one), ...this.#across(from.region, to.region), this.#access.get(other)]);
  }

  /** The links between two regions by the fewest of them. */
  #across(from: string | undefined, to: string | undefined): readonly (NetworkLink | undefined)[] {
    if (from === undefined || to === undefined || from === to) return [];
    const ways = new Map<string, readonly (NetworkLink | undefined)[]>([[from, []]]);
    const queue = [from];
    for (let region = queue.shift(); region !== undefined; region = queue.shift()) {
      if (region === to) break;
      for (const [next, link] of this.#regions.get(region) ?? []) {
        if (ways.has(next)) continue;
        ways.set(next, [...ways.get(region)!, link]);
        queue.push(next);
      }
    }
    return ways.get(to) ?? [];
  }

  #join(from: string, to: string, link: NetworkLink | undefined): void {
    const known = this.#regions.get(from);
    if (known) known.set(to, link);
    else this.#regions.set(from, new Map([[to, link]]));
  }
}

function pair(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function limited({ between, bandwidth }: Link): NetworkLink | undefined {
  return bandwidth && { name: `the link between ${between[0]} and ${between[1]}`, bandwidth };
}

function present(links: readonly (NetworkLink | undefined)[]): readonly NetworkLink[] {
  return links.filter((link) => link !== undefined);
}
