import { type NameAddress, parseNameAddress, parseUri, type SipRequest, type SipResponse } from '#codec/sip-message';
import { detach, type HostPort, type Octets } from '#kernel';
import type { OutgoingRequest } from '#sip/transaction';

/** What a phone keeps of one confirmed dialog (RFC 3261 12.1): plain, for one call and one peer. */
export class Dialog {
  readonly callId: Octets;
  readonly localTag: string;
  readonly remoteTag: Octets;
  /** Field values, tags included. */
  readonly #local: Octets;
  readonly #remote: Octets;
  readonly #routes: readonly Octets[];
  /** The peer's Contact; a re-INVITE may move it (12.2.1.2). */
  #target: Octets;
  /** Where the peer was reached, for a Contact that is no address. */
  readonly #peer: HostPort;
  #localCSeq: number;
  #remoteCSeq: number;

  private constructor(of: {
    callId: Octets;
    localTag: string;
    remoteTag: Octets;
    local: Octets;
    remote: Octets;
    routes: readonly Octets[];
    contact: NameAddress | undefined;
    peer: HostPort;
    localCSeq: number;
    remoteCSeq: number;
  }) {
    this.callId = detach(of.callId);
    this.localTag = of.localTag;
    this.remoteTag = detach(of.remoteTag);
    this.#local = detach(of.local);
    this.#remote = detach(of.remote);
    this.#routes = of.routes.map(detach);
    this.#target = detach(of.contact?.uri ?? '');
    this.#peer = of.peer;
    this.#localCSeq = of.localCSeq;
    this.#remoteCSeq = of.remoteCSeq;
  }

  /** The caller's side, from the 2xx to its INVITE (12.1.2). */
  static ofCaller(invite: OutgoingRequest, localTag: string, ok: SipResponse, peer: HostPort): Dialog {
    return new Dialog({
      callId: invite.callId,
      localTag,
      remoteTag: ok.to.tag ?? '',
      local: invite.from,
      remote: ok.get('to') ?? '',
      routes: [...ok.all('record-route')].reverse(),
      contact: ok.contact,
      peer,
      localCSeq: invite.cseq,
      remoteCSeq: -1,
    });
  }

  /** The callee's side, from the INVITE (12.1.1). */
  static ofCallee(invite: SipRequest, localTag: string, peer: HostPort): Dialog {
    return new Dialog({
      callId: invite.callId,
      localTag,
      remoteTag: invite.from.tag ?? '',
      local: `${invite.get('to') ?? ''};tag=${localTag}`,
      remote: invite.get('from') ?? '',
      routes: invite.all('record-route'),
      contact: invite.contact,
      peer,
      localCSeq: 0,
      remoteCSeq: invite.cseq.number,
    });
  }

  /** The tags are this dialog's, and the request is no older than what came before (12.2.2). */
  takes(request: SipRequest): 'yes' | 'another-dialog' | 'out-of-order' {
    if (request.from.tag !== this.remoteTag || request.to.tag !== this.localTag) return 'another-dialog';
    if (request.cseq.number <= this.#remoteCSeq) return 'out-of-order';
    this.#remoteCSeq = request.cseq.number;
    return 'yes';
  }

  /** Target refresh (12.2.1.2, 12.2.2). */
  refresh(contact: NameAddress | undefined): void {
    if (contact !== undefined) this.#target = detach(contact.uri);
  }

  /** A request inside the dialog with the next CSeq; ACK takes its INVITE's (12.2.1.1, 13.2.2.4). */
  request(
    method: string,
    headers: OutgoingRequest['headers'],
    body: Octets = '',
    cseq = ++this.#localCSeq,
  ): OutgoingRequest {
    return {
      method,
      uri: this.#target || `sip:${this.#peer.host}:${this.#peer.port}`,
      from: this.#local,
      to: this.#remote,
      callId: this.callId,
      cseq,
      routes: this.#routes,
      headers: [['Max-Forwards', '70'], ...headers],
      body,
    };
  }

  /** Where the next request goes: the first route, else the peer's Contact (8.1.2). */
  nextHop(): HostPort {
    const first = this.#routes[0];
    const uri = parseUri(first === undefined ? this.#target : (parseNameAddress(first)?.uri ?? ''));
    if (uri === undefined || uri.host === '') return this.#peer;
    return { host: uri.host, port: uri.port ?? 5060 };
  }
}
