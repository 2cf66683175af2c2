import type { EndCause } from '#cdr';
import type { Header, SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CalleeSide } from './callee-side.ts';
import type { SetupState } from './checkpoint.ts';
import type { Party } from './services.ts';
import type { Turns } from './turns.ts';

/** What a final failure gives the caller. */
export interface Refusal {
  readonly status: number;
  readonly headers?: readonly Header[];
  readonly phrase?: string | undefined;
  readonly cause: EndCause;
}

/** A call before two legs of it talk: somebody is called, or legs of other calls are brought together. */
export interface CallSetup {
  begin(now: Instant): void;
  /** True while it waits for the media process, whichever that will be. */
  readonly awaitsPorts: boolean;
  /** Who is being tried, and where. */
  readonly trying: Pick<CalleeSide, 'trunk' | 'at'> | undefined;
  /** Early dialogs, and the callee's of which the media is. */
  readonly early?: { readonly calleeLeg: CallLeg | undefined };
  /** The other side's early dialog. */
  otherLeg(leg: CallLeg): CallLeg | undefined;
  pracked(leg: CallLeg, server: ServerTransaction<Party>, prack: SipRequest, now: Instant): void;
  updated(leg: CallLeg, server: ServerTransaction<Party>, update: SipRequest, now: Instant): void;
  /** The caller gives up. */
  onCancel(now: Instant, reason: string | undefined): void;
  /** The callee hangs up. */
  hungUp(leg: CallLeg, cause: EndCause, now: Instant): void;
  /** Of a leg that waits in it for who is called: what goes on with that. */
  readonly turns?: Turns | undefined;
  /** Ends it whatever its state. */
  end(refusal: Refusal, now: Instant): void;
  /** What a restarted process needs to end it. */
  kept(): Pick<SetupState, 'flow' | 'head' | 'pending' | 'alsoPending' | 'standing' | 'answered'>;
}
