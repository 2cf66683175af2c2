import type { Configuration, Emergency, Site, Trunk } from '#policy/configuration';
import { Scopes } from '#policy/emergency';
import { nodesOf } from '#policy/nodes';
import { byHand, done, type Finding, missing, notApplicable, ofEach, type Rule } from './item.ts';
import { isEncrypted, isHidden, trunksOf } from './of-trunks.ts';

type Helped = Configuration & { readonly emergency: Emergency };

const nobody = notApplicable('no number is one for help');

const rule = (id: string, what: string, look: (configuration: Helped) => Finding): Rule => ({
  id,
  part: 'Calls for help',
  what,
  look: (configuration) => {
    const { emergency } = configuration;
    return emergency ? look({ ...configuration, emergency }) : nobody;
  },
});

/** Whether help comes, and where it is needed: the steps of a deployment, in their order. */
export const helpRules: readonly Rule[] = [
  {
    id: 'emergency',
    part: 'Calls for help',
    what: 'Calls for help find their way',
    look: ({ emergency }) => {
      if (!emergency) {
        const todo = 'Say which numbers call for help, and by which trunks: `emergency`.';
        return missing('no number is one for help', todo);
      }
      const { countries = {}, sites, to } = emergency;
      const scopes = [emergency, ...Object.values(countries), ...Object.values(sites)];
      const numbers = new Set(scopes.flatMap((scope) => (scope.numbers ?? []).map(({ number }) => number)));
      return done(`${[...numbers].join(', ')} by ${to.join(', ') || 'the trunks of each site'}`);
    },
  },
  rule('emergency-second', 'When the first does not help, a second one is asked', (configuration) =>
    ofSites(configuration, 'each site has two', (site) =>
      endsOf(helpers(configuration, site)).size > 1
        ? undefined
        : 'name another provider, a second address of the same, or a gateway, under `emergency`',
    ),
  ),
  rule('emergency-told', 'Who helps knows where the caller is', (configuration) => {
    const all = providing(configuration);
    if (all.length === 0) return notApplicable('no provider is asked for help');
    const silent = all.filter(({ emergency }) => emergency === undefined);
    if (silent.length === 0) return done('each trunk is told the place, or a number of it');
    return byHand(
      `${silent.length} of ${all.length} are told nothing`,
      ...silent.map(
        ({ name }) =>
          `${name}: say \`emergency: location\` or \`elin\`; or have it in writing that it finds the place by the caller's number, for each of them`,
      ),
    );
  }),
  rule('emergency-places', 'Each site has a place that help can be sent to', (configuration) =>
    ofSites(configuration, 'each has', (site) =>
      site === undefined ||
      site.location !== undefined ||
      (site.subnets.length > 0 && site.subnets.every(({ location }) => location !== undefined))
        ? undefined
        : 'give it a `location`, or one to each of its subnets',
    ),
  ),
  rule('emergency-addresses', 'Providers know the places', (configuration) => {
    const { locations } = configuration.emergency;
    const told = [...helping(configuration)].filter(({ emergency }) => emergency !== undefined);
    if (told.length === 0 || locations.length === 0) return notApplicable('nobody is told a place');
    const elins = locations.reduce((sum, one) => sum + one.elins.length, 0);
    return byHand(
      `${locations.length} ${locations.length === 1 ? 'place' : 'places'}`,
      'Have the provider check each address against those that it knows (MSAG), before it is used and when it changes.',
      ...(told.some(({ emergency }) => emergency === 'elin') && elins > 0
        ? [
            `Have the carrier load ${elins === 1 ? 'the number of the place' : `the ${elins} numbers of places`} (ELIN), with the address of each.`,
          ]
        : []),
    );
  }),
  rule('emergency-relay', 'People ask where the caller is, when nobody knows', (configuration) => {
    const { emergency } = configuration;
    const whole = [emergency, ...Object.values(emergency.countries ?? {})];
    if (!providing(configuration).some(({ emergency: told }) => tellsPlace(told)))
      return notApplicable('no provider is told a place');
    return whole.some(({ relay }) => relay !== undefined)
      ? done('they are called first then')
      : missing('nobody does', 'Give the number of those who ask at your provider: `emergency: { relay: … }`.');
  }),
  rule('emergency-local', 'A branch calls for help when its link is lost', (configuration) => {
    const { sites = [], nodes = [] } = configuration;
    return ofEach(
      sites.filter(({ kind, resilient }) => kind === 'branch' && !resilient),
      { none: 'no branch has a link that it depends on', well: 'each has a gateway or trunk of its own' },
      (site) => {
        const own = helpers(configuration, site).filter((trunk) => trunk.site === site.name);
        if (own.length === 0) return 'give it a gateway with a line of its own, first under its `emergency`';
        return nodes.length === 0 || nodes.some((node) => node.site === site.name)
          ? undefined
          : 'have a node there: without one nobody asks its gateway when the link is lost';
      },
    );
  }),
  rule('emergency-desk', 'Somebody of the house hears of it', (configuration) => {
    const scopes = new Scopes(configuration);
    return ofSites(configuration, 'at each site', (site) =>
      scopes.notifiedAt(site).length > 0 ? undefined : 'say who is told: `notify`',
    );
  }),
  rule('emergency-line', 'Where callers are is not read on the way', (configuration) => {
    const all = providing(configuration).filter(({ emergency }) => tellsPlace(emergency));
    const found = ofEach(
      all.filter(({ connection }) => connection?.type === 'internet'),
      { none: 'no trunk that is told places runs over the internet', well: 'in a tunnel, or by TLS' },
      (trunk) =>
        isHidden(trunk) || isEncrypted(trunk)
          ? undefined
          : 'a line of its own is best (nothing else displaces it); over the internet it has to go through IPsec (`connection: { type: internet, vpn: true }`), or by TLS with `srtp: { mode: required }`',
    );
    const unsaid = all.filter(({ connection }) => connection === undefined).map(({ name }) => name);
    return unsaid.length > 0 && found.state !== 'missing'
      ? missing(
          `it is not known of ${unsaid.join(', ')}`,
          `Say over what they run: \`connection\`; IPsec or TLS over the internet.`,
        )
      : found;
  }),
  rule('emergency-apart', 'The two who help first are not lost together', (configuration) => {
    const all = providing(configuration);
    if (all.length < 2) return notApplicable('one provider is asked');
    if (!configuration.nodes?.length)
      return byHand(
        'one node speaks to all of them',
        'What ends it ends both ways: have a second node at another place (`nodes`), or telephones that know a gateway.',
      );
    const places = all.map((trunk) => nodesOf(configuration, trunk).map((node) => node.site ?? node.name));
    const [first = []] = places;
    const isApart = new Set(places.flat()).size > 1;
    return isApart
      ? done('they end at several places, the one that is nearest to its people first')
      : missing(
          `all end at ${first.join(', ') || 'no node'}`,
          'Have one of them end at a node of another place: `listeners` of the trunk.',
        );
  }),
  rule('emergency-tried', 'It has been tried from each site', ({ emergency }) =>
    byHand(
      'no file can tell',
      'tandem emergency test FILE',
      ...(emergency.tests ? [`From a telephone at each site: ${emergency.tests.join(', ')}.`] : []),
      'With the provider: its own test number, or a call to help that is announced, from each site.',
    ),
  ),
];

/** Looks at each site; at who has none, where there are none. */
function ofSites(configuration: Helped, well: string, fault: (site: Site | undefined) => string | undefined): Finding {
  const { sites = [] } = configuration;
  if (sites.length > 0) return ofEach(sites, { none: '', well }, fault);
  return ofEach([{ name: 'everybody' }], { none: '', well: 'there are no sites' }, () => fault(undefined));
}

/** Trunks that are named for help of that site, in order. */
function helpers(configuration: Helped, site: Site | undefined): readonly Trunk[] {
  const named = new Scopes(configuration).scopesAt(site).flatMap(({ to = [] }) => to);
  const names = trunksOf(named, configuration);
  return configuration.trunks.filter(({ name }) => names.has(name));
}

/** Of all sites. */
function helping(configuration: Helped): ReadonlySet<Trunk> {
  const sites = configuration.sites ?? [];
  const all = sites.length === 0 ? [undefined] : sites;
  return new Set(all.flatMap((site) => helpers(configuration, site)));
}

function providing(configuration: Helped): readonly Trunk[] {
  return [...helping(configuration)].filter(({ kind }) => kind === 'itsp');
}

function tellsPlace(told: Trunk['emergency']): boolean {
  return told === 'location' || told === 'location-value';
}

/** Their gateways, each once: a name may stand for several. */
function endsOf(trunks: readonly Trunk[]): ReadonlySet<string> {
  return new Set(
    trunks.flatMap(({ name, addresses, nextHops }) => {
      const ends = nextHops ?? addresses;
      return ends.length === 0 ? [name] : ends.map(({ host, port }) => `${host}:${port}`);
    }),
  );
}
