import { addressOctets } from '#codec/pcapng';
import type { HostPort, Octets } from '#kernel';

/** A SIP message as it was seen, for a capture server. */
export interface HepPacket {
  /** Unix ms, with fractions. */
  readonly at: number;
  readonly from: HostPort;
  readonly to: HostPort;
  readonly transport: 'udp' | 'tcp';
  /** What the server knows us by. */
  readonly agent: number;
  readonly password?: Octets;
  /** What belongs together has the same: all legs of a call. */
  readonly correlation?: Octets;
  readonly payload: Octets;
}

/** Octets of a message that fit: lengths have 16 bits, and a datagram is no longer. */
export const mostPayload = 60_000;

/** Types of chunks of vendor 0, by the HEP3 document 3.3. */
const chunk = {
  family: 0x01,
  protocol: 0x02,
  source4: 0x03,
  target4: 0x04,
  source6: 0x05,
  target6: 0x06,
  sourcePort: 0x07,
  targetPort: 0x08,
  seconds: 0x09,
  microseconds: 0x0a,
  kind: 0x0b,
  agent: 0x0c,
  password: 0x0e,
  payload: 0x0f,
  correlation: 0x11,
} as const;

const families = { ipv4: 2, ipv6: 10 } as const;
const protocols = { udp: 17, tcp: 6 } as const;
const sip = 1;
const header = 6;
const any4: readonly number[] = [0, 0, 0, 0];

/** One packet of HEP version 3. Addresses that are none (a name) become 0.0.0.0; what is longer than `mostPayload` is cut. */
export function encodeHep(packet: HepPacket): Uint8Array {
  const { at, from, to, transport, agent, password, correlation } = packet;
  const payload = packet.payload.length > mostPayload ? packet.payload.slice(0, mostPayload) : packet.payload;
  let source = addressOctets(from.host) ?? any4;
  let target = addressOctets(to.host) ?? any4;
  if (source.length !== target.length) source = target = any4;
  const isIpv6 = source.length === 16;
  const length =
    header +
    2 * (header + source.length) +
    3 * (header + 1) +
    2 * (header + 2) +
    3 * (header + 4) +
    [password, correlation].reduce((sum, text) => sum + (text === undefined ? 0 : header + text.length), 0) +
    header +
    payload.length;
  const writer = new Writer(length);
  writer.number(chunk.family, 1, isIpv6 ? families.ipv6 : families.ipv4);
  writer.number(chunk.protocol, 1, protocols[transport]);
  writer.bytes(isIpv6 ? chunk.source6 : chunk.source4, source);
  writer.bytes(isIpv6 ? chunk.target6 : chunk.target4, target);
  writer.number(chunk.sourcePort, 2, from.port);
  writer.number(chunk.targetPort, 2, to.port);
  const seconds = Math.floor(at / 1000);
  writer.number(chunk.seconds, 4, seconds);
  writer.number(chunk.microseconds, 4, Math.floor((at - seconds * 1000) * 1000));
  writer.number(chunk.kind, 1, sip);
  writer.number(chunk.agent, 4, agent);
  if (password !== undefined) writer.octets(chunk.password, password);
  if (correlation !== undefined) writer.octets(chunk.correlation, correlation);
  writer.octets(chunk.payload, payload);
  return writer.packet;
}

/** Fills a packet of known length, chunk by chunk: vendor, type, length with these six octets, value. */
class Writer {
  readonly packet: Uint8Array;
  readonly #view: DataView;
  #at = header;

  constructor(length: number) {
    this.packet = new Uint8Array(length);
    this.#view = new DataView(this.packet.buffer);
    this.packet.set([0x48, 0x45, 0x50, 0x33]); // HEP3
    this.#view.setUint16(4, length);
  }

  number(type: number, size: 1 | 2 | 4, value: number): void {
    const at = this.#begin(type, size);
    if (size === 1) this.#view.setUint8(at, value);
    else if (size === 2) this.#view.setUint16(at, value);
    else this.#view.setUint32(at, value);
  }

  bytes(type: number, value: readonly number[]): void {
    this.packet.set(value, this.#begin(type, value.length));
  }

  octets(type: number, value: Octets): void {
    const at = this.#begin(type, value.length);
    for (let i = 0; i < value.length; i++) this.packet[at + i] = value.charCodeAt(i);
  }

  #begin(type: number, length: number): number {
    const at = this.#at;
    this.#view.setUint16(at + 2, type);
    this.#view.setUint16(at + 4, header + length);
    this.#at = at + header + length;
    return at + header;
  }
}
