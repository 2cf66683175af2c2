import { eventPayloadLength, longestSegment, writeEvent } from '#codec/dtmf';
import type { G711 } from '#codec/g711';
import { DualTone } from '#media/dtmf';
import type { DigitStream } from './digit-stream.ts';
import { headerLength } from './injector.ts';

/** RFC 4733 2.5.1.4: the end is told three times, lest it be lost. */
const ends = 3;

/**
 * One key on its way to a peer as telephone-event (RFC 4733 2.5.1): by and by as time goes, in segments where it is long. Time is
 * counted in units of the stream that it is part of; durations are told in the event's own, which may be others.
 */
export class MadeEvent {
  /** Timestamp. */
  readonly start: number;
  readonly #event: number;
  readonly #payloadType: number;
  /** Units of the event to one of the stream. */
  readonly #scale: number;
  /** Units of the event that former segments have told. */
  #before = 0;
  #duration = 0;
  #ends = 0;
  #first = true;

  /** `rate` of the event and `streamRate`: Hz. */
  constructor(event: number, payloadType: number, rate: number, streamRate: number, start: number) {
    this.start = start;
    this.#event = event;
    this.#payloadType = payloadType;
    this.#scale = rate / streamRate;
  }

  /** Its end has been told as often as it must. */
  get over(): boolean {
    return this.#ends >= ends;
  }

  /** Units of the stream that have been told. */
  get units(): number {
    return (this.#before + this.#duration) / this.#scale;
  }

  /** Tells that it has lasted for so many units of the stream; once its end was told, that again. */
  tell(units: number, isEnd: boolean, stream: DigitStream): void {
    if (this.#ends === 0) {
      // Time does not go back, whatever timestamps say.
      const total = Math.max(Math.round(units * this.#scale), this.#before + this.#duration, 1);
      while (total - this.#before > longestSegment) {
        // The segment is told in full, so that the next one is seen to go on from it (2.5.1.3).
        this.#duration = longestSegment;
        this.#send(false, stream);
        this.#before += longestSegment;
      }
      this.#duration = total - this.#before;
    }
    if (isEnd || this.#ends > 0) this.#ends++;
    this.#send(this.#ends > 0, stream);
  }

  #send(isEnd: boolean, stream: DigitStream): void {
    writeEvent(stream.packet, headerLength, this.#event, isEnd, this.#duration);
    const timestamp = this.start + Math.round(this.#before / this.#scale);
    stream.send(this.#payloadType, this.#first, timestamp, headerLength + eventPayloadLength);
    this.#first = false;
  }
}

/** One key on its way as the tones of G.711, sample by sample. */
export class MadeTone {
  /** Timestamp. */
  readonly start: number;
  readonly #tone: DualTone;
  /** Samples that have been sent. */
  units = 0;

  constructor(event: number, start: number) {
    this.start = start;
    this.#tone = new DualTone(event);
  }

  /** Its samples, up to `until` of them all; then silence. */
  write(packet: Uint8Array, from: number, to: number, until: number, law: G711): void {
    const end = Math.min(to, from + Math.max(0, until - this.units));
    this.#tone.write(packet, from, end, law);
    packet.fill(law.code(0), end, to);
    this.units += to - from;
  }
}
