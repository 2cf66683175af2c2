import { formatHostPort, type HostPort } from '#kernel';
import type { Flow, FlowTransport } from './flow.ts';

/** One socket we listen on, as the SIP layers need to know it. */
export interface Socket {
  readonly id: string;
  readonly transport: FlowTransport;
  /** What Via and Contact say. */
  readonly advertise: HostPort;
}

interface Connection {
  readonly flow: Flow;
  /** False while our `connect` has not been answered. */
  open: boolean;
}

/** A path for a message, and whether its connection has yet to be opened. */
export interface Path {
  readonly flow: Flow;
  readonly connect: boolean;
}

/**
 * Which stream connections stand, so that requests and responses reuse them (RFC 3261 18.1.1, 18.2.2).
 * Bounded by what shells accept and by one outgoing connection a remote address.
 */
export class FlowTable {
  readonly #sockets: ReadonlyMap<string, Socket>;
  readonly #connections = new Map<string, Connection>();
  /** "listener host:port" -> connection. */
  readonly #byRemote = new Map<string, string>();
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

  opened(flow: Flow): void {
    if (flow.connection === undefined) return;
    const known = this.#connections.get(flow.connection);
    if (known) known.open = true;
    else this.#add({ flow, open: true });
  }

  /** Returns the flow that is gone and whether it ever stood. */
  closed(connection: string): { readonly flow: Flow; readonly stood: boolean } | undefined {
    const known = this.#connections.get(connection);
    if (!known) return undefined;
    this.#connections.delete(connection);
    const key = remoteKey(known.flow.listener, known.flow.remote);
    if (this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
    return { flow: known.flow, stood: known.open };
  }

  stands(flow: Flow): boolean {
    return flow.connection === undefined || this.#connections.has(flow.connection);
  }

  /** The connection is established, not only asked for. */
  isOpen(connection: string | undefined): boolean {
    return connection !== undefined && this.#connections.get(connection)?.open === true;
  }

  /** The newest connection between one of our addresses and a remote one. */
  to(listener: string, remote: HostPort): string | undefined {
    return this.#byRemote.get(remoteKey(listener, remote));
  }

  /** The path to a remote address from one of our sockets: a standing connection if there is one (18.1.1). */
  path(listener: string, transport: FlowTransport, remote: HostPort): Path {
    if (transport === 'udp') return { flow: { transport, listener, remote }, connect: false };
    const known = this.to(listener, remote);
    const standing = known === undefined ? undefined : this.#connections.get(known);
    if (standing) return { flow: standing.flow, connect: false };
    const flow: Flow = { transport, listener, remote, connection: this.#prefix + ++this.#outgoing };
    this.#add({ flow, open: false });
    return { flow, connect: true };
  }

  #add(connection: Connection): void {
    this.#connections.set(connection.flow.connection!, connection);
    this.#byRemote.set(remoteKey(connection.flow.listener, connection.flow.remote), connection.flow.connection!);
  }
}

function remoteKey(listener: string, remote: HostPort): string {
  return `${listener} ${formatHostPort(remote)}`;
}
