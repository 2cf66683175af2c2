import type { Configuration, Site } from '#policy/configuration';
import { connectionDoubt, plan, planInput, survivabilityFor } from '#policy/planning';
import { done, type Finding, missing, notApplicable, ofEach, type Rule } from './item.ts';
import { outside } from './of-trunks.ts';

const noSites = 'the file has no sites';

/** Whether every place can call, and goes on to. */
export const siteRules: readonly Rule[] = [
  {
    id: 'trunk-sites',
    part: 'Sites',
    what: 'It is known at which site each trunk ends',
    look: ({ sites, trunks }) =>
      sites === undefined
        ? notApplicable(noSites)
        : ofEach(trunks, { none: 'there is no trunk', well: 'of each' }, ({ site }) =>
            site === undefined ? 'say at which `site` it ends' : undefined,
          ),
  },
  {
    id: 'central-sites',
    part: 'Sites',
    what: 'Each central site has a trunk, so that one may be cut off',
    look: (configuration) => {
      const central = (configuration.sites ?? []).filter(({ kind }) => kind === 'central');
      if (central.length < 2) return notApplicable('there are no two central sites');
      return ofEach(central, { none: '', well: 'each has' }, ({ name }) =>
        outside(configuration).some(({ site }) => site === name)
          ? undefined
          : 'end a trunk there as well, for when the other one is down',
      );
    },
  },
  {
    id: 'countries',
    part: 'Sites',
    what: 'In each country with users a trunk ends',
    look: countries,
  },
  {
    id: 'branch-survives',
    part: 'Sites',
    what: 'Each branch lives through the loss of its link',
    look: (configuration) => {
      const users = usersOf(configuration);
      return ofEach(
        branches(configuration),
        { none: 'there are no branches', well: 'its link is doubled, it is small, or it has what takes over' },
        (site) => {
          const { what, why } = survivabilityFor(users.get(site.name) ?? 0, site);
          if (what === 'none' || site.survivability !== 'none') return undefined;
          return `give it ${words[what]} (${why}), or double its link and say \`resilient: true\``;
        },
      );
    },
  },
  {
    id: 'branch-way-out',
    part: 'Sites',
    what: 'A branch that lives on has a trunk or a gateway of its own',
    look: (configuration) =>
      ofEach(
        branches(configuration).filter(({ survivability }) => survivability !== 'none'),
        { none: 'no branch has what takes over', well: 'each has' },
        ({ name }) =>
          outside(configuration).some(({ site }) => site === name)
            ? undefined
            : 'without one nobody there can call outside when its link is gone',
      ),
  },
  {
    id: 'connection-size',
    part: 'Sites',
    what: 'The connection of each site fits its size',
    look: (configuration) => {
      const input = planInput(configuration);
      const joined = input.sites.filter(({ connections }) => connections.length > 0);
      const ports = new Map(plan(input).sites.map((site) => [site.name, site.ports]));
      return ofEach(
        joined,
        { none: 'it is not known over what trunks of sites run', well: 'it does' },
        ({ name, users, connections }) =>
          connections.map((has) => connectionDoubt(has, users, ports.get(name)!)).find((doubt) => doubt !== undefined),
      );
    },
  },
];

const words = { appliance: 'an appliance', server: 'a server', full: 'a whole site of its own' } as const;

function branches({ sites = [] }: Configuration): readonly Site[] {
  return sites.filter(({ kind }) => kind === 'branch');
}

/** How many users sites have. */
function usersOf(configuration: Configuration): ReadonlyMap<string, number> {
  return new Map(planInput(configuration).sites.map(({ name, users }) => [name, users]));
}

function countries(configuration: Configuration): Finding {
  const { sites = [] } = configuration;
  const users = usersOf(configuration);
  const peopled = new Set(
    sites.flatMap(({ name, country }) => (country !== undefined && (users.get(name) ?? 0) > 0 ? [country] : [])),
  );
  if (peopled.size === 0) return notApplicable('no site says in which country it is, or nobody is there');
  const ends = outside(configuration).map((trunk) => sites.find(({ name }) => name === trunk.site)?.country);
  const without = [...peopled].filter((country) => !ends.includes(country)).sort();
  return without.length === 0
    ? done([...peopled].sort().join(', '))
    : missing(
        `${without.length} of ${peopled.size}`,
        ...without.map((country) => `${country}: get a trunk that ends there, and say so by its \`site\``),
      );
}
