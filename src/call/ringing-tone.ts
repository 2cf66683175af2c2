import type { Header } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { CallerSide } from './caller-side.ts';
import type { MediaBridge } from './media-bridge.ts';
import type { MediaWaiter } from './services.ts';

interface RingingCall {
  readonly source: Trunk;
  readonly media: MediaBridge | undefined;
  orderMedia(waiter: MediaWaiter | undefined): void;
}

/**
 * The ringing tone that a caller hears of us, as nobody else lets it hear that it rings (RFC 3960 3.2). The first RTP of the callee
 * and the first answer of its SDP end it.
 *
 * Before the callee has said anything of media, the tone has an early dialog of its own, as if one more phone had answered
 * with media: within one dialog the first answer is the only one (RFC 3261 13.2.1), and what the callee will take is not known
 * yet. So the 200 bears the callee's answer in the callee's dialog, whether or not the caller acknowledges what comes before.
 */
export class RingingTone {
  readonly #call: RingingCall;
  readonly #caller: CallerSide;
  #tag: string | undefined;

  constructor(call: RingingCall, caller: CallerSide) {
    this.#call = call;
    this.#caller = caller;
  }

  /** `told`: the caller is shown what it hears; `plays`: in the session that it has; `none`: it can't hear any. */
  begin(now: Instant): 'told' | 'plays' | 'none' {
    const { source, media } = this.#call;
    // Who is transferred hears what its call has for it.
    if (this.#caller.joins) return 'none';
    const body = source.ringbackTone && media?.play(source.ringbackTone);
    if (media === undefined || body === undefined) return 'none';
    if (body !== '' && !this.#tell(body, now)) {
      media.quiet();
      return 'none';
    }
    this.#call.orderMedia(undefined);
    return body === '' ? 'plays' : 'told';
  }

  /** False when the caller has as many early dialogs as it may. */
  #tell(body: string, now: Instant): boolean {
    const caller = this.#caller;
    this.#tag ??= caller.newTag();
    if (this.#tag === undefined) return false;
    const headers: readonly Header[] = caller.wants.earlyMedia ? [['P-Early-Media', 'sendonly']] : [];
    // RFC 6337 3.1: what went reliably is not said again. Each 180 goes on all the same, so that no proxy gives up (RFC 3261 16.7).
    const said = caller.dialog(this.#tag).reliableSdp !== '';
    caller.progress(this.#tag, { status: 183, headers, body: said ? '' : body }, now);
    return true;
  }
}
