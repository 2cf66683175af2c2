import type { EndReason } from '#cdr';
import type { SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { AnswerTaker } from './answer.ts';
import type { CallLeg } from './call-leg.ts';
import type { MediaBridge } from './media-bridge.ts';
import type { CallHandle, MediaWaiter } from './services.ts';

/** Who wants the session changed, and is told what becomes of it. */
export interface Asker {
  /** The leg whose word it is. */
  readonly leg: CallLeg;
  /** How it came, and so how it goes on where it can. */
  readonly method: 'INVITE' | 'UPDATE';
  /** The offer; '' when the other side is to make one. */
  readonly body: Octets;
  /** Monotonic ms by which it wants its answer. */
  readonly until: number;
  /** Its leg hears nothing of the answer: it has not asked itself. */
  readonly silent: boolean;
  /** It has had its final answer. */
  readonly answered: boolean;
  /** It comes from another call than that of who is asked. */
  readonly across: Across | undefined;
  /** The other side's agreement. `delayed`: the answer comes in the ACK. */
  accept(body: Octets, delayed: AnswerTaker | undefined, now: Instant): void;
  refuse(status: number, phrase: Octets | undefined, now: Instant): void;
}

/** A leg of one call asks one of another: the two are to talk. */
export interface Across {
  /** Through whose media. */
  readonly call: AnsweredCall;
  readonly to: CallLeg;
  /** What the asking leg is there. */
  readonly side: 'a' | 'b';
  /** Once it is taken the leg that was asked waits for its new call, and has nothing to do with any other exchange. */
  readonly keepsTurn: boolean;
  /** Its turn has come. */
  begins(): void;
  /** The leg is asked, for the first time. */
  asks(): void;
}

/** What goes on between both legs of an answered call, one at a time. */
export interface Turn {
  /** Whose wish it is; undefined when it is a refresh of ours. */
  readonly asker: Asker | undefined;
  /** A request of ours that the peer's own would cross is, or is about to be, under way to this leg. */
  asks(leg: CallLeg): boolean;
  /** True when it paused, to be sent again, and is over now: its leg has something to say itself. */
  givesWay(leg: CallLeg, now: Instant): boolean;
  cancel(now: Instant): void;
  /** The call ends under it. */
  abort(now: Instant): void;
}

/** Who keeps the order of turns (`Turns`). */
export interface TurnKeeper {
  over(turn: Turn, now: Instant): void;
  /** The turn is taken, if nobody has it and nobody waits for it. */
  takes(turn: Turn, leg: CallLeg): boolean;
  /** What the leg was told last, to tell it again. */
  restated(leg: CallLeg): Octets;
  /** The leg took an offer whose asker is gone: it is told what holds. Said before `over`, it comes before all who wait. */
  restore(leg: CallLeg, now: Instant): void;
  /** The leg has said something new of its own: the other leg is told, in the same order. */
  changed(leg: CallLeg, body: Octets, now: Instant): void;
}

/** What turns ask of their call. */
export interface AnsweredCall extends CallHandle {
  /** It calls for help: nothing of it is refused for want of room. */
  readonly isForHelp: boolean;
  readonly media: MediaBridge | undefined;
  /** The other side, while the call is answered. */
  otherLeg(leg: CallLeg): CallLeg | undefined;
  orderMedia(waiter: MediaWaiter | undefined): void;
  /** Media that went past us goes by these ports from now on; undefined: past us again, since nothing came of it. */
  anchor(media: MediaBridge | undefined): void;
  checkpoint(): void;
  /** Another media process has given its streams other ports: true when it goes on by these, and both sides are told. */
  mediaMoved(now: Instant): boolean;
  /** A line of the decision trace. */
  decide(rule: string, outcome: string): void;
  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void;
  unanswered(leg: CallLeg, reason: string, now: Instant): void;
  terminate(reason: EndReason, now: Instant): void;
}
