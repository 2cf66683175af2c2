import { type HostPort, type Octets, toOctets } from '#kernel';
import { addressOctets, ipPacket, tcpSegment, udpSegment } from './ip.ts';
import type { TimedBlock } from './packet-blocks.ts';

/** What went from one address to another, as the wire would have had it in clear. */
export interface CapturedPacket {
  /** Unix ms, with fractions. */
  readonly at: number;
  readonly from: HostPort;
  readonly to: HostPort;
  readonly transport: 'udp' | 'tcp';
  readonly octets: Octets;
  /** Said beside it. */
  readonly comment?: string;
}

export interface CaptureFacts {
  /** The program that writes. */
  readonly application: string;
  /** What the whole is about. */
  readonly comment?: string;
}

const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const enhancedPacket = 6;
const magic = 0x1a2b3c4d;
/** LINKTYPE_RAW: an IPv4 or IPv6 packet without anything before it. */
const rawIp = 101;
const options = { end: 0, comment: 1, application: 4, name: 2, resolution: 9 } as const;
/** Octets of a message that fit in one packet. */
const mostOctets = 65_000;

/**
 * A pcapng file (draft-ietf-opsawg-pcapng) of packets in the order of time, which Wireshark opens: each message in an IP packet made for it,
 * what went by TCP or TLS as streams of segments in clear. An address that is none (a name) becomes 0.0.0.0. `others`: packets of another
 * capture of ours, in the order of time as well, that are to stand between.
 */
export function capture(
  packets: readonly CapturedPacket[],
  facts: CaptureFacts,
  others: readonly TimedBlock[] = [],
): Uint8Array {
  const blocks = [captureBeginning(facts)];
  const sent = new Map<string, number>();
  let other = 0;
  for (const packet of packets) {
    for (; other < others.length && others[other]!.at < packet.at; other++) blocks.push(others[other]!.block);
    for (const [index, data] of chunks(packet.octets).entries())
      blocks.push(packetBlock(packet, data, sent, index === 0 ? packet.comment : undefined));
  }
  for (; other < others.length; other++) blocks.push(others[other]!.block);
  return joined(blocks);
}

/** What stands before the packets. */
export function captureBeginning(facts: CaptureFacts): Uint8Array {
  return joined([header(facts), description()]);
}

function packetBlock(
  { at, from, to, transport }: CapturedPacket,
  data: Uint8Array,
  sent: Map<string, number>,
  comment: string | undefined,
): Uint8Array {
  const [source, target] = addresses(from, to);
  let segment: Uint8Array;
  if (transport === 'udp') segment = udpSegment(from, to, data);
  else {
    const way = (one: HostPort, other: HostPort) => `${one.host} ${one.port} ${other.host} ${other.port}`;
    const sequence = sent.get(way(from, to)) ?? 1;
    segment = tcpSegment(from, to, sequence, sent.get(way(to, from)) ?? 1, data);
    sent.set(way(from, to), sequence + data.length);
  }
  const ip = ipPacket(source, target, transport, segment);
  const micros = BigInt(Math.round(at * 1_000));
  const fixed = words([0, Number(micros >> 32n), Number(micros & 0xffff_ffffn), ip.length, ip.length]);
  return block(
    enhancedPacket,
    joined([fixed, padded(ip), optionsOf(comment === undefined ? [] : [text(options.comment, comment)])]),
  );
}

function addresses(from: HostPort, to: HostPort): readonly [readonly number[], readonly number[]] {
  const [source, target] = [addressOctets(from.host), addressOctets(to.host)];
  const nowhere = new Array<number>((source ?? target ?? []).length || 4).fill(0);
  const of = (octets: readonly number[] | undefined) => (octets?.length === nowhere.length ? octets : nowhere);
  return [of(source), of(target)];
}

function header({ application, comment }: CaptureFacts): Uint8Array {
  const said = [
    text(options.application, application),
    ...(comment === undefined ? [] : [text(options.comment, comment)]),
  ];
  // Version 1.0; a section whose length nobody has to know.
  const fixed = words([magic, 1, 0xffff_ffff, 0xffff_ffff]);
  return block(sectionHeader, joined([fixed, optionsOf(said)]));
}

function description(): Uint8Array {
  // Microseconds.
  const resolution = option(options.resolution, Uint8Array.of(6));
  return block(
    interfaceDescription,
    joined([words([rawIp, 0]), optionsOf([text(options.name, 'tandem'), resolution])]),
  );
}

function block(type: number, body: Uint8Array): Uint8Array {
  const length = 12 + body.length;
  return joined([words([type, length]), body, words([length])]);
}

function optionsOf(list: readonly Uint8Array[]): Uint8Array {
  return list.length === 0 ? new Uint8Array() : joined([...list, option(options.end, new Uint8Array())]);
}

function text(code: number, value: string): Uint8Array {
  return option(code, bytesOf(toOctets(value)).subarray(0, 60_000));
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  const view = new DataView(head.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  return joined([head, padded(value)]);
}

function padded(octets: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(octets.length / 4) * 4);
  whole.set(octets);
  return whole;
}

function words(values: readonly number[]): Uint8Array {
  const octets = new Uint8Array(4 * values.length);
  const view = new DataView(octets.buffer);
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value >>> 0, true);
  return octets;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function chunks(octets: Octets): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < octets.length || at === 0; at += mostOctets)
    found.push(bytesOf(octets.slice(at, at + mostOctets)));
  return found;
}

function bytesOf(octets: Octets): Uint8Array {
  const out = new Uint8Array(octets.length);
  for (let i = 0; i < octets.length; i++) out[i] = octets.charCodeAt(i);
  return out;
}
