import type { Endpoint } from './endpoint.ts';

/**
 * Datagram sockets as the relay uses them. Addresses travel as four signed 32-bit words of an IPv6 address in
 * network order (IPv4 as ::ffff:a.b.c.d, RFC 4291 2.5.5.2), so that nothing is allocated for a packet.
 */
export interface PacketIo {
  /** A buffer that `send` takes without a copy: for packets that are made here. Larger than any datagram by `outgoingRoom`. */
  readonly outgoing: Uint8Array;
  /** Binds a UDP socket to an IP literal and port, at once. The socket is a small number, used again after `close`. */
  open(host: string, port: number): number | OpenFailure;
  close(socket: number): void;
  /** Marks what the socket sends from now on with a code point of RFC 2474, 0-63, if this host can. */
  setDscp(socket: number, dscp: number): void;
  /** Sends or loses the first `length` octets of `data`, which is the caller's again on return. Never throws. */
  send(socket: number, data: Uint8Array, length: number, to: Endpoint): void;
}

/** Octets that a packet on the way may have more than a datagram: what SRTP adds and the network then refuses. */
export const outgoingRoom = 1024;
export const maxDatagram = 65536;

export interface OpenFailure {
  /** `taken`: another program has the port, the next may do. `failed`: no port of this address will do now. */
  readonly failure: 'taken' | 'failed';
  /** The system's error code, EADDRINUSE and the like. */
  readonly detail: string;
}

/** What a packet loop drives. */
export interface PacketHandler {
  /** `data` is valid during the call only. `now` in monotonic ms. */
  onPacket(
    socket: number,
    data: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
    now: number,
  ): void;
  /** Monotonic ms. */
  nextDeadline(): number | undefined;
  onDeadline(now: number): void;
}

/** Packet I/O together with the loop that waits for packets. */
export interface PacketLoop extends PacketIo {
  readonly name: string;
  /** Monotonic ms, the clock of `now` and of deadlines. */
  now(): number;
  /** Returns at once; the handler is called from then on. */
  run(handler: PacketHandler): void;
  /** To be called when `nextDeadline` has moved by other than a packet, or when Node has something to finish (a write). */
  wake(): void;
  /** Ends the loop and closes all sockets. */
  stop(): void;
}
