/**
 * The RTP and RTCP headers read in place: no object, no copy, no allocation, for the packet path.
 *
 * `length` is the datagram's size; `packet` may be a larger buffer that is used again and again. The getters
 * expect a packet that `isRtp` has let through.
 */

const version2 = 2 << 6;
const fixedHeader = 12;

/**
 * RTCP by its second octet (RFC 5761 4): packet types 192 to 223, which as RTP would be payload types 64 to 95 with
 * the marker set, kept free for that reason. For a port that carries both.
 */
export function looksLikeRtcp(packet: Uint8Array, length: number): boolean {
  if (length < 2) return false;
  const type = packet[1]!;
  return type >= 192 && type <= 223;
}

/**
 * An RTP packet (RFC 3550 5.1): version 2, not RTCP, and its header, contributing sources and extension fit in it.
 * Padding is not looked at: under SRTP its count is encrypted.
 */
export function isRtp(packet: Uint8Array, length: number): boolean {
  if (length < fixedHeader) return false;
  const first = packet[0]!;
  if ((first & 0xc0) !== version2) return false;
  const type = packet[1]!;
  if (type >= 192 && type <= 223) return false;
  return length >= rtpHeaderLength(packet, length);
}

/** Octets before the payload: fixed header, contributing sources, extension. More than `length` when they do not fit. */
export function rtpHeaderLength(packet: Uint8Array, length: number): number {
  const first = packet[0]!;
  // The common case has neither contributing sources nor an extension.
  if ((first & 0x1f) === 0) return fixedHeader;
  const header = fixedHeader + 4 * (first & 0x0f);
  if ((first & 0x10) === 0) return header;
  if (length < header + 4) return header + 4;
  return header + 4 + 4 * ((packet[header + 2]! << 8) | packet[header + 3]!);
}

/**
 * A compound RTCP packet, or a reduced-size one (RFC 5506): version 2, a type RTCP may have, and a first length that
 * fits. What follows is not walked: under SRTCP it is encrypted.
 */
export function isRtcp(packet: Uint8Array, length: number): boolean {
  if (length < 8 || !looksLikeRtcp(packet, length)) return false;
  if ((packet[0]! & 0xc0) !== version2) return false;
  return length >= 4 + 4 * ((packet[2]! << 8) | packet[3]!);
}

export function payloadTypeOf(packet: Uint8Array): number {
  return packet[1]! & 0x7f;
}

/** 0 to 65535. */
export function sequenceOf(packet: Uint8Array): number {
  return (packet[2]! << 8) | packet[3]!;
}

/** As a signed 32-bit number: differences of two, `| 0`, are right across the wrap. */
export function timestampOf(packet: Uint8Array): number {
  return (packet[4]! << 24) | (packet[5]! << 16) | (packet[6]! << 8) | packet[7]!;
}

/** As a signed 32-bit number: for comparison only. */
export function ssrcOf(packet: Uint8Array): number {
  return (packet[8]! << 24) | (packet[9]! << 16) | (packet[10]! << 8) | packet[11]!;
}
