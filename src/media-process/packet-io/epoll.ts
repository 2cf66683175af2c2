import { performance } from 'node:perf_hooks';
import {
  Endpoint,
  maxDatagram,
  type OpenFailure,
  outgoingRoom,
  type PacketHandler,
  type PacketLoop,
} from '#media/packet-io';
import type { LinuxCalls } from './linux-calls.ts';

// Linux, 64-bit little-endian ABIs.
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_IP = 0;
const IP_TOS = 1;
const IPPROTO_IPV6 = 41;
const IPV6_TCLASS = 67;
const IPV6_V6ONLY = 26;
const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
const ipv4Size = 16;
const ipv6Size = 28;

/** `struct epoll_event` in 32-bit words: packed on x86-64 only. */
const eventWords = process.arch === 'x64' ? 3 : 4;
const eventData = process.arch === 'x64' ? 1 : 2;

/** Packets taken before the deadlines are looked at: one of each ready socket, so that a flood starves nobody. */
const batch = 256;
/** Ms between visits of Node's event loop when it does not call: how late a Node timer may be. */
const longestStay = 100;
/** Octets of a socket's queue: a second of G.711 with the kernel's overhead, and the pictures of a video. */
const receiveBuffer = 256 * 1024;

// One buffer for all that the kernel reads and writes.
const eventsAt = 0;
const fromAt = eventsAt + batch * 16;
const fromLengthAt = fromAt + 32;
const toAt = fromLengthAt + 8;
const scratchAt = toAt + 32;
const receivedAt = scratchAt + 16;
const copyAt = receivedAt + maxDatagram;
const bufferSize = copyAt + maxDatagram + outgoingRoom;

/**
 * Packet I/O by epoll, recvfrom and sendto, in a loop that owns the thread: JavaScript is entered once and leaves
 * only when Node's event loop has something to do. That loop waits on an epoll descriptor of its own, which is a
 * member of our set; so the control link, signals and timers work as ever, without a thread or a poll.
 *
 * The socket number is the file descriptor. Readiness is level-triggered and one packet is read at a time: asking
 * again costs less than the second recvfrom that finds nothing (measured: scripts/bench-media.ts).
 */
export class EpollLoop implements PacketLoop {
  readonly name = 'epoll';
  readonly outgoing: Uint8Array;
  readonly #calls: LinuxCalls;
  readonly #epoll: number;
  readonly #nodeLoop: number;
  readonly #open = new Set<number>();

  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #received: Uint8Array;
  readonly #base: number;

  #handler: PacketHandler | undefined;
  #running = false;
  /** Events that Node's loop has handled in all, and its polls since without one. */
  #nodeEvents = -1;
  #quietPolls = 0;
  #nodeIsWaiting = false;

  constructor(calls: LinuxCalls) {
    this.#calls = calls;
    const memory = new ArrayBuffer(bufferSize);
    this.#bytes = new Uint8Array(memory);
    this.#words = new Int32Array(memory, 0, receivedAt / 4);
    this.#received = new Uint8Array(memory, receivedAt, maxDatagram);
    this.outgoing = new Uint8Array(memory, copyAt);
    this.#base = calls.address(memory);
    this.#epoll = this.#succeed('epoll_create1', calls.epoll_create1(EPOLL_CLOEXEC));
    this.#nodeLoop = calls.nodeLoopFd();
    this.#succeed('epoll_ctl', this.#watch(this.#nodeLoop));
  }

  now(): number {
    return performance.now();
  }

  open(host: string, port: number): number | OpenFailure {
    const { socket, bind, setsockopt, close } = this.#calls;
    const local = Endpoint.of(host, port);
    if (!local) return { failure: 'failed', detail: 'EINVAL' };
    const fd = socket(local.isIpv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return this.#failure();
    this.#words[scratchAt / 4] = receiveBuffer;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, this.#base + scratchAt, 4);
    if (!local.isIpv4) {
      this.#words[scratchAt / 4] = 1;
      setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, this.#base + scratchAt, 4);
    }
    const size = this.#writeAddress(local);
    if (bind(fd, this.#base + toAt, size) < 0 || this.#watch(fd) < 0) {
      const failure = this.#failure();
      close(fd);
      return failure;
    }
    this.#open.add(fd);
    return fd;
  }

  close(socket: number): void {
    // Closing takes it out of the set. No event of it is left either: sockets are closed between batches only.
    if (this.#open.delete(socket)) this.#calls.close(socket);
  }

  setDscp(socket: number, dscp: number): void {
    const { setsockopt } = this.#calls;
    // The two bits below are ECN's (RFC 3168 5).
    this.#words[scratchAt / 4] = dscp << 2;
    // An IPv4 socket refuses the option of IPv6; the other way about it would be taken, and do nothing.
    if (setsockopt(socket, IPPROTO_IPV6, IPV6_TCLASS, this.#base + scratchAt, 4) < 0)
      setsockopt(socket, IPPROTO_IP, IP_TOS, this.#base + scratchAt, 4);
  }

  send(socket: number, data: Uint8Array, length: number, to: Endpoint): void {
    let at = this.#base + receivedAt;
    if (data !== this.#received) {
      if (data !== this.outgoing) this.#bytes.set(length < data.length ? data.subarray(0, length) : data, copyAt);
      at = this.#base + copyAt;
    }
    const size = this.#writeAddress(to);
    this.#calls.sendto(socket, at, length, 0, this.#base + toAt, size);
  }

  run(handler: PacketHandler): void {
    this.#handler = handler;
    this.#running = true;
    setImmediate(this.#turn);
  }

  wake(): void {
    this.#nodeIsWaiting = true;
  }

  stop(): void {
    if (!this.#running && this.#open.size === 0) return;
    this.#running = false;
    for (const fd of this.#open) this.#calls.close(fd);
    this.#open.clear();
    this.#calls.close(this.#epoll);
  }

  /**
   * From one visit of Node's event loop to the next. What a callback there begins to wait for enters libuv's set only at
   * the loop's next poll, so we do not sleep before two polls in a row have found nothing (immediates run in between).
   */
  readonly #turn = (): void => {
    const handler = this.#handler;
    if (!this.#running || !handler) return;
    const { events } = performance.nodeTiming.uvMetricsInfo;
    this.#quietPolls = events === this.#nodeEvents ? this.#quietPolls + 1 : 0;
    this.#nodeEvents = events;
    const mayStay = this.#quietPolls >= 2;
    const until = performance.now() + longestStay;
    this.#nodeIsWaiting = !mayStay;
    do this.#relay(handler, mayStay ? this.#patience(handler) : 0, until);
    while (!this.#nodeIsWaiting);
    if (mayStay) this.#quietPolls = 0;
    setImmediate(this.#turn);
  };

  /** Waits for packets, at most `timeoutMs`; takes one of each socket that has some. */
  #relay(handler: PacketHandler, timeoutMs: number, until: number): void {
    const ready = this.#calls.epoll_wait(this.#epoll, this.#base + eventsAt, batch, timeoutMs);
    const now = performance.now();
    for (let i = 0; i < ready; i++) {
      const fd = this.#words[i * eventWords + eventData]!;
      if (fd === this.#nodeLoop) this.#nodeIsWaiting = true;
      else this.#receive(handler, fd, now);
    }
    const deadline = handler.nextDeadline();
    if (deadline !== undefined && deadline <= now) {
      handler.onDeadline(now);
    }
    if (now >= until) this.#nodeIsWaiting = true;
  }

  /** Ms until the next deadline. */
  #patience(handler: PacketHandler): number {
    const deadline = handler.nextDeadline();
    if (deadline === undefined) return longestStay;
    return Math.max(0, Math.min(longestStay, Math.ceil(deadline - performance.now())));
  }

  #receive(handler: PacketHandler, fd: number, now: number): void {
    const words = this.#words;
    const base = this.#base;
    words[fromLengthAt / 4] = ipv6Size;
    // Without MSG_TRUNC: a datagram has at most 65,507 octets.
    const length = this.#calls.recvfrom(fd, base + receivedAt, maxDatagram, 0, base + fromAt, base + fromLengthAt);
    // Nothing there after all (a bad checksum), or an error that ICMP brought.
    if (length < 0) return;
    const bytes = this.#bytes;
    const port = (bytes[fromAt + 2]! << 8) | bytes[fromAt + 3]!;
    if (bytes[fromAt] === AF_INET) {
      const d =
        (bytes[fromAt + 4]! << 24) | (bytes[fromAt + 5]! << 16) | (bytes[fromAt + 6]! << 8) | bytes[fromAt + 7]!;
      handler.onPacket(fd, this.#received, length, 0, 0, 0xffff, d, port, now);
    } else {
      const at = (fromAt + 8) / 4;
      const a = swap(words[at]!);
      const b = swap(words[at + 1]!);
      const c = swap(words[at + 2]!);
      const d = swap(words[at + 3]!);
      handler.onPacket(fd, this.#received, length, a, b, c, d, port, now);
    }
  }

  /** Lays out a sockaddr_in or sockaddr_in6 at `toAt`; its size. */
  #writeAddress(to: Endpoint): number {
    const words = this.#words;
    const port = ((to.port & 0xff) << 8) | (to.port >> 8);
    if (to.isIpv4) {
      words[toAt / 4] = AF_INET | (port << 16);
      words[toAt / 4 + 1] = swap(to.d);
      return ipv4Size;
    }
    words[toAt / 4] = AF_INET6 | (port << 16);
    words[toAt / 4 + 1] = 0;
    words[toAt / 4 + 2] = swap(to.a);
    words[toAt / 4 + 3] = swap(to.b);
    words[toAt / 4 + 4] = swap(to.c);
    words[toAt / 4 + 5] = swap(to.d);
    words[toAt / 4 + 6] = 0;
    return ipv6Size;
  }

  #watch(fd: number): number {
    const at = scratchAt / 4;
    this.#words[at] = EPOLLIN;
    this.#words[at + 1] = 0;
    this.#words[at + 2] = 0;
    this.#words[at + 3] = 0;
    this.#words[at + eventData] = fd;
    return this.#calls.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, this.#base + scratchAt);
  }

  #failure(): OpenFailure {
    const name = this.#errorName();
    return { failure: name === 'EADDRINUSE' ? 'taken' : 'failed', detail: name };
  }

  #errorName(): string {
    const number = this.#calls.errno();
    return this.#calls.errnoNames.get(number) ?? `error ${number}`;
  }

  #succeed(what: string, result: number): number {
    if (result < 0) throw new Error(`${what}: ${this.#errorName()}`);
    return result;
  }
}

/** Network to host order and back. */
function swap(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
