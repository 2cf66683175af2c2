import type { SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadlines, HostPort, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Rewriter } from './outgoing.ts';
import type { Sleeper, TimerValues } from './timers.ts';

/** Why a client transaction ended without a final response. */
export type ClientFailure = 'timeout' | 'transport';

/** What transactions tell the transaction user (RFC 3261 17, figures 5 to 8). */
export type TransactionEvent<Owner> =
  /** A new request; answer it with `respond`. */
  | {
      readonly kind: 'request';
      readonly transaction: ServerTransaction<Owner>;
      readonly request: SipRequest;
      readonly flow: Flow;
    }
  /** A CANCEL; `invite` is the transaction it names, when there is one. */
  | {
      readonly kind: 'cancel';
      readonly transaction: ServerTransaction<Owner>;
      readonly invite: ServerTransaction<Owner> | undefined;
      readonly request: SipRequest;
      readonly flow: Flow;
    }
  /** An ACK to a 2xx: belongs to a dialog, not to a transaction. */
  | { readonly kind: 'ack'; readonly request: SipRequest; readonly flow: Flow }
  | {
      readonly kind: 'response';
      readonly transaction: ClientTransaction<Owner>;
      readonly response: SipResponse;
      readonly flow: Flow;
    }
  /** Matches no transaction: a 2xx to INVITE may still belong to a dialog. */
  | { readonly kind: 'stray-response'; readonly response: SipResponse; readonly flow: Flow }
  | {
      readonly kind: 'failed';
      readonly transaction: ClientTransaction<Owner>;
      readonly failure: ClientFailure;
      readonly reason: string;
    }
  /** A final response to INVITE other than 2xx was never acknowledged (Timer H). */
  | { readonly kind: 'unconfirmed'; readonly transaction: ServerTransaction<Owner> };

/** What one transaction machine may do. The layer implements it; a table test records it. */
export interface TransactionUser<Owner> {
  readonly deadlines: Deadlines<Sleeper>;
  readonly timers: TimerValues;
  send(flow: Flow, octets: Octets): void;
  /** The same once more: nobody has answered, or acknowledged it. */
  sendAgain(flow: Flow, octets: Octets): void;
  tell(event: TransactionEvent<Owner>): void;
  terminated(transaction: ServerTransaction<Owner> | ClientTransaction<Owner>): void;
}

/** What a server transaction keeps of how its request came. */
export interface Origin {
  readonly source: HostPort;
  /** Of sent-by: where the client takes connections, at its address (18.2.2). */
  readonly port: number;
  /** Set where copies by other paths are to be told (8.2.2.2). */
  readonly merge: string | undefined;
}

export interface ServerTransaction<Owner> extends Sleeper {
  readonly role: 'server';
  readonly method: string;
  readonly key: string;
  readonly state: string;
  /** Where responses go. */
  readonly flow: Flow;
  /** The request that opened it; let go once a final response was sent. */
  readonly request: SipRequest | undefined;
  /** Set by the transaction user to find its own object again. */
  owner: Owner | undefined;
  /** Set by the transaction user: what becomes of its responses on their way. */
  rewriter?: Rewriter | undefined;
  /** Set by the layer. */
  origin: Origin | undefined;
  /** The request came again. */
  retransmitted(now: number): void;
  /** ACK with this transaction's branch. INVITE only. */
  ack(request: SipRequest, flow: Flow, now: number): void;
  respond(status: number, octets: Octets, now: number): void;
  /** Its connection is gone: responses leave by this flow from now on. */
  moved(flow: Flow): void;
  transportFailed(reason: string, now: number): void;
}

export interface ClientTransaction<Owner> extends Sleeper {
  readonly role: 'client';
  readonly method: string;
  readonly key: string;
  readonly state: string;
  readonly flow: Flow;
  readonly owner: Owner;
  /** That of its request. */
  readonly rewriter?: Rewriter | undefined;
  receive(response: SipResponse, flow: Flow, now: number): void;
  transportFailed(reason: string, now: number): void;
}
