import type { Configuration, Pool, Site, User } from '#policy/configuration';

/** Ms that a whole pool must be gone until the one behind it registers its users. */
const usualTakeover = 300_000;
/** The same where the pool is a branch's: nobody is there to wait for. */
const branchTakeover = 10_000;

/** Where the devices of a user register. */
export interface Home {
  /** Names of the nodes that it belongs to, in order, and of those that take it over when all of these are gone. */
  readonly nodes: readonly string[];
  readonly backup: readonly string[];
  /** Ms that they must be gone for. */
  readonly takeover: number;
}

const anywhere: Home = { nodes: [], backup: [], takeover: 0 };

/** Which nodes a user belongs to: those at his site, else those of the site that serves it. */
export class Homes {
  readonly #nodes: NonNullable<Configuration['nodes']>;
  readonly #pools: readonly Pool[];
  readonly #sites: ReadonlyMap<string, Site>;
  /** By site; the same for all who are there. */
  readonly #homes = new Map<string | undefined, Home>();

  constructor({ nodes = [], pools = [], sites = [] }: Configuration) {
    this.#nodes = nodes;
    this.#pools = pools;
    this.#sites = new Map(sites.map((site) => [site.name, site]));
  }

  of({ site }: Pick<User, 'site'>): Home {
    let home = this.#homes.get(site);
    if (!home) {
      home = this.#homeAt(site === undefined ? undefined : this.#sites.get(site));
      this.#homes.set(site, home);
    }
    return home;
  }

  #homeAt(site: Site | undefined): Home {
    const own = this.#at(site?.name);
    const centre = this.#at(site?.centre);
    const nodes = own.length > 0 ? own : centre;
    if (nodes.length === 0) return anywhere;
    const pool = this.#pools.find((one) => one.nodes.includes(nodes[0]!));
    const named = pool?.backup === undefined ? undefined : this.#members(pool.backup);
    const backup = named ?? (own.length > 0 ? centre : []);
    const usual = own.length > 0 && site?.kind === 'branch' ? branchTakeover : usualTakeover;
    return { nodes, backup: backup.filter((name) => !nodes.includes(name)), takeover: pool?.takeover ?? usual };
  }

  #at(site: string | undefined): readonly string[] {
    return site === undefined ? [] : this.#nodes.filter((node) => node.site === site).map(({ name }) => name);
  }

  /** Of a pool, or of a node that stands alone. */
  #members(name: string): readonly string[] {
    return this.#pools.find((one) => one.name === name)?.nodes ?? [name];
  }
}
