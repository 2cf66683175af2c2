import type { Bandwidth, Configuration, Trunk } from '#policy/configuration';
import type { DeviceAddress, Organisation } from './organisation.ts';

/** A call as the engine tells of it, with all that was decided until now. */
export interface LiveCall {
  readonly call: string;
  readonly phase: 'setup' | 'answered' | 'ended';
  readonly called: string;
  readonly emergency?: string;
  readonly a: Seat;
  readonly b?: Partial<Seat> & { readonly trunk: string };
  readonly decisions: readonly { readonly rule: string; readonly outcome: string }[];
  readonly attempts: readonly unknown[];
}

/** How one end of a call is known. */
export interface Seat {
  readonly trunk: string;
  /** "udp 192.0.2.1:5060" */
  readonly remote: string;
  readonly callId: string;
}

export interface LinkOf {
  readonly name: string;
  readonly bandwidth: Bandwidth;
}

/** Where everything is, by the document and not by what Tandem makes of it. */
export class Topology {
  readonly #organisation: Organisation;
  readonly #isAnchored: boolean;
  readonly #trunks: ReadonlyMap<string, Trunk>;

  constructor(configuration: Configuration, organisation: Organisation) {
    this.#organisation = organisation;
    this.#isAnchored = configuration.media.mode === 'anchor';
    this.#trunks = new Map(configuration.trunks.map((trunk) => [trunk.name, trunk]));
  }

  trunk(name: string): Trunk | undefined {
    return this.#trunks.get(name);
  }

  person(name: string): Organisation['people'][number] | undefined {
    return this.#organisation.people.find((one) => one.name === name);
  }

  device(host: string): DeviceAddress | undefined {
    return this.#organisation.devices.find(({ address }) => address.host === host);
  }

  siteOf(trunk: string, remote: string): 'centre' | 'branch' | undefined {
    const known = this.#trunks.get(trunk);
    if (!known) return siteAt(hostOf(remote));
    if (known.site !== undefined) return known.site as 'centre' | 'branch';
    return siteAt(known.addresses[0]?.host ?? '');
  }

  /** The links with limits that a call's media pass, as often as they do. */
  links(from: string | undefined, to: string | undefined): readonly LinkOf[] {
    const mediaSite = this.#isAnchored ? this.#organisation.mediaSite : undefined;
    return this.along(mediaSite === undefined ? [from, to] : [from, mediaSite, to]);
  }

  /** The same of sites that media pass in this order. */
  along(way: readonly (string | undefined)[]): readonly LinkOf[] {
    return way.slice(1).flatMap((site, i) => this.#between(way[i], site));
  }

  #between(one: string | undefined, other: string | undefined): readonly LinkOf[] {
    if (one === undefined || other === undefined || one === other) return [];
    const { siteLinks, regionLinks, sites } = this.#organisation;
    const named = ({ between, bandwidth }: (typeof siteLinks)[number]): LinkOf[] =>
      bandwidth ? [{ name: `the link between ${between[0]} and ${between[1]}`, bandwidth }] : [];
    // There are but two sites, and each region has one of them or both.
    const [direct] = siteLinks;
    if (direct) return named(direct);
    const own = sites.flatMap(({ name, bandwidth }) => (bandwidth ? [{ name: `the link of ${name}`, bandwidth }] : []));
    return [...own, ...regionLinks.flatMap(named)];
  }
}

function siteAt(host: string): 'centre' | 'branch' | undefined {
  if (host.startsWith('10.0.0.')) return 'centre';
  return host.startsWith('10.0.1.') ? 'branch' : undefined;
}

/** Of "udp 192.0.2.1:5060". */
function hostOf(remote: string): string {
  return remote.slice(remote.indexOf(' ') + 1, remote.lastIndexOf(':'));
}
