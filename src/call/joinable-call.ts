import type { Instant } from '#kernel';
import type { CallLeg, LegOwner } from './call-leg.ts';
import type { CallHandle } from './services.ts';
import type { Transfer } from './transfer.ts';
import type { Asker } from './turn.ts';

/** What calls ask of each other when a leg of one is to go on in another. */
export interface JoinableCall extends LegOwner {
  /** Transfers of its legs. */
  readonly desk: {
    transferring(transfer: Transfer): void;
    /** It came to nothing. */
    over(): void;
  };
  /** A leg of another call has something to say to one of this: it waits for its turn. */
  enqueue(asker: Asker, now: Instant): void;
  withdraw(asker: Asker, now: Instant): void;
  /** A leg goes on in another call: this one is over. `tell`: what its other leg is told before it is let go. */
  dissolve(
    leg: CallLeg,
    into: CallHandle,
    tell: ((then: (now: Instant) => void) => void) | undefined,
    now: Instant,
  ): void;
}

/** The call that a leg talks in. A leg knows less of it than it is, so that the two files need not know each other. */
export function callOf(leg: CallLeg): JoinableCall {
  return leg.call as JoinableCall;
}
