import {
  type Bandwidth,
  type Configuration,
  type EmergencyScope,
  Homes,
  nodesOf,
  type Route,
  type Trunk,
} from '#engine/ports';
import { formatDuration } from './duration.ts';
import { table } from './table.ts';

/** What a configuration says of the organisation: places, numbers, rights, people, help. A section only where it says anything. */
export function organisation(configuration: Configuration, width: number): string[] {
  const { sites = [], regionLinks = [], siteLinks = [], dialPlans = [], policies = [], users = [] } = configuration;
  const links = [...regionLinks, ...siteLinks];
  return [
    ...section(
      width,
      ['SITE', 'KIND', 'REGION', 'COUNTRY', 'NETWORKS', 'LINK', 'IF IT IS CUT'],
      sites.map((site) => [
        site.name,
        site.kind === 'branch' ? `branch of ${site.centre}` : 'central',
        site.region ?? '',
        site.country ?? '',
        some(site.subnets.map(({ network }) => `${network.host}/${network.bits}`)),
        bandwidth(site.bandwidth),
        site.kind === 'central' ? '' : site.resilient ? 'the other half serves' : survives[site.survivability],
      ]),
    ),
    ...nodes(configuration, width),
    ...section(
      width,
      ['LINK', 'AND', 'CARRIES'],
      links.map(({ between: [one, other], bandwidth: limit }) => [one, other, bandwidth(limit)]),
    ),
    ...section(
      width,
      ['DIAL PLAN', 'OUTSIDE LINE', 'RULE', 'TAKES', 'MAKES'],
      dialPlans.flatMap(({ name, accessPrefix = '', rules }) =>
        rules.map((rule, at) => [
          at === 0 ? name : '',
          at === 0 ? accessPrefix : '',
          rule.internal ? `${rule.name} (within)` : rule.name,
          rule.pattern,
          rule.to,
        ]),
      ),
    ),
    ...section(
      width,
      ['POLICY', 'MAY CALL, IN THIS ORDER', 'MAY NOT'],
      policies.map(({ name, usages, features }) => [
        name,
        usages.join(', ') || 'nobody',
        Object.entries(features)
          .filter(([, may]) => !may)
          .map(([feature]) => feature)
          .join(', '),
      ]),
    ),
    ...section(width, [], [...people(users), ...help(configuration)]),
  ];
}

/** The processes that share it, and which trunks end where. */
function nodes(configuration: Configuration, width: number): string[] {
  const { nodes = [], pools = [], trunks } = configuration;
  const homes = new Homes(configuration);
  const poolOf = (name: string) => pools.find((pool) => pool.nodes.includes(name));
  const poolOfAll = (names: readonly string[]) =>
    pools.find((pool) => names.every((name) => pool.nodes.includes(name)));
  return section(
    width,
    ['NODE', 'SITE', 'POOL', 'OTHERS REACH IT BY', 'ITS USERS GO TO', 'TRUNKS'],
    nodes.map((node) => {
      const pool = poolOf(node.name);
      const { backup, takeover } = homes.of(node);
      const behind = pool?.backup ?? poolOfAll(backup)?.name ?? backup.join(', ');
      const own = trunks.filter((trunk) => nodesOf(configuration, trunk).includes(node));
      return [
        node.name,
        node.site ?? '',
        pool?.name ?? 'alone',
        node.link,
        backup.length === 0 ? '' : `${behind} after ${formatDuration(takeover)}`,
        own.map(({ name }) => name).join(', ') || 'none',
      ];
    }),
  );
}

/** What trunks take from their site and from all trunks. */
export function inheritedSettings(trunks: readonly Trunk[], width: number): string[] {
  const rows = trunks.flatMap(({ name, settings = [] }) =>
    settings.filter(({ from }) => from !== 'trunk').map(({ key, value, from }) => [name, key, value, from]),
  );
  return section(
    width,
    ['TRUNK', 'INHERITS', '', 'FROM'],
    rows.map((row, at) => [row[0] === rows[at - 1]?.[0] ? '' : row[0]!, ...row.slice(1)]),
  );
}

function section(width: number, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [table(head, rows, width)];
}

const survives = {
  none: 'nothing goes on',
  appliance: 'an appliance serves',
  server: 'a server serves',
  full: 'it goes on by itself',
} as const;

function bandwidth(limit: Bandwidth | undefined): string {
  if (!limit) return 'as much as calls want';
  const video = limit.video === 0 ? '' : `, video ${limit.video} (${limit.videoSession} each)`;
  return `${limit.audio} kbit/s (${limit.audioSession} each)${video}`;
}

function people(users: NonNullable<Configuration['users']>): string[][] {
  if (users.length === 0) return [];
  const registering = users.filter(({ password }) => password).length;
  return [['Users', `${users.length}, of whom ${registering} may register`]];
}

function help({ emergency }: Configuration): string[][] {
  if (!emergency) return [];
  const { countries = {}, sites, locations, callback } = emergency;
  const scopes = [['', emergency] as const, ...Object.entries(countries), ...Object.entries(sites)];
  const row = (head: string, describe: (scope: EmergencyScope) => readonly string[]) => {
    const said = scopes.flatMap(([where, scope]) => {
      const list = describe(scope).join(', ');
      return list === '' ? [] : [where === '' ? list : `${where}: ${list}`];
    });
    return said.length === 0 ? [] : [[head, said.join('; ')]];
  };
  return [
    ...row('Calls for help', ({ numbers = [] }) => numbers.map(({ number, masks }) => [number, ...masks].join(' = '))),
    ...row('go to', ({ to = [] }) => to),
    ['come from', `${locations.length} known places; a call back finds who called for ${formatDuration(callback)}`],
    ...row('are told to', ({ notify = [] }) => notify.map((one) => (one.kind === 'webhook' ? one.url : one.to))),
  ];
}

/** The numbers that a route takes. */
export function called({ called }: Route): string {
  if (!called) return 'any number';
  const { prefixes, pattern, except = [] } = called;
  const taken = prefixes ? some(prefixes.map((prefix) => `${prefix}…`)) : (pattern ?? 'any number');
  return except.length === 0 ? taken : `${taken}, but ${some(except.map((prefix) => `${prefix}…`))}`;
}

const most = 8;

/** A list that a person can read, however long it is. */
function some(list: readonly string[]): string {
  return list.length <= most ? list.join(', ') : `${list.slice(0, most).join(', ')} and ${list.length - most} others`;
}

/** Who outside is asked where calls go, a line for each. */
export function outsideDecisions({ decisions }: Configuration): string[][] {
  const { enum: numbers, service } = decisions ?? {};
  const asked = ({ when, otherwise, timeout }: NonNullable<typeof numbers | typeof service>) =>
    `${when === 'first' ? 'before the routes' : 'when no route fits'}, for ${formatDuration(timeout)}; else ${otherwise === 'routes' ? 'the routes decide' : 'the caller is refused'}`;
  return [
    ...(numbers ? [['ENUM', `under ${numbers.domain}, ${asked(numbers)}`]] : []),
    // Its path may hold what is secret.
    ...(service ? [['Service', `at ${new URL(service.url).host}, ${asked(service)}`]] : []),
  ];
}
