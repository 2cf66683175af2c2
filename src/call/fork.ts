import type { Tried } from '#codec/digest';
import type { Header, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import { formatAcknowledged, ProvisionalOrder, sequenceOf } from '#sip/reliability';
import type { ClientTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallHandle, Party } from './services.ts';

/** What became of a provisional response at the door of its early dialog. */
export type Arrival =
  | { readonly kind: 'plain' }
  /** It is to be acknowledged by PRACK: `rack` says what. */
  | { readonly kind: 'reliable'; readonly rack: Octets }
  /** It came before, or one before it is missing (RFC 3262 4). */
  | { readonly kind: 'dropped' };

/** One branch of a forked attempt (RFC 3261 12.1): an early dialog with the callee, known by its tag. */
export class Fork {
  /** Our To tag towards the caller: each early dialog there has one here. Undefined when it has as many as it may. */
  readonly callerTag: string | undefined;
  /** Undefined when the callee has shown no tag, and once the attempt is over. */
  leg: CallLeg | undefined;
  /** The last SDP it sent, for a 2xx that comes without; once it is agreed on, the callee's half of that. */
  sdp: Octets = '';
  /** What the caller is answered, where both sides had made an offer. */
  met: Octets = '';
  /** Media of it was passed on: a 180 without any does not end that. */
  heard = false;
  /** Its session was changed in the early dialog: what the INVITE was answered with does not hold any more. */
  moved = false;
  /** Offer and answer have been made reliably: SDP in later responses says nothing (RFC 3261 13.2.1). */
  agreed = false;
  /** The last offer and answer of the two sides in its dialogs, as each was written. */
  session: { readonly from: 'a' | 'b'; readonly offer: Octets; readonly answer: Octets } | undefined;
  /** CSeq of our last request in it, when it is over. */
  lastCSeq = 0;
  readonly #order = new ProvisionalOrder();

  constructor(callerTag: string | undefined, leg: CallLeg | undefined) {
    this.callerTag = callerTag;
    this.leg = leg;
  }

  arrive(response: SipResponse): Arrival {
    const rseq = sequenceOf(response);
    if (rseq !== undefined && this.leg) {
      if (this.#order.place(rseq) !== 'next') return { kind: 'dropped' };
      this.leg.refreshTarget(response);
    }
    this.leg?.peer.learn(response);
    if (rseq === undefined || !this.leg) return { kind: 'plain' };
    return { kind: 'reliable', rack: formatAcknowledged({ rseq, cseq: response.cseq.number, method: 'INVITE' }) };
  }

  /** Acknowledges a reliable response; `body` is the answer where that brought an offer. */
  prack(rack: Octets, body: Octets, now: Instant): void {
    if (this.leg) new Prack(this.leg, rack, body).send([], now);
  }

  /** The attempt is over, or another fork has won. */
  close(): void {
    if (!this.leg) return;
    this.lastCSeq = this.leg.dialog.localCSeq;
    this.leg.forget();
    this.leg = undefined;
  }

  /** Nobody asks any more what was said in it, and its attempt stays for as long as its transaction does. */
  over(): void {
    this.sdp = '';
    this.met = '';
    this.session = undefined;
  }
}

/** A PRACK of ours. Without an answer the callee gives up by itself (RFC 3262 3); nothing else hangs on it. */
class Prack implements Party {
  readonly call: CallHandle;
  readonly #leg: CallLeg;
  readonly #rack: Octets;
  readonly #body: Octets;
  #tried: Tried = [];

  constructor(leg: CallLeg, rack: Octets, body: Octets) {
    this.call = leg.call;
    this.#leg = leg;
    this.#rack = rack;
    this.#body = body;
  }

  send(credentials: readonly Header[], now: Instant): void {
    const headers: Header[] = [['RAck', this.#rack], ...credentials];
    if (this.#body !== '') headers.push(['Content-Type', 'application/sdp']);
    this.#leg.request('PRACK', headers, this.#body, this, now);
  }

  onResponse(response: SipResponse, _transaction: ClientTransaction<Party>, now: Instant): void {
    // Once the INVITE is answered, nobody waits for it any more.
    if (response.status < 300 || this.#leg.acked) return;
    const answer = this.#leg.credentialsFor(response, 'PRACK', this.#body, this.#tried);
    if (!answer) return;
    this.#tried = answer.tried;
    this.send(answer.headers, now);
  }

  onFailure(): void {}
}
