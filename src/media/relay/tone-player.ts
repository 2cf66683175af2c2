import { pcma, pcmu } from '#codec/g711';
import type { PlayPlan } from '#codec/media-control';
import { ToneSource } from '#codec/tones';
import type { Deadline, Deadlines } from '#kernel';
import { headerLength, type Injector } from './injector.ts';
import type { Waking } from './waking.ts';

/** Samples in a ms of G.711. */
const rate = 8;
/** Tones begin at multiples of so many ms, so that one awakening serves many. */
const grid = 5;
/** Ms that a packet may be late and still go out; what is later was not heard. */
const patience = 60;

/** Who hears a tone. */
export interface ToneListener {
  readonly injector: Injector;
  /** Sends an RTP packet of ours, if there is where to. */
  inject(packet: Uint8Array, length: number): void;
}

/** All tones of the relay, with a single deadline for the next packet of any. */
export class TonePlayer implements Waking {
  readonly #deadlines: Deadlines<Waking>;
  /** Where packets are made. */
  readonly #packet: Uint8Array;
  readonly #tones = new Set<PlayedTone>();
  #deadline: Deadline<Waking> | undefined;

  constructor(deadlines: Deadlines<Waking>, packet: Uint8Array) {
    this.#deadlines = deadlines;
    this.#packet = packet;
  }

  /** What the listener hears by this plan: the tone that it heard before, where that is the same. */
  play(
    listener: ToneListener,
    before: PlayedTone | undefined,
    plan: PlayPlan | undefined,
    now: number,
  ): PlayedTone | undefined {
    if (before && plan && isSame(before.plan, plan)) return before;
    before?.end();
    if (!plan) return undefined;
    const tone = new PlayedTone(listener, plan, Math.ceil(now / grid) * grid, () => this.#end(tone));
    this.#tones.add(tone);
    this.#arm();
    return tone;
  }

  wake(now: number): void {
    this.#deadline = undefined;
    for (const tone of this.#tones) tone.play(this.#packet, now);
    this.#arm();
  }

  #end(tone: PlayedTone): void {
    this.#tones.delete(tone);
    if (this.#tones.size === 0) this.#arm();
  }

  #arm(): void {
    let next = Infinity;
    for (const { due } of this.#tones) next = Math.min(next, due);
    if (this.#deadline?.at === next) return;
    this.#deadlines.clear(this.#deadline);
    this.#deadline = next === Infinity ? undefined : this.#deadlines.set('tones', this, next);
  }
}

/** A tone on its way to one peer, until it is ended. */
export class PlayedTone {
  readonly plan: PlayPlan;
  readonly #listener: ToneListener;
  readonly #source: ToneSource;
  readonly #end: () => void;
  #due: number;
  #first = true;

  constructor(listener: ToneListener, plan: PlayPlan, due: number, end: () => void) {
    this.plan = plan;
    this.#listener = listener;
    this.#source = new ToneSource(plan.codec === 'PCMA' ? pcma : pcmu, plan.tones);
    this.#due = due;
    this.#end = end;
  }

  /** Ms of its next packet: it moves by whole packets, so that lateness does not add up. */
  get due(): number {
    return this.#due;
  }

  /** Sends what is due by now. */
  play(packet: Uint8Array, now: number): void {
    const { payloadType, ptime } = this.plan;
    const samples = ptime * rate;
    const missed = now - this.#due > patience ? Math.floor((now - this.#due) / ptime) : 0;
    this.#source.skip(missed * samples);
    this.#due += missed * ptime;
    while (this.#due <= now) {
      this.#listener.injector.write(packet, payloadType, this.#first, this.#due);
      this.#source.fill(packet, headerLength, samples);
      this.#listener.inject(packet, headerLength + samples);
      this.#first = false;
      this.#due += ptime;
    }
  }

  /** Nothing of it is to be heard any more. */
  end(): void {
    this.#end();
  }
}

function isSame(one: PlayPlan, other: PlayPlan): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
