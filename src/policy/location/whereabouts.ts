import type { Configuration, Site, Trunk, User } from '#policy/configuration';
import { NetworkTable, prefixOf } from '#policy/trunks';

/** Who is where: users by the address that they speak from, trunks by what is said of them. */
export class Whereabouts {
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #subnets = new NetworkTable<Site>();
  readonly #trunks = new WeakMap<Trunk, { readonly site: Site | undefined }>();

  constructor({ sites = [] }: Pick<Configuration, 'sites'>) {
    this.#sites = new Map(sites.map((site) => [site.name, site]));
    for (const site of sites) {
      for (const { network } of site.subnets) {
        const prefix = prefixOf(network);
        if (prefix) this.#subnets.add(prefix, site);
      }
    }
  }

  named(name: string | undefined): Site | undefined {
    return name === undefined ? undefined : this.#sites.get(name);
  }

  /** Of one end of a call: a trunk, or the one that stands for a user, who speaks from `address` (an IP literal). */
  of(trunk: Trunk, address: string | undefined): Site | undefined {
    if (this.#sites.size === 0) return undefined;
    return trunk.user ? this.ofUser(trunk.user, address) : this.ofTrunk(trunk);
  }

  /**
   * Where a user is, not where he belongs: the site that has the address. From an address of no site he is away, unless his own
   * site does not say which addresses are its. Without an address he is taken to be where he belongs.
   */
  ofUser({ site }: Pick<User, 'site'>, address: string | undefined): Site | undefined {
    const home = this.named(site);
    if (address === undefined) return home;
    const here = this.#subnets.find(address);
    return here ?? (home && home.subnets.length > 0 ? undefined : home);
  }

  /** Where a trunk ends: as it says, else where its first address is. */
  ofTrunk(trunk: Trunk): Site | undefined {
    const known = this.#trunks.get(trunk);
    if (known) return known.site;
    const [address] = trunk.addresses;
    const site = trunk.site === undefined ? address && this.#subnets.find(address.host) : this.named(trunk.site);
    this.#trunks.set(trunk, { site });
    return site;
  }
}
