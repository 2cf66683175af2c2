import type { G711 } from '#codec/g711';
import { isRtp, payloadTypeOf } from '#codec/rtp';
import { Reception } from '#media/quality';
import { DigitListener, digitPackets } from './digits.ts';
import { LevelMeter } from './level.ts';
import { sampleRate, ToneDetector, type ToneSource } from './tone.ts';

/** 20 ms, the default of RFC 3551 4.5.14. */
export const packetMs = 20;
const samplesInPacket = (sampleRate * packetMs) / 1000;
const headerLength = 12;

/** Of the tone, so that far ends tell one digit from the next. */
const packetsBetweenDigits = 4;

interface DigitPacket {
  readonly payload: Uint8Array;
  readonly payloadType: number;
  readonly isFirst: boolean;
}

/** A tone as RTP packets (RFC 3550 5.1). */
export class ToneSender {
  packets = 0;
  readonly #law: G711;
  readonly #tone: ToneSource;
  readonly #ssrc: number;
  #sequence: number;
  #timestamp: number;
  #marker = true;
  /** Digits, and (undefined) the tone between them. */
  readonly #waiting: (DigitPacket | undefined)[] = [];
  #digitBegan = 0;

  constructor(law: G711, tone: ToneSource, start: { ssrc: number; sequence: number; timestamp: number }) {
    this.#law = law;
    this.#tone = tone;
    this.#ssrc = start.ssrc;
    this.#sequence = start.sequence;
    this.#timestamp = start.timestamp;
  }

  /** The next 20 ms. */
  next(): Uint8Array {
    const waiting = this.#waiting.shift();
    const packet = waiting ? this.#digit(waiting) : this.#speech();
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + samplesInPacket) >>> 0;
    this.packets++;
    return packet;
  }

  /** Sends digits (RFC 4733) in place of the tone, one after the other; what is no digit is left out. */
  dial(digits: string, payloadType: number): void {
    for (const digit of digits) {
      for (const [n, payload] of (digitPackets(digit) ?? []).entries()) {
        this.#waiting.push({ payload, payloadType, isFirst: n === 0 });
      }
      this.#waiting.push(...new Array<undefined>(packetsBetweenDigits).fill(undefined));
    }
  }

  /** Ms until the last digit has been sent. */
  get dialling(): number {
    return this.#waiting.length * packetMs;
  }

  #digit({ payload, payloadType, isFirst }: DigitPacket): Uint8Array {
    if (isFirst) this.#digitBegan = this.#timestamp;
    const packet = this.#packet(payload.length, payloadType, isFirst, this.#digitBegan);
    packet.set(payload, headerLength);
    // What follows begins a talkspurt.
    this.#marker = true;
    return packet;
  }

  #speech(): Uint8Array {
    const packet = this.#packet(samplesInPacket, this.#law.payloadType, this.#marker, this.#timestamp);
    for (let i = headerLength; i < packet.length; i++) packet[i] = this.#law.code(this.#tone.next());
    this.#marker = false;
    return packet;
  }

  #packet(length: number, payloadType: number, marker: boolean, timestamp: number): Uint8Array {
    const packet = new Uint8Array(headerLength + length);
    const view = new DataView(packet.buffer);
    packet[0] = 0x80;
    packet[1] = payloadType | (marker ? 0x80 : 0);
    view.setUint16(2, this.#sequence);
    view.setUint32(4, timestamp);
    view.setUint32(8, this.#ssrc);
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
  readonly level = new LevelMeter();
  /** Where digits are listened for. */
  readonly digits: DigitListener | undefined;
  /** Not RTP, or not G.711 of the law agreed on. */
  strange = 0;
  readonly #law: G711;

  /** `digits`: their payload type. */
  constructor(law: G711, frequency: number, digits?: number) {
    this.#law = law;
    this.tone = new ToneDetector(frequency);
    this.digits = digits === undefined ? undefined : new DigitListener(digits);
  }

  /** One datagram that came at `now`, monotonic ms. */
  add(packet: Uint8Array, now: number): void {
    if (this.digits?.add(packet)) {
      // Of the same stream, so that none is missed; no clock is measured by them.
      this.reception.add(packet, packet.length, 0, now);
      return;
    }
    if (!isRtp(packet, packet.length) || payloadTypeOf(packet) !== this.#law.payloadType) {
      this.strange++;
      return;
    }
    this.reception.add(packet, packet.length, sampleRate, now);
    // A phone sends neither contributing sources nor extensions nor padding: the payload is all that follows.
    for (let i = headerLength; i < packet.length; i++) {
      const sample = this.#law.linear[packet[i]!]!;
      this.tone.add(sample);
      this.level.add(sample);
    }
  }
}
