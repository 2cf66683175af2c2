import { formatHostPort, type HostPort } from '#kernel';
import { bearsName } from './certificate-names.ts';
import type { Flow, FlowTransport, PeerCertificate, TlsTarget } from './flow.ts';

/** One socket we listen on, as the SIP layers need to know it. */
export interface Socket {
  readonly id: string;
  readonly transport: FlowTransport;
  /** What Via and Contact say. */
  readonly advertise: HostPort;
}

interface Connection {
  readonly flow: Flow;
  /** Where it is found for requests; nowhere once it retires. */
  readonly key: string;
  /** False while our `connect` has not been answered. */
  open: boolean;
  /** Whose rules it was opened by, where it is TLS of ours. */
  readonly tls?: TlsTarget | undefined;
  /** What its peer proved, where it opened it. */
  readonly peer?: PeerCertificate | undefined;
}

/** A path for a message, and whether its connection has yet to be opened. */
export interface Path {
  readonly flow: Flow;
  readonly connect: boolean;
  /** With TLS: the rules that a connection yet to be opened follows. Without them nobody can tell whom it reaches. */
  readonly tls?: TlsTarget;
}

/** Connections that are gone whose rules are still known: to answer what came by them (RFC 3261 18.2.2). */
const maxRemembered = 4096;

/**
 * Which stream connections stand, so that requests and responses reuse them (RFC 3261 18.1.1, 18.2.2).
 * Bounded by what shells accept and by one outgoing connection a remote address and set of TLS rules; those that retire leave by themselves.
 */
export class FlowTable {
  readonly #sockets: ReadonlyMap<string, Socket>;
  readonly #connections = new Map<string, Connection>();
  /** By socket, address and, with TLS of ours, rules. */
  readonly #byKey = new Map<string, string>();
  /** The TLS rules of connections that are gone, the oldest first. */
  readonly #remembered = new Map<string, TlsTarget>();
  readonly #prefix: string;
  #outgoing = 0;

  /**
   * `run` tells the names of this process's connections from those that a checkpoint of the process before it holds:
   * a dialog that outlived its process must not take a stranger's connection for its own.
   */
  constructor(sockets: readonly Socket[], run = '') {
    this.#prefix = run === '' ? 'out-' : `out-${run}-`;
    this.#sockets = new Map(sockets.map((socket) => [socket.id, socket]));
  }

  get size(): number {
    return this.#connections.size;
  }

  socket(id: string): Socket | undefined {
    return this.#sockets.get(id);
  }

  /** `peer`: what the certificate of who opened it proved. True when it was the peer that opened it, not we. */
  opened(flow: Flow, peer?: PeerCertificate): boolean {
    if (flow.connection === undefined) return false;
    const known = this.#connections.get(flow.connection);
    if (known) known.open = true;
    else this.#add(flow.connection, { flow, key: remoteKey(flow.listener, flow.remote), open: true, peer });
    return !known;
  }

  /** New requests get another connection; this one stands for what is under way until it is closed. */
  retire(connection: string): void {
    const known = this.#connections.get(connection);
    if (known && this.#byKey.get(known.key) === connection) this.#byKey.delete(known.key);
  }

  /** Returns the flow that is gone and whether it ever stood. */
  closed(connection: string): { readonly flow: Flow; readonly stood: boolean } | undefined {
    const known = this.#connections.get(connection);
    if (!known) return undefined;
    const rules = this.rulesOf(connection);
    this.retire(connection);
    this.#connections.delete(connection);
    if (rules) this.#remember(connection, rules);
    return { flow: known.flow, stood: known.open };
  }

  stands(flow: Flow): boolean {
    return flow.connection === undefined || this.#connections.has(flow.connection);
  }

  /** The connection is established, not only asked for. */
  isOpen(connection: string | undefined): boolean {
    return connection !== undefined && this.#connections.get(connection)?.open === true;
  }

  /** The newest connection between one of our addresses and a remote one; by TLS, one that a peer opened. */
  to(listener: string, remote: HostPort): string | undefined {
    return this.#byKey.get(remoteKey(listener, remote));
  }

  /**
   * Whose TLS rules a connection to the same peer would follow: those of a connection of ours, or of the one trunk that a peer's
   * certificate proved. Also for a while after it is gone.
   */
  rulesOf(connection: string | undefined): TlsTarget | undefined {
    if (connection === undefined) return undefined;
    const known = this.#connections.get(connection);
    if (!known) return this.#remembered.get(connection);
    const { tls, peer } = known;
    if (tls || peer?.trustedBy.length !== 1) return tls;
    return { trunk: peer.trustedBy[0]!, names: peer.names };
  }

  /**
   * The path to a remote address from one of our sockets: a standing connection if there is one (18.1.1). By TLS only one that
   * was opened by the same rules, or whose certificate proves what they ask for (RFC 5923 8): never another trunk's.
   */
  path(listener: string, transport: FlowTransport, remote: HostPort, tls?: TlsTarget): Path {
    if (transport === 'udp') return { flow: { transport, listener, remote }, connect: false };
    const rules = transport === 'tls' ? tls : undefined;
    const key = remoteKey(listener, remote) + (rules ? ` ${rules.trunk} ${rules.names.join(',')}` : '');
    const standing = this.#standing(key) ?? (rules && this.#proved(this.to(listener, remote), rules));
    if (standing) return { flow: standing.flow, connect: false };
    const connection = this.#prefix + ++this.#outgoing;
    const flow: Flow = { transport, listener, remote, connection };
    this.#add(connection, { flow, key, open: false, tls: rules });
    return { flow, connect: true, ...(rules ? { tls: rules } : {}) };
  }

  #standing(key: string): Connection | undefined {
    const name = this.#byKey.get(key);
    return name === undefined ? undefined : this.#connections.get(name);
  }

  #proved(connection: string | undefined, { trunk, names }: TlsTarget): Connection | undefined {
    const known = connection === undefined ? undefined : this.#connections.get(connection);
    const proves =
      known?.peer?.trustedBy.includes(trunk) === true &&
      names.some((name) => bearsName({ names: known.peer!.names, addresses: [] }, name));
    return proves ? known : undefined;
  }

  #add(name: string, connection: Connection): void {
    this.#connections.set(name, connection);
    this.#byKey.set(connection.key, name);
  }

  #remember(connection: string, rules: TlsTarget): void {
    this.#remembered.set(connection, rules);
    if (this.#remembered.size > maxRemembered) this.#remembered.delete(this.#remembered.keys().next().value!);
  }
}

function remoteKey(listener: string, remote: HostPort): string {
  return `${listener} ${formatHostPort(remote)}`;
}
