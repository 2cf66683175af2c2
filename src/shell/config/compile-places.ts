import type { Bandwidth, Link, Site } from '#engine/ports';
import { limitsOf } from './compile-limits.ts';
import type { LinkEntry, SiteEntry } from './schema-places.ts';

/** From sites and links of the file to the engine's. */

export function compileSites(entries: readonly SiteEntry[]): Site[] {
  return entries.map((entry) => compileSite(entry, entries));
}

export function kindOf(entry: SiteEntry): Site['kind'] {
  return entry.kind ?? (entry.centre === undefined ? 'central' : 'branch');
}

/** Its own, else that of the site that serves it. */
export function regionOf(entry: SiteEntry, all: readonly (SiteEntry | undefined)[]): string | undefined {
  return entry.region ?? all.find((one) => one?.name === entry.centre)?.region;
}

function compileSite(entry: SiteEntry, all: readonly SiteEntry[]): Site {
  const { name, centre, country, subnets, resilient, survivability, policy, location } = entry;
  const { 'dial-plan': dialPlan, 'local-policy': localPolicy } = entry;
  const region = regionOf(entry, all);
  return {
    name,
    kind: kindOf(entry),
    ...(centre !== undefined && { centre }),
    ...(region !== undefined && { region }),
    ...(country !== undefined && { country }),
    subnets: (subnets ?? []).map(({ network, location: at, 'media-bypass': passes }) => ({
      network,
      ...(at !== undefined && { location: at }),
      ...(!passes && { mediaBypass: false }),
    })),
    ...(entry.bandwidth && { bandwidth: compileBandwidth(entry.bandwidth) }),
    resilient,
    survivability,
    ...(dialPlan !== undefined && { dialPlan }),
    ...(policy !== undefined && { policy }),
    ...(location !== undefined && { location }),
    ...(localPolicy !== undefined && { localPolicy }),
    ...(entry['local-termination'] && { localTermination: true }),
    ...limitsOf(entry),
  };
}

function compileBandwidth(entry: NonNullable<SiteEntry['bandwidth']>): Bandwidth {
  const { audio, video, 'audio-session': audioSession, 'video-session': videoSession } = entry;
  return { audio, audioSession, video, videoSession };
}

/** Links between sites, and those between regions. */
export function compileLinks(
  entries: readonly LinkEntry[],
  sites: readonly { readonly name: string }[],
): { readonly siteLinks: Link[]; readonly regionLinks: Link[] } {
  const siteLinks: Link[] = [];
  const regionLinks: Link[] = [];
  const isSite = (name: string) => sites.some((site) => site.name === name);
  for (const { between, bandwidth } of entries) {
    const [one, other] = between as [string, string];
    const link = { between: [one, other] as const, ...(bandwidth && { bandwidth: compileBandwidth(bandwidth) }) };
    (isSite(one) && isSite(other) ? siteLinks : regionLinks).push(link);
  }
  return { siteLinks, regionLinks };
}
