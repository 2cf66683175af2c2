import type { Configuration, Location, Site, Subnet, Trunk, User } from '#policy/configuration';
import { Directory } from '#policy/routing';
import { NetworkTable, prefixOf } from '#policy/trunks';

/** Who calls for help, and from where. */
export interface Caller {
  /** The trunk it came by, when it is no user of ours; a user's own says who he is by `user`. */
  readonly trunk?: Trunk | undefined;
  readonly user?: User | undefined;
  /** As it says itself. */
  readonly number: string;
  /** IP literal: where it speaks from. Of a trunk that is where the PBX stands, not the telephone. */
  readonly address?: string | undefined;
  /** Of a user: the instance of his device (RFC 5626 4.1), in lower case and without brackets. */
  readonly device?: string | undefined;
}

/** Where help is to come to. */
export interface Place {
  readonly location?: Location;
  /** Whose trunks come first. */
  readonly site?: Site;
  readonly user?: User;
  /** Why it is taken to be there, or why it is not known: for the decision trace. */
  readonly why: string;
}

interface Within {
  readonly site: Site;
  readonly subnet: Subnet;
}

/** Which dispatchable location holds for a caller: the narrowest that is sure. A wrong place is worse than none, who asks can help. */
export class Places {
  readonly #locations: ReadonlyMap<string, Location>;
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #subnets = new NetworkTable<Within>();
  readonly #directory: Directory;

  constructor({ emergency, sites = [], users = [] }: Pick<Configuration, 'emergency' | 'sites' | 'users'>) {
    this.#locations = new Map(emergency?.locations.map((location) => [location.name, location]));
    this.#sites = new Map(sites.map((site) => [site.name, site]));
    for (const site of sites) {
      for (const subnet of site.subnets) {
        const prefix = prefixOf(subnet.network);
        if (prefix) this.#subnets.add(prefix, { site, subnet });
      }
    }
    this.#directory = new Directory({ users });
  }

  /** The address is one of a site. */
  isHouse(address: string): boolean {
    return this.#subnets.find(address) !== undefined;
  }

  of({ trunk, user: known, number, address, device }: Caller): Place {
    const user = known ?? this.#userOf(number);
    const named = user ? { user } : {};
    // Only a telephone's own address says where it is; that of a PBX says where the PBX is.
    const isPhone = known !== undefined;
    const own = user && this.#ownOf(user, isPhone ? device : undefined);
    const within = address === undefined ? undefined : this.#subnets.find(address);
    if (isPhone && within) {
      const there = this.#at(within.subnet.location, within.site, `${address} is of site ${within.site.name}`);
      if (!own) {
        if (there.location) return { ...there, ...named };
      } else if (there.location ? liesIn(own.location, there.location) : user.site === within.site.name)
        return { location: own.location, site: within.site, ...named, why: `${own.why}, and ${there.why}` };
      // It has been moved.
      else return { ...there, ...named, why: `${there.why}, and its own, ${own.location.name}, is not there` };
    }
    const site = this.#siteOf(isPhone && within ? within.site.name : (user?.site ?? trunk?.site ?? within?.site.name));
    const here = site ? { site } : {};
    if (own) return { location: own.location, ...here, ...named, why: own.why };
    if (!site) return { ...named, why: this.#unknown(user, trunk) };
    // Who is at home or on the road is not at the site that he belongs to.
    if (isPhone && !within && address !== undefined && site.subnets.length > 0)
      return { ...named, why: `${address} is in no subnet of site ${site.name}` };
    const why = user?.site === site.name ? `${user.name} is of site ${site.name}` : `it is site ${site.name}`;
    const subnet = !user && trunk && trunk.site === undefined ? within?.subnet.location : undefined;
    return { ...this.#at(subnet, site, why), ...named };
  }

  /** The place of the device, or else of all that are its user's. */
  #ownOf(
    { name, location, deviceLocations = [] }: User,
    device: string | undefined,
  ): { readonly location: Location; readonly why: string } | undefined {
    // A hardware address ends the instance that is made of it (RFC 4122 4.1.6).
    const own = device && deviceLocations.find((one) => one.device === device || device.endsWith(`-${one.device}`));
    const found = this.#locations.get((own ? own.location : location) ?? '');
    return (
      found && { location: found, why: own ? `device ${own.device} of ${name} has its own` : `${name} has its own` }
    );
  }

  /** A PBX may write the numbers of its people without "+". */
  #userOf(number: string): User | undefined {
    if (number === '') return undefined;
    return this.#directory.find(number) ?? this.#directory.find(`+${number}`);
  }

  #at(subnet: string | undefined, site: Site, why: string): Place {
    const name = subnet ?? site.location;
    const location = name === undefined ? undefined : this.#locations.get(name);
    return location ? { location, site, why } : { site, why: `${why}, which has no location` };
  }

  #siteOf(name: string | undefined): Site | undefined {
    return name === undefined ? undefined : this.#sites.get(name);
  }

  #unknown(user: User | undefined, trunk: Trunk | undefined): string {
    if (user) return `${user.name} has no site and no location`;
    return trunk ? `trunk ${trunk.name} has no site` : 'nobody is known by this number';
  }
}

/** The narrower one says all that the wider one says, and more. */
function liesIn({ civic: narrow }: Location, { civic: wide }: Location): boolean {
  return Object.entries(wide).every(([name, text]) => narrow[name]?.toLowerCase() === text.toLowerCase());
}
