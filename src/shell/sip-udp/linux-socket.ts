import { endianness } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { HostPort, Octets } from '#kernel';
import {
  addressFamily,
  addressSize,
  readSocketAddress,
  slotSize,
  writePort,
  writeSocketAddress,
} from './socket-address.ts';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const IPPROTO_IP = 0;
const IP_TOS = 1;
const IP_RECVERR = 11;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPV6_RECVERR = 25;
const IPV6_TCLASS = 67;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_ERRQUEUE = 0x2000;
/** SIOCGSTAMPNS with a 64-bit struct timespec: when the last datagram that was read had come in, by the wall clock. */
const SIOCGSTAMPNS = 0x8907;
const SO_EE_ORIGIN_ICMP = 2;
const SO_EE_ORIGIN_ICMP6 = 3;
const ICMP_DEST_UNREACH = 3;
const ICMP6_DEST_UNREACH = 1;
const EMSGSIZE = 90;

const maxDatagram = 65_536;
/** Hosts whose address is kept laid out. */
const maxHosts = 2048;
/** Datagrams that are read at once. */
const batch = 32;
/** Senders whose address is kept as we write it. */
const maxSenders = 1000;
/** struct mmsghdr { name, namelen, iov, iovlen, control, controllen, flags, len } */
const batchHeader = 64;

// One buffer for all that the kernel reads and writes; it must be large, so that it lies outside V8's heap and is never moved.
const hostsAt = 0;
const localAt = hostsAt + maxHosts * slotSize;
const optionAt = localAt + slotSize;
const headerAt = optionAt + 16;
const vectorAt = headerAt + 64;
const nameAt = vectorAt + 16;
const controlAt = nameAt + slotSize;
const controlSize = 512;
const dataAt = controlAt + controlSize;
const cameHeadersAt = dataAt + maxDatagram;
const cameVectorsAt = cameHeadersAt + batch * batchHeader;
const cameFromAt = cameVectorsAt + batch * 16;
const cameAt = cameFromAt + batch * slotSize;
const bufferSize = cameAt + batch * maxDatagram;

type Call = (...args: number[]) => number;

interface Calls {
  readonly socket: Call;
  readonly bind: Call;
  readonly close: Call;
  readonly setsockopt: Call;
  readonly sendto: Call;
  readonly recvmsg: Call;
  readonly recvmmsg: Call;
  readonly getsockname: Call;
  readonly ioctl: Call;
  errno(): number;
  /** Waits for what can be read, in the event loop. `status` below 0: an error waits, and the watch is over. */
  watch(fd: number, onEvent: (status: number) => void): Watch;
  address(buffer: ArrayBuffer): number;
  readonly names: ReadonlyMap<number, string>;
}

interface Watch {
  start(onEvent: (status: number) => void): void;
  close(): void;
}

let loaded: Promise<Calls | undefined> | undefined;

/** The system's calls, or undefined where they cannot be had: then all goes through `dgram`. */
function loadCalls(): Promise<Calls | undefined> {
  loaded ??= (async () => {
    if (process.platform !== 'linux' || endianness() !== 'LE' || !isMainThread) return undefined;
    // The layouts here are those of the 64-bit ABIs.
    if (!['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch)) return undefined;
    try {
      const { default: koffi } = await import('koffi');
      const library = koffi.load(null);
      return {
        socket: library.func('socket', 'int', ['int', 'int', 'int']),
        bind: library.func('bind', 'int', ['int', 'int64_t', 'int']),
        close: library.func('close', 'int', ['int']),
        setsockopt: library.func('setsockopt', 'int', ['int', 'int', 'int', 'int64_t', 'int']),
        sendto: library.func('sendto', 'int', ['int', 'int64_t', 'int64_t', 'int', 'int64_t', 'int']),
        recvmsg: library.func('recvmsg', 'int', ['int', 'int64_t', 'int']),
        recvmmsg: library.func('recvmmsg', 'int', ['int', 'int64_t', 'uint', 'int', 'int64_t']),
        getsockname: library.func('getsockname', 'int', ['int', 'int64_t', 'int64_t']),
        ioctl: library.func('ioctl', 'int', ['int', 'uint64_t', 'int64_t']),
        watch: koffi.node.poll as unknown as Calls['watch'], // Its declaration leaves out the status.
        errno: () => koffi.errno(),
        address: (buffer: ArrayBuffer) => Number(koffi.address(buffer)),
        names: new Map(Object.entries(koffi.os.errno).map(([name, code]) => [code as number, name])),
      };
    } catch {
      return undefined;
    }
  })();
  return loaded;
}

/** A datagram that ICMP says did not arrive (RFC 3261 18.4). */
export interface Refusal {
  readonly to: HostPort;
  readonly reason: string;
}

export interface Arrivals {
  /** `from` is the same object for what comes from one place. */
  onMessage(from: HostPort, octets: Octets): void;
  onRefusal(refusal: Refusal): void;
}

/**
 * A UDP socket made, read and written to by system calls: a third less processor time a datagram sent than with `dgram`, and half a
 * datagram read; errors known at once, and the kernel's queue of ICMP errors.
 */
export class LinuxSocket {
  readonly fd: number;
  readonly #calls: Calls;
  readonly #octets: Buffer;
  readonly #view: DataView;
  readonly #base: number;
  /** Host -> where its address lies in the buffer, negative for those that are not plain literals. */
  readonly #hosts = new Map<string, number>();

  /** An address as the system writes it -> as we do. */
  readonly #senders = new Map<string, HostPort>();
  readonly #isIpv6: boolean;
  #dscp = 0;
  #watch: Watch | undefined;

  private constructor(calls: Calls, fd: number, memory: ArrayBuffer, base: number, isIpv6: boolean) {
    this.#isIpv6 = isIpv6;
    this.#calls = calls;
    this.fd = fd;
    this.#octets = Buffer.from(memory);
    this.#view = new DataView(memory);
    this.#base = base;
    for (let i = 0; i < batch; i++) {
      const [header, vector] = [cameHeadersAt + i * batchHeader, cameVectorsAt + i * 16];
      this.#view.setBigUint64(header, BigInt(base + cameFromAt + i * slotSize), true);
      this.#view.setUint32(header + 8, slotSize, true);
      this.#view.setBigUint64(header + 16, BigInt(base + vector), true);
      this.#view.setBigUint64(header + 24, 1n, true);
      this.#view.setBigUint64(vector, BigInt(base + cameAt + i * maxDatagram), true);
      this.#view.setBigUint64(vector + 8, BigInt(maxDatagram), true);
    }
  }

  get local(): HostPort {
    this.#view.setUint32(optionAt, slotSize, true);
    this.#calls.getsockname(this.fd, this.#base + nameAt, this.#base + optionAt);
    return readSocketAddress(this.#view, nameAt)!;
  }

  /** Undefined where there are no such calls. Throws an error with the system's `code`. */
  static async bound(local: HostPort, bufferSizes: number): Promise<LinuxSocket | undefined> {
    const calls = await loadCalls();
    if (!calls) return undefined;
    const memory = new ArrayBuffer(bufferSize);
    const view = new DataView(memory);
    const base = calls.address(memory);
    const size = writeSocketAddress(view, localAt, local.host);
    if (size === 0) return undefined;
    writePort(view, localAt, local.port);
    const isIpv6 = size === addressSize.ipv6;
    const family = isIpv6 ? addressFamily.ipv6 : addressFamily.ipv4;
    const fd = calls.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw systemError(calls, 'socket');
    const set = (level: number, option: number, value: number) => {
      view.setInt32(optionAt, value, true);
      calls.setsockopt(fd, level, option, base + optionAt, 4);
    };
    set(SOL_SOCKET, SO_RCVBUF, bufferSizes);
    set(SOL_SOCKET, SO_SNDBUF, bufferSizes);
    if (isIpv6) {
      set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
      set(IPPROTO_IPV6, IPV6_RECVERR, 1);
    } else set(IPPROTO_IP, IP_RECVERR, 1);
    // The first time there is nothing to tell, and what comes from then on is stamped.
    calls.ioctl(fd, SIOCGSTAMPNS, base + headerAt);
    if (calls.bind(fd, base + localAt, size) < 0) {
      const error = systemError(calls, 'bind');
      calls.close(fd);
      throw error;
    }
    return new LinuxSocket(calls, fd, memory, base, isIpv6);
  }

  /** Tells of what comes from now on. */
  listen(arrivals: Arrivals): void {
    let failed = false;
    const read = () => {
      if (this.#watch === undefined) return;
      if (failed) this.drainErrors(arrivals.onRefusal);
      this.#read(arrivals);
      if (failed) this.#watch?.start(onEvent);
      failed = false;
    };
    // It is called in the middle of the event loop: Node's own phase after it has microtasks run, and exceptions end the process.
    const onEvent = (status: number) => {
      failed = status < 0;
      setImmediate(read);
    };
    this.#watch = this.#calls.watch(this.fd, onEvent);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#calls.close(this.fd);
  }

  /** Takes what has come, at most a batch: for what is left the event loop tells again. */
  #read({ onMessage, onRefusal }: Arrivals): void {
    const view = this.#view;
    const count = this.#calls.recvmmsg(this.fd, this.#base + cameHeadersAt, batch, MSG_DONTWAIT, 0);
    // An error that waits about what was sent is told in place of reading.
    if (count < 0) this.drainErrors(onRefusal);
    for (let i = 0; i < count; i++) {
      const header = cameHeadersAt + i * batchHeader;
      const length = view.getUint32(header + 56, true);
      view.setUint32(header + 8, slotSize, true); // Where the system has left the size of the address.
      const from = this.#senderAt(cameFromAt + i * slotSize);
      const at = cameAt + i * maxDatagram;
      if (from) onMessage(from, this.#octets.toString('latin1', at, at + length));
      if (this.#watch === undefined) return;
    }
  }

  #senderAt(at: number): HostPort | undefined {
    const key = this.#octets.toString('latin1', at, at + (this.#isIpv6 ? addressSize.ipv6 : addressSize.ipv4));
    const known = this.#senders.get(key);
    if (known) return known;
    if (this.#senders.size >= maxSenders) this.#senders.clear();
    const from = readSocketAddress(this.#view, at);
    if (from) this.#senders.set(key, from);
    return from;
  }

  /**
   * Undefined when it left; the error's name otherwise, EAFNOSUPPORT where no socket of this kind leads.
   * `onRefusal` is told of what came to light about earlier datagrams.
   */
  send(to: HostPort, octets: Octets, onRefusal: (refusal: Refusal) => void, dscp = 0): string | undefined {
    if (dscp !== this.#dscp) this.#mark(dscp);
    if (octets.length > maxDatagram) return 'EMSGSIZE';
    const at = this.#addressOf(to.host);
    if (at < 0) return 'EAFNOSUPPORT';
    writePort(this.#view, at, to.port);
    const size = this.#view.getUint8(at) === addressFamily.ipv6 ? addressSize.ipv6 : addressSize.ipv4;
    const length = this.#octets.write(octets, dataAt, 'latin1');
    const { sendto } = this.#calls;
    for (let attempts = 0; ; attempts++) {
      const sent = sendto(this.fd, this.#base + dataAt, length, MSG_DONTWAIT | MSG_NOSIGNAL, this.#base + at, size);
      if (sent >= 0) return undefined;
      const error = this.#errorName();
      // An error that waits about an earlier datagram is told in place of sending this one.
      if (attempts < 3 && this.drainErrors(onRefusal) > 0) continue;
      return error;
    }
  }

  /** Ms that the datagram read last had waited; 0 when the system does not say. A step of the wall clock falsifies it for a moment. */
  waited(): number {
    if (this.#calls.ioctl(this.fd, SIOCGSTAMPNS, this.#base + headerAt) < 0) return 0;
    const seconds = Number(this.#view.getBigInt64(headerAt, true));
    const nanoseconds = Number(this.#view.getBigInt64(headerAt + 8, true));
    return Math.max(0, Date.now() - 1e3 * seconds - nanoseconds / 1e6);
  }

  /** What leaves from now on bears this code point (RFC 2474). */
  #mark(dscp: number): void {
    this.#dscp = dscp;
    this.#view.setInt32(optionAt, dscp << 2, true);
    const [level, option] = this.#isIpv6 ? [IPPROTO_IPV6, IPV6_TCLASS] : [IPPROTO_IP, IP_TOS];
    this.#calls.setsockopt(this.fd, level, option, this.#base + optionAt, 4);
  }

  /** Takes all that waits in the kernel's error queue; how many there were. */
  drainErrors(onRefusal: (refusal: Refusal) => void): number {
    const view = this.#view;
    for (let count = 0; ; count++) {
      // struct msghdr { name, namelen, iov, iovlen, control, controllen, flags }
      view.setBigUint64(headerAt, BigInt(this.#base + nameAt), true);
      view.setBigUint64(headerAt + 8, BigInt(slotSize), true);
      view.setBigUint64(headerAt + 16, BigInt(this.#base + vectorAt), true);
      view.setBigUint64(headerAt + 24, 1n, true);
      view.setBigUint64(headerAt + 32, BigInt(this.#base + controlAt), true);
      view.setBigUint64(headerAt + 40, BigInt(controlSize), true);
      view.setBigUint64(headerAt + 48, 0n, true);
      // No room for the datagram itself: it is cut to nothing.
      view.setBigUint64(vectorAt, BigInt(this.#base + optionAt), true);
      view.setBigUint64(vectorAt + 8, 0n, true);
      if (this.#calls.recvmsg(this.fd, this.#base + headerAt, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return count;
      const reason = this.#refusalReason(Number(view.getBigUint64(headerAt + 40, true)));
      const to = readSocketAddress(view, nameAt);
      if (reason !== undefined && to !== undefined) onRefusal({ to, reason });
    }
  }

  /** The reason in the control data (struct cmsghdr, struct sock_extended_err), when it means that a host or port is not reached. */
  #refusalReason(controlLength: number): string | undefined {
    const view = this.#view;
    for (let at = 0; at + 32 <= controlLength; ) {
      const length = Number(view.getBigUint64(controlAt + at, true));
      const level = view.getInt32(controlAt + at + 8, true);
      const type = view.getInt32(controlAt + at + 12, true);
      if ((level === IPPROTO_IP && type === IP_RECVERR) || (level === IPPROTO_IPV6 && type === IPV6_RECVERR)) {
        const error = view.getUint32(controlAt + at + 16, true);
        const origin = view.getUint8(controlAt + at + 20);
        const icmpType = view.getUint8(controlAt + at + 21);
        // Neither source quench nor an exceeded TTL says so (RFC 3261 18.4), nor that a datagram must be fragmented.
        const unreachable =
          (origin === SO_EE_ORIGIN_ICMP && icmpType === ICMP_DEST_UNREACH) ||
          (origin === SO_EE_ORIGIN_ICMP6 && icmpType === ICMP6_DEST_UNREACH);
        return unreachable && error !== EMSGSIZE ? (this.#calls.names.get(error) ?? `error ${error}`) : undefined;
      }
      if (length < 16) return undefined;
      at += (length + 7) & ~7;
    }
    return undefined;
  }

  #addressOf(host: string): number {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    if (this.#hosts.size >= maxHosts) this.#hosts.clear();
    const at = hostsAt + this.#hosts.size * slotSize;
    const place = writeSocketAddress(this.#view, at, host) > 0 ? at : -1;
    this.#hosts.set(host, place);
    return place;
  }

  #errorName(): string {
    const number = this.#calls.errno();
    return this.#calls.names.get(number) ?? `error ${number}`;
  }
}

function systemError(calls: Calls, syscall: string): NodeJS.ErrnoException {
  const number = calls.errno();
  const code = calls.names.get(number) ?? `error ${number}`;
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}
