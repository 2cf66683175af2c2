import type { Header } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import { type Dialog, literalAddress, nextHopUri, routingOf } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ClientTransaction, OutgoingRequest, ServerTransaction, Sleeper } from '#sip/transaction';
import type { Line } from './line.ts';

/** A 2xx of ours until its ACK. */
export interface Unconfirmed {
  readonly cseq: number;
  readonly transaction: ServerTransaction<Sleeper>;
  readonly octets: Octets;
  readonly until: number;
  /** Our 2xx held the offer: the ACK is to hold the answer. */
  readonly offered: boolean;
  interval: number;
}

/** What one dialog of an agent sends (RFC 3261 12.2.1, 13.2.2.4). */
export class LegWire {
  readonly #line: Line;
  readonly #dialog: Dialog;
  #acked: { readonly cseq: number; readonly flow: Flow; readonly octets: Octets } | undefined;

  constructor(line: Line, dialog: Dialog) {
    this.#line = line;
    this.#dialog = dialog;
  }

  request(
    method: string,
    headers: readonly Header[],
    body: Octets,
    owner: Sleeper,
    now: Instant,
  ): ClientTransaction<Sleeper> {
    const cseq = ++this.#dialog.localCSeq;
    return this.#line.layer.request(this.#outgoing(method, cseq, headers, body), this.#target(), owner, now.mono);
  }

  acknowledge(cseq: number, body: Octets): void {
    const headers: Header[] = body === '' ? [] : [['Content-Type', 'application/sdp']];
    this.#acked = { cseq, ...this.#line.layer.sendAck(this.#outgoing('ACK', cseq, headers, body), this.#target()) };
  }

  /** A 2xx came again: the same ACK goes again. */
  acknowledgeAgain(cseq: number): void {
    if (this.#acked?.cseq === cseq) this.#line.layer.send(this.#acked.flow, this.#acked.octets);
  }

  #outgoing(method: string, cseq: number, headers: readonly Header[], body: Octets): OutgoingRequest {
    const dialog = this.#dialog;
    return {
      method,
      ...routingOf(dialog),
      from: dialog.local,
      to: dialog.remote,
      callId: dialog.callId,
      cseq,
      headers: [['Max-Forwards', '70'], ...headers],
      body,
    };
  }

  #target() {
    const uri = nextHopUri(this.#dialog);
    return this.#line.target(literalAddress(uri), uri?.params.get('transport'));
  }
}
