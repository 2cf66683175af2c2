/** An IPv6 address in four words, IPv4 as ::ffff:a.b.c.d, and a port. */
export interface WireAddress {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly port: number;
}

/** Octets of a block around the IP packet that it has. */
const blockOctets = 32;
const dataInBlock = 28;
const udpHeader = 8;
const udp = 17;

/** Octets that the block of a datagram of `length` takes. */
export function udpBlockLength(from: WireAddress, length: number): number {
  const ip = (isIpv4(from) ? 20 : 40) + udpHeader + length;
  return blockOctets + ((ip + 3) & ~3);
}

/** Where the datagram's octets lie in its block. */
export function udpDataAt(from: WireAddress): number {
  return dataInBlock + (isIpv4(from) ? 20 : 40) + udpHeader;
}

/**
 * Writes the block of a datagram around its octets, of `length`, that stand in place already (`udpDataAt`). `at`: where the block
 * begins, a multiple of 4; `wall`: Unix ms, with fractions. Allocates nothing: for who copies packets as they pass.
 */
export function writeUdpBlock(
  view: DataView,
  at: number,
  wall: number,
  from: WireAddress,
  to: WireAddress,
  length: number,
): void {
  const isV4 = isIpv4(from);
  const segment = udpHeader + length;
  const ipLength = (isV4 ? 20 : 40) + segment;
  const whole = udpBlockLength(from, length);
  const micros = Math.round(wall * 1_000);
  view.setUint32(at, 6, true);
  view.setUint32(at + 4, whole, true);
  view.setUint32(at + 8, 0, true);
  view.setUint32(at + 12, Math.floor(micros / 0x1_0000_0000), true);
  view.setUint32(at + 16, micros % 0x1_0000_0000, true);
  view.setUint32(at + 20, ipLength, true);
  view.setUint32(at + 24, ipLength, true);
  view.setUint32(at + whole - 4, whole, true);
  const ip = at + dataInBlock;
  for (let pad = ip + ipLength; pad < at + whole - 4; pad++) view.setUint8(pad, 0);
  const transport = ip + ipLength - segment;
  if (isV4) {
    view.setUint32(ip, 0x4500_0000 | ipLength);
    view.setUint32(ip + 4, 0x4000);
    view.setUint32(ip + 8, (64 << 24) | (udp << 16));
    view.setInt32(ip + 12, from.d);
    view.setInt32(ip + 16, to.d);
    view.setUint16(ip + 10, folded(sumOf(view, ip, ip + 20)));
  } else {
    view.setUint32(ip, 0x6000_0000);
    view.setUint16(ip + 4, segment);
    view.setUint16(ip + 6, (udp << 8) | 64);
    writeIpv6(view, ip + 8, from);
    writeIpv6(view, ip + 24, to);
  }
  view.setUint16(transport, from.port);
  view.setUint16(transport + 2, to.port);
  view.setUint16(transport + 4, segment);
  view.setUint16(transport + 6, 0);
  // With the pseudo header (RFC 768, RFC 8200 8.1): the addresses lie right before it.
  const addresses = isV4 ? 8 : 32;
  const sum = sumOf(view, transport - addresses, transport + segment) + udp + segment;
  // Of IPv4, none would be 0 (RFC 768).
  view.setUint16(transport + 6, folded(sum) || 0xffff);
}

function isIpv4({ a, b, c }: WireAddress): boolean {
  return a === 0 && b === 0 && c === 0xffff;
}

function writeIpv6(view: DataView, at: number, { a, b, c, d }: WireAddress): void {
  view.setInt32(at, a);
  view.setInt32(at + 4, b);
  view.setInt32(at + 8, c);
  view.setInt32(at + 12, d);
}

function sumOf(view: DataView, from: number, to: number): number {
  let sum = 0;
  let at = from;
  for (; at + 1 < to; at += 2) sum += view.getUint16(at);
  return at < to ? sum + (view.getUint8(at) << 8) : sum;
}

/** RFC 1071. */
function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return ~rest & 0xffff;
}
