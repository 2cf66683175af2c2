import type { AttemptRecord, EndCause } from '#cdr';
import type { SessionDescription } from '#codec/sdp';
import type { Instant } from '#kernel';
import type { AttemptCall } from './attempt.ts';
import type { CallLeg } from './call-leg.ts';
import type { Winner } from './callee-side.ts';
import type { Refused } from './checkpoint.ts';
import type { MediaBridge } from './media-bridge.ts';
import type { MediaWaiter } from './services.ts';
import type { Routed } from './story.ts';

/** What a set-up tells its call, and asks of it. */
export interface SetupCall extends AttemptCall {
  readonly isForHelp: boolean;
  media: MediaBridge | undefined;
  orderMedia(waiter: MediaWaiter | undefined): void;
  mediaMoved(now: Instant): boolean;
  /** Its media goes by these ports from now on, or past us. */
  anchor(media: MediaBridge | undefined): void;
  checkpoint(): void;
  routed(plan: Routed): void;
  /** A line of the decision trace. */
  decide(rule: string, outcome: string): void;
  rings(now: Instant): void;
  attempted(attempt: AttemptRecord): void;
  cancelledBecause(reason: string | undefined): EndCause;
  /** A leg that was answered is told that who came to talk to it takes less than it knows. */
  narrow(leg: CallLeg, now: Instant): void;
  /** The set-up has failed and the caller has been told. */
  refused(cause: EndCause, refusal: Refused | undefined, now: Instant): void;
  /** Both legs stand. `delayed`: the offer that the caller's ACK is to answer. */
  answered(
    caller: CallLeg,
    callee: CallLeg,
    /** Undefined when the callee has talked in another call. */
    winner: Winner | undefined,
    delayed: SessionDescription | 'passed' | undefined,
    now: Instant,
  ): void;
}
