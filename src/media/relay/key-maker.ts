import { toneEvents } from '#codec/dtmf';
import { type G711, pcma, pcmu } from '#codec/g711';
import type { DigitsPlan } from '#codec/media-control';
import type { DigitStream } from './digit-stream.ts';
import { headerLength } from './injector.ts';
import { MadeEvent, MadeTone } from './made-key.ts';

/** Keys that wait to be made: whoever dials more at once dials no number. */
const mostWaiting = 32;
/** Ms: shorter keys are made longer (ITU-T Q.24 asks for 40), and no key follows another sooner. */
const shortestKey = 60;
const shortestPause = 60;
const longestKey = 5_000;
/** Ms in a packet where nothing of the peer's tells. */
export const usualPacket = 20;
/** Samples of tone in a packet, and packets of it that one packet of an event may make up for. */
const toneLength = 160;
const mostCatchUp = 5;
/** Samples a second of G.711. */
const toneRate = 8000;

interface WaitingKey {
  readonly event: number;
  readonly ms: number;
}

/**
 * Makes keys for one peer, one after the other, as events or tones. A packet of a key takes the place of what the other peer says at
 * that moment, which keeps the time of its stream; where nothing is said, packets are put in as time goes.
 */
export class KeyMaker {
  readonly #stream: DigitStream;
  #plan: DigitsPlan | undefined;
  #waiting: WaitingKey[] = [];
  #made: MadeEvent | MadeTone | undefined;
  /** Units of the stream for which it is to last; infinite while it is pressed. */
  #until = 0;
  /** Monotonic ms before which no other key begins. */
  #restUntil = Number.NEGATIVE_INFINITY;
  /** Hz of the stream's clock. */
  rate = 8000;
  /** The law in which the peer speaks; undefined when it speaks otherwise, or not yet. */
  law: G711 | undefined;

  constructor(stream: DigitStream) {
    this.#stream = stream;
  }

  apply(plan: DigitsPlan | undefined): void {
    this.#plan = plan;
    if (!plan || plan.as === 'told') this.#waiting = [];
  }

  /** A key is on its way. */
  get busy(): boolean {
    return this.#made !== undefined;
  }

  /** There is something to do now, or there will be. */
  get wanted(): boolean {
    return this.#made !== undefined || this.#waiting.length > 0;
  }

  /** It is to be sung while it lasts: not every packet can be. */
  get makesTone(): boolean {
    return this.#made instanceof MadeTone;
  }

  canMake(event: number): boolean {
    if (this.#plan?.as === 'events') return this.#eventType() !== undefined;
    return this.#plan?.as === 'tones' && event < toneEvents && this.#toneLaw() !== undefined;
  }

  /** Makes it when those before it are through. False when there are too many, or there is no way. */
  ask(event: number, ms: number): boolean {
    if (!this.canMake(event) || this.#waiting.length >= mostWaiting) return false;
    this.#waiting.push({ event, ms: Math.min(Math.max(ms, shortestKey), longestKey) });
    return true;
  }

  /** Begins a key that is still pressed. False when there is no way. */
  start(event: number, timestamp: number): boolean {
    if (!this.canMake(event)) return false;
    this.#begin(event, timestamp);
    this.#until = Number.POSITIVE_INFINITY;
    return true;
  }

  /** It is pressed no more; it was for so many units of the stream. */
  finish(units = this.#made?.units ?? 0): void {
    this.#until = Math.max(units, (shortestKey * this.rate) / 1000);
  }

  /** Ends what is on its way at once: its stream ends. */
  cut(now: number): void {
    const made = this.#made;
    if (made instanceof MadeEvent) while (!made.over) made.tell(made.units, true, this.#stream);
    this.#over(now);
  }

  forget(): void {
    this.#waiting = [];
    this.#made = undefined;
  }

  /** The next key that waits begins, where its time has come. */
  next(timestamp: number, now: number): void {
    if (this.#made || this.#waiting.length === 0 || now < this.#restUntil) return;
    const { event, ms } = this.#waiting.shift()!;
    if (!this.canMake(event)) return;
    this.#begin(event, timestamp);
    this.#until = Math.round((ms * this.rate) / 1000);
  }

  /**
   * Something is said by the peer, from `start` to `length` of the packet, which ends at the timestamp `end`. True when it goes on,
   * with the key in place of what was said.
   */
  takePlace(
    packet: Uint8Array,
    start: number,
    length: number,
    law: G711 | undefined,
    end: number,
    now: number,
  ): boolean {
    const made = this.#made;
    if (made instanceof MadeEvent) {
      this.#tell(made, end - made.start, now);
      return false;
    }
    if (!made || !law) return false;
    made.write(packet, start, length, this.#until, law);
    if (made.units >= this.#until) this.#over(now);
    return true;
  }

  /** The event that the key is made of has lasted for so many units of the stream. */
  follow(units: number, now: number): void {
    const made = this.#made;
    if (made instanceof MadeEvent) return this.#tell(made, units, now);
    for (let n = 0; made && made.units < Math.min(units, this.#until) && n < mostCatchUp; n++) this.#sing(made, now);
  }

  /** Nothing is said by the peer: the next packet is put in, the time of the stream being `timestamp`. Its units. */
  goOn(timestamp: number, now: number): number {
    const units = Math.round((usualPacket * this.rate) / 1000);
    const made = this.#made;
    if (made instanceof MadeEvent) this.#tell(made, timestamp + units - made.start, now);
    else if (made) this.#sing(made, now);
    return units;
  }

  #begin(event: number, timestamp: number): void {
    if (this.#plan?.as === 'tones') {
      this.#made = new MadeTone(event, timestamp);
      return;
    }
    const [rate, type] = this.#eventType()!;
    this.#made = new MadeEvent(event, type, rate, this.rate, timestamp);
  }

  #tell(made: MadeEvent, units: number, now: number): void {
    const told = (units | 0) < 0 ? made.units : units;
    made.tell(Math.min(told, this.#until), told >= this.#until, this.#stream);
    if (made.over) this.#over(now);
  }

  #sing(made: MadeTone, now: number): void {
    const law = this.#toneLaw();
    if (!law) return this.#over(now);
    const first = made.units === 0;
    const timestamp = made.start + made.units;
    made.write(this.#stream.packet, headerLength, headerLength + toneLength, this.#until, law);
    this.#stream.send(law.payloadType, first, timestamp, headerLength + toneLength);
    if (made.units >= this.#until) this.#over(now);
  }

  #over(now: number): void {
    if (this.#made) this.#restUntil = now + shortestPause;
    this.#made = undefined;
  }

  /** Clock rate and payload type of the events that the other side takes: of the stream's clock, where there are such. */
  #eventType(): readonly [rate: number, type: number] | undefined {
    const types = this.#plan?.eventTypes ?? {};
    const same = types[this.rate];
    if (same !== undefined) return [this.rate, same];
    const [other] = Object.entries(types);
    return other && [Number(other[0]), other[1]];
  }

  #toneLaw(): G711 | undefined {
    if (this.rate !== toneRate) return undefined;
    return this.law ?? (this.#plan?.law === undefined ? undefined : this.#plan.law === 'PCMA' ? pcma : pcmu);
  }
}
