import type { Header, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { CallerSide } from './caller-side.ts';
import type { Fork } from './fork.ts';
import { type MediaBridge, readSdp } from './media-bridge.ts';
import { shownProgress } from './ringback.ts';
import type { MediaWaiter } from './services.ts';

interface EarlyMediaCall {
  readonly source: Trunk;
  media: MediaBridge | undefined;
  orderMedia(waiter: MediaWaiter | undefined): void;
}

/** What the caller sees and hears of the callee's progress: of several forks, the one that sent SDP last. */
export class EarlyMedia {
  readonly #call: EarlyMediaCall;
  readonly #caller: CallerSide;
  /** Why SDP of the callee's can't be agreed on. */
  unfit: string | undefined;

  constructor(call: EarlyMediaCall, caller: CallerSide) {
    this.#call = call;
    this.#caller = caller;
  }

  /** Shows the caller a provisional response. `offered`: the caller's INVITE has an offer, which its SDP may answer. */
  show(fork: Fork, response: SipResponse, offered: boolean, now: Instant): void {
    const { callerTag } = fork;
    if (callerTag === undefined) return;
    const { wants } = this.#caller;
    const direction = response.get('p-early-media');
    const shown = shownProgress(this.#call.source.ringback, {
      status: response.status,
      // Without an offer of the caller's, SDP in an unreliable response is not an offer to pass on.
      sdp: offered && response.body !== '',
      muted: !wants.earlyMedia && direction?.toLowerCase().includes('inactive') === true,
      before: fork.heard,
    });
    if (offered && response.body !== '' && !fork.agreed) fork.sdp = response.body;
    let body = shown.media ? this.answer(fork, response.body) : '';
    if (body !== '') fork.heard = true;
    // RFC 6337 3.1: what went reliably is not said again.
    if (this.#caller.dialog(callerTag).reliableSdp !== '') body = '';
    const headers: Header[] = [];
    if (wants.earlyMedia && direction !== undefined && shown.status === response.status)
      headers.push(['P-Early-Media', direction]);
    const phrase = shown.status === response.status ? { phrase: response.phrase } : {};
    this.#caller.progress(callerTag, { status: shown.status, ...phrase, headers, body }, now);
  }

  /** The SDP answer of a fork as the caller is to see it, learned by the media process. '' when it is none. */
  answer(fork: Fork, body: Octets): Octets {
    const { media } = this.#call;
    this.unfit = undefined;
    if (body === '' || !media) {
      if (body !== '' && !fork.agreed) fork.sdp = body;
      return body === '' ? '' : fork.sdp;
    }
    const read = readSdp(fork.agreed ? fork.sdp : body);
    if ('fault' in read) return '';
    if (!fork.agreed) fork.sdp = body;
    const answer = media.answer(read.sdp);
    if ('fault' in answer) {
      this.unfit = answer.fault;
      return '';
    }
    this.#call.orderMedia(undefined);
    return answer.body;
  }
}
