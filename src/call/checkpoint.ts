import type { AttemptRecord, CallRecord, Decision, LegIdentifiers, MediaCapture, RecordBasis } from '#cdr';
import type { Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { CallLeg, LegState } from './call-leg.ts';
import type { PendingInvite } from './callee-side.ts';
import type { MediaBridgeState } from './media-bridge.ts';

export interface CallFacts {
  readonly id: string;
  readonly caller: LegIdentifiers;
  readonly from: Octets;
  readonly to: Octets;
  readonly startedAt: number;
  /** It is the outcome of so many transfers, one after the other. */
  readonly transfers?: number;
  readonly ringingAt?: number;
  readonly route?: string;
  readonly emergency?: string;
  readonly basis?: RecordBasis;
  readonly bypassed?: true;
  readonly captures?: readonly MediaCapture[];
  readonly decisions: readonly Decision[];
}

/** Being set up: enough to refuse the caller, or to hang up on one that talked, cancel the callee and write the record. */
export interface SetupState {
  readonly v: 1;
  readonly stage: 'setup';
  readonly facts: CallFacts;
  readonly flow: Flow;
  /** The caller's INVITE without its body; absent when it talks in another call, or has left that. */
  readonly head?: Octets;
  readonly standing?: LegState & { readonly side: 'a' | 'b' };
  readonly attempts: readonly AttemptRecord[];
  readonly pending?: PendingInvite;
  /** Those that ring together with it. */
  readonly alsoPending?: readonly PendingInvite[];
  /** Who was called for one that talks has answered, and the two are being brought together. */
  readonly answered?: { readonly leg: LegState; readonly record: AttemptRecord };
}

/** Answered: all that the call needs to go on. */
export interface ConfirmedState {
  readonly v: 1;
  readonly stage: 'answered';
  readonly facts: CallFacts;
  readonly answeredAt: number;
  readonly attempts: readonly AttemptRecord[];
  readonly a: LegState;
  readonly b: LegState;
  readonly media?: MediaBridgeState;
  /** The caller's ACK had not come that is to answer an offer. */
  readonly unanswered?: true;
  /** This leg was asked to go on in another call, and may have taken that one's session. */
  readonly lent?: 'a' | 'b';
}

/** How the caller was refused, and which way: it may not have heard it. */
export interface Refused {
  readonly flow: Flow;
  readonly octets: Octets;
}

/** Ended, its record not yet known to be durable, or an end not yet known to have heard of it. */
export interface EndedState {
  readonly v: 1;
  readonly stage: 'ended';
  readonly record: CallRecord;
  /** Legs whose BYE has no answer yet. */
  readonly leaving?: readonly (LegState & { readonly side: 'a' | 'b' })[];
  readonly refusal?: Refused;
}

/** Of a call whose record is this, and which had these legs. */
export function endedState(record: CallRecord, legs: readonly CallLeg[], refusal: Refused | undefined): EndedState {
  const leaving = legs.filter((leg) => leg.leaving).map((leg) => ({ side: leg.side, ...leg.leavingState() }));
  return {
    v: 1,
    stage: 'ended',
    record: inShort(record),
    ...(leaving.length > 0 ? { leaving } : {}),
    ...(refusal ? { refusal } : {}),
  };
}

/** Without how it went over time: the record has that in a moment, and each checkpoint would cost as much again. */
function inShort(record: CallRecord): CallRecord {
  if (!record.media?.some(({ course }) => course)) return record;
  return { ...record, media: record.media.map(({ course: _, ...counters }) => counters) };
}

/** What a checkpoint holds, as JSON. `v` is raised when a reader of the old form would go wrong. */
export type CallState = SetupState | ConfirmedState | EndedState;
