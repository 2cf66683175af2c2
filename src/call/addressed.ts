import type { Header } from '#codec/sip-message';
import { bracketed, detach, formatHostPort, type HostPort, type Octets } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { Target } from '#sip/transaction';
import { listenerIds } from './dialog-target.ts';
import { type Identity, writeIdentity } from './identity/index.ts';
import type { CallServices, Sockets, TrunkTarget } from './services.ts';

/** A request of ours that begins something at a trunk: to whom, from whom, and the way there. */
export interface Addressed {
  readonly uri: Octets;
  /** Values without tags. */
  readonly from: Octets;
  readonly to: Octets;
  /** The user part that is called, as the trunk hears it. */
  readonly user: Octets;
  /** What says beside From who is behind it. */
  readonly headers: readonly Header[];
  /** For the decision trace. */
  readonly notes: readonly string[];
  /** The host of identities that speak for us. */
  readonly home: HostPort;
  readonly routes: readonly Octets[];
  /** The user part of our Contact. */
  readonly contactUser: Octets | undefined;
  /** The socket that it leaves by. */
  readonly socket: Listener;
  readonly target: Target;
}

/** By which of our sockets a target is reached: a device by the one that it registered by. */
export function socketsTo(services: CallServices, trunk: Trunk, { remote, device }: TrunkTarget): Sockets {
  if (!device) return services.listenersFor(trunk, remote.host);
  const socket = services.configuration.listeners.find(({ id }) => id === device.listener);
  return { udp: undefined, tcp: undefined, tls: undefined, ...(socket && { [socket.transport]: socket }) };
}

/** The trunk as media know it: a device is on the side that it registered from, whatever its user's is. */
export function faceOf(services: CallServices, trunk: Trunk, { device }: TrunkTarget): Trunk {
  return device ? faceAt(services, trunk, device) : trunk;
}

/** The same of one that speaks already, by the listener that it speaks to. */
export function faceAt({ configuration }: CallServices, trunk: Trunk, { listener: id }: Pick<Flow, 'listener'>): Trunk {
  if (!trunk.user || trunk.side === 'external') return trunk;
  const listener = configuration.listeners.find((one) => one.id === id);
  return listener?.side === 'external' ? { ...trunk, side: 'external' } : trunk;
}

/** RFC 4904: which of its trunks a node is asked for. */
function groupOf({ by }: Trunk, { host }: HostPort): Octets {
  return by ? `;tgrp=${by.trunk};trunk-context=${bracketed(host)}` : '';
}

/** A parameter of the Request-URI by which a node tells another one of ours by which restricted trunk a call came. */
export const cameBy = 'came-by';

/** What another node is told of who calls, as it goes to the Request-URI: it rings those devices that he may be joined with. */
export function toldNode({ node }: TrunkTarget, { name, localOnly }: Trunk): Octets {
  return node && localOnly ? `;${cameBy}=${name}` : '';
}

/** Undefined when no listener of ours can reach it. */
export function addressTo(
  services: CallServices,
  trunk: Trunk,
  at: TrunkTarget,
  identity: Identity,
  called: Octets,
): Addressed | undefined {
  const { remote, device } = at;
  const sockets = socketsTo(services, trunk, at);
  const socket = sockets[at.transport];
  if (!socket) return undefined;
  const way = services.trunks.way(trunk);
  const name = way.domain ?? at.name;
  const host = name ?? formatHostPort(remote);
  const phone = identity.phone ? ';user=phone' : '';
  const home = way.home === undefined ? socket.advertise : { host: way.home, port: 5060 };
  const uriAt = (user: Octets, place: string) => `sip:${user === '' ? '' : `${user}@`}${place}${phone}`;
  const { user, because, from, headers, notes } = writeIdentity(identity, {
    trunk,
    home,
    called,
    uri: (one) => uriAt(one, host),
  });
  const display = name ?? (remote.port === 5060 ? bracketed(remote.host) : host);
  // The transport is the address's; a domain is reached by whatever leads there.
  const byAddress = name === undefined && socket.transport !== 'udp' ? `;transport=${socket.transport}` : '';
  return {
    uri: device?.contact ?? detach(uriAt(user + groupOf(trunk, remote), host) + because + byAddress),
    from,
    to: detach(`<${uriAt(user, display)}>`),
    user,
    headers,
    notes,
    home,
    routes: device?.path ?? way.routes,
    contactUser: way.contactUser,
    socket,
    target: {
      transport: at.transport,
      remote,
      listeners: listenerIds(sockets),
      connection: at.connection,
      tls: at.tls ?? way.tls,
      keepsUdp: way.keepsUdp,
    },
  };
}
