import { endToEnd, extensions, type Party, type Passage, type Passing, permitsOf } from '#call';
import { type Header, parseUri, type SipRequest } from '#codec/sip-message';
import { formatHostPort, type Instant, type Random } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { type Flow, responseFlow } from '#sip/flow';
import { formatOutgoingResponse, type ServerTransaction, type TransactionLayer } from '#sip/transaction';

/** Requests that belong to no dialog: what we answer ourselves, and what requests must be like (RFC 3261 8.2). */
export class OutsideDialog {
  readonly #transactions: TransactionLayer<Party>;
  readonly #random: Random;
  readonly #own: readonly Header[];

  constructor(transactions: TransactionLayer<Party>, random: Random, server: string | undefined) {
    this.#transactions = transactions;
    this.#random = random;
    this.#own = server === undefined ? [] : [['Server', server]];
  }

  /** A request of `trunk` other than INVITE: answered, or what is to be begun with it. */
  answer(
    transaction: ServerTransaction<Party>,
    request: SipRequest,
    flow: Flow,
    trunk: Trunk,
    passing: Passing,
    now: Instant,
  ): Passage | undefined {
    switch (request.method) {
      case 'OPTIONS':
        if (!this.#understood(transaction, request, now)) return undefined;
        if (passing.leadsOn(request, trunk)) break;
        this.refuse(transaction, 200, now, [
          ['Allow', permitsOf(trunk).allow],
          ['Accept', readable],
          ...permitsOf(trunk).events(),
        ]);
        return undefined;
      case 'BYE':
      case 'INFO':
      case 'UPDATE':
      case 'PRACK':
        // Only meaningful inside a dialog (15.1.2).
        this.refuse(transaction, 481, now);
        return undefined;
    }
    const refused = passing.refusal(request, trunk, now);
    if (!refused && this.#understood(transaction, request, now))
      return passing.pass(trunk, flow, transaction, request, now);
    if (refused) this.refuse(transaction, refused.status, now, refused.headers);
    return undefined;
  }

  /** True when the INVITE can be worked on; else it has been answered (8.2.2, 8.2.3, 16.3 for Max-Forwards). */
  acceptable(transaction: ServerTransaction<Party>, invite: SipRequest, isForHelp: boolean, now: Instant): boolean {
    const refuse = (status: number, headers?: readonly Header[]) => {
      this.refuse(transaction, status, now, headers);
      return false;
    };
    const uri = invite.target;
    // sips: promises TLS on every hop (26.2.2), which no listener of ours could keep.
    // A service for help is called by its URN (RFC 5031), whatever else is no address.
    if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'tel' && !(isForHelp && uri.scheme === 'urn')))
      return refuse(416);
    if (invite.maxForwards === 0) return refuse(483);
    if (!this.intelligible(transaction, invite, now)) return false;
    if (!invite.contact || !parseUri(invite.contact.uri)) return refuse(400);
    return true;
  }

  /** True when we know its extensions and can read its body, in a dialog or not; else it has been answered (8.2.2.3, 8.2.3). */
  intelligible(transaction: ServerTransaction<Party>, request: SipRequest, now: Instant): boolean {
    // A peer that hangs up is gone whatever we answer (15.1.1).
    if (request.method === 'BYE') return true;
    if (!this.#understood(transaction, request, now)) return false;
    if ((request.method !== 'INVITE' && request.method !== 'UPDATE') || request.body === '') return true;
    const encoding = request.get('content-encoding');
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
      this.refuse(transaction, 415, now, [['Accept-Encoding', 'identity']]);
    else if (request.contentType !== 'application/sdp') this.refuse(transaction, 415, now, [['Accept', readable]]);
    else return true;
    return false;
  }

  refuse(transaction: ServerTransaction<Party>, status: number, now: Instant, headers: readonly Header[] = []): void {
    this.#transactions.respond(
      transaction,
      { status, toTag: this.#random.token(64), headers: [...headers, ...this.#own] },
      now.mono,
    );
  }

  /** Without a transaction, so without state: for those who are not let in. */
  refuseStatelessly(
    request: SipRequest,
    flow: Flow,
    status: number,
    reason?: string,
    headers: readonly Header[] = [],
  ): void {
    const toTag = statelessTag(request, flow);
    const said = status === 400 && reason !== undefined ? { phrase: `Bad Request: ${reason}` } : {};
    const octets = formatOutgoingResponse(request, flow.remote, { status, toTag, headers, ...said });
    this.#transactions.send(responseFlow(request, flow), octets);
  }

  /** The ACK of such a refusal: all that was wrong has been told. */
  endsRefusal(request: SipRequest, flow: Flow): boolean {
    return request.method === 'ACK' && request.to.tag === statelessTag(request, flow);
  }

  /** No extension that we would have to understand (8.2.2.3). */
  #understood(transaction: ServerTransaction<Party>, request: SipRequest, now: Instant): boolean {
    // What both ends of a request that passes have to know is not ours to know.
    const passes = request.method !== 'INVITE' && request.method !== 'UPDATE';
    const isHeard = (tag: string) => extensions.has(tag) || (passes && endToEnd.has(tag));
    const unheard = request.all('require').filter((one) => !isHeard(one.toLowerCase()));
    if (unheard.length === 0) return true;
    this.refuse(transaction, 420, now, [['Unsupported', unheard.join(', ')]]);
    return false;
  }
}

/** Bodies that we read: one description of a session, alone or among parts (RFC 5621). */
const readable = 'application/sdp, multipart/mixed';

/** RFC 3261 8.2.7: a stateless server's tag must come out the same for each retransmission. */
function statelessTag(request: SipRequest, flow: Flow): string {
  let hash = 0x811c9dc5;
  const text = `${request.callId} ${request.via.branch ?? ''} ${formatHostPort(flow.remote)}`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
