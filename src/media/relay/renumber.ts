import { rtpHeaderLength } from '#codec/rtp';

/** Bit 7 marks types of packets that carry others (RFC 2198); the rest is the type that they become. */
const carries = 0x80;

/** What `renumber` goes by: one octet a payload type. Undefined when nothing would change. */
export function renumbering(
  types: Readonly<Record<number, number>> | undefined,
  redundant: readonly number[] | undefined,
): Uint8Array | undefined {
  const changed = types && Object.entries(types).filter(([from, to]) => Number(from) !== to);
  if (!changed || changed.length === 0) return undefined;
  const table = new Uint8Array(128);
  for (let type = 0; type < 128; type++) table[type] = type;
  for (const [from, to] of changed) table[Number(from)] = to;
  for (const type of redundant ?? []) table[type]! |= carries;
  return table;
}

/** Writes the other side's payload types into an RTP packet, in place. */
export function renumber(packet: Uint8Array, length: number, table: Uint8Array): void {
  const second = packet[1]!;
  const becomes = table[second & 0x7f]!;
  packet[1] = (second & 0x80) | (becomes & 0x7f);
  if (becomes < carries) return;
  // RFC 2198 3: headers of four octets while their first bit is set, then one of a single octet.
  for (let at = rtpHeaderLength(packet, length); at < length; at += 4) {
    const head = packet[at]!;
    packet[at] = (head & 0x80) | (table[head & 0x7f]! & 0x7f);
    if (head < 0x80) return;
  }
}
