import type { Context } from './check-context.ts';
import { checkCountries } from './check-countries.ts';
import { suggestion } from './check-references.ts';
import { checkSubnets } from './check-subnets.ts';
import { kindOf, regionOf } from './compile-places.ts';
import type { Person } from './people.ts';
import type { SiteEntry } from './schema-places.ts';

/** Sites and links: that the organisation hangs together. */
export function checkPlaces(context: Context, people: readonly Person[]): void {
  checkCentres(context);
  checkRegions(context);
  checkSubnets(context);
  checkLinks(context);
  checkSurvival(context);
  checkCountries(context, people);
}

function checkCentres({ draft, report }: Context): void {
  const sites = new Map(draft.sites.flatMap((site) => (site ? [[site.name, site] as const] : [])));
  for (const [index, site] of draft.sites.entries()) {
    if (!site) continue;
    const path = ['sites', index];
    const { centre } = site;
    if (kindOf(site) === 'central') {
      if (centre !== undefined)
        report(
          'TDM-1233',
          [...path, 'centre'],
          'a central site is served by nobody.',
          'Say `kind: branch`, or remove `centre`.',
        );
      continue;
    }
    if (centre === undefined) {
      if (draft.sites.every((one) => one !== undefined))
        report('TDM-1233', path, 'no `centre` says which site serves this branch.');
      continue;
    }
    const ring = ringOf(site, sites);
    const above = sites.get(centre);
    if (ring) report('TDM-1233', [...path, 'centre'], `each is served by the next: ${ring.join(', ')}.`);
    else if (above && kindOf(above) === 'branch')
      report('TDM-1233', [...path, 'centre'], `"${centre}" is a branch itself.`, `Name its centre, "${above.centre}".`);
  }
}

/** The names from a site back to itself, where centres lead in a circle. */
function ringOf(site: SiteEntry, sites: ReadonlyMap<string, SiteEntry>): string[] | undefined {
  const names = [site.name];
  for (let at = site.centre; at !== undefined && names.length <= sites.size; at = sites.get(at)?.centre) {
    names.push(at);
    if (at === site.name) return names;
  }
  return undefined;
}

/** Who speaks of regions must say it of every site: traffic of one that is in none could not be counted. */
function checkRegions({ draft, report }: Context): void {
  const regions = new Set(draft.sites.flatMap((site) => site?.region ?? []));
  if (regions.size === 0) return;
  for (const [index, site] of draft.sites.entries()) {
    const centre = draft.sites.find((one) => one?.name === site?.centre);
    // One whose centre is not there has been told of.
    if (site && regionOf(site, draft.sites) === undefined && (kindOf(site) === 'central' || centre))
      if (site.centre === undefined || centre!.region !== undefined || kindOf(centre!) === 'branch')
        report(
          'TDM-1234',
          ['sites', index],
          'no `region` says which part of the network it is in.',
          suggestion('', [...regions]),
        );
  }
}

function checkLinks({ draft, report }: Context): void {
  const complete = draft.sites.every((site) => site !== undefined);
  const sites = new Set(draft.sites.flatMap((site) => site?.name ?? []));
  const regions = new Set(draft.sites.flatMap((site) => site?.region ?? []));
  const seen = new Set<string>();
  for (const [index, link] of draft.links.entries()) {
    if (!link) continue;
    const path = ['links', index, 'between'];
    const [one, other] = link.between as [string, string];
    const unknown = link.between.findIndex((name) => !sites.has(name) && !regions.has(name));
    if (unknown >= 0) {
      const name = link.between[unknown]!;
      if (complete)
        report(
          'TDM-1231',
          [...path, unknown],
          `there is no region or site "${name}".`,
          suggestion(name, [...regions, ...sites]),
        );
      continue;
    }
    const key = [one, other].sort().join('\0');
    if (one === other) report('TDM-1238', path, `it leads from "${one}" to itself.`);
    else if (seen.has(key)) report('TDM-1213', path, `another link joins "${one}" and "${other}".`);
    else if (!(sites.has(one) && sites.has(other)) && !(regions.has(one) && regions.has(other)))
      report(
        'TDM-1238',
        path,
        `"${sites.has(one) ? one : other}" is a site, and "${sites.has(one) ? other : one}" a region.`,
      );
    else if (sites.has(one) && sites.has(other) && regions.has(one) && regions.has(other))
      report(
        'TDM-1238',
        path,
        'sites and regions bear these names: which are meant cannot be told.',
        'Name the regions otherwise.',
      );
    seen.add(key);
  }
}

/** What a branch does when its only link is gone. */
function checkSurvival({ draft, report }: Context): void {
  for (const [index, site] of draft.sites.entries())
    if (
      site &&
      kindOf(site) === 'branch' &&
      site.centre !== undefined &&
      !site.resilient &&
      site.survivability === 'none'
    )
      report(
        'TDM-1313',
        ['sites', index],
        `when its link to "${site.centre}" is gone, nobody there can call, nor be called.`,
      );
}
