import type { Context } from './check-context.ts';
import type { Person } from './people.ts';

/** That calls of the people in each country can leave there, where they have to, and where they had better. */
export function checkCountries({ draft, report }: Context, people: readonly Person[]): void {
  const { sites, trunks } = draft;
  if (sites.includes(undefined) || trunks.includes(undefined)) return;
  const countryOf = (name: string | undefined) => sites.find((site) => site?.name === name)?.country;
  const [pbxs, others] = [true, false].map((isPbx) => trunks.filter((one) => (one!.kind === 'ip-pbx') === isPbx));
  // Where there are PBXs alone one of them has the lines.
  const outside = others!.length > 0 ? others! : pbxs!;
  const reached = new Set(outside.map((trunk) => countryOf(trunk!.site)));
  // A trunk without a place may be anywhere.
  const isKnown = outside.every((trunk) => trunk!.site !== undefined);
  const peopled = new Set([...people.map(({ entry }) => entry.site), ...pbxs!.map((trunk) => trunk!.site)]);
  const told = new Set<string>();
  for (const [index, site] of sites.entries()) {
    const { name, country, subnets, 'local-termination': staysHere } = site!;
    const path = ['sites', index];
    if (staysHere && country === undefined) {
      report('TDM-1216', [...path, 'local-termination'], 'the site is in no country.', 'Add `country`.');
    } else if (staysHere && others!.length > 0 && !reached.has(country)) {
      // Its address may say that a trunk is there.
      if (isKnown || !subnets)
        report('TDM-1244', path, `no trunk ends in ${country}, and calls from here leave there only.`);
    } else if (country !== undefined && isKnown && !reached.has(country) && !told.has(country) && peopled.has(name)) {
      told.add(country);
      report('TDM-1314', [...path, 'country'], `there are users in ${country}, and no trunk ends there.`);
    }
  }
}
