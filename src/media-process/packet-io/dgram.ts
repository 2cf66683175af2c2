import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { performance } from 'node:perf_hooks';
import {
  Endpoint,
  maxDatagram,
  type OpenFailure,
  outgoingRoom,
  type PacketHandler,
  type PacketLoop,
  parseAddress,
} from '#media/packet-io';

interface OpenSocket {
  readonly socket: Socket;
  /** The source that spoke last, so that its text is read once. */
  lastHost: string;
  lastWords: readonly [number, number, number, number];
}

const longestTimer = 0x7fffffff;
/** Octets that may wait in a socket for the network before more are lost. */
const maxQueued = 256 * 1024;

/**
 * Packet I/O by Node's own sockets: everywhere, but slower than EpollLoop and with a longer tail. Node cannot mark
 * datagrams (DSCP): `say` is told once that somebody wanted it.
 */
export class DgramLoop implements PacketLoop {
  readonly name = 'dgram';
  readonly outgoing = new Uint8Array(maxDatagram + outgoingRoom);
  readonly #say: (text: string) => void;
  #saidDscp = false;
  readonly #sockets = new Map<number, OpenSocket>();
  readonly #free: number[] = [];
  #handler: PacketHandler | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  /** What is being relayed: Node made it for this packet alone, so it may be sent without a copy. */
  #current: Uint8Array | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  now(): number {
    return performance.now();
  }

  open(host: string, port: number): number | OpenFailure {
    const local = Endpoint.of(host, port);
    if (!local) return { failure: 'failed', detail: 'EINVAL' };
    const socket = createSocket({
      type: local.isIpv4 ? 'udp4' : 'udp6',
      ipv6Only: !local.isIpv4,
      // Only literals come here, and an answer at once makes bind and send happen at once.
      lookup: (address, _options, answer) => answer(null, address, local.isIpv4 ? 4 : 6),
    });
    let failure: OpenFailure | undefined;
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const detail = error.code ?? error.message;
      failure ??= { failure: detail === 'EADDRINUSE' ? 'taken' : 'failed', detail };
    });
    socket.bind({ address: host, port, exclusive: true });
    if (failure) {
      socket.close();
      return failure;
    }
    const number = this.#free.pop() ?? this.#sockets.size;
    const open: OpenSocket = { socket, lastHost: '', lastWords: [0, 0, 0, 0] };
    this.#sockets.set(number, open);
    socket.on('message', (data, from) => this.#receive(number, open, data, from));
    return number;
  }

  close(number: number): void {
    const open = this.#sockets.get(number);
    if (!open) return;
    this.#sockets.delete(number);
    this.#free.push(number);
    open.socket.close();
  }

  setDscp(_number: number, dscp: number): void {
    if (dscp === 0 || this.#saidDscp) return;
    this.#saidDscp = true;
    this.#say('packet I/O by dgram cannot mark datagrams: media goes without the DSCP that is configured');
  }

  send(number: number, data: Uint8Array, length: number, to: Endpoint): void {
    const socket = this.#sockets.get(number)?.socket;
    if (!socket || socket.getSendQueueSize() > maxQueued) return;
    const packet = data.subarray(0, length);
    socket.send(data === this.#current ? packet : new Uint8Array(packet), to.port, to.host, ignore);
  }

  run(handler: PacketHandler): void {
    this.#handler = handler;
    this.wake();
  }

  wake(): void {
    const at = this.#handler?.nextDeadline() ?? Infinity;
    if (at === this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    if (at === Infinity) return;
    const wait = Math.max(0, Math.min(longestTimer, Math.ceil(at - this.now())));
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      const now = this.now();
      if (at <= now) this.#handler?.onDeadline(now);
      this.wake();
    }, wait);
  }

  stop(): void {
    this.#handler = undefined;
    clearTimeout(this.#timer);
    for (const { socket } of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #receive(number: number, open: OpenSocket, data: Buffer, from: RemoteInfo): void {
    if (from.address !== open.lastHost) {
      // A link-local source carries its zone.
      const words = parseAddress(from.address.split('%', 1)[0]!);
      if (!words) return;
      open.lastHost = from.address;
      open.lastWords = words;
    }
    const [a, b, c, d] = open.lastWords;
    this.#current = data;
    this.#handler?.onPacket(number, data, data.length, a, b, c, d, from.port, this.now());
    this.#current = undefined;
    this.wake();
  }
}

/** A datagram that could not be sent is lost, like any other. */
function ignore(): void {}
