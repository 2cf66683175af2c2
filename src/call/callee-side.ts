import type { AttemptRecord, EndCause } from '#cdr';
import type { SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { OutgoingRequest, Target } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { Tells } from './emergency/conveyance.ts';
import type { Fork } from './fork.ts';
import type { DiversionReason } from './identity/index.ts';
import type { TrunkTarget } from './services.ts';

/** Who is called by an attempt. */
export interface Called {
  /** As it goes into URIs, escaped. */
  readonly user: Octets;
  /** What its way takes off Max-Forwards: one, and one for each redirection. */
  readonly hops: number;
  /** Who was called and sent the call on: by a 3xx, or as a user has it. */
  readonly redirectedBy?: Octets;
  /** Why; since it said so by a 3xx unless given. */
  readonly redirectedFor?: DiversionReason;
  /** In place of the caller's own number. `masks`: nothing else is to tell who calls. */
  readonly caller?: { readonly number: Octets; readonly masks: boolean };
  /** Who transferred the caller there, and the dialog there whose place it is to take (RFC 3892, RFC 3891). */
  readonly referredBy?: Octets;
  readonly replaces?: Octets;
  /** It is called for help. `tells`: where that is to come to, where it is to be told. */
  readonly help?: { readonly tells?: Tells };
}

/** What a checkpoint keeps of an attempt that is under way: enough to cancel it. */
export interface PendingInvite {
  readonly trunk: string;
  readonly request: OutgoingRequest;
  readonly branch: string;
  readonly target: Target;
  readonly flow: Flow;
  /** Absent in what older versions kept. */
  readonly startedAt?: number;
}

/** An attempt whose 2xx won. */
export interface Winner {
  over(): void;
  record(end: EndCause, endedAt: number): AttemptRecord;
}

/** Who is called, as a set-up sees it: one address of a trunk, or devices that ring together. */
export interface CalleeSide {
  readonly trunk: Trunk;
  /** As whom media know it. */
  readonly face: Trunk;
  readonly at: TrunkTarget;
  readonly called: Called;
  /** Its INVITE bears an offer of our own, since the caller made none. */
  ownOffer: boolean;
  /** Its INVITE bears no offer, though the caller made one. */
  delayed: boolean;
  /** The branches of it that answer: each is an early dialog. */
  readonly forks: ReadonlyMap<unknown, Fork>;
  /** False when no listener of ours can reach it: there is no attempt then. */
  readonly possible: boolean;
  start(body: Octets, now: Instant): void;
  /** The fork that a response belongs to; undefined when there are more than anybody needs. */
  fork(response: SipResponse): Fork | undefined;
  /** Its 2xx won: its leg. */
  leg(response: SipResponse, now: Instant): CallLeg;
  /** Whose 2xx that was. */
  readonly winner: Winner | undefined;
  /** Nothing of it is wanted any more. */
  abandon(now: Instant, reason?: Octets): void;
  over(): void;
  /** What an abrupt end must cancel. */
  pending(): readonly PendingInvite[];
  /** The tries that were not told yet. */
  records(end: EndCause, endedAt: number): readonly AttemptRecord[];
}
