import type { HostPort } from '#kernel';
import type { CallPlan, Role } from './plan.ts';

/** From the lab to one of its ends. */
export type ToEnd =
  /** Listen at these addresses; calls go out from the first, to the program at `proxy`. */
  | { readonly kind: 'start'; readonly addresses: readonly HostPort[]; readonly proxy: HostPort }
  /** Is the program there? */
  | { readonly kind: 'ask' }
  | { readonly kind: 'call'; readonly role: Role; readonly plan: CallPlan }
  | { readonly kind: 'hang-up'; readonly number: number };

/** From an end to the lab. */
export type FromEnd =
  | { readonly kind: 'ready' }
  /** It cannot listen there. `code` as Node has it: EADDRINUSE … */
  | { readonly kind: 'unready'; readonly address: HostPort; readonly code: string }
  /** A callee knows that this call will come. */
  | { readonly kind: 'expecting'; readonly number: number }
  /** The status of the answer to OPTIONS, 0 when none came. */
  | { readonly kind: 'asked'; readonly status: number }
  | { readonly kind: 'party'; readonly report: PartyReport };

export type PartyState = 'waiting' | 'dialling' | 'ringing' | 'talking' | 'holding' | 'held' | 'ended';

/** How one party sees its call. Times are Unix ms, of the one clock that all of the lab has. */
export interface PartyReport {
  readonly number: number;
  readonly role: Role;
  readonly state: PartyState;
  /** SIP's, of this party's side. */
  readonly callId?: string;
  readonly law?: 'PCMU' | 'PCMA';
  readonly startedAt?: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
  /** From INVITE to ringing, measured by the caller on the monotonic clock. Ms. */
  readonly setUpMs?: number;
  /** RTP packets. */
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly jitterMs: number;
  /** The other's tone was there: without a break for a quarter second, and after a hold again. */
  readonly heard: boolean;
  readonly heardMs: number;
  readonly end?: { readonly by: 'us' | 'peer' | 'nobody'; readonly status: number; readonly reason: string };
  /** What did not go as it should. */
  readonly troubles: readonly string[];
}
