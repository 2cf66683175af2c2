import type { Configuration, Listener, Trunk } from '#engine/ports';
import { type HostPort, Sensitive } from '#kernel';
import type { ManipulationRule } from '#policy/configuration';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';
import { settingsOf } from './organisation/settings.ts';
import type { Abilities } from './peer/abilities.ts';
import type { PeerAddress, PeerTransport } from './peer-address.ts';

/** The host of ours that each side sees. */
export const ourHosts = { internal: '10.0.0.1', external: '192.0.2.1' } as const;

export const peerAddresses: readonly PeerAddress[] = [
  { name: 'pbx', side: 'internal', address: { host: '10.0.0.20', port: 5060 } },
  {
    name: 'north',
    side: 'external',
    address: { host: '198.51.100.30', port: 5060 },
    dead: { host: '198.51.100.39', port: 5060 },
  },
  {
    name: 'south',
    side: 'external',
    address: { host: '198.51.100.40', port: 5080 },
    dead: { host: '198.51.100.49', port: 5060 },
  },
];

/** Trunks' peers, and telephones. */
export function peersOf({ organisation }: Pick<Mix, 'organisation'>): readonly PeerAddress[] {
  return organisation ? [...peerAddresses, ...organisation.devices] : peerAddresses;
}

/** What a peer is called in the DNS, and in URIs where it is known by that. */
export function domainOf(name: string): string {
  return `${name}.example`;
}

/** Who we are to all peers that ask, and what the PBX is to us. */
export const account = { username: 'tandem-account', password: 'of-tandem' } as const;
export const pbxAccount = { realm: 'tandem', username: 'pbx-account', password: 'of-the-pbx' } as const;
/** The user that we register. */
const registeredUser = '+4930555';

export function transportOf(mix: Mix, { name, transport }: Pick<PeerAddress, 'name' | 'transport'>): PeerTransport {
  if (transport) return transport;
  if (mix.tls.has(name)) return 'tls';
  return mix.tcp.has(name) ? 'tcp' : 'udp';
}

/** Where we listen for a peer. */
export function serverFor(mix: Mix, peer: PeerAddress): HostPort {
  return { host: ourHosts[peer.side], port: transportOf(mix, peer) === 'tls' ? 5061 : 5060 };
}

/** The system under test: a PBX inside, two providers outside, of which the second takes what the first cannot. */
export function configurationOf(mix: Mix, dice: Dice): Configuration {
  const listeners: Listener[] = [];
  for (const side of ['internal', 'external'] as const) {
    for (const transport of ['udp', 'tcp', 'tls'] as const) {
      const bind = { host: ourHosts[side], port: transport === 'tls' ? 5061 : 5060 };
      listeners.push({ id: `${side}/${transport}`, name: side, side, transport, bind, advertise: bind });
    }
  }
  const setupTimeout = dice.between(4_000, 12_000);
  const ringTimeout = dice.between(8_000, 25_000);
  const trunks = peerAddresses.map((peer): Trunk => {
    const { name, side, address, dead } = peer;
    const isDeadFirst = mix.deadAddress && name === 'south';
    const plain = [
      ...(isDeadFirst && dead ? [{ ...dead, matchPort: false }] : []),
      { ...address, matchPort: dice.chance(0.5) },
    ];
    return {
      name,
      kind: side === 'internal' ? 'ip-pbx' : 'itsp',
      side,
      transport: transportOf(mix, peer),
      addresses: mix.named.has(name) ? [{ host: domainOf(name), port: 5060, matchPort: false }] : plain,
      capacity: {
        ...(mix.callsLimit === undefined ? {} : { calls: mix.callsLimit }),
        ...(mix.callsPerSecond === undefined ? {} : { callsPerSecond: mix.callsPerSecond }),
      },
      setupTimeout,
      ringTimeout,
      ...extras(peer, mix, dice),
      ...(mix.direct && dice.chance(0.8) ? { mediaBypass: true as const } : {}),
      ...(mix.particular ? interworking(mix, dice) : {}),
    };
  });
  const joined: Configuration = {
    listeners,
    trunks,
    routes: [
      { name: 'out', from: ['pbx'], to: dice.chance(0.5) ? ['north', 'south'] : ['south', 'north'] },
      { name: 'in', from: ['north', 'south'], to: ['pbx'] },
    ],
    unknownSource: dice.chance(0.5) ? 'refuse' : 'ignore',
    media: {
      mode: mix.bypass ? 'bypass' : 'anchor',
      internal: { bind: ourHosts.internal, advertise: ourHosts.internal },
      external: { bind: ourHosts.external, advertise: ourHosts.external },
      ports: { min: 20000, max: 40000 },
      silence: 20_000,
      ...(mix.direct && !mix.bypass ? { bypass: { by: mix.direct, unmapped: true } } : {}),
    },
    records: { path: 'records' },
    timers: { t1: 500, t2: 4000, t4: 5000 },
  };
  return mix.organisation ? settingsOf(joined, mix.organisation) : joined;
}

/** What providers want changed, of each kind of step. */
const rules: readonly ManipulationRule[] = [
  {
    name: 'who-asks',
    direction: 'out',
    of: 'requests',
    do: [
      { kind: 'set', part: 'X-Account', value: '{account}@{our-host}' },
      { kind: 'copy', from: 'From.user', part: 'X-Caller' },
    ],
  },
  {
    name: 'plain-answers',
    direction: 'out',
    of: 'responses',
    statuses: [{ from: 180, to: 199 }],
    do: [{ kind: 'status', status: 183 }],
  },
  {
    name: 'less-said',
    direction: 'in',
    do: [
      { kind: 'remove', part: 'User-Agent' },
      { kind: 'remove', part: 'P-*' },
    ],
  },
  { name: 'bandwidth', direction: 'out', do: [{ kind: 'sdp-add', media: 'audio', value: 'a=ptime:20' }] },
  {
    name: 'busy',
    direction: 'in',
    of: 'responses',
    statuses: [{ from: 603, to: 603 }],
    do: [{ kind: 'status', status: 486 }],
  },
];

/** How a trunk wants calls to behave. */
function interworking({ patient }: Mix, dice: Dice): Partial<Trunk> {
  const wish = <T>(...of: readonly (T | undefined)[]) => dice.pick(of);
  const reliability = dice.chance(0.1) ? 'required' : wish('off', 'supported', undefined, undefined);
  const offer = wish(undefined, undefined, 'early', 'delayed');
  const mode = patient ? dice.pick(['answer', 'offer', 'offer'] as const) : wish(undefined, 'off', 'answer', 'offer');
  const redirect = wish(undefined, 'local', 'refused');
  const maxEarlyDialogs = wish(undefined, 1, 2);
  const hold = wish(undefined, undefined, 'inactive', 'sendonly', 'zero-address');
  const dtmf = wish(undefined, undefined, 'rtp-event', 'info', 'info-dtmf', 'inband');
  const fax = wish(undefined, 't38', 'audio');
  const refer = wish(undefined, undefined, 'local', 'passed', 'refused');
  const passes = wish(undefined, ['MESSAGE'], ['MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'INFO']);
  return {
    ...(reliability ? { reliability } : {}),
    ...(offer ? { offer } : {}),
    ...(mode
      ? {
          sessionTimer: {
            mode,
            expires: dice.pick([90_000, 90_000, 120_000, 1_800_000]),
            minimum: dice.pick([90_000, 100_000]),
            refresher: dice.pick(['us', 'peer', 'either'] as const),
            method: dice.pick(['update', 'invite', 'either'] as const),
          },
        }
      : {}),
    ...(redirect || refer ? { transfer: { ...(refer ? { refer } : {}), ...(redirect ? { redirect } : {}) } } : {}),
    ...(hold ? { hold } : {}),
    ...(dtmf ? { dtmf } : {}),
    ...(fax ? { fax } : {}),
    ...(passes ? { passes } : {}),
    ...(dice.chance(0.3) ? { manipulation: rules } : {}),
    ...(maxEarlyDialogs ? { maxEarlyDialogs } : {}),
    ...(dice.chance(0.3) ? { codecs: { allow: ['PCMA', 'telephone-event'] } } : {}),
  };
}

/** What a peer can do. */
export function abilitiesOf(
  { reliable, updating, timing, counting, referring, faxing }: Mix,
  name: string,
  dice: Dice,
): Abilities {
  const timer = {
    expires: dice.pick([undefined, 90, 90, 120, 1_800]),
    minimum: dice.pick([90, 90, 110]),
    refresher: dice.pick([undefined, 'uac', 'uas'] as const),
  };
  return {
    reliable: reliable.has(name),
    updates: updating.has(name),
    timer: timing.has(name) ? timer : undefined,
    earlyEnds: counting.has(name),
    refers: referring.has(name),
    faxes: faxing.has(name),
  };
}

/** What a trunk has beside an address. */
function extras({ name, address }: PeerAddress, mix: Mix, dice: Dice): Partial<Trunk> {
  const { username, password } = account;
  const registrar = mix.named.has(name)
    ? { host: domainOf(name), port: 5060, matchPort: false }
    : { ...address, matchPort: true };
  return {
    ...(mix.named.has(name) ? { domain: domainOf(name) } : {}),
    ...(mix.challenging.has(name) ? { credentials: [{ username, password: new Sensitive<string>(password) }] } : {}),
    ...(mix.registered.has(name)
      ? {
          identity: { user: registeredUser, from: dice.pick(['caller', 'identity'] as const) },
          registration: {
            registrars: [registrar],
            expires: dice.pick([60_000, 90_000, 120_000]),
            gin: false,
            outbound: dice.chance(0.3),
            retry: { base: 3_000, most: 40_000 },
          },
        }
      : {}),
    ...(mix.watched.has(name)
      ? {
          health: {
            interval: dice.pick([0, 15_000, 30_000]),
            misses: 1 + dice.integer(3),
            successes: 1 + dice.integer(2),
            failedCalls: dice.integer(3),
          },
        }
      : {}),
    ...(mix.proving && name === 'pbx'
      ? {
          authenticate: {
            realm: pbxAccount.realm,
            username: pbxAccount.username,
            password: new Sensitive<string>(pbxAccount.password),
            algorithms: ['SHA-256', 'MD5'] as const,
          },
        }
      : {}),
  };
}
