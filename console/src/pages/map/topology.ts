import type { Schemas } from '../../api/client.ts';
import { isTree, type Tree, type Value } from '../../configuration/edits.ts';
import { nameOf, objectsOf } from '../../configuration/objects.ts';

/** What is joined with what, as the map shows it. */
export interface Topology {
  readonly sites: readonly MapSite[];
  readonly trunks: readonly MapTrunk[];
  readonly links: readonly MapLink[];
}

export interface MapSite {
  readonly name: string;
  readonly kind: string;
  readonly region?: string | undefined;
  readonly country?: string | undefined;
  /** Of its link to its region. */
  readonly bandwidth?: string | undefined;
}

export interface MapTrunk {
  readonly name: string;
  readonly kind: string;
  readonly isInside: boolean;
  readonly site?: string | undefined;
  readonly isDisabled: boolean;
}

export interface MapLink {
  readonly between: readonly [string, string];
  readonly bandwidth?: string | undefined;
  /** Its place in the file. */
  readonly at: number;
}

/** Of what runs. */
export function topologyTold({ sites, trunks, links }: Schemas['Topology']): Topology {
  return {
    sites: sites.map(({ bandwidth, ...site }) => ({ ...site, bandwidth: kbits(bandwidth) })),
    trunks: trunks.map(({ name, kind, side, site, disabled }) => ({
      ...{ name, kind, site },
      isInside: side === 'internal',
      isDisabled: disabled,
    })),
    links: links.map(({ between, bandwidth }, at) => ({
      between: [between[0]!, between[1]!],
      bandwidth: kbits(bandwidth),
      at,
    })),
  };
}

function kbits(bandwidth: Schemas['LinkBandwidth'] | undefined): string | undefined {
  return bandwidth && `${bandwidth.audioKbits} kbit/s`;
}

/** Of what somebody is changing. */
export function topologyIn(tree: Tree): Topology {
  return {
    sites: objectsOf(tree, 'sites').map((site) => ({
      name: nameOf(site),
      kind: textIn(site, 'kind') ?? (site.centre === undefined ? 'central' : 'branch'),
      region: textIn(site, 'region'),
      country: textIn(site, 'country'),
      bandwidth: bandwidthIn(site.bandwidth),
    })),
    trunks: objectsOf(tree, 'trunks').map((trunk) => {
      const kind = textIn(trunk, 'kind') ?? '';
      const side = textIn(trunk, 'side') ?? (kind === 'itsp' ? 'external' : 'internal');
      return {
        name: nameOf(trunk),
        kind,
        isInside: side === 'internal',
        site: textIn(trunk, 'site'),
        isDisabled: trunk.disabled !== undefined && trunk.disabled !== 'false',
      };
    }),
    links: objectsOf(tree, 'links').flatMap(({ between, bandwidth }, at) => {
      const [one, other] = Array.isArray(between) ? between : [];
      return typeof one === 'string' && typeof other === 'string'
        ? [{ between: [one, other] as const, bandwidth: bandwidthIn(bandwidth), at }]
        : [];
    }),
  };
}

function textIn(object: Tree, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

function bandwidthIn(value: Value | undefined): string | undefined {
  return isTree(value) ? textIn(value, 'audio') : typeof value === 'string' ? value : undefined;
}

/** The names of a thing on the map that live figures go by. */
export function capacityNameOf(what: MapSite | MapLink): readonly string[] {
  if ('name' in what) return [`the link of ${what.name}`];
  const [one, other] = what.between;
  return [`the link between ${one} and ${other}`, `the link between ${other} and ${one}`];
}

/** The site that stands for an end of a link: itself, or the first central one of a region. */
export function siteAt({ sites }: Topology, end: string): MapSite | undefined {
  const ofRegion = sites.filter(({ region }) => region === end);
  return sites.find(({ name }) => name === end) ?? ofRegion.find(({ kind }) => kind === 'central') ?? ofRegion[0];
}
