/** The configurations that ladders name, and the small changes a ladder makes to one. */
import type { Configuration, Listener, Trunk, TrunkGroup } from '#policy/configuration';
import { emergencyOf, emergencyWith } from './emergency-configuration.ts';
import { duration } from './notation.ts';
import { withBypass, withLink, withPolicy, withSite, withWay } from './site-settings.ts';
import { trunkWith } from './trunk-settings.ts';
import { withUser } from './user-settings.ts';

function listener(name: 'internal' | 'external', transport: Listener['transport'], host: string): Listener {
  const bind = { host, port: transport === 'tls' ? 5061 : 5060 };
  return { id: `${name}/${transport}`, name, side: name, transport, bind, advertise: bind };
}

function trunk(name: string, kind: Trunk['kind'], side: Trunk['side'], ...hosts: string[]): Trunk {
  return {
    name,
    kind,
    side,
    transport: 'udp',
    addresses: hosts.map((host) => ({ host, port: 5060, matchPort: false })),
    capacity: {},
    setupTimeout: 8_000,
    ringTimeout: 60_000,
  };
}

/** A PBX inside, one ITSP outside: what comes from one goes to the other. Numbers begin with + or 0. */
const oneItsp: Configuration = {
  listeners: [
    listener('internal', 'udp', '10.0.0.1'),
    listener('internal', 'tcp', '10.0.0.1'),
    listener('external', 'udp', '192.0.2.1'),
    listener('external', 'tcp', '192.0.2.1'),
  ],
  trunks: [
    trunk('pbx', 'ip-pbx', 'internal', '10.0.0.2'),
    trunk('itsp', 'itsp', 'external', '203.0.113.10'),
    trunk('itsp2', 'itsp', 'external', '203.0.113.20'),
  ],
  routes: [
    { name: 'out', from: ['pbx'], called: { prefixes: ['+', '0'] }, to: ['itsp'] },
    { name: 'in', from: ['itsp', 'itsp2'], to: ['pbx'] },
  ],
  unknownSource: 'refuse',
  media: {
    mode: 'anchor',
    internal: { bind: '10.0.0.1', advertise: '10.0.0.1' },
    external: { bind: '192.0.2.1', advertise: '192.0.2.1' },
    ports: { min: 20_000, max: 40_000 },
    silence: 30_000,
  },
  records: { path: 'records.db' },
  timers: { t1: 500, t2: 4_000, t4: 5_000 },
};

/** The same with a second ITSP, which is tried when the first can't. */
const twoItsps: Configuration = {
  ...oneItsp,
  routes: [{ ...oneItsp.routes[0]!, to: ['itsp', 'itsp2'] }, oneItsp.routes[1]!],
};

/** An ITSP that speaks IPv6 only, for a PBX that speaks IPv4 only. */
const ipv6Itsp: Configuration = {
  ...oneItsp,
  listeners: oneItsp.listeners.map((old) =>
    old.side === 'external' ? listener('external', old.transport, '2001:db8::1') : old,
  ),
  trunks: [oneItsp.trunks[0]!, trunk('itsp', 'itsp', 'external', '2001:db8::10')],
  media: { ...oneItsp.media, external: { bind: '2001:db8::1', advertise: '2001:db8::1' } },
};

/** Two central sites, each with a PBX and an ITSP of its own: either ITSP serves both (inbound and outbound redirection). */
const twoSites: Configuration = {
  ...oneItsp,
  trunks: [...oneItsp.trunks, trunk('pbx2', 'ip-pbx', 'internal', '10.0.0.3')],
  routes: [
    { name: 'out-1', from: ['pbx'], called: { prefixes: ['+', '0'] }, to: ['itsp', 'itsp2'] },
    { name: 'out-2', from: ['pbx2'], called: { prefixes: ['+', '0'] }, to: ['itsp2', 'itsp'] },
    { name: 'in-1', from: ['itsp', 'itsp2'], called: { prefixes: ['+49301'] }, to: ['pbx'] },
    { name: 'in-2', from: ['itsp', 'itsp2'], called: { prefixes: ['+49302'] }, to: ['pbx2'] },
  ],
};

const named: Readonly<Record<string, Configuration>> = {
  'one-itsp': oneItsp,
  'two-itsps': twoItsps,
  'ipv6-itsp': ipv6Itsp,
  'two-sites': twoSites,
  emergency: emergencyOf(oneItsp),
};

/** "two-itsps, bypass, itsp calls=1 ring=20s, unknown=ignore": a name, then changes. Throws what is not understood. */
export function configurationOf(text: string): Configuration {
  const [name = '', ...changes] = text.split(',').map((part) => part.trim());
  let configuration = named[name];
  if (!configuration) throw new Error(`no configuration "${name}": ${Object.keys(named).join(', ')}`);
  for (const change of changes) configuration = changed(configuration, change);
  return withTls(configuration);
}

/** A trunk that speaks TLS, or is known by a certificate, has a listener of its side for it. */
function withTls(configuration: Configuration): Configuration {
  const listeners = [...configuration.listeners];
  for (const side of ['internal', 'external'] as const) {
    const isWanted = configuration.trunks.some((one) => one.side === side && (one.tls ?? one.certificateNames));
    const clear = listeners.find((one) => one.side === side && one.transport === 'tcp')!;
    if (isWanted) listeners.push(listener(side, 'tls', clear.bind.host));
  }
  return { ...configuration, listeners };
}

function changed(configuration: Configuration, change: string): Configuration {
  if (change === 'bypass') return { ...configuration, media: { ...configuration.media, mode: 'bypass' } };
  if (change === 'unknown=ignore') return { ...configuration, unknownSource: 'ignore' };
  const longest = /^longest-silence=(\S+)$/.exec(change)?.[1];
  if (longest) return { ...configuration, media: { ...configuration.media, longestSilence: duration(longest)! } };
  const [name = '', ...settings] = change.split(/\s+/);
  if (name === 'route') return routed(configuration, settings);
  if (name === 'user') return withUser(configuration, settings);
  if (name === 'site') return withSite(configuration, settings);
  if (name === 'link') return withLink(configuration, settings);
  if (name === 'policy') return withPolicy(configuration, settings);
  if (name === 'way') return withWay(configuration, settings);
  if (name === 'bypassing') return withBypass(configuration, settings);
  if (name === 'anchored') return { ...configuration, media: { ...configuration.media, site: settings[0]! } };
  if (name === 'emergency') return settings.reduce(emergencyWith, configuration);
  if (name === 'asks') return asking(configuration, settings);
  if (name === 'group') return grouped(configuration, settings);
  const which = configuration.trunks.find((candidate) => candidate.name === name);
  if (!which || settings.length === 0)
    throw new Error(
      `"${change}" is no change: bypass, unknown=ignore, longest-silence=TIME, TRUNK KEY=VALUE, TRUNK gone, group NAME CHOICE TRUNK*WEIGHT…, route NAME TO…, user|site|policy NAME KEY=VALUE…, link NAME+NAME KEY=VALUE…, way NAME USAGE TO…, anchored SITE`,
    );
  if (settings[0] === 'gone')
    return { ...configuration, trunks: configuration.trunks.filter((trunk) => trunk !== which) };
  const trunks = configuration.trunks.map((old) => (old === which ? settings.reduce(trunkWith, old) : old));
  return { ...configuration, trunks };
}

/** "asks enum timeout=1s otherwise=refuse", "asks service when=unrouted from=pbx": who outside decides. */
function asking(configuration: Configuration, [who, ...settings]: readonly string[]): Configuration {
  const said = new Map(settings.map((setting) => setting.split('=') as [string, string | undefined]));
  const common = {
    when: said.get('when') === 'unrouted' ? 'unrouted' : 'first',
    otherwise: said.get('otherwise') === 'refuse' ? 'refuse' : 'routes',
    timeout: duration(said.get('timeout') ?? '500ms')!,
  } as const;
  const from = said.get('from')?.split('+');
  return {
    ...configuration,
    decisions: {
      ...configuration.decisions,
      ...(who === 'enum'
        ? { enum: { domain: 'e164.arpa', ...common } }
        : { service: { url: 'https://decide.example/', ...common, ...(from && { from }) } }),
    },
  };
}

/** "route out both itsp": where the calls of a route go. */
function routed(configuration: Configuration, [name, ...to]: readonly string[]): Configuration {
  if (!configuration.routes.some((route) => route.name === name)) throw new Error(`there is no route "${name}"`);
  return { ...configuration, routes: configuration.routes.map((old) => (old.name === name ? { ...old, to } : old)) };
}

/** "group both weighted itsp*3 itsp2 calls=10" */
function grouped(configuration: Configuration, [name = '', choice, ...members]: readonly string[]): Configuration {
  const calls = members.find((one) => one.startsWith('calls='));
  const group: TrunkGroup = {
    name,
    ...(calls === undefined ? {} : { capacity: { calls: Number(calls.slice(6)) } }),
    choice: choice as TrunkGroup['choice'],
    members: members
      .filter((one) => one !== calls)
      .map((member) => {
        const [trunk = '', weight = '1'] = member.split('*');
        return { trunk, weight: Number(weight) };
      }),
  };
  return { ...configuration, groups: [...(configuration.groups ?? []), group] };
}
