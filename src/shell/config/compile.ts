import type { Configuration, Listener, MediaAddress, MediaConfiguration, Route, Side, Trunk } from '#engine/ports';
import type { Draft } from './draft.ts';
import type { Endpoint } from './leaves.ts';
import type { ListenerEntry, MediaEntry, RouteEntry, TrunkEntry } from './schema.ts';

/** From the entries of the file to what the engine uses. Nothing is checked here (checks.ts does). */

const sipPort = 5060;

export function compile(draft: Draft): Configuration {
  const listeners = draft.listeners.flatMap((entry) => compileListener(entry!));
  const sip = draft.sip!;
  return {
    listeners,
    trunks: draft.trunks.map((entry) => compileTrunk(entry!)),
    routes: draft.routes.map((entry) => compileRoute(entry!)),
    unknownSource: draft.unknownSource!,
    media: compileMedia(draft.media!, listeners),
    records: draft.records!,
    timers: { t1: sip.t1, t2: sip.t2, t4: sip.t4 },
    ...(sip['user-agent'] === undefined ? {} : { userAgent: sip['user-agent'] }),
  };
}

/** One for each transport. */
export function compileListener(entry: ListenerEntry): Listener[] {
  const bind = { host: entry.bind.host, port: entry.bind.port ?? sipPort };
  const advertise = entry.advertise ? { host: entry.advertise.host, port: entry.advertise.port ?? bind.port } : bind;
  return entry.transports.map((transport) => ({
    id: `${entry.name}/${transport}`,
    name: entry.name,
    side: entry.side,
    transport,
    bind,
    advertise,
  }));
}

function sideOf(entry: TrunkEntry): Side {
  return entry.side ?? (entry.kind === 'itsp' ? 'external' : 'internal');
}

export function compileTrunk(entry: TrunkEntry): Trunk {
  const { calls, 'calls-per-second': callsPerSecond } = entry.capacity;
  return {
    name: entry.name,
    kind: entry.kind,
    side: sideOf(entry),
    transport: entry.transport,
    addresses: entry.addresses.map(({ host, port }: Endpoint) => ({
      host,
      port: port ?? sipPort,
      matchPort: port !== undefined,
    })),
    capacity: {
      ...(calls === undefined ? {} : { calls }),
      ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
    },
    setupTimeout: entry['setup-timeout'],
    ringTimeout: entry['ring-timeout'],
  };
}

function compileRoute(entry: RouteEntry): Route {
  const { called } = entry;
  return {
    name: entry.name,
    from: entry.from ?? [],
    ...(called && {
      called: {
        ...(called.prefix && { prefixes: called.prefix }),
        ...(called.pattern !== undefined && { pattern: called.pattern }),
      },
    }),
    to: entry.to,
  };
}

function compileMedia(entry: MediaEntry, listeners: readonly Listener[]): MediaConfiguration {
  return {
    mode: entry.mode,
    internal: mediaAddress(entry, 'internal', listeners),
    external: mediaAddress(entry, 'external', listeners),
    ports: entry.ports,
    silence: entry.silence,
  };
}

/** The side's own, else the one of both, else where the side's first listener is: media then goes where signalling goes. */
export function mediaAddress(entry: MediaEntry, side: Side, listeners: readonly Listener[]): MediaAddress {
  const own = entry[side];
  if (own) return { bind: own.bind, advertise: own.advertise ?? own.bind };
  if (entry.address) return { bind: entry.address, advertise: entry.address };
  const listener = listeners.find((one) => serves(one, side)) ?? listeners[0]!;
  return { bind: listener.bind.host, advertise: listener.advertise.host };
}

export function serves(listener: Pick<Listener, 'side'>, side: Side): boolean {
  return listener.side === 'both' || listener.side === side;
}
