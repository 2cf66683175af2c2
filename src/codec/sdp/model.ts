import type { Octets } from '#kernel';

/** One line: a letter, "=", and all that follows as received. */
export interface SdpLine {
  readonly type: string;
  readonly value: Octets;
}

export type AddressType = 'IP4' | 'IP6';

/** o= (RFC 8866 5.2). The numbers stay text: they may exceed what a number can hold. */
export interface Origin {
  readonly username: Octets;
  readonly sessionId: string;
  readonly version: string;
  readonly netType: string;
  readonly addressType: AddressType;
  readonly address: string;
}

/** c= (RFC 8866 5.7), without multicast TTL and count. */
export interface Connection {
  readonly addressType: AddressType;
  readonly address: string;
}

/** m= and what belongs to it. */
export interface MediaDescription {
  readonly media: string;
  /** 0: the stream is refused or gone (RFC 3264 6, 8.2). */
  readonly port: number;
  readonly portCount?: number | undefined;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Its own c=, the first when there are several. */
  readonly connection?: Connection | undefined;
  /** Every line after m=, in order. */
  readonly lines: readonly SdpLine[];
}

export interface SessionDescription {
  /** Every line before the first m=, in order: v=, o=, s= and so on. */
  readonly lines: readonly SdpLine[];
  readonly origin: Origin;
  readonly connection?: Connection | undefined;
  readonly media: readonly MediaDescription[];
}

/** Octets that are no session description. `line` counts from 1. */
export interface SdpFault {
  readonly kind: 'fault';
  readonly reason: string;
  readonly line: number;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What a peer can make us hold. */
export const sdpLimits = { octets: 64 * 1024, lines: 1000, media: 32 } as const;
