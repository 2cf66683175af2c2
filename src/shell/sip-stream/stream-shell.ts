import { once } from 'node:events';
import { connect, createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Flow, Listener, PeerCertificate, TlsTarget } from '#engine/ports';
import type { HostPort, Octets } from '#kernel';
import { Connection, type ConnectionInspection, type Direction } from './connection.ts';
import { type StreamLimits, streamLimits } from './limits.ts';
import type { HandshakeEvents, Secured, StreamSecurity } from './security.ts';
import { loadSocketCalls, markSocket } from './socket-options.ts';

export interface StreamEvents {
  onMessage(flow: Flow, octets: Octets): void;
  /** `peer`: what its certificate proved, where it showed one. */
  onOpened(flow: Flow, peer?: PeerCertificate): void;
  /** New requests are to go by another connection; this one ends when it has nothing to do. */
  onRetiring(connection: string): void;
  /** Once for every connection that was opened or asked for. */
  onClosed(connection: string, reason: string): void;
  /** A peer's connection was not taken. */
  onRefused(listener: string, from: HostPort, reason: string): void;
}

export interface StreamShellOptions {
  /** Tells this process's connections from those of the one before it. */
  readonly run: string;
  readonly events: StreamEvents;
  readonly limits?: Partial<StreamLimits>;
  /** Without it there is no TLS. */
  readonly security?: StreamSecurity;
  /** The differentiated services code point (0-63) to mark a connection with, asked when it stands. */
  readonly dscp?: (flow: Flow, peer?: PeerCertificate) => number | undefined;
}

type StreamListener = Pick<Listener, 'id' | 'bind' | 'transport'>;

interface Listening {
  readonly bind: HostPort;
  readonly transport: 'tcp' | 'tls';
  readonly server: Server;
  inbound: number;
}

/** Ms between two looks at all connections, at most. */
const sweepInterval = 2_000;

/**
 * All SIP connections over TCP and TLS: those that peers open and those that the engine asks for. Inbound ones are named
 * `in-…` by us, never twice, also not across restarts; outgoing ones bear the engine's names.
 */
export class StreamShell {
  readonly #events: StreamEvents;
  readonly #limits: StreamLimits;
  readonly #security: StreamSecurity | undefined;
  readonly #dscp: StreamShellOptions['dscp'];
  readonly #prefix: string;
  readonly #listeners = new Map<string, Listening>();
  readonly #connections = new Map<string, Connection>();
  readonly #perSource = new Map<string, number>();
  readonly #sweep: NodeJS.Timeout;
  #count = 0;
  #outgoing = 0;
  #handshakes = 0;
  #held = 0;
  #closed = false;

  constructor({ run, events, limits, security, dscp }: StreamShellOptions) {
    this.#prefix = `in-${run}-`;
    this.#events = events;
    this.#limits = { ...streamLimits, ...limits };
    this.#security = security;
    this.#dscp = dscp;
    const { incomplete, connect, write, keepAlive, pong, retireIdle } = this.#limits;
    const shortest = Math.min(sweepInterval, incomplete, connect, write, keepAlive || sweepInterval, pong, retireIdle);
    this.#sweep = setInterval(() => this.#look(), shortest);
    this.#sweep.unref();
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Rejects with the system's error (`code`: EADDRINUSE, EADDRNOTAVAIL, EACCES). */
  async listen({ id, bind, transport }: StreamListener): Promise<HostPort> {
    await loadSocketCalls();
    const server = createServer({ noDelay: true }, (socket) => this.#accept(id, socket));
    this.#listeners.set(id, { bind, transport: transport === 'tls' ? 'tls' : 'tcp', server, inbound: 0 });
    server.listen({ host: bind.host, port: bind.port, ipv6Only: isIPv6(bind.host), backlog: 1024, exclusive: true });
    await once(server, 'listening');
    // Out of descriptors: those that stand go on, and accepting is tried again by libuv.
    server.on('error', () => {});
    const { address, port } = server.address() as { address: string; port: number };
    return { host: address, port };
  }

  /** Opens a stream to `flow.remote` from the listener's address under the name `flow.connection`; `tls`: by whose rules. */
  connect(flow: Flow, tls?: TlsTarget): void {
    const name = flow.connection;
    if (name === undefined || this.#closed || this.#connections.has(name)) return;
    if (this.#outgoing >= this.#limits.outgoing) return this.#events.onClosed(name, 'too many connections of ours');
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
    this.#outgoing++;
    const connection = this.#add(name, flow, 'outbound', socket, () => {
      this.#outgoing--;
    });
    socket.once('connect', () => {
      if (flow.transport === 'tls')
        this.#secure(connection, (events) => this.#security!.connect(tls, flow.listener, socket, events));
      else this.#opened(connection);
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

  /** Every connection. `wall`: the time now, in ms since 1970. */
  inspect(wall = Date.now()): readonly ConnectionInspection[] {
    const now = performance.now();
    return [...this.#connections.values()].map((connection) => connection.inspect(now, wall));
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
    const tooMany = this.#tooMany(listener, fromSource);
    if (tooMany !== undefined) {
      socket.on('error', () => {});
      socket.destroy();
      this.#events.onRefused(listenerId, remote, tooMany);
      return;
    }
    listener.inbound++;
    this.#perSource.set(host, fromSource + 1);
    const { transport } = listener;
    const name = `${this.#prefix}${++this.#count}`;
    const flow: Flow = { transport, listener: listenerId, remote, connection: name };
    const connection = this.#add(name, flow, 'inbound', socket, () => {
      listener.inbound--;
      const left = this.#perSource.get(host)! - 1;
      if (left > 0) this.#perSource.set(host, left);
      else this.#perSource.delete(host);
    });
    if (transport === 'tls') this.#secure(connection, (events) => this.#security!.accept(listenerId, socket, events));
    else this.#opened(connection);
  }

  #tooMany(listener: Listening, fromSource: number): string | undefined {
    const { perListener, perSource, handshakes } = this.#limits;
    if (fromSource >= perSource) return 'too many connections of this address';
    if (listener.inbound >= perListener) return 'too many connections of this listener';
    if (listener.transport === 'tls' && this.#handshakes >= handshakes) return 'too many TLS handshakes at once';
    return undefined;
  }

  #secure(connection: Connection, begin: (events: HandshakeEvents) => void): void {
    if (!this.#security) return connection.destroy('TLS is not configured');
    // Those of our own are bounded by what the engine asks for.
    let counts = connection.direction === 'inbound';
    if (counts) this.#handshakes++;
    const over = () => {
      if (counts) this.#handshakes--;
      counts = false;
    };
    connection.raw.once('close', over);
    begin({
      onSecured: (secured) => {
        over();
        this.#opened(connection, secured);
      },
      onFailed: (reason) => {
        over();
        connection.destroy(reason);
      },
    });
  }

  #opened(connection: Connection, secured?: Secured): void {
    if (!connection.isOpening) return;
    const { flow } = connection;
    const peer = secured?.peer;
    const dscp = this.#dscp?.(flow, peer);
    if (dscp !== undefined) markSocket(connection.raw, dscp);
    // Told first: what waits, and what comes, is of a connection that is known.
    this.#events.onOpened(flow, peer);
    connection.open(secured);
  }

  #add(name: string, flow: Flow, direction: Direction, socket: Socket, onGone: () => void): Connection {
    const connection = new Connection(flow, direction, socket, this.#limits, {
      onMessage: (from, octets) => this.#events.onMessage(from, octets),
      onHeld: (change) => {
        this.#held += change;
        if (this.#held > this.#limits.held && change > 0) connection.destroy('too much of incomplete messages');
      },
      onRetiring: () => this.#events.onRetiring(name),
      explain: (error) => this.#security?.explain(error, direction) ?? error.code ?? error.message,
      onGone: (reason, stood) => {
        this.#connections.delete(name);
        onGone();
        if (direction === 'inbound' && !stood) this.#events.onRefused(flow.listener, flow.remote, reason);
        else this.#events.onClosed(name, reason);
      },
    });
    this.#connections.set(name, connection);
    return connection;
  }

  #look(): void {
    const now = performance.now();
    for (const connection of this.#connections.values()) connection.look(now);
  }
}
