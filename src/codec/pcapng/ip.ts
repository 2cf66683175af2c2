import type { HostPort } from '#kernel';

/** The octets of an address as text: 4 or 16; undefined where it is none. */
export function addressOctets(text: string): readonly number[] | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return bare.includes(':') ? sixteen(bare) : four(bare);
}

function four(text: string): readonly number[] | undefined {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  return parts.length === 4 && parts.every((part) => part <= 255) ? parts : undefined;
}

function sixteen(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [front, back] = halves.map(groups);
  if (!front || (halves.length === 2 && !back)) return undefined;
  const missing = 16 - front.length - (back?.length ?? 0);
  if (back ? missing < 2 : missing !== 0) return undefined;
  return back ? [...front, ...new Array<number>(missing).fill(0), ...back] : front;
}

function groups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1 && part.includes('.') ? four(part) : undefined;
    if (last) octets.push(...last);
    else if (/^[\da-f]{1,4}$/i.test(part)) {
      const value = Number.parseInt(part, 16);
      octets.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return octets;
}

const protocols = { udp: 17, tcp: 6 } as const;

/** A datagram of one packet: IPv4 or IPv6, with right checksums. `segment`: the transport's header and what it carries, its checksum 0. */
export function ipPacket(
  from: readonly number[],
  to: readonly number[],
  transport: 'udp' | 'tcp',
  segment: Uint8Array,
): Uint8Array {
  const checksumAt = transport === 'udp' ? 6 : 16;
  // Of the pseudo header (RFC 768, RFC 9293 3.1, RFC 8200 8.1), whose other octets are zero.
  let sum = protocols[transport] + segment.length;
  for (let i = 0; i < from.length; i += 2) sum += word(from, i) + word(to, i);
  const checksum = folded(sum + sumOf(segment));
  segment[checksumAt] = checksum >> 8;
  segment[checksumAt + 1] = checksum & 0xff;
  const header =
    from.length === 4 ? ipv4(from, to, transport, segment.length) : ipv6(from, to, transport, segment.length);
  const packet = new Uint8Array(header.length + segment.length);
  packet.set(header);
  packet.set(segment, header.length);
  return packet;
}

function ipv4(from: readonly number[], to: readonly number[], transport: 'udp' | 'tcp', length: number): Uint8Array {
  const total = 20 + length;
  const header = Uint8Array.of(
    0x45,
    0,
    total >> 8,
    total & 0xff,
    0,
    0,
    0x40,
    0,
    64,
    protocols[transport],
    0,
    0,
    ...from,
    ...to,
  );
  const checksum = folded(sumOf(header));
  header[10] = checksum >> 8;
  header[11] = checksum & 0xff;
  return header;
}

function ipv6(from: readonly number[], to: readonly number[], transport: 'udp' | 'tcp', length: number): Uint8Array {
  return Uint8Array.of(0x60, 0, 0, 0, length >> 8, length & 0xff, protocols[transport], 64, ...from, ...to);
}

function word(octets: ArrayLike<number>, at: number): number {
  return (octets[at]! << 8) | (octets[at + 1] ?? 0);
}

function sumOf(octets: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += word(octets, i);
  return sum;
}

/** RFC 1071. */
function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return ~rest & 0xffff;
}

/** A UDP header and what it carries. */
export function udpSegment({ port: from }: HostPort, { port: to }: HostPort, data: Uint8Array): Uint8Array {
  const length = 8 + data.length;
  const segment = new Uint8Array(length);
  segment.set([from >> 8, from & 0xff, to >> 8, to & 0xff, length >> 8, length & 0xff]);
  segment.set(data, 8);
  return segment;
}

/** A TCP header and what it carries; as the middle of a connection. */
export function tcpSegment(
  { port: from }: HostPort,
  { port: to }: HostPort,
  sequence: number,
  acknowledged: number,
  data: Uint8Array,
): Uint8Array {
  const segment = new Uint8Array(20 + data.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, from);
  view.setUint16(2, to);
  view.setUint32(4, sequence >>> 0);
  view.setUint32(8, acknowledged >>> 0);
  // Five words of header; PSH and ACK.
  view.setUint16(12, 0x5018);
  view.setUint16(14, 0xffff);
  segment.set(data, 20);
  return segment;
}
