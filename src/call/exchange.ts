import type { EndReason } from '#cdr';
import type { Tried } from '#codec/digest';
import type { MediaResponse } from '#codec/media-control';
import type { SessionDescription } from '#codec/sdp';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { ClientFailure, ClientTransaction, ServerTransaction, Sleeper } from '#sip/transaction';
import type { CallLeg, LegExchange } from './call-leg.ts';
import { passedStatus } from './causes.ts';
import { type MediaBridge, readSdp } from './media-bridge.ts';
import { type CallHandle, type MediaWaiter, mediaPatience, type Party } from './services.ts';

/** What an exchange asks of its call. */
export interface ExchangeOwner extends CallHandle {
  readonly media: MediaBridge | undefined;
  orderMedia(waiter: MediaWaiter | undefined): void;
  checkpoint(): void;
  /** A line of the decision trace. */
  decide(rule: string, outcome: string): void;
  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void;
  unanswered(leg: CallLeg, reason: string, now: Instant): void;
  terminate(reason: EndReason, now: Instant): void;
}

/** Ms that a re-INVITE may stay without a final answer of the other side. */
const patience = 32_000;

/**
 * A re-INVITE of one leg carried to the other: hold, codec or address change. Offer and answer pass through; the
 * media plan changes only when the other side has accepted, so a refusal leaves the call as it was (RFC 3261 14.1).
 */
export class Exchange implements Party, MediaWaiter, Sleeper, LegExchange {
  readonly call: ExchangeOwner;
  readonly from: CallLeg;
  readonly to: CallLeg;
  readonly #server: ServerTransaction<Party>;
  readonly #cseq: number;
  readonly #request: SipRequest;
  #state: 'ports' | 'inviting' | 'answer-ports' | 'accepted' | 'over' = 'ports';
  #offer: SessionDescription | undefined;
  #client: ClientTransaction<Party> | undefined;
  /** The body of the re-INVITE that we sent, and what it has tried to satisfy challenges. */
  #sent: Octets = '';
  #tried: Tried = [];
  #answerCSeq = 0;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(call: ExchangeOwner, from: CallLeg, to: CallLeg, server: ServerTransaction<Party>, request: SipRequest) {
    this.call = call;
    this.from = from;
    this.to = to;
    this.#server = server;
    this.#request = request;
    this.#cseq = request.cseq.number;
    from.exchange = this;
    to.exchange = this;
    server.owner = this;
  }

  get tag(): string {
    return this.from.dialog.localTag;
  }

  begin(now: Instant): void {
    const { services, media } = this.call;
    services.transactions.respond(this.#server, { status: 100 }, now.mono);
    const { body } = this.#request;
    if (!media || body === '') return this.#invite(body, now);
    const read = readSdp(body);
    if ('fault' in read) return this.#refuse(400, `Bad SDP: ${read.fault}`, now);
    this.#offer = read.sdp;
    const fault = media.offer(this.from.side, read.sdp);
    if (fault !== undefined) return this.#refuse(488, undefined, now);
    if (media.room()) this.#awaitPorts('ports', now);
    else this.#inviteWithOffer(now);
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (this.#state !== 'ports' && this.#state !== 'answer-ports') return;
    this.#clear();
    if (response.kind !== 'applied') return this.#noPorts(now);
    const { media } = this.call;
    // A new media process has begun the session anew: what was told to both sides is not there any more.
    if (!media?.isAt(response.streams)) return this.call.terminate('media-lost', now);
    media.allocated(response.streams);
    if (this.#state === 'ports') this.#inviteWithOffer(now);
    else this.#acceptWithOffer(now);
  }

  #awaitPorts(state: 'ports' | 'answer-ports', now: Instant): void {
    this.#clear();
    this.#state = state;
    this.call.orderMedia(this);
    this.#deadline = this.call.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  #noPorts(now: Instant): void {
    if (this.#answerCSeq > 0) this.to.acknowledge(this.#answerCSeq, '');
    this.#refuse(500, 'No media ports', now);
  }

  onMediaUnanswered(): void {
    if (this.#state === 'ports' || this.#state === 'answer-ports') this.call.orderMedia(this);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    if (transaction.method !== 'INVITE') return;
    const { status } = response;
    if (status < 200) return;
    if (status >= 300) {
      if (this.#state === 'over' || transaction !== this.#client) return;
      if (this.#authorized(response, now)) return;
      this.#refuse(passedStatus(status), status === passedStatus(status) ? response.phrase : undefined, now);
      // RFC 3261 12.2.1.2: the peer has lost the dialog, or is not there any more.
      if (status === 481 || status === 408) this.call.dialogLost(this.to, response, now);
      return;
    }
    if (this.#state !== 'inviting') {
      // It comes again and gets the ACK it had, or crosses our giving up.
      if (this.to.acked?.cseq === response.cseq.number) this.to.onStrayAnswer(response);
      else if (this.#state === 'over') this.to.acknowledge(response.cseq.number, '');
      return;
    }
    this.to.refreshTarget(response);
    this.from.refreshTarget(this.#request);
    this.#accepted(response, now);
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    if (this.#state === 'over') return;
    this.#refuse(failure === 'timeout' ? 408 : 503, undefined, now);
    // RFC 3261 12.2.1.2: silence ends the dialog; a way that is broken now may be mended before it matters.
    if (failure === 'timeout') this.call.unanswered(this.to, reason, now);
  }

  /** The CANCEL goes on; which of 487 and 200 comes back decides for both sides alike. */
  onCancel(now: Instant): void {
    if (this.#state === 'ports') this.#refuse(487, undefined, now);
    else if (this.#client) this.call.services.transactions.cancelInvite(this.#client, now.mono);
  }

  /** ACK of the side that asked: with the answer when the offer went in our 200. */
  acknowledged(ack: SipRequest, now: Instant): void {
    if (this.#state === 'over') return; // The call ended under it, and the other side has its ACK.
    const { media } = this.call;
    let body = ack.body;
    if (media && this.#offer) {
      const read = readSdp(body);
      if ('fault' in read) {
        // No usable answer: the other side is let out of its 2xx, and stays with what it had.
        this.#giveBack();
        this.#finishDelayed('');
        return;
      }
      const answer = media.answer(read.sdp);
      if ('fault' in answer) {
        this.#giveBack();
        this.#finishDelayed('');
        this.#hangUp(this.from, answer.fault, now);
        return;
      }
      this.call.orderMedia(undefined);
      body = answer.body;
    }
    this.#finishDelayed(body);
  }

  /** The call ends under it. `by` is the leg that hung up. */
  abort(now: Instant): void {
    if (this.#state === 'over') return;
    if (this.#answerCSeq > 0) this.to.acknowledge(this.#answerCSeq, '');
    else if (this.#client) this.call.services.transactions.cancelInvite(this.#client, now.mono);
    this.call.services.transactions.respond(this.#server, { status: 487 }, now.mono);
    this.#over();
  }

  wake(name: string, now: Instant): void {
    this.#deadline = undefined;
    if (name === 'media') this.#noPorts(now);
    else if (this.#client && this.#state === 'inviting')
      this.call.services.transactions.cancelInvite(this.#client, now.mono);
  }

  #inviteWithOffer(now: Instant): void {
    const offer = this.call.media!.translateOffer();
    if ('body' in offer) this.#invite(offer.body, now);
    else this.#refuse(488, undefined, now);
  }

  /** The re-INVITE again, with the credentials that the peer asks for. */
  #authorized(response: SipResponse, now: Instant): boolean {
    if (this.#state !== 'inviting') return false;
    const credentials = this.to.credentialsFor(response, 'INVITE', this.#sent, this.#tried);
    if (!credentials) return false;
    this.#tried = credentials.tried;
    this.#client = this.to.inviteAgain(this.#sent, credentials.headers, this, now);
    return true;
  }

  #invite(body: Octets, now: Instant): void {
    this.#state = 'inviting';
    this.#sent = body;
    this.#deadline = this.call.services.deadlines.set('re-INVITE', this, now.mono + patience);
    this.#client = this.to.invite(body, this, now);
  }

  #accepted(response: SipResponse, now: Instant): void {
    const { media } = this.call;
    const cseq = response.cseq.number;
    const early = this.#request.body !== '';
    if (!media) {
      if (early) this.to.acknowledge(cseq, '');
      else this.#answerCSeq = cseq;
      this.#state = 'accepted';
      this.from.accept(this.#server, this.#cseq, response.body, early ? undefined : this, now);
      if (early) this.#done();
      return;
    }
    const read = readSdp(response.body);
    if ('fault' in read) {
      this.to.acknowledge(cseq, '');
      this.#refuse(500, 'Bad SDP in the answer', now);
      return;
    }
    if (early) {
      this.to.acknowledge(cseq, '');
      const answer = media.answer(read.sdp);
      if ('fault' in answer) {
        this.#refuse(488, undefined, now);
        return this.#hangUp(this.to, answer.fault, now);
      }
      this.call.orderMedia(undefined);
      this.#state = 'accepted';
      this.from.accept(this.#server, this.#cseq, answer.body, undefined, now);
      this.#done();
      return;
    }
    this.#answerCSeq = cseq;
    this.#offer = read.sdp;
    if (media.offer(this.to.side, read.sdp) !== undefined) this.#refuseOffer(now);
    else if (media.room()) this.#awaitPorts('answer-ports', now);
    else this.#acceptWithOffer(now);
  }

  #acceptWithOffer(now: Instant): void {
    const offer = this.call.media!.translateOffer();
    if ('fault' in offer) return this.#refuseOffer(now);
    this.#state = 'accepted';
    this.from.accept(this.#server, this.#cseq, offer.body, this, now);
  }

  /** The other side's 2xx offers what one of both trunks does not take: it is let out of it, and all stays as it was. */
  #refuseOffer(now: Instant): void {
    this.to.acknowledge(this.#answerCSeq, '');
    this.#refuse(488, undefined, now);
  }

  /** A side answered what its trunk does not allow: it believes in media now that there can't be. */
  #hangUp(leg: CallLeg, fault: string, now: Instant): void {
    this.call.decide(`trunk ${leg.trunk.name}`, `hung up on its answer to a re-INVITE: ${fault}`);
    this.call.terminate('bad-request', now);
  }

  #finishDelayed(body: Octets): void {
    this.to.acknowledge(this.#answerCSeq, body);
    this.#answerCSeq = 0;
    this.#done();
  }

  #refuse(status: number, phrase: string | undefined, now: Instant): void {
    const response = phrase === undefined ? { status } : { status, phrase };
    this.call.services.transactions.respond(this.#server, response, now.mono);
    this.#over();
    this.#giveBack();
  }

  /** Nothing of the offer was agreed on: the ports of its new streams go back. */
  #giveBack(): void {
    if (this.call.media?.withdraw()) this.call.orderMedia(undefined);
  }

  #done(): void {
    this.#over();
    this.call.checkpoint();
  }

  #over(): void {
    this.#state = 'over';
    this.#clear();
    this.from.exchange = undefined;
    this.to.exchange = undefined;
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
