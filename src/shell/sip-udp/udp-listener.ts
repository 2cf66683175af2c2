import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Flow, Listener } from '#engine/ports';
import type { HostPort, Octets } from '#kernel';
import { LinuxSocket, type Refusal } from './linux-socket.ts';

export interface UdpEvents {
  /** One datagram. `arrived`: when the system took it in, monotonic ms; undefined where it does not say. */
  onMessage(flow: Flow, octets: Octets, arrived: number | undefined): void;
  /** What was sent to this address certainly does not arrive. May come while `send` runs. */
  onUndeliverable(listener: string, to: HostPort, reason: string): void;
}

/** What reads and sends: the system's calls where they can be had, unless `dgram` is asked for (TANDEM_SIP_IO). */
export type UdpAdapter = 'calls' | 'dgram';

/** Octets that wait in the kernel while we are busy: two thousand INVITEs. The system may grant less (net.core.rmem_max). */
const bufferSizes = 4 * 1024 * 1024;

/** Ms between two looks at how long datagrams wait: in so short a time little changes. */
const lookEvery = 2;

/** Senders whose flow is kept at hand. */
const maxSenders = 1000;

/** Errors that say nothing about the way: the datagram is lost like others are, and sent again by its transaction. */
const passing = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'ENOBUFS', 'ENOMEM']);

/** Opens the socket of a UDP listener. Rejects with the system's error (`code`: EADDRINUSE, EADDRNOTAVAIL, EACCES). */
export async function openUdp(
  listener: Pick<Listener, 'id' | 'bind'>,
  events: UdpEvents,
  adapter: UdpAdapter | undefined = process.env.TANDEM_SIP_IO as UdpAdapter | undefined,
): Promise<UdpListener> {
  const linux = adapter === 'dgram' ? undefined : await LinuxSocket.bound(listener.bind, bufferSizes);
  return new UdpListener(listener.id, linux ?? (await boundDgram(listener.bind)), events);
}

async function boundDgram({ host, port }: HostPort): Promise<Socket> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, ipv6Only: type === 'udp6', lookup: lookupLiteral });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  enlargeBuffers(socket);
  return socket;
}

/** One UDP socket of ours: datagrams in as messages, messages out as datagrams. */
export class UdpListener {
  readonly #id: string;
  readonly #socket: LinuxSocket | Socket;
  readonly #events: UdpEvents;
  /** Host -> the flow of what it sent last: peers send again and again from one port, and one flow does for all. */
  readonly #senders = new Map<string, Flow>();
  #closed = false;
  /** Monotonic ms of the last look, and what it showed. */
  #lookedAt = 0;
  #waited = 0;

  constructor(id: string, socket: LinuxSocket | Socket, events: UdpEvents) {
    this.#id = id;
    this.#socket = socket;
    this.#events = events;
    if (socket instanceof LinuxSocket) {
      socket.listen({
        onMessage: ({ host, port }, octets) =>
          events.onMessage(this.#flowOf(host, port), octets, this.#arrived(socket)),
        onRefusal: this.#refused,
      });
      return;
    }
    socket.on('message', (data, { address, port }) => {
      events.onMessage(this.#flowOf(address, port), data.toString('latin1'), undefined);
    });
    // Reading goes on after an error: it tells of datagrams that were sent.
    socket.on('error', () => {});
  }

  get local(): HostPort {
    if (this.#socket instanceof LinuxSocket) return this.#socket.local;
    const { address, port } = this.#socket.address();
    return { host: address, port };
  }

  /** Which calls it works with: for the log. */
  get adapter(): UdpAdapter {
    return this.#socket instanceof LinuxSocket ? 'calls' : 'dgram';
  }

  /** `dscp`: code point of the datagram; `dgram` can't set one. */
  send(to: HostPort, octets: Octets, dscp?: number): void {
    if (this.#closed) return;
    if (this.#socket instanceof LinuxSocket) {
      const error = this.#socket.send(to, octets, this.#refused, dscp);
      if (error !== undefined) this.#failed(to, error);
      return;
    }
    this.#socket.send(Buffer.from(octets, 'latin1'), to.port, to.host, (failure) => {
      if (failure) this.#failed(to, (failure as NodeJS.ErrnoException).code ?? failure.message);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #flowOf(host: string, port: number): Flow {
    const known = this.#senders.get(host);
    if (known?.remote.port === port) return known;
    const flow: Flow = { transport: 'udp', listener: this.#id, remote: { host, port } };
    if (this.#senders.size >= maxSenders) this.#senders.clear();
    this.#senders.set(host, flow);
    return flow;
  }

  #arrived(socket: LinuxSocket): number {
    const now = performance.now();
    if (now - this.#lookedAt >= lookEvery) {
      this.#lookedAt = now;
      this.#waited = socket.waited();
    }
    return now - this.#waited;
  }

  #failed(to: HostPort, reason: string): void {
    if (!this.#closed && !passing.has(reason)) this.#events.onUndeliverable(this.#id, to, reason);
  }

  readonly #refused = ({ to, reason }: Refusal): void => {
    this.#failed(to, reason);
  };
}

/** `dgram` asks for every datagram; ours go to IP literals only. */
function lookupLiteral(
  host: string,
  _options: unknown,
  done: (error: null, address: string, family: number) => void,
): void {
  done(null, host, isIPv6(host) ? 6 : 4);
}

function enlargeBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(bufferSizes);
    socket.setSendBufferSize(bufferSizes);
  } catch {
    // Some systems refuse instead of granting less.
  }
}
