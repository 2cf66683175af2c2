/** The configurations that ladders name, and the small changes a ladder makes to one. */
import type { Configuration, Listener, SrtpConfiguration, Trunk } from '#policy/configuration';
import { duration } from './notation.ts';

function listener(name: 'internal' | 'external', transport: Listener['transport'], host: string): Listener {
  const bind = { host, port: 5060 };
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

const named: Readonly<Record<string, Configuration>> = {
  'one-itsp': oneItsp,
  'two-itsps': twoItsps,
  'ipv6-itsp': ipv6Itsp,
};

/** "two-itsps, bypass, itsp calls=1 ring=20s, unknown=ignore": a name, then changes. Throws what is not understood. */
export function configurationOf(text: string): Configuration {
  const [name = '', ...changes] = text.split(',').map((part) => part.trim());
  let configuration = named[name];
  if (!configuration) throw new Error(`no configuration "${name}": ${Object.keys(named).join(', ')}`);
  for (const change of changes) configuration = changed(configuration, change);
  return configuration;
}

function changed(configuration: Configuration, change: string): Configuration {
  if (change === 'bypass') return { ...configuration, media: { ...configuration.media, mode: 'bypass' } };
  if (change === 'unknown=ignore') return { ...configuration, unknownSource: 'ignore' };
  const [name, ...settings] = change.split(/\s+/);
  const which = configuration.trunks.find((candidate) => candidate.name === name);
  if (!which || settings.length === 0)
    throw new Error(`"${change}" is no change: bypass, unknown=ignore, TRUNK KEY=VALUE, TRUNK gone`);
  if (settings[0] === 'gone')
    return { ...configuration, trunks: configuration.trunks.filter((trunk) => trunk !== which) };
  const trunks = configuration.trunks.map((old) => (old === which ? settings.reduce(trunkWith, old) : old));
  return { ...configuration, trunks };
}

const srtp: Omit<SrtpConfiguration, 'mode'> = {
  offer: 'crypto',
  suites: ['AES_CM_128_HMAC_SHA1_80'],
  keysInClear: true,
};

function trunkWith(old: Trunk, setting: string): Trunk {
  const [key, value = ''] = setting.split('=');
  switch (key) {
    case 'calls':
      return { ...old, capacity: { ...old.capacity, calls: Number(value) } };
    case 'calls-per-second':
      return { ...old, capacity: { ...old.capacity, callsPerSecond: Number(value) } };
    case 'setup':
      return { ...old, setupTimeout: duration(value)! };
    case 'ring':
      return { ...old, ringTimeout: duration(value)! };
    case 'transport':
      return { ...old, transport: value as Trunk['transport'] };
    // Ladders show what crosses: keys may, in the clear.
    case 'srtp':
      return { ...old, srtp: { ...srtp, mode: value as 'required' | 'optional' } };
    case 'also':
      return { ...old, addresses: [...old.addresses, { host: value, port: 5060, matchPort: false }] };
    default:
      throw new Error(`a trunk has no "${key}": calls, calls-per-second, setup, ring, transport, srtp, also`);
  }
}
