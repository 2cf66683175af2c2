import type { CallRecord, EndReason } from '#cdr';
import type { MediaRequest, MediaResponse } from '#codec/media-control';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadlines, Instant, Random } from '#kernel';
import type { Occupancy } from '#policy/admission';
import type { Configuration, Listener, Trunk } from '#policy/configuration';
import type { Router } from '#policy/routing';
import type { DialogTable } from '#sip/dialog';
import type { Flow, FlowTable, FlowTransport } from '#sip/flow';
import type { ClientFailure, ClientTransaction, ServerTransaction, Sleeper, TransactionLayer } from '#sip/transaction';

/** What every part of a call, and the engine, know of it. */
export interface CallHandle {
  readonly id: string;
  readonly services: CallServices;
  /** Ends it whatever its state. */
  terminate(reason: EndReason, now: Instant): void;
}

/** Whoever waits for what becomes of a transaction: an attempt, a re-INVITE, a BYE. Belongs to one call. */
export interface Party {
  readonly call: CallHandle;
  /** The To tag of its answers to the INVITE that it serves. */
  readonly tag?: string;
  /** A response to its request. */
  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void;
  /** Its request has failed without a final response. */
  onFailure(failure: ClientFailure, reason: string, now: Instant): void;
  /** The INVITE it serves was cancelled; the CANCEL itself is answered already. */
  onCancel(now: Instant, reason: string | undefined): void;
}

/** Whose a dialog is: it takes what comes inside. */
export interface DialogUser {
  readonly call: CallHandle;
  /** Who may speak in it. */
  readonly trunk: Trunk;
  onRequest(transaction: ServerTransaction<Party>, request: SipRequest, flow: Flow, now: Instant): void;
  onAck(request: SipRequest, now: Instant): void;
  /** A 2xx to an INVITE whose transaction has ended: the ACK was lost. */
  onStrayAnswer(response: SipResponse): void;
}

export type Transactions = TransactionLayer<Party>;

/** Ms that a call waits for an answer of the media process. */
export const mediaPatience = 2_000;

/** Who waits for an answer of the media process. */
export interface MediaWaiter {
  readonly call: CallHandle;
  onMedia(response: MediaResponse, now: Instant): void;
  /** The link or the process fell before it answered; there is one again. */
  onMediaUnanswered(now: Instant): void;
}

/** A media request without its id, which the engine gives. */
export type MediaOrder = MediaRequest extends infer R
  ? R extends { readonly id: number }
    ? Omit<R, 'id'>
    : never
  : never;

/** The listener of each transport by which a side is reached. */
export type Sockets = Readonly<Record<FlowTransport, Listener | undefined>>;

/** What a call may do and ask; the engine implements it. */
export interface CallServices {
  readonly configuration: Configuration;
  readonly transactions: Transactions;
  readonly dialogs: DialogTable<DialogUser>;
  readonly flows: FlowTable;
  readonly deadlines: Deadlines<Sleeper>;
  readonly occupancy: Occupancy;
  readonly router: Router;
  readonly random: Random;
  /** The listener by which requests to this trunk leave, per transport. */
  listenersFor(trunk: Trunk, host: string): Sockets;
  media(order: MediaOrder, waiter: MediaWaiter | undefined): number;
  checkpoint(call: string, state: object): void;
  forget(call: CallHandle): void;
  record(record: CallRecord): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>): void;
}
