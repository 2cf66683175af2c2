import type { Instant } from '#kernel';
import type { CallLeg, LegOwner } from './call-leg.ts';
import type { CallHandle } from './services.ts';
import type { Transfer } from './transfer.ts';
import type { Asker } from './turn.ts';
import type { Turns } from './turns.ts';

/** What calls ask of each other when a leg of one is to go on in another. */
export interface JoinableCall extends LegOwner {
  /** It calls for help. */
  readonly isForHelp: boolean;
  /** Transfers of its legs. */
  readonly desk: {
    /** One is under way. */
    readonly busy: boolean;
    transferring(transfer: Transfer): void;
    /** That into this call came to nothing. */
    over(into: CallHandle): void;
  };
  /** A leg that is told of a session in another call, and may not go on there: a process after this one tells it what holds. */
  lend(leg: CallLeg | undefined): void;
  /** A leg of another call has something to say to one of this: it waits for its turn. */
  enqueue(asker: Asker, now: Instant): void;
  withdraw(asker: Asker, now: Instant): void;
  /** It was to be answered, and is not wanted any more since who called goes elsewhere. */
  giveWay(now: Instant): void;
  /**
   * A leg goes on in another call: this one is over. `tell`: what its other leg is told before it is let go. `heir`: who keeps
   * the leg's turns, where it waits there.
   */
  dissolve(
    leg: CallLeg,
    into: CallHandle,
    tell: ((then: (now: Instant) => void) => void) | undefined,
    now: Instant,
    heir?: Turns,
  ): void;
}

/** The call that a leg talks in. A leg knows less of it than it is, so that the two files need not know each other. */
export function callOf(leg: CallLeg): JoinableCall {
  return leg.call as JoinableCall;
}
