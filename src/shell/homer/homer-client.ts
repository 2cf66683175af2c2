import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { encodeHep } from '#codec/hep';
import type { Flow, HomerConfiguration } from '#engine/ports';
import type { HostPort, Octets } from '#kernel';

export interface HomerClientOptions {
  readonly homer: HomerConfiguration;
  /** Where a listener is. */
  readonly local: (listener: string) => HostPort | undefined;
  /** A message without its secrets. */
  readonly masked: (octets: Octets) => Octets;
  /** It cannot be reached; once, until it can be again (undefined). */
  readonly onTrouble: (why: string | undefined) => void;
}

/** Octets that may wait for a server that does not read. */
const mostWaiting = 4 * 1024 * 1024;
/** It is there, and takes nothing. */
const deaf = 'it does not read';
/** Ms until it is tried again. */
const pause = 5_000;

/** Sends messages of calls to a Homer (HEP version 3). Nobody waits for it: what it does not take is lost, and counted. */
export class HomerClient {
  readonly counts = { sent: 0, lost: 0 };
  readonly #options: HomerClientOptions;
  readonly #password: string | undefined;
  readonly #udp: UdpSocket | undefined;
  #stream: Socket | undefined;
  #isOpen = false;
  #trouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: HomerClientOptions) {
    this.#options = options;
    const { homer } = options;
    this.#password = homer.password?.reveal();
    if (homer.transport === 'tcp') {
      this.#connect();
      return;
    }
    const { host, port } = homer.to;
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    socket.unref();
    // Of one who is not there we hear by ICMP, with what is sent next.
    socket.on('error', (error: NodeJS.ErrnoException) => this.#troubled(error.code ?? error.message));
    socket.connect(port, host, (error?: Error) => {
      if (error) this.#troubled(error.message);
      else this.#isOpen = true;
    });
    this.#udp = socket;
  }

  /** `at`: Unix ms, with fractions. */
  send(at: number, call: string, sent: boolean, flow: Flow, octets: Octets): void {
    if (!this.#isOpen) {
      this.counts.lost++;
      return;
    }
    const { homer, local, masked } = this.#options;
    const ours = local(flow.listener) ?? { host: '0.0.0.0', port: 0 };
    const packet = encodeHep({
      at,
      from: sent ? ours : flow.remote,
      to: sent ? flow.remote : ours,
      transport: flow.transport === 'udp' ? 'udp' : 'tcp',
      agent: homer.id,
      ...(this.#password !== undefined && { password: this.#password }),
      correlation: call,
      payload: masked(octets),
    });
    if (this.#udp) this.#datagram(packet);
    else this.#octets(packet);
  }

  close(): void {
    this.#isClosed = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#udp?.close();
    this.#stream?.destroy();
  }

  #datagram(packet: Uint8Array): void {
    this.#udp!.send(packet, (error) => {
      if (!error) {
        this.counts.sent++;
        this.#troubled(undefined);
        return;
      }
      this.counts.lost++;
      this.#troubled((error as NodeJS.ErrnoException).code ?? error.message);
    });
  }

  #octets(packet: Uint8Array): void {
    const stream = this.#stream!;
    if (stream.writableLength + packet.length > mostWaiting) {
      this.counts.lost++;
      this.#troubled(deaf);
      return;
    }
    // What waited when the connection broke has not been sent.
    stream.write(packet, (error) => {
      if (error) this.counts.lost++;
      else this.counts.sent++;
    });
  }

  #connect(): void {
    const { host, port } = this.#options.homer.to;
    const stream = connect({ host, port });
    stream.unref();
    this.#stream = stream;
    stream.on('connect', () => {
      this.#isOpen = true;
      this.#troubled(undefined);
    });
    stream.on('drain', () => {
      if (this.#trouble === deaf) this.#troubled(undefined);
    });
    // It has nothing to say.
    stream.resume();
    stream.on('error', (error: NodeJS.ErrnoException) => this.#troubled(error.code ?? error.message));
    stream.on('close', () => {
      this.#isOpen = false;
      if (this.#isClosed) return;
      this.#troubled(this.#trouble ?? 'it closed the connection');
      this.#timer = setTimeout(() => this.#connect(), pause);
      this.#timer.unref();
    });
  }

  #troubled(why: string | undefined): void {
    if (why === this.#trouble || this.#isClosed) return;
    this.#trouble = why;
    this.#options.onTrouble(why);
  }
}
