import type { Context } from './check-context.ts';
import { entriesOf, namesIn } from './names.ts';
import { nearest } from './nearest.ts';
import type { Person } from './people.ts';
import type { Path } from './problems.ts';

/** Names of things that other things are called by. */
interface Known {
  readonly site: readonly string[];
  readonly 'dial plan': readonly string[];
  readonly policy: readonly string[];
  readonly location: readonly string[];
  readonly listener: readonly string[];
  readonly route: readonly string[];
  readonly trunk: readonly string[];
  readonly 'trunk or group': readonly string[];
  readonly user: readonly string[];
  readonly usage: readonly string[];
}
export type Kind = keyof Known;

/** Does every name that stands somewhere name something? What is not sound otherwise counts as well. */
export function checkReferences(context: Context, people: readonly Person[]): void {
  const { draft } = context;
  const known = knownIn(context.tree, people);
  const users = new Set(known.user);
  const refer = referrer(context, known);
  const each = (kind: Kind, names: readonly string[] | undefined, path: Path) => {
    for (const [at, name] of (names ?? []).entries()) {
      if (names!.indexOf(name) < at) context.report('TDM-1213', [...path, at], `"${name}" stands here twice.`);
      else refer(kind, name, [...path, at]);
    }
  };
  for (const [index, site] of draft.sites.entries()) {
    if (!site) continue;
    const path = ['sites', index];
    refer('site', site.centre, [...path, 'centre']);
    refer('dial plan', site['dial-plan'], [...path, 'dial-plan']);
    refer('policy', site.policy, [...path, 'policy']);
    refer('policy', site['local-policy'], [...path, 'local-policy']);
    refer('location', site.location, [...path, 'location']);
    for (const [at, { location }] of (site.subnets ?? []).entries())
      refer('location', location, [...path, 'subnets', at, 'location']);
    each('trunk or group', site.emergency?.to, [...path, 'emergency', 'to']);
  }
  for (const [index, trunk] of draft.trunks.entries()) {
    if (!trunk) continue;
    const path = ['trunks', index];
    refer('site', trunk.site, [...path, 'site']);
    refer('dial plan', trunk['dial-plan'], [...path, 'dial-plan']);
    refer('trunk', trunk.quality?.trunk, [...path, 'quality', 'trunk']);
    each('listener', trunk.listeners, [...path, 'listeners']);
    each('usage', trunk.usages, [...path, 'usages']);
  }
  for (const [index, node] of draft.nodes.entries()) {
    refer('site', node?.site, ['nodes', index, 'site']);
    each('listener', node?.listeners, ['nodes', index, 'listeners']);
  }
  for (const [index, route] of draft.routes.entries()) {
    each('site', route?.sites, ['routes', index, 'sites']);
    for (const [at, usage] of (route?.usages ?? []).entries())
      if (route!.usages!.indexOf(usage) < at)
        context.report('TDM-1213', ['routes', index, 'usages', at], `"${usage}" stands here twice.`);
  }
  for (const [index, policy] of draft.policies.entries()) each('usage', policy?.usages, ['policies', index, 'usages']);
  for (const { entry, path, report } of people)
    for (const [kind, key] of [
      ['site', 'site'],
      ['dial plan', 'dial-plan'],
      ['policy', 'policy'],
      ['location', 'location'],
    ] as const)
      refer(kind, entry[key], [...path, key], report);
  refer('trunk', draft.registrar?.quality?.trunk, ['registrar', 'quality', 'trunk']);
  for (const { entry, path, report } of people)
    refer('trunk', entry.quality?.trunk, [...path, 'quality', 'trunk'], report);
  for (const { entry, path, report } of people)
    for (const [at, { device, location }] of (entry['device-locations'] ?? []).entries()) {
      const here = [...path, 'device-locations', at];
      refer('location', location, [...here, 'location'], report);
      if (entry['device-locations']!.findIndex((one) => one.device === device) < at)
        report('TDM-1213', [...here, 'device'], `${device} stands here twice.`);
    }
  each('trunk or group', draft.emergency?.to, ['emergency', 'to']);
  for (const [index, { to }] of (draft.emergency?.countries ?? []).entries())
    each('trunk or group', to, ['emergency', 'countries', index, 'to']);
  for (const [at, name] of (draft.decisions?.service?.from ?? []).entries())
    if (!users.has(name)) refer('trunk', name, ['decisions', 'service', 'from', at]);
  refer('site', draft.media?.site, ['media', 'site']);
  for (const key of ['sites', 'queues'] as const)
    for (const [index, { site }] of (draft.planning?.[key] ?? []).entries())
      refer('site', site, ['planning', key, index, 'site']);
  for (const [index, sample] of draft.samples.entries()) {
    if (!sample) continue;
    const path = ['tests', index];
    const { route, trunks, user } = sample.expect;
    if (!users.has(sample.from)) refer('trunk', sample.from, [...path, 'from']);
    refer('route', route, [...path, 'expect', 'route']);
    for (const [at, name] of (trunks ?? []).entries()) refer('trunk', name, [...path, 'expect', 'trunks', at]);
    refer('user', user, [...path, 'expect', 'user']);
  }
}

type Refer = (kind: Kind, name: string | undefined, path: Path, report?: Context['report']) => void;

function referrer(context: Context, known: Known): Refer {
  const sets = new Map(Object.entries(known).map(([kind, names]) => [kind, new Set(names)]));
  return (kind, name, path, report = context.report) => {
    if (name === undefined || sets.get(kind)!.has(name)) return;
    const code = kind === 'usage' ? 'TDM-1232' : kind.startsWith('trunk') ? 'TDM-1202' : 'TDM-1231';
    const message = kind === 'usage' ? `no route has the usage "${name}".` : `there is no ${kind} "${name}".`;
    report(code, path, message, suggestion(name, known[kind]));
  };
}

function knownIn(tree: unknown, people: readonly Person[]): Known {
  const names = (section: string) => namesIn(tree, section).filter((name) => typeof name === 'string');
  const { emergency, users } = tree as { emergency?: unknown; users?: unknown };
  const usages = entriesOf(tree, 'routes').flatMap((route) => {
    const value = (route as { usages?: unknown } | undefined)?.usages;
    return (Array.isArray(value) ? value : [value]).filter((usage) => typeof usage === 'string');
  });
  const trunk = names('trunks');
  return {
    site: names('sites'),
    'dial plan': names('dial-plans'),
    policy: names('policies'),
    location: listed(emergency, 'locations'),
    listener: names('listeners'),
    // Calls for help take none: what becomes of them goes by this name.
    route: [...names('routes'), ...(emergency === undefined ? [] : ['emergency'])],
    trunk,
    'trunk or group': [...trunk, ...names('groups')],
    // Those that are not sound as well.
    user: [...people.map(({ entry }) => entry.name), ...names('users'), ...listed(users, 'list')],
    usage: [...new Set(usages)],
  };
}

function listed(map: unknown, section: string): string[] {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return [];
  return namesIn(map, section).filter((name) => typeof name === 'string');
}

/** The one that was probably meant, or all of few. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = known.length > 10_000 ? undefined : nearest(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0 || known.length > 8 ? undefined : `Known are ${known.join(', ')}.`;
}
