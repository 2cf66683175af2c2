import type { SessionDescription } from '#codec/sdp';
import type { Header, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { meet } from './both-offers.ts';
import type { CallerSide } from './caller-side.ts';
import type { Fork } from './fork.ts';
import { type MediaBridge, readSdp } from './media-bridge.ts';
import { shownProgress } from './ringback.ts';
import { RingingTone } from './ringing-tone.ts';
import type { MediaWaiter } from './services.ts';

export interface EarlyMediaCall {
  readonly source: Trunk;
  decide(rule: string, outcome: string): void;
  media: MediaBridge | undefined;
  orderMedia(waiter: MediaWaiter | undefined): void;
}

/** What the caller sees and hears of the callee's progress: of several forks, the one that sent SDP last. */
export class EarlyMedia {
  readonly #call: EarlyMediaCall;
  readonly #caller: CallerSide;
  /** Why SDP of the callee's can't be agreed on. */
  unfit: string | undefined;
  /** The caller's offer in its INVITE. */
  #offer: { readonly body: Octets; readonly sdp: SessionDescription | undefined } | undefined;
  /** What the bridge was offered last is another one. */
  #left = false;
  /** The fork whose offer and answer the media stands by. */
  #standing: Fork | undefined;
  /** The fork whose media was passed on last. */
  #sounding: Fork | undefined;
  readonly #tone: RingingTone;

  constructor(call: EarlyMediaCall, caller: CallerSide) {
    this.#call = call;
    this.#caller = caller;
    this.#tone = new RingingTone(call, caller);
  }

  /** The caller's INVITE bears this; without SDP it is '', and not read when media passes by. */
  offered(body: Octets, sdp: SessionDescription | undefined): void {
    this.#offer = { body, sdp };
  }

  /** Another offer than the caller's first is made. */
  leave(): void {
    this.#left = true;
    this.#standing = undefined;
  }

  /** The caller's first offer is the one to be answered again: by another fork, or another attempt. */
  return(): void {
    const sdp = this.#offer?.sdp;
    if (this.#left && sdp) this.#call.media?.offer('a', sdp);
    this.#left = false;
    this.#standing = undefined;
  }

  /** Whose media the caller hears. */
  get standing(): Fork | undefined {
    return this.#standing;
  }

  stands(fork: Fork): void {
    this.#standing = fork;
  }

  /** This fork has won, or an offer in it came to nothing: the media stands by what was agreed on with it. */
  settle(fork: Fork): void {
    const { media } = this.#call;
    const { session } = fork;
    if (!media || !session || this.#standing === fork) return;
    const offer = readSdp(session.offer);
    const answer = readSdp(session.answer);
    if ('fault' in offer || 'fault' in answer) return;
    if (fork.met !== '') meet(media, offer.sdp, answer.sdp);
    else if (media.offer(session.from, offer.sdp) === undefined && 'body' in media.translateOffer())
      media.answer(answer.sdp);
    this.#standing = fork;
    this.#call.orderMedia(undefined);
  }

  /** Shows the caller a provisional response. `answer`: makes its SDP an answer to the caller's offer, where it is one. */
  show(fork: Fork, response: SipResponse, answer: (() => Octets) | undefined, now: Instant): void {
    const { callerTag } = fork;
    if (callerTag === undefined) return;
    const { wants } = this.#caller;
    const direction = response.get('p-early-media');
    const shown = shownProgress(this.#call.source.ringback, {
      status: response.status,
      // Without an offer of the caller's, SDP in an unreliable response is not an offer to pass on.
      sdp: answer !== undefined && response.body !== '',
      muted: !wants.earlyMedia && direction?.toLowerCase().includes('inactive') === true,
      // A fork that is over is heard no more.
      before: fork.heard || this.#sounding?.leg !== undefined,
    });
    if (answer && response.body !== '' && !fork.agreed) fork.sdp = response.body;
    let body = shown.media && answer ? answer() : '';
    if (body !== '') {
      fork.heard = true;
      this.#sounding = fork;
    }
    const tone = shown.tone && this.#offer?.sdp && !this.#left ? this.#tone.begin(now) : 'none';
    if (tone === 'told') return;
    // Who can't hear tones of ours rings by himself.
    const status = tone === 'none' && shown.tone ? response.status : shown.status;
    // RFC 6337 3.1: what went reliably is not said again.
    if (this.#caller.dialog(callerTag).reliableSdp !== '') body = '';
    const headers: Header[] = [];
    if (wants.earlyMedia && direction !== undefined && status === response.status)
      headers.push(['P-Early-Media', direction]);
    const phrase = status === response.status ? response.phrase : undefined;
    this.#caller.progress(callerTag, { status, phrase, headers, body }, now);
  }

  /** The callee makes an offer of its own, though the caller has made one: what our ACK or PRACK answers it, or why nothing can. */
  meet(fork: Fork, body: Octets): { readonly answer: Octets } | { readonly fault: string } {
    const { media } = this.#call;
    const read = readSdp(body);
    if (!media || !this.#offer?.sdp) return { fault: 'nothing to answer it with' };
    const met = 'fault' in read ? read : meet(media, this.#offer.sdp, read.sdp);
    if ('fault' in met) return met;
    fork.sdp = body;
    fork.met = met.a;
    this.#left = true;
    this.#stand(fork);
    this.#call.orderMedia(undefined);
    return { answer: met.b };
  }

  /**
   * The offer of a fork that the caller could not be shown, for want of early dialogs: what it has agreed on in another
   * (`shown`) answers this one too, or why it can't.
   */
  adopt(
    fork: Fork,
    body: Octets,
    session: NonNullable<Fork['session']>,
  ): { readonly answer: Octets } | { readonly fault: string } {
    const { media } = this.#call;
    const caller = session.from === 'b' ? session.answer : session.offer;
    fork.session = { from: 'b', offer: body, answer: caller };
    if (!media) return { answer: caller };
    const offer = readSdp(body);
    const answer = readSdp(caller);
    if ('fault' in offer) return offer;
    if ('fault' in answer) return answer;
    const unfit = media.offer('b', offer.sdp);
    if (unfit !== undefined) return { fault: unfit };
    if (media.room()) return { fault: 'it has streams that the caller was not shown' };
    const asked = media.translateOffer();
    const translated = 'fault' in asked ? asked : media.answer(answer.sdp);
    if ('fault' in translated) return translated;
    this.stands(fork);
    this.#call.orderMedia(undefined);
    return { answer: translated.body };
  }

  /** The SDP answer of a fork as the caller is to see it, learned by the media process. '' when it is none. */
  answer(fork: Fork, body: Octets): Octets {
    const { media } = this.#call;
    this.unfit = undefined;
    if (body === '') return '';
    if (!media) {
      if (!fork.agreed) fork.sdp = body;
      this.#stand(fork);
      return fork.sdp;
    }
    const read = readSdp(fork.agreed ? fork.sdp : body);
    if ('fault' in read) return '';
    if (!fork.agreed) fork.sdp = body;
    if (this.#left) {
      this.return();
      media.translateOffer();
    }
    const answer = media.answer(read.sdp);
    if ('fault' in answer) {
      this.unfit = answer.fault;
      return '';
    }
    this.#stand(fork);
    this.#call.orderMedia(undefined);
    return answer.body;
  }

  #stand(fork: Fork): void {
    if (this.#offer) fork.session = { from: 'a', offer: this.#offer.body, answer: fork.sdp };
    this.#standing = fork;
  }
}
