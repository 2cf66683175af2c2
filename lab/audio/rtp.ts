import type { G711 } from '#codec/g711';
import { isRtp, payloadTypeOf } from '#codec/rtp';
import { Reception } from '#media/quality';
import { sampleRate, ToneDetector, type ToneSource } from './tone.ts';

/** 20 ms, the default of RFC 3551 4.5.14. */
export const packetMs = 20;
const samplesInPacket = (sampleRate * packetMs) / 1000;
const headerLength = 12;

/** A tone as RTP packets (RFC 3550 5.1). */
export class ToneSender {
  packets = 0;
  readonly #law: G711;
  readonly #tone: ToneSource;
  readonly #ssrc: number;
  #sequence: number;
  #timestamp: number;
  #marker = true;

  constructor(law: G711, tone: ToneSource, start: { ssrc: number; sequence: number; timestamp: number }) {
    this.#law = law;
    this.#tone = tone;
    this.#ssrc = start.ssrc;
    this.#sequence = start.sequence;
    this.#timestamp = start.timestamp;
  }

  /** The next 20 ms. */
  next(): Uint8Array {
    const packet = new Uint8Array(headerLength + samplesInPacket);
    const view = new DataView(packet.buffer);
    packet[0] = 0x80;
    packet[1] = this.#law.payloadType | (this.#marker ? 0x80 : 0);
    view.setUint16(2, this.#sequence);
    view.setUint32(4, this.#timestamp);
    view.setUint32(8, this.#ssrc);
    for (let i = headerLength; i < packet.length; i++) packet[i] = this.#law.code(this.#tone.next());
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + samplesInPacket) >>> 0;
    this.#marker = false;
    this.packets++;
    return packet;
  }

  /** Silence of `packets` packets: time goes on, and the next packet begins a talkspurt (RFC 3551 4.1). */
  skip(packets: number): void {
    this.#timestamp = (this.#timestamp + packets * samplesInPacket) >>> 0;
    this.#marker = true;
  }
}

/** What is heard of the other side: RFC 3550's counters, and its tone. */
export class ToneListener {
  readonly reception = new Reception();
  readonly tone: ToneDetector;
  /** Not RTP, or not G.711 of the law agreed on. */
  strange = 0;
  readonly #law: G711;

  constructor(law: G711, frequency: number) {
    this.#law = law;
    this.tone = new ToneDetector(frequency);
  }

  /** One datagram that came at `now`, monotonic ms. */
  add(packet: Uint8Array, now: number): void {
    if (!isRtp(packet, packet.length) || payloadTypeOf(packet) !== this.#law.payloadType) {
      this.strange++;
      return;
    }
    this.reception.add(packet, packet.length, sampleRate, now);
    // A phone sends neither contributing sources nor extensions nor padding: the payload is all that follows.
    for (let i = headerLength; i < packet.length; i++) this.tone.add(this.#law.linear[packet[i]!]!);
  }
}
