import type { Configuration, MediaBypass, Site, Trunk } from '#policy/configuration';
import { Whereabouts } from '#policy/location';
import { NetworkTable, prefixOf } from '#policy/trunks';

/** One end of a call, and where its media is. */
export interface MediaEnd {
  /** A trunk, or what stands for a user. */
  readonly trunk: Pick<Trunk, 'name' | 'side' | 'user' | 'site' | 'addresses' | 'mediaBypass' | 'mediaAddress'>;
  /** Where it speaks from, an IP literal. */
  readonly address: string;
  /** Where its SDP, or the Contact of its device, says that it is; undefined: nothing is known of that. */
  readonly media?: string | undefined;
}

interface Place {
  readonly site: Site | undefined;
  /** Those with the same one hear each other without us; undefined: nobody is known to hear who is there. */
  readonly id: string | undefined;
}

/** What an address of no site has for an ID, where `unmapped` lets it. */
const unmappedId = 'unmapped';

const made = new WeakMap<Configuration, Bypass>();

/**
 * Between whom media may go without us (media bypass). Whoever has the same bypass ID is well connected: IDs are given by regions, and a
 * site whose link to its region has limits has one of its own. What two sites have for a link of their own counts before that.
 */
export class Bypass {
  readonly #by: MediaBypass['by'];
  readonly #unmapped: boolean;
  readonly #whereabouts: Whereabouts;
  readonly #sites = new NetworkTable<Site>();
  /** By subnet, the narrowest first: what may not be bypassed there. */
  readonly #barred = new NetworkTable<boolean>();
  /** Two sites, and whether their own link has limits. */
  readonly #direct = new Map<string, boolean>();

  /** Undefined: it is not on. Made once of a configuration. */
  static of(configuration: Configuration): Bypass | undefined {
    const { mode, bypass } = configuration.media;
    if (mode !== 'anchor' || !bypass) return undefined;
    const known = made.get(configuration) ?? new Bypass(configuration, bypass);
    made.set(configuration, known);
    return known;
  }

  private constructor(configuration: Configuration, { by, unmapped }: MediaBypass) {
    this.#by = by;
    this.#unmapped = unmapped;
    this.#whereabouts = new Whereabouts(configuration);
    for (const site of configuration.sites ?? []) {
      for (const { network, mediaBypass } of site.subnets) {
        const prefix = prefixOf(network);
        if (!prefix) continue;
        this.#sites.add(prefix, site);
        this.#barred.add(prefix, mediaBypass === false);
      }
    }
    for (const { between, bandwidth } of configuration.siteLinks ?? [])
      this.#direct.set(pair(...between), bandwidth !== undefined);
  }

  /** Why media between the two is to pass through us; undefined when it may go directly. */
  obstacle(one: MediaEnd, other: MediaEnd): string | undefined {
    for (const end of [one, other]) {
      const why = this.#unfit(end);
      if (why !== undefined) return why;
    }
    if (this.#by === 'always') return undefined;
    const [here, there] = [this.#place(one), this.#place(other)];
    if (here.site && there.site && here.site !== there.site) {
      const isLimited = this.#direct.get(pair(here.site.name, there.site.name));
      if (isLimited === true) return `the link between ${here.site.name} and ${there.site.name} has limits`;
      if (isLimited === false) return undefined;
    }
    if (here.id !== undefined && here.id === there.id) return undefined;
    return `${one.trunk.name} is at ${told(here)}, ${other.trunk.name} at ${told(there)}`;
  }

  /** The bypass ID of a site; what is at no site has one where the configuration lets it. */
  idOf(site: Site | undefined): string | undefined {
    if (!site) return this.#unmapped ? unmappedId : undefined;
    // By its own link it is as far from its region as from any other.
    return site.bandwidth || site.region === undefined ? `site ${site.name}` : `region ${site.region}`;
  }

  /** Why this end has to do with us whoever is at the other. */
  #unfit({ trunk, address, media }: MediaEnd): string | undefined {
    const { user, name } = trunk;
    if (user ? user.mediaBypass === false : trunk.mediaBypass !== true)
      return `${user ? 'user' : 'trunk'} ${name} has no media-bypass`;
    const at = media ?? (user ? address : (trunk.mediaAddress ?? trunk.addresses[0]?.host));
    if (at !== undefined && this.#barred.find(at)) return `${at} is in a subnet without media-bypass`;
    if (!user) return undefined;
    // From outside nobody hears a peer inside, nor is heard there.
    if (trunk.side === 'external') return `user ${name} is outside`;
    if (media === undefined || media === address) return undefined;
    // A private address means nothing but to who is behind the same NAT.
    const isKnown = this.#sites.find(media) && this.#sites.find(address);
    return isKnown ? undefined : `user ${name} speaks from ${address} and has media at ${media}`;
  }

  #place({ trunk, address, media }: MediaEnd): Place {
    const site = this.#siteOf(trunk, address, media);
    return { site, id: this.idOf(site) };
  }

  /** An address of a site is there, whatever is said of the end. */
  #siteOf(trunk: MediaEnd['trunk'], address: string, media: string | undefined): Site | undefined {
    const there = media === undefined ? undefined : this.#sites.find(media);
    if (there) return there;
    if (trunk.user) return this.#whereabouts.ofUser(trunk.user, address);
    const representative = trunk.mediaAddress === undefined ? undefined : this.#sites.find(trunk.mediaAddress);
    return representative ?? this.#whereabouts.ofTrunk(trunk as Trunk);
  }
}

function told({ site, id }: Place): string {
  if (!site) return 'no site that is known';
  return id === `site ${site.name}` ? site.name : `${site.name} (${id})`;
}

function pair(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
