import { keyOf, TwoWays } from '#codec/dtmf';
import { type G711, pcma, pcmu } from '#codec/g711';
import type { DigitsPlan } from '#codec/media-control';
import { payloadTypeOf, rtpHeaderLength, sequenceOf, ssrcOf, timestampOf } from '#codec/rtp';
import type { Deadline, Deadlines } from '#kernel';
import { EventHearing, type EventListener, lostAfter, ToneHearing } from '#media/dtmf';
import { type DigitOutlet, DigitStream } from './digit-stream.ts';
import { KeyMaker, usualPacket } from './key-maker.ts';
import type { Waking } from './waking.ts';

/** Ms without a packet of the peer after which keys are not made in place of its own any more. */
const silentAfter = 60;
/** Ms by which what is said may be behind an event of the same moment. */
const slack = 100;
/** The longest packet, in ms. */
const longestPacket = 200;

const unknown = new Int32Array(128);

type Handling =
  /** Its packets go on as they are, but for their payload type. */
  | 'passed'
  /** It is made anew while it lasts. */
  | 'live'
  /** It is made, or told, when it is over. */
  | 'kept'
  /** It has been told by another way, or there is no way to tell it. */
  | 'ignored';

/**
 * The keys that one peer of a stream presses, on their way to the other: from the form in which they come (RFC 4733 events, tones
 * in G.711, or asked for by signalling) to the one that the other side takes. What was understood does not go on as it
 * came: events are taken out of the stream, and tones are made silent.
 */
export class DigitPath implements EventListener, Waking {
  readonly #deadlines: Deadlines<Waking>;
  readonly #tell: (key: string, ms: number) => void;
  readonly #stream: DigitStream;
  readonly #maker: KeyMaker;
  #plan: DigitsPlan | undefined;
  /** Hz by payload type, 0 = no such: of events, and of what is said. */
  #eventRates: Int32Array = unknown;
  #saidRates: Int32Array = unknown;
  readonly #events = new EventHearing(this);
  #eventRate = 8000;
  #eventHandling: Handling = 'ignored';
  #tones: ToneHearing | undefined;
  #toneHandling: Handling = 'ignored';
  readonly #twoWays = new TwoWays();
  /** Units of the stream in a packet. */
  #step = 160;
  /** The timestamp at which the last packet ended, and when that was. */
  #edge = 0;
  #edgeAt = 0;
  /** When the peer sent what a key could take the place of. */
  #saidAt = Number.NEGATIVE_INFINITY;
  #deadline: Deadline<Waking> | undefined;
  #now = 0;

  /** `tell`: the plan says that keys are told, and what they are called. */
  constructor(outlet: DigitOutlet, deadlines: Deadlines<Waking>, tell: (key: string, ms: number) => void) {
    this.#deadlines = deadlines;
    this.#tell = tell;
    this.#stream = new DigitStream(outlet);
    this.#maker = new KeyMaker(this.#stream);
  }

  /** The other side is another one from now on. */
  moveTo(outlet: DigitOutlet): void {
    this.#stream.outlet = outlet;
  }

  /** Without a plan numbers go on being moved, nothing else. `rates`: Hz by payload type of what the peer sends. */
  apply(plan: DigitsPlan | undefined, rates: Int32Array): void {
    this.#plan = plan;
    this.#maker.apply(plan);
    this.#saidRates = rates;
    this.#eventRates = plan?.events ? new Int32Array(128) : unknown;
    for (const [type, rate] of Object.entries(plan?.events ?? {})) this.#eventRates[Number(type)] = rate;
    if (!plan?.tones) {
      this.#tones?.end();
      this.#tones = undefined;
    } else
      this.#tones ??= new ToneHearing({
        began: (event) => this.#toneBegan(event),
        ended: (event) => this.#toneEnded(event),
      });
  }

  /** A key that the peer told by signalling. False when there are too many, or there is no way to make it. */
  make(event: number, ms: number, now: number): boolean {
    this.#now = now;
    if (this.#twoWays.repeats(keyOf(event)!, 'signalling', now - ms, now)) return true;
    if (!this.#maker.ask(event, ms)) return false;
    this.#arm(now);
    return true;
  }

  end(): void {
    this.#deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.#maker.forget();
  }

  /** RTP of the peer, in the clear, under the peer's payload types. True when it goes on as it is then. */
  onRtp(packet: Uint8Array, length: number, now: number): boolean {
    this.#now = now;
    const ssrc = ssrcOf(packet);
    const type = payloadTypeOf(packet);
    const sequence = sequenceOf(packet);
    const rate = this.#eventRates[type]!;
    // What ends a key of the old source may be sealed where this packet lies: it is spent.
    const isSpent = !this.#stream.isOf(ssrc) && this.#newSource(ssrc, now);
    if (!this.#stream.take(sequence)) return !isSpent && this.#late(packet, sequence, rate > 0);
    if (isSpent) {
      this.#stream.drop();
      return false;
    }
    const goesOn =
      rate > 0 ? this.#onEvent(packet, length, sequence, rate, now) : this.#onSaid(packet, length, sequence, type, now);
    if (!goesOn) this.#stream.drop();
    return goesOn;
  }

  wake(now: number): void {
    this.#deadline = undefined;
    this.#now = now;
    if (this.#events.active && now - this.#events.heardAt >= lostAfter) this.#events.end();
    if (now - this.#saidAt >= silentAfter) {
      this.#tones?.end();
      if (!this.#isDriven && now - this.#edgeAt >= usualPacket) this.#goOn(now);
    }
    this.#arm(now);
  }

  // --- what comes --------------------------------------------------------------------------------------------------

  /** True when a key had to be ended for it. */
  #newSource(ssrc: number, now: number): boolean {
    this.#tones?.end();
    this.#events.newSource();
    const { busy } = this.#maker;
    this.#maker.cut(now);
    this.#stream.begin(ssrc);
    return busy;
  }

  /** Late or again: it tells nothing of keys any more. */
  #late(packet: Uint8Array, sequence: number, isEvent: boolean): boolean {
    if (isEvent && this.#eventHandling !== 'passed') return false;
    return this.#stream.isUnchanged(sequence) && this.#stream.pass(packet, sequence);
  }

  #onEvent(packet: Uint8Array, length: number, sequence: number, rate: number, now: number): boolean {
    const timestamp = timestampOf(packet);
    this.#eventRate = rate;
    if (this.#saidAt === Number.NEGATIVE_INFINITY) this.#maker.rate = this.#saidRates[payloadTypeOf(packet)] || rate;
    this.#events.add(packet, rtpHeaderLength(packet, length), length, timestamp, now);
    const units = this.#inStream(this.#events.duration);
    this.#edge = this.#events.timestamp + units;
    this.#edgeAt = now;
    if (this.#eventHandling === 'passed') return this.#stream.pass(packet, sequence);
    if (this.#eventHandling === 'live') this.#maker.follow(units, now);
    this.#arm(now);
    return false;
  }

  #onSaid(packet: Uint8Array, length: number, sequence: number, type: number, now: number): boolean {
    const timestamp = timestampOf(packet);
    const start = rtpHeaderLength(packet, length);
    const law = lawOf(type);
    if (this.#events.active && !this.#endsEvent(timestamp)) return false;
    this.#maker.rate = this.#saidRates[type] || this.#maker.rate;
    this.#maker.law = law;
    this.#step = law ? Math.max(1, length - start) : this.#stepTo(timestamp);
    this.#edge = timestamp + this.#step;
    this.#edgeAt = now;
    if (law && this.#tones) {
      this.#saidAt = now;
      this.#tones.add(packet, start, length, law.linear);
      this.#arm(now);
    }
    this.#maker.next(timestamp, now);
    if (this.#maker.busy) {
      if (law || !this.#maker.makesTone) this.#saidAt = now;
      const goesOn = this.#maker.takePlace(packet, start, length, law, this.#edge, now);
      return goesOn && this.#stream.pass(packet, sequence, true);
    }
    this.#saidAt = now;
    if (!law || !this.#tones?.suspects) return this.#stream.pass(packet, sequence);
    packet.fill(law.code(0), start, length);
    return this.#stream.pass(packet, sequence, true);
  }

  /** What is said after an event tells that it is over, when it does not say so itself. */
  #endsEvent(timestamp: number): boolean {
    const passed = (timestamp - this.#events.timestamp) | 0;
    if (passed <= this.#inStream(this.#events.duration) + (slack * this.#maker.rate) / 1000) return false;
    this.#events.end();
    return true;
  }

  /** Units since the packet before this one. */
  #stepTo(timestamp: number): number {
    const step = (timestamp - (this.#edge - this.#step)) | 0;
    return step > 0 && step <= (longestPacket * this.#maker.rate) / 1000 ? step : this.#step;
  }

  #inStream(eventUnits: number): number {
    return Math.round((eventUnits * this.#maker.rate) / this.#eventRate);
  }

  // --- keys that are heard -----------------------------------------------------------------------------------------

  began(event: number): void {
    const key = keyOf(event);
    const passes = this.#plan?.as === 'events' && this.#plan.eventTypes?.[this.#eventRate] !== undefined;
    if (key === undefined) this.#eventHandling = passes ? 'passed' : 'ignored';
    else this.#eventHandling = this.#handlingOf(event, key, passes, this.#events.timestamp);
  }

  ended(event: number, duration: number): void {
    if (this.#eventHandling === 'kept') this.#heard(event, (1000 * duration) / this.#eventRate);
    else if (this.#eventHandling === 'live') this.#maker.finish(this.#inStream(duration));
  }

  #toneBegan(event: number): void {
    this.#toneHandling = this.#handlingOf(event, keyOf(event)!, false, this.#edge - this.#step);
  }

  #toneEnded(event: number): void {
    if (this.#toneHandling === 'kept') this.#heard(event, this.#tones!.ms);
    else if (this.#toneHandling === 'live') this.#maker.finish();
  }

  #handlingOf(event: number, key: string, passes: boolean, timestamp: number): Handling {
    if (this.#plan?.as === 'told') return 'kept';
    if (this.#twoWays.repeats(key, 'media', this.#now, this.#now)) return 'ignored';
    if (this.#maker.wanted) return 'kept';
    if (passes) return 'passed';
    return this.#maker.start(event, timestamp) ? 'live' : 'ignored';
  }

  /** A key is over that was not made while it lasted. */
  #heard(event: number, ms: number): void {
    if (this.#plan?.as === 'told') this.#tell(keyOf(event)!, Math.max(1, Math.round(ms)));
    else this.#maker.ask(event, ms);
  }

  // --- time --------------------------------------------------------------------------------------------------------

  /** A key is made as the packets of an event come. */
  get #isDriven(): boolean {
    return this.#events.active && this.#eventHandling === 'live';
  }

  /** Nothing is said: the stream's time goes on by the clock. */
  #goOn(now: number): void {
    const { rate } = this.#maker;
    const passed = now - this.#edgeAt;
    this.#edgeAt = now;
    if (!this.#stream.speaks) this.#edge = Math.round(now * 8);
    // Packets that are put in follow one another closely; before the first there was a pause.
    else if (!this.#maker.busy || passed > 2 * usualPacket)
      this.#edge += Math.round(((passed - usualPacket) * rate) / 1000);
    if (!this.#events.active) this.#maker.next(this.#edge, now);
    if (this.#maker.busy) this.#edge += this.#maker.goOn(this.#edge, now);
    else this.#edge += Math.round((usualPacket * rate) / 1000);
  }

  /** One deadline, which finds out for itself what is due: the packet path moves none. */
  #arm(now: number): void {
    if (this.#deadline) return;
    let at = Number.POSITIVE_INFINITY;
    if (this.#events.active) at = this.#events.heardAt + lostAfter;
    if (this.#tones?.suspects) at = Math.min(at, this.#saidAt + silentAfter);
    if (this.#maker.wanted && !this.#isDriven)
      at = Math.min(at, Math.max(this.#saidAt + silentAfter, this.#edgeAt + usualPacket));
    if (at < Number.POSITIVE_INFINITY) this.#deadline = this.#deadlines.set('digits', this, Math.max(at, now + 1));
  }
}

function lawOf(type: number): G711 | undefined {
  return type === pcma.payloadType ? pcma : type === pcmu.payloadType ? pcmu : undefined;
}
