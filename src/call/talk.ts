import type { EndCause } from '#cdr';
import type { SessionDescription } from '#codec/sdp';
import type { SipRequest } from '#codec/sip-message';
import { detach, type Instant } from '#kernel';
import type { Answer } from './answer.ts';
import type { CallLeg, LegState } from './call-leg.ts';
import { byTandem } from './causes.ts';
import { leavesOut } from './left-out.ts';
import { readSdp } from './media-bridge.ts';
import type { AnsweredCall } from './turn.ts';
import { Turns } from './turns.ts';

/** The callee's offer that the caller's ACK is to answer; 'passed' when it is not ours to read. */
export type DelayedOffer = SessionDescription | 'passed';

/** What the legs ask of their call. */
interface TalkCall extends AnsweredCall {
  /** Both are hung up on. */
  hangUp(cause: EndCause, now: Instant): void;
}

/** The two legs of an answered call: which is the other of which, what each was told, and whose turn it is. */
export class Talk {
  readonly caller: CallLeg;
  readonly callee: CallLeg;
  readonly #call: TalkCall;
  readonly turns: Turns;
  /** Until the ACK has come. */
  #delayed: DelayedOffer | undefined;

  constructor(call: TalkCall, caller: CallLeg, callee: CallLeg, delayed: DelayedOffer | undefined) {
    this.#call = call;
    this.turns = new Turns(call);
    this.caller = caller;
    this.callee = callee;
    this.#delayed = delayed;
    if (delayed === undefined) this.#agreed();
  }

  /** What was told both sides when the process before this one died. */
  restore(caller: LegState, callee: LegState): void {
    this.caller.said = caller.said ?? this.caller.said;
    this.callee.said = callee.said ?? this.callee.said;
  }

  /** For the checkpoint. What a leg was told is what was sent to it last, unless that was refused. */
  states(): { readonly a: LegState; readonly b: LegState } {
    const [toCaller, toCallee] = this.#sent();
    return { a: this.caller.state(toCaller), b: this.callee.state(toCallee) };
  }

  /** The caller's ACK has not come that is to answer an offer. */
  get unanswered(): boolean {
    return this.#delayed !== undefined;
  }

  otherLeg(leg: CallLeg): CallLeg | undefined {
    return leg === this.caller ? this.callee : leg === this.callee ? this.caller : undefined;
  }

  /** The ACK for our 200 on this leg, while the call stands or after its end. */
  acknowledged(leg: CallLeg, answer: Answer, ack: SipRequest, now: Instant): void {
    if (answer.delayed === 'setup') this.#setUpBy(leg, ack, now);
    else answer.delayed?.acknowledged(ack, now);
    if (this.#call.otherLeg(leg)) this.turns.next(now);
  }

  /** The call ends: what is under way too. A 2xx is acknowledged even when no ACK of the caller's brought the answer for it. */
  end(now: Instant): void {
    this.turns.abort(now);
    if (!this.callee.acked) this.callee.acknowledge(this.callee.inviteCSeq, '');
  }

  /** The caller's ACK brings the answer to the callee's offer. */
  #setUpBy(leg: CallLeg, ack: SipRequest, now: Instant): void {
    const { caller, callee } = this;
    const { media } = this.#call;
    const offer = this.#delayed;
    if (leg !== caller || offer === undefined) return;
    this.#delayed = undefined;
    let { body } = ack;
    if (media && offer !== 'passed') {
      const read = readSdp(body);
      if ('fault' in read) return this.#call.hangUp(byTandem('bad-request', undefined), now);
      const answer = media.answer(read.sdp);
      if ('fault' in answer) {
        this.#call.decide(`trunk ${caller.trunk.name}`, `hung up on its answer: ${answer.fault}`);
        return this.#call.hangUp(byTandem('bad-request', undefined), now);
      }
      ({ body } = answer);
    }
    // Its own SDP answered an offer of ours: the ACK is sent, and what the caller has said to that is news to it.
    const isOwnOffer = callee.acked !== undefined;
    if (!isOwnOffer) callee.acknowledge(callee.inviteCSeq, body);
    caller.heard = detach(ack.body);
    this.#agreed();
    this.#call.orderMedia(undefined);
    this.#call.checkpoint();
    if (isOwnOffer && leavesOut(caller.heard, caller.said)) this.turns.restore(callee, now);
  }

  /** The first offer and answer are through: what each side was told holds. */
  #agreed(): void {
    [this.caller.said, this.callee.said] = this.#sent();
  }

  /** What was sent last to caller and callee. */
  #sent(): readonly [string, string] {
    const { media } = this.#call;
    return media ? [media.state.a.last, media.state.b.last] : [this.callee.heard, this.caller.heard];
  }
}
