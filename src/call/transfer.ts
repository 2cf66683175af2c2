import type { Instant } from '#kernel';
import type { CallLeg } from './call-leg.ts';
import type { CallHandle } from './services.ts';

/** A transfer that is under way, as the call knows it whose leg goes elsewhere. */
export interface Transfer {
  /** Who transfers the other leg. */
  readonly by: CallLeg;
  /** The call that one is to go on in. */
  readonly into: CallHandle;
  /** That one hangs up, as it may (RFC 5589 6.1). `end`: ends the call they had, when nothing comes of it. */
  left(end: (now: Instant) => void, now: Instant): void;
  /** The call has ended otherwise. */
  abort(now: Instant): void;
}
