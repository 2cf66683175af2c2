import type { MediaResponse } from '#codec/media-control';
import type { Deadline, Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Sleeper } from '#sip/transaction';
import { passedOffer, unforeseen } from './admission.ts';
import type { CalleeSide } from './callee-side.ts';
import type { CallerSide } from './caller-side.ts';
import type { Provisional } from './early-caller.ts';
import type { EarlyMedia, EarlyMediaCall } from './early-media.ts';
import type { Fork } from './fork.ts';
import { readSdp } from './media-bridge.ts';
import { type CallHandle, type MediaWaiter, mediaPatience } from './services.ts';

/** An offer that a fork made in a reliable provisional response. */
interface Offered {
  readonly attempt: CalleeSide;
  readonly fork: Fork;
  readonly response: Provisional;
  /** What our PRACK is to acknowledge; undefined where it has: the SDP answered an offer of our own. */
  readonly rack: Octets | undefined;
}

/** Whose they are. */
export interface EarlyOfferUser {
  readonly call: CallHandle & EarlyMediaCall;
  readonly flow: Flow;
  readonly help: object | undefined;
  readonly callerSide: CallerSide;
  readonly earlyMedia: EarlyMedia;
  /** An offer in an early dialog waits for its answer. */
  readonly busy: boolean;
  /** No answer can be had for it: the attempt is of no use. */
  unfitOffer(attempt: CalleeSide, why: string, now: Instant): void;
  noPorts(now: Instant): void;
}

/**
 * Offers that the callee makes in reliable provisional responses, since the caller made none (RFC 3262 5): each goes to the
 * caller in one of ours, and the answer that its PRACK brings goes back in our PRACK. So does the callee's answer to an
 * offer of our own, but for the way back. One at a time.
 */
export class EarlyOffers implements MediaWaiter, Sleeper {
  readonly call: EarlyOfferUser['call'];
  readonly #user: EarlyOfferUser;
  readonly #waiting: Offered[] = [];
  #current: Offered | undefined;
  #state: 'idle' | 'ports' | 'asked' = 'idle';
  #deadline: Deadline<Sleeper> | undefined;

  constructor(user: EarlyOfferUser) {
    this.call = user.call;
    this.#user = user;
  }

  get awaitsPorts(): boolean {
    return this.#state === 'ports';
  }

  /** One waits for its answer, or for ports. */
  get busy(): boolean {
    return this.#state !== 'idle';
  }

  /** What waited for another exchange. */
  resume(now: Instant): void {
    if (this.#state === 'idle') this.#next(now);
  }

  /** An offer to a fork's dialog with the caller. At most as many as there are forks. */
  take(attempt: CalleeSide, fork: Fork, response: Provisional, rack: Octets | undefined, now: Instant): void {
    this.#waiting.push({ attempt, fork, response, rack });
    if (this.#state === 'idle' && !this.#user.busy) this.#next(now);
  }

  /** The caller's PRACK of an offer of ours; false when the offer is none of these, or the answer is of no use. */
  answered(callerTag: string, body: Octets, now: Instant): boolean {
    const offered = this.#current;
    if (!offered || this.#state !== 'asked' || offered.fork.callerTag !== callerTag) return false;
    const { fork } = offered;
    let answer = body;
    const { media } = this.call;
    if (media) {
      const read = readSdp(body);
      const translated = 'fault' in read ? read : media.answer(read.sdp);
      if ('fault' in translated) {
        this.#user.unfitOffer(offered.attempt, `the caller's answer is of no use: ${translated.fault}`, now);
        return false;
      }
      this.call.orderMedia(undefined);
      answer = translated.body;
    }
    fork.session = { from: 'b', offer: fork.sdp, answer: body };
    fork.agreed = true;
    if (offered.rack !== undefined) fork.prack(offered.rack, answer, now);
    this.#user.earlyMedia.stands(fork);
    this.#current = undefined;
    this.#state = 'idle';
    this.#next(now);
    return true;
  }

  /** The attempt is over; its offers with it. */
  forget(attempt: CalleeSide): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--)
      if (this.#waiting[i]!.attempt === attempt) this.#waiting.splice(i, 1);
    if (this.#current?.attempt !== attempt) return;
    this.over();
    this.call.media?.withdraw();
  }

  /** This fork's is with the caller, or waits. */
  has(fork: Fork): boolean {
    return this.#current?.fork === fork || this.#waiting.some((offered) => offered.fork === fork);
  }

  /** This fork has won: the others' come to nothing. */
  decided(fork: Fork | undefined, now: Instant): void {
    const own = this.#waiting.find((offered) => offered.fork === fork);
    this.#waiting.length = 0;
    if (this.#current?.fork === fork && fork) return;
    this.over();
    if (!own) return;
    this.#waiting.push(own);
    this.#next(now);
  }

  over(): void {
    this.#clear();
    this.#current = undefined;
    this.#state = 'idle';
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (this.#state !== 'ports') return;
    this.#clear();
    if (response.kind !== 'applied') return this.#user.noPorts(now);
    this.call.media?.allocated(response.streams);
    this.#ask(now);
  }

  onMediaUnanswered(): void {
    if (this.#state === 'ports') this.call.orderMedia(this);
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    if (this.#state === 'ports') this.#user.noPorts(now);
  }

  #next(now: Instant): void {
    const offered = this.#waiting.shift();
    if (!offered) return;
    this.#current = offered;
    const { media } = this.call;
    offered.fork.sdp = offered.response.body;
    if (!media) return this.#ask(now);
    const read = readSdp(offered.response.body);
    const fault = 'fault' in read ? read.fault : unforeseen(this.#user, read.sdp);
    if (fault !== undefined) return this.#user.unfitOffer(offered.attempt, fault, now);
    if (!media.room()) return this.#ask(now);
    this.#state = 'ports';
    this.call.orderMedia(this);
    this.#deadline = this.call.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  #ask(now: Instant): void {
    const { fork, response, attempt } = this.#current!;
    const { media } = this.call;
    const offer = media ? media.translateOffer() : { body: passedOffer(this.#user, response.body) };
    if ('fault' in offer) return this.#user.unfitOffer(attempt, offer.fault, now);
    this.#state = 'asked';
    this.#user.callerSide.progress(fork.callerTag!, { ...response, body: offer.body }, now);
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
