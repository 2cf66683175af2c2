/**
 * The UDPTL header read in place (ITU-T T.38 9.1, aligned PER): a sequence number of two octets, the primary IFP packet
 * after its length, then what repairs losses. For the packet path: no object, no copy, no allocation. As with RTP, `packet`
 * may be a larger buffer, and the getter expects what `isUdptl` has let through.
 */

/** Octets of the longest datagram that is taken: T38FaxMaxDatagram is rarely more than 400, and no path takes 1,500 whole. */
export const longestUdptl = 2048;

const header = 3;

/**
 * A UDPTL packet: no longer than allowed, and its primary packet, which is never empty, fits in it. RTCP and STUN of reasonable
 * length are none.
 */
export function isUdptl(packet: Uint8Array, length: number): boolean {
  if (length <= header || length > longestUdptl) return false;
  // X.691 10.9.3: up to 127 in one octet, up to 16,383 in two; what is longer comes in pieces and does not fit in here.
  const first = packet[2]!;
  if (first < 0x80) return first > 0 && length >= header + first;
  return first < 0xc0 && length >= header + 1 + (((first & 0x3f) << 8) | packet[3]!);
}

export function udptlSequenceOf(packet: Uint8Array): number {
  return (packet[0]! << 8) | packet[1]!;
}
