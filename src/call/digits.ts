import { digitBodyOf, readDigit, TwoWays } from '#codec/dtmf';
import type { KeyNotice } from '#codec/media-control';
import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { ServerTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import { DigitSender } from './digit-sender.ts';
import type { MediaBridge } from './media-bridge.ts';
import { takesKeys } from './media-digits.ts';
import type { CallHandle, Party } from './services.ts';

/** Whose keys they are. */
export interface DigitsCall extends CallHandle {
  readonly media: MediaBridge | undefined;
  readonly phase: 'setup' | 'answered' | 'ended';
  otherLeg(leg: CallLeg): CallLeg | undefined;
  /** The leg that requests go by to the peer whose media this side's is; undefined while there is none. */
  legOf(side: 'a' | 'b'): CallLeg | undefined;
}

const accept = 'application/dtmf-relay, application/dtmf';

/** The body by which a trunk is told of keys; undefined when it is told in its media, or as they come. */
function bodyFor({ dtmf }: Trunk): 'application/dtmf-relay' | 'application/dtmf' | undefined {
  if (dtmf === 'info') return 'application/dtmf-relay';
  return dtmf === 'info-dtmf' ? 'application/dtmf' : undefined;
}

/**
 * The keys that the peers of a call press, where the other side wants them in a form of its own (docs/digits.md): INFO
 * becomes INFO of another body, or a key in the media, and what the media process hears becomes INFO. A peer that tells a key in
 * both ways has pressed it once.
 */
export class CallDigits {
  readonly #call: DigitsCall;
  /** Of calls in which a key was told, which are few. */
  #twoWays: { a?: TwoWays; b?: TwoWays } | undefined;
  #senders: { a?: DigitSender; b?: DigitSender } | undefined;

  constructor(call: DigitsCall) {
    this.#call = call;
  }

  /** An INFO. True when it told a key and has been answered; else it is no concern of ours. */
  informed(leg: CallLeg, server: ServerTransaction<Party>, info: SipRequest, now: Instant): boolean {
    const type = info.get('info-package') === undefined ? digitBodyOf(info.get('content-type')) : undefined;
    const other = type && this.#call.otherLeg(leg);
    if (!type || !other || !this.#isConverted(leg, other)) return false;
    const { transactions } = this.#call.services;
    const digit = readDigit(type, info.body);
    if (!digit) {
      transactions.respond(server, { status: 415, headers: [['Accept', accept]] }, now.mono);
      return true;
    }
    const body = bodyFor(other.trunk);
    if (!body) {
      transactions.respond(server, { status: 200 }, now.mono);
      const { key, ms } = digit;
      this.#call.services.media({ kind: 'press', session: this.#call.id, from: leg.side, key, ms }, undefined);
      return true;
    }
    const isTold = this.#repeats(leg.side, digit.key, 'signalling', digit.ms, now);
    // As it came, with the answer of its own peer; unless others wait before it.
    if (!isTold && body === type && !this.#sender(other)) return false;
    transactions.respond(server, { status: 200 }, now.mono);
    if (!isTold) this.#tell(other, digit, now);
    return true;
  }

  /** The media process has heard one. */
  pressed({ from, key, ms }: KeyNotice, now: Instant): void {
    if (this.#call.phase === 'ended' || this.#repeats(from, key, 'media', ms, now)) return;
    const leg = this.#call.legOf(from === 'a' ? 'b' : 'a');
    if (leg) this.#tell(leg, { key, ms }, now);
  }

  #tell(leg: CallLeg, digit: { readonly key: string; readonly ms: number }, now: Instant): void {
    const body = bodyFor(leg.trunk);
    if (!body) return;
    const sender = this.#sender(leg) ?? new DigitSender(leg, body, () => this.#call.phase === 'ended');
    this.#senders ??= {};
    this.#senders[leg.side] = sender;
    sender.send(digit, now);
  }

  /** The other side has a form of its own, or it takes events and this side has one. */
  #isConverted(leg: CallLeg, other: CallLeg): boolean {
    if (other.trunk.dtmf !== undefined) return true;
    const { media } = this.#call;
    return leg.trunk.dtmf !== undefined && media !== undefined && takesKeys(media.state, other.side);
  }

  /** Of a leg to which keys are under way. */
  #sender(leg: CallLeg): DigitSender | undefined {
    const sender = this.#senders?.[leg.side];
    return sender?.leg === leg && sender.busy ? sender : undefined;
  }

  #repeats(side: 'a' | 'b', key: string, way: 'media' | 'signalling', ms: number, now: Instant): boolean {
    this.#twoWays ??= {};
    this.#twoWays[side] ??= new TwoWays();
    return this.#twoWays[side].repeats(key, way, now.mono - ms, now.mono);
  }
}
