/**
 * What a cipher makes of packets, of known source and index: no state but keys. `out` may be `packet`; it is as large as
 * the result (`overhead`). The callers have looked at what they pass: RTP has its header, RTCP its first eight octets.
 */
export interface Sealing {
  /** Octets that a packet grows by at most. */
  readonly overhead: number;
  /** The protected packet's length. */
  sealRtp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number;
  sealRtcp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number;
  /** Forgets the keys. */
  end(): void;
}

export interface Opening {
  /** The plain packet's length; -1 when it is not authentic or not whole: `out` is then void. */
  openRtp(packet: Uint8Array, length: number, ssrc: number, index: number, out: Uint8Array): number;
  openRtcp(packet: Uint8Array, length: number, ssrc: number, out: Uint8Array): number;
  /** The index that a protected RTCP packet says it has; -1 when it is too short for one. */
  rtcpIndex(packet: Uint8Array, length: number): number;
  end(): void;
}

/** SRTCP's E flag: the payload is encrypted (RFC 3711 3.4). */
export const encryptedFlag = 0x80000000 | 0;
/** RTCP's header and sender stay in clear. */
export const rtcpHeader = 8;
/** E flag and index. */
export const rtcpIndexLength = 4;
/** The least that is an RTP packet. */
export const rtpHeader = 12;

export function readWord(packet: Uint8Array, at: number): number {
  return (packet[at]! << 24) | (packet[at + 1]! << 16) | (packet[at + 2]! << 8) | packet[at + 3]!;
}

export function writeWord(out: Uint8Array, at: number, word: number): void {
  out[at] = word >>> 24;
  out[at + 1] = word >>> 16;
  out[at + 2] = word >>> 8;
  out[at + 3] = word;
}

/** Copies [`from`, `to`) to the same place of `out`. Not by views: nothing is allocated for a packet. */
export function copyOctets(packet: Uint8Array, from: number, to: number, out: Uint8Array): void {
  if (packet !== out) for (let i = from; i < to; i++) out[i] = packet[i]!;
}

export function writeOctets(out: Uint8Array, at: number, octets: Uint8Array): void {
  for (let i = 0; i < octets.length; i++) out[at + i] = octets[i]!;
}

/** Whether `octets`, which are no secret, stand at `at`. */
export function hasOctets(packet: Uint8Array, at: number, octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) if (packet[at + i] !== octets[i]) return false;
  return true;
}

/** The most that a packet grows by under any suite: SRTCP's index, the longest MKI and tag. */
export const srtpOverhead = rtcpIndexLength + 128 + 16;
