import type { Tried } from '#codec/digest';
import type { MediaResponse } from '#codec/media-control';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { ClientFailure, ClientTransaction, ServerTransaction, Sleeper } from '#sip/transaction';
import { claimRoom } from './bandwidth.ts';
import type { CallLeg } from './call-leg.ts';
import { passedStatus } from './causes.ts';
import type { EarlyMedia, EarlyMediaCall } from './early-media.ts';
import type { Fork } from './fork.ts';
import { readSdp } from './media-bridge.ts';
import { type CallHandle, type MediaWaiter, mediaPatience, type Party } from './services.ts';

/** Whose early dialogs they are. */
export interface EarlyExchangeUser {
  readonly call: CallHandle & EarlyMediaCall;
  /** It calls for help. */
  readonly help: object | undefined;
  readonly earlyMedia: EarlyMedia;
  /** The other side's early dialog, and the fork that both are of, when offer and answer have been made in both. */
  counterpart(leg: CallLeg): { readonly leg: CallLeg; readonly fork: Fork } | undefined;
  /** Offer and answer have been made in this leg's own dialog. */
  isAgreed(leg: CallLeg): boolean;
  /** In another dialog an offer of ours waits for its answer. */
  readonly asks: boolean;
  exchanged(now: Instant): void;
}

/** What an offer in an early dialog came with, and how it is answered. */
interface Asked {
  readonly leg: CallLeg;
  readonly server: ServerTransaction<Party>;
  readonly method: 'UPDATE' | 'PRACK';
  readonly cseq: number;
  readonly body: Octets;
}

/**
 * Offers in early dialogs: in an UPDATE (RFC 3311), or in a PRACK (RFC 3262 5). One at a time is carried to the other side
 * by UPDATE, when that takes it and has a session to change.
 */
export class EarlyExchanges implements Party, MediaWaiter, Sleeper {
  readonly call: EarlyExchangeUser['call'];
  readonly #user: EarlyExchangeUser;
  #state: 'idle' | 'ports' | 'asking' = 'idle';
  #asked: Asked | undefined;
  #to: { readonly leg: CallLeg; readonly fork: Fork } | undefined;
  #sent: Octets = '';
  #tried: Tried = [];
  #client: ClientTransaction<Party> | undefined;
  /** Ours to the caller, that nobody waits for any more. */
  #left: { readonly client: ClientTransaction<Party>; readonly tag: string } | undefined;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(user: EarlyExchangeUser) {
    this.call = user.call;
    this.#user = user;
  }

  /** A 2xx to the INVITE waits until it is over: which session it confirms would not be clear. */
  get busy(): boolean {
    return this.#state !== 'idle';
  }

  get awaitsPorts(): boolean {
    return this.#state === 'ports';
  }

  /** An UPDATE of ours to this dialog has no answer, though what it was for is over: no 2xx to its INVITE before (RFC 3311 5.2). */
  isOpen(leg: CallLeg): boolean {
    return this.#left?.tag === leg.dialog.localTag;
  }

  /** An UPDATE in an early dialog. */
  updated(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const { transactions, random } = this.call.services;
    const cseq = request.cseq.number;
    // RFC 3311 5.2: one without an offer takes no turn.
    if (request.body === '') return leg.accept(server, cseq, '', undefined, now);
    // RFC 3311 5.2: it has an offer of its own unanswered, or one of ours.
    const isOwn = this.#asked ? this.#asked.leg === leg : leg.side === 'a';
    if (this.busy || this.#user.asks || !this.#user.isAgreed(leg)) {
      const later: Header[] = isOwn ? [['Retry-After', String(random.integer(11))]] : [];
      return void transactions.respond(server, { status: isOwn ? 500 : 491, headers: later }, now.mono);
    }
    this.#begin({ leg, server, method: 'UPDATE', cseq, body: detach(request.body) }, now);
  }

  /** A PRACK that acknowledges and, since there was an answer, offers (RFC 3262 5). */
  offeredInPrack(leg: CallLeg, server: ServerTransaction<Party>, prack: SipRequest, now: Instant): void {
    const { transactions } = this.call.services;
    if (this.busy || this.#user.asks) return void transactions.respond(server, { status: 491 }, now.mono);
    this.#begin({ leg, server, method: 'PRACK', cseq: prack.cseq.number, body: detach(prack.body) }, now);
  }

  /** Whose exchange is under way. */
  get fork(): Fork | undefined {
    return this.#to?.fork;
  }

  /** The set-up, this attempt, or this fork's part in it, is over. */
  over(now: Instant): void {
    if (!this.busy) return;
    const client = this.#state === 'asking' ? this.#client : undefined;
    if (client && this.#to?.leg.side === 'a') this.#left = { client, tag: this.#to.leg.dialog.localTag };
    this.#refuse(487, now);
    if (this.call.media?.withdraw()) this.call.orderMedia(undefined);
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (this.#state !== 'ports') return;
    this.#clear();
    if (response.kind !== 'applied') return this.#fail(500, now);
    this.call.media?.allocated(response.streams);
    this.#offer(now);
  }

  onMediaUnanswered(): void {
    if (this.#state === 'ports') this.call.orderMedia(this);
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    if (this.#state === 'ports') this.#fail(500, now);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    if (status >= 200) this.#closed(transaction, now);
    if (status < 200 || this.#state !== 'asking' || transaction !== this.#client) return;
    const { leg } = this.#to!;
    if (status < 300) {
      leg.agreed(response, now);
      return this.#answered(detach(response.body), now);
    }
    const credentials = leg.credentialsFor(response, 'UPDATE', this.#sent, this.#tried);
    if (!credentials) return this.#fail(passedStatus(status), now);
    this.#tried = credentials.tried;
    this.#client = leg.ask('UPDATE', this.#sent, credentials.headers, this, now);
  }

  onFailure(failure: ClientFailure, _reason: string, now: Instant): void {
    if (this.#left) this.#closed(this.#left.client, now);
    if (this.#state === 'asking') this.#fail(failure === 'timeout' ? 408 : 503, now);
  }

  #closed(transaction: ClientTransaction<Party>, now: Instant): void {
    if (this.#left?.client !== transaction) return;
    this.#left = undefined;
    this.#user.exchanged(now);
  }

  #begin(asked: Asked, now: Instant): void {
    const { transactions } = this.call.services;
    const to = this.#user.counterpart(asked.leg);
    // 488 leaves all as it was: who asked goes on with the session that it has.
    if (!to?.leg.peer.allows('UPDATE')) return void transactions.respond(asked.server, { status: 488 }, now.mono);
    const lacking = this.#user.help ? undefined : claimRoom(this.call, asked.body);
    if (lacking !== undefined) {
      this.call.decide(`trunk ${asked.leg.trunk.name}`, `its offer is refused: ${lacking}`);
      return void transactions.respond(asked.server, { status: 488, phrase: 'Insufficient Bandwidth' }, now.mono);
    }
    this.#asked = asked;
    this.#to = to;
    this.#tried = [];
    const { media } = this.call;
    if (!media) return this.#ask(asked.body, now);
    this.#user.earlyMedia.leave();
    const read = readSdp(asked.body);
    this.#state = 'asking';
    if ('fault' in read) return this.#fail(400, now);
    if (media.offer(asked.leg.side, read.sdp) !== undefined) return this.#fail(488, now);
    if (!media.room()) return this.#offer(now);
    this.#state = 'ports';
    this.call.orderMedia(this);
    this.#deadline = this.call.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  #offer(now: Instant): void {
    const offer = this.call.media!.translateOffer();
    if ('body' in offer) this.#ask(offer.body, now);
    else this.#fail(488, now);
  }

  #ask(body: Octets, now: Instant): void {
    this.#state = 'asking';
    this.#sent = body;
    this.#client = this.#to!.leg.ask('UPDATE', body, [], this, now);
  }

  #answered(body: Octets, now: Instant): void {
    const { leg, server, method, cseq, body: offer } = this.#asked!;
    const { leg: other, fork } = this.#to!;
    let answer = body;
    const { media } = this.call;
    if (media) {
      const read = readSdp(body);
      const translated = 'fault' in read ? read : media.answer(read.sdp);
      if ('fault' in translated) return this.#fail(488, now);
      answer = translated.body;
      this.call.orderMedia(undefined);
    }
    this.call.services.room.keepClaim(this.call);
    leg.heard = offer;
    leg.said = answer;
    other.heard = body;
    other.said = this.#sent;
    fork.moved = true;
    fork.met = '';
    fork.session = { from: leg.side, offer, answer: body };
    this.#user.earlyMedia.stands(fork);
    if (method === 'UPDATE') leg.accept(server, cseq, answer, undefined, now);
    else {
      const headers: Header[] = [['Content-Type', 'application/sdp']];
      this.call.services.transactions.respond(server, { status: 200, headers, body: answer }, now.mono);
    }
    this.#rest();
    this.#user.exchanged(now);
  }

  /** Nothing was agreed on: all stays as it was, and the call goes on. */
  #fail(status: number, now: Instant): void {
    const { fork } = this.#to!;
    this.#refuse(status, now);
    if (this.call.media?.withdraw()) this.call.orderMedia(undefined);
    this.#user.earlyMedia.settle(fork);
    this.#user.exchanged(now);
  }

  #refuse(status: number, now: Instant): void {
    this.call.services.transactions.respond(this.#asked!.server, { status }, now.mono);
    this.#rest();
  }

  #rest(): void {
    this.#clear();
    this.call.services.room.dropClaim(this.call);
    this.#state = 'idle';
    this.#asked = undefined;
    this.#to = undefined;
    this.#client = undefined;
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
