import { once } from 'node:events';
import { connect, createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Flow, Listener } from '#engine/ports';
import type { HostPort, Octets } from '#kernel';
import { Connection } from './connection.ts';

export interface StreamEvents {
  onMessage(flow: Flow, octets: Octets): void;
  onOpened(flow: Flow): void;
  /** Once for every connection that was opened or asked for. */
  onClosed(connection: string, reason: string): void;
  /** A peer's connection was not taken. */
  onRefused(listener: string, from: HostPort, reason: string): void;
}

const streamLimits = {
  /** Connections that peers may have on one listener, and from one address. */
  perListener: 10_000,
  perSource: 1_000,
  /** Octets that may wait for one peer that does not read. */
  unsent: 4 * 1024 * 1024,
  /** Octets of incomplete messages, all connections together. */
  held: 256 * 1024 * 1024,
  /** Ms: without any octet; for a message to become complete; for a connection of ours to stand. */
  idle: 3_600_000,
  incomplete: 32_000,
  connect: 10_000,
};
export type StreamLimits = typeof streamLimits;

type StreamListener = Pick<Listener, 'id' | 'bind'>;

/** Ms between two looks for connections that are idle or stuck. */
const sweepInterval = 2_000;

/**
 * All SIP connections over TCP: those that peers open and those that the engine asks for. Inbound ones are named
 * `in-…` by us, never twice, also not across restarts; outgoing ones bear the engine's names.
 */
export class StreamShell {
  readonly #events: StreamEvents;
  readonly #limits: StreamLimits;
  readonly #prefix: string;
  readonly #listeners = new Map<string, { readonly bind: HostPort; readonly server: Server; inbound: number }>();
  readonly #connections = new Map<string, Connection>();
  readonly #perSource = new Map<string, number>();
  readonly #sweep: NodeJS.Timeout;
  #count = 0;
  #held = 0;
  #closed = false;

  /** `run` tells this process's connections from those of the one before it. */
  constructor(run: string, events: StreamEvents, limits: Partial<StreamLimits> = {}) {
    this.#prefix = `in-${run}-`;
    this.#events = events;
    this.#limits = { ...streamLimits, ...limits };
    this.#sweep = setInterval(
      () => this.#look(),
      Math.min(sweepInterval, this.#limits.incomplete, this.#limits.connect),
    );
    this.#sweep.unref();
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Rejects with the system's error (`code`: EADDRINUSE, EADDRNOTAVAIL, EACCES). */
  async listen({ id, bind }: StreamListener): Promise<HostPort> {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(id, socket));
    this.#listeners.set(id, { bind, server, inbound: 0 });
    server.listen({ host: bind.host, port: bind.port, ipv6Only: isIPv6(bind.host), backlog: 1024, exclusive: true });
    await once(server, 'listening');
    // Out of descriptors: those that stand go on, and accepting is tried again by libuv.
    server.on('error', () => {});
    const { address, port } = server.address() as { address: string; port: number };
    return { host: address, port };
  }

  /** Opens a stream to `flow.remote` from the listener's address under the name `flow.connection`. */
  connect(flow: Flow): void {
    const name = flow.connection;
    if (name === undefined || this.#closed || this.#connections.has(name)) return;
    const bind = this.#listeners.get(flow.listener)?.bind;
    const isAnywhere = bind === undefined || bind.host === '0.0.0.0' || bind.host === '::';
    const { host, port } = flow.remote;
    let socket: Socket;
    try {
      socket = connect({ host, port, ...(isAnywhere ? {} : { localAddress: bind.host }) });
    } catch (error) {
      this.#events.onClosed(name, (error as Error).message);
      return;
    }
    const connection = this.#add(name, flow, socket, () => {});
    socket.once('connect', () => {
      connection.isOpen = true;
      connection.lastActivity = performance.now();
      this.#events.onOpened(flow);
    });
  }

  /** What is sent before the connection stands waits; what is sent to one that is gone is lost: `onClosed` has told. */
  send(flow: Flow, octets: Octets): void {
    if (flow.connection !== undefined) this.#connections.get(flow.connection)?.send(octets);
  }

  /** Ends a connection when what waits for it has left. */
  close(connection: string): void {
    this.#connections.get(connection)?.end('closed by us');
  }

  /** Ends all: gracefully, so that what was just sent arrives. */
  async closeAll(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { server } of this.#listeners.values()) server.close();
    for (const connection of this.#connections.values()) connection.end('shutting down');
    const until = performance.now() + 1_000;
    while (this.#connections.size > 0 && performance.now() < until) await new Promise((wait) => setTimeout(wait, 10));
    for (const connection of this.#connections.values()) connection.destroy('shutting down');
  }

  #accept(listenerId: string, socket: Socket): void {
    const { remoteAddress: host, remotePort: port } = socket;
    const listener = this.#listeners.get(listenerId);
    // Gone before we looked.
    if (host === undefined || port === undefined || listener === undefined) {
      socket.destroy();
      return;
    }
    const remote = { host, port };
    const fromSource = this.#perSource.get(host) ?? 0;
    if (listener.inbound >= this.#limits.perListener || fromSource >= this.#limits.perSource) {
      socket.on('error', () => {});
      socket.destroy();
      const what = fromSource >= this.#limits.perSource ? 'this address' : 'this listener';
      this.#events.onRefused(listenerId, remote, `too many connections of ${what}`);
      return;
    }
    listener.inbound++;
    this.#perSource.set(host, fromSource + 1);
    const name = `${this.#prefix}${++this.#count}`;
    const flow: Flow = { transport: 'tcp', listener: listenerId, remote, connection: name };
    this.#add(name, flow, socket, () => {
      listener.inbound--;
      const left = this.#perSource.get(host)! - 1;
      if (left > 0) this.#perSource.set(host, left);
      else this.#perSource.delete(host);
    });
    this.#events.onOpened(flow);
  }

  #add(name: string, flow: Flow, socket: Socket, onGone: () => void): Connection {
    const connection = new Connection(flow, socket, this.#limits.unsent, {
      onMessage: (from, octets) => this.#events.onMessage(from, octets),
      onHeld: (change) => {
        this.#held += change;
        if (this.#held > this.#limits.held && change > 0) connection.destroy('too much of incomplete messages');
      },
      onGone: (reason) => {
        this.#connections.delete(name);
        onGone();
        this.#events.onClosed(name, reason);
      },
    });
    this.#connections.set(name, connection);
    return connection;
  }

  #look(): void {
    const now = performance.now();
    for (const connection of this.#connections.values()) {
      const idle = now - connection.lastActivity;
      if (!connection.isOpen && idle > this.#limits.connect) connection.destroy('ETIMEDOUT');
      else if (idle > this.#limits.idle) connection.destroy('idle');
      else if (connection.incompleteSince !== undefined && now - connection.incompleteSince > this.#limits.incomplete)
        connection.destroy('a message did not become complete');
    }
  }
}
