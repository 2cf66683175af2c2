import { isRtp, payloadTypeOf, rtpHeaderLength, timestampOf } from '#codec/rtp';

/** The events of RFC 4733 3.2 in the order of their codes. */
const keys = '0123456789*#ABCD';
/** 100 ms: old far ends want more than the 40 ms that ITU-T Q.24 names. */
const digitPacketCount = 5;
/** The last is sent three times (RFC 4733 2.5.1.4). */
const lastTimes = 3;
const samplesInPacket = 160;
/** Of a tone of -10 dBm0. */
const volume = 10;

/**
 * One digit as the payloads of RFC 4733 packets in order, 20 ms apart, all with the timestamp of the first. Undefined when
 * it is no digit.
 */
export function digitPackets(digit: string): readonly Uint8Array[] | undefined {
  const event = keys.indexOf(digit.toUpperCase());
  if (digit.length !== 1 || event < 0) return undefined;
  const payload = (isEnd: boolean, duration: number) =>
    Uint8Array.of(event, (isEnd ? 0x80 : 0) | volume, duration >> 8, duration & 0xff);
  const packets: Uint8Array[] = [];
  for (let n = 1; n <= digitPacketCount; n++) packets.push(payload(false, n * samplesInPacket));
  for (let n = 0; n < lastTimes; n++) packets.push(payload(true, digitPacketCount * samplesInPacket));
  return packets;
}

/** Hears the digits in what comes: each once, however many packets tell of it. */
export class DigitListener {
  heard = '';
  readonly #payloadType: number;
  #last: number | undefined;

  constructor(payloadType: number) {
    this.#payloadType = payloadType;
  }

  /** True when it was a packet of digits. */
  add(packet: Uint8Array): boolean {
    if (!isRtp(packet, packet.length) || payloadTypeOf(packet) !== this.#payloadType) return false;
    const event = packet[rtpHeaderLength(packet, packet.length)];
    const timestamp = timestampOf(packet);
    if (event === undefined || timestamp === this.#last) return true;
    this.#last = timestamp;
    // What nobody dials (hook flash and its like) is not a digit.
    this.heard = (this.heard + (keys[event] ?? '')).slice(-64);
    return true;
  }
}
