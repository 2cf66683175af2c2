import type { SipRequest, SipResponse } from '#codec/sip-message';
import { detach, type Instant, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import { acknowledgedBy } from '#sip/reliability';
import type { ServerTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CalleeSide } from './callee-side.ts';
import type { CallerSide } from './caller-side.ts';
import { sipReason } from './causes.ts';
import type { CallerDialog } from './early-caller.ts';
import { EarlyExchanges, type EarlyExchangeUser } from './early-exchange.ts';
import { EarlyMedia, type EarlyMediaCall } from './early-media.ts';
import { EarlyOffers, type EarlyOfferUser } from './early-offer.ts';
import type { Fork } from './fork.ts';
import type { CallHandle, Party } from './services.ts';

/** Whose early dialogs they are. */
export interface EarlyDialogsUser {
  readonly call: CallHandle & EarlyMediaCall;
  readonly callerSide: CallerSide;
  readonly invite: SipRequest;
  readonly flow: Flow;
  /** It calls for help. */
  readonly help: object | undefined;
  /** The one that is under way. */
  readonly attempt: CalleeSide | undefined;
  unfitOffer(attempt: CalleeSide, why: string, now: Instant): void;
  noPorts(now: Instant): void;
  /** What a 200 may have waited for is through. */
  resume(now: Instant): void;
}

/** What goes on in the early dialogs of both sides, between an attempt's first response and the 200. */
export class EarlyDialogs implements EarlyExchangeUser, EarlyOfferUser {
  readonly call: EarlyDialogsUser['call'];
  readonly callerSide: CallerSide;
  readonly earlyMedia: EarlyMedia;
  readonly #user: EarlyDialogsUser;
  readonly #offers: EarlyOffers;
  readonly #exchanges: EarlyExchanges;
  /** What the caller has agreed on in its first dialog, with an attempt that is over. */
  #shown: Fork['session'];

  constructor(user: EarlyDialogsUser) {
    this.#user = user;
    this.call = user.call;
    this.callerSide = user.callerSide;
    this.earlyMedia = new EarlyMedia(user.call, user.callerSide);
    this.#offers = new EarlyOffers(this);
    this.#exchanges = new EarlyExchanges(this);
  }

  get flow(): Flow {
    return this.#user.flow;
  }

  get help(): object | undefined {
    return this.#user.help;
  }

  get awaitsPorts(): boolean {
    return this.#offers.awaitsPorts || this.#exchanges.awaitsPorts;
  }

  /** An offer in an early dialog waits for its answer. */
  get busy(): boolean {
    return this.#exchanges.busy;
  }

  /** RFC 3262 3: no 2xx before the PRACK of what bears SDP; nor while an offer in an early dialog has no answer. */
  holds(dialog: CallerDialog): boolean {
    return dialog.holdsAnswer || this.#exchanges.busy || this.#offers.awaitsPorts || this.#exchanges.isOpen(dialog.leg);
  }

  /** A provisional response but 100, or the final one of an INVITE that goes out anew. `rack`: it brings an offer, which our PRACK is to answer. */
  progress(attempt: CalleeSide, fork: Fork, response: SipResponse, rack: Octets | undefined, now: Instant): void {
    const { status, phrase } = response;
    if (status >= 300) return this.#ended(fork, sipReason(487), now);
    // RFC 6228: this fork has ended, others may go on.
    if (status === 199) return this.#ended(fork, response.get('reason') ?? sipReason(487), now);
    if (fork.callerTag !== undefined) this.callerSide.tell(fork.callerTag, response, attempt.trunk);
    if (attempt.delayed) return this.#met(attempt, fork, response, rack, now);
    if (fork.callerTag === undefined || (rack === undefined && !this.#isToBeAsked(attempt, fork, response))) {
      // Once the session has moved on in the dialog, SDP in what answers the INVITE says nothing (RFC 6337 3.1).
      const says = this.#user.invite.body !== '' && !fork.moved;
      // While another offer waits for its answer, this one is kept: the 200 says it.
      const answer = says ? () => (this.busy ? '' : this.earlyMedia.answer(fork, response.body)) : undefined;
      return this.earlyMedia.show(fork, response, answer, now);
    }
    this.#offers.take(attempt, fork, { status, phrase, body: response.body }, rack, now);
  }

  /** Of an INVITE without the caller's offer: the callee's, in a reliable response, is answered with that. */
  #met(attempt: CalleeSide, fork: Fork, response: SipResponse, rack: Octets | undefined, now: Instant): void {
    if (rack !== undefined) {
      const met = this.earlyMedia.meet(fork, detach(response.body));
      if ('fault' in met) return this.unfitOffer(attempt, met.fault, now);
      fork.agreed = true;
      fork.prack(rack, met.answer, now);
    }
    this.earlyMedia.show(fork, response, fork.agreed ? () => fork.met : undefined, now);
  }

  /** The callee's answer to an offer of our own stands, and the caller can be asked what it says to that. */
  #isToBeAsked(attempt: CalleeSide, fork: Fork, response: SipResponse): boolean {
    if (!attempt.ownOffer || !fork.agreed || response.body === '' || this.callerSide.wants.reliable === 'none')
      return false;
    return fork.session === undefined && !this.#offers.has(fork);
  }

  /** The caller acknowledges a provisional response of ours (RFC 3262 3). */
  pracked(leg: CallLeg, server: ServerTransaction<Party>, prack: SipRequest, now: Instant): void {
    const { transactions } = this.call.services;
    const refuse = (status: number) => void transactions.respond(server, { status }, now.mono);
    const dialog = this.callerSide.known(leg.dialog.localTag);
    const acknowledged = acknowledgedBy(prack);
    if (!acknowledged) return refuse(400);
    const response = dialog?.leg === leg ? dialog.acknowledge(acknowledged) : undefined;
    if (!dialog || !response) return refuse(481);
    const isAnswer = this.#user.invite.body === '' && response.body !== '';
    if (prack.body !== '' && !isAnswer) {
      // RFC 3262 5: only after an answer of ours it may be an offer.
      if (dialog.agreed) this.#exchanges.offeredInPrack(leg, server, prack, now);
      else refuse(488);
    } else {
      transactions.respond(server, { status: 200 }, now.mono);
      if (isAnswer) this.#offers.answered(leg.dialog.localTag, detach(prack.body), now);
    }
    dialog.next(now);
    this.#user.resume(now);
  }

  updated(leg: CallLeg, server: ServerTransaction<Party>, update: SipRequest, now: Instant): void {
    this.#exchanges.updated(leg, server, update, now);
  }

  /** The callee ends one of its early dialogs by itself, though it must not (RFC 3261 15): nothing more comes of that fork. */
  hungUp(leg: CallLeg, reason: Octets | undefined, now: Instant): void {
    const fork = this.#forkOf(leg);
    if (fork) this.#ended(fork, reason ?? sipReason(487), now);
  }

  get calleeLeg(): CallLeg | undefined {
    return this.earlyMedia.standing?.leg;
  }

  /** The other side's early dialog, where there is one. */
  otherLeg(leg: CallLeg): CallLeg | undefined {
    const fork = this.#forkOf(leg);
    return leg.side === 'a' ? fork?.leg : this.callerSide.known(fork?.callerTag)?.leg;
  }

  counterpart(leg: CallLeg): { readonly leg: CallLeg; readonly fork: Fork } | undefined {
    const other = this.otherLeg(leg);
    const fork = this.#forkOf(leg);
    return other && fork && this.isAgreed(other) ? { leg: other, fork } : undefined;
  }

  isAgreed(leg: CallLeg): boolean {
    if (leg.side === 'a') return this.callerSide.known(leg.dialog.localTag)?.agreed === true;
    return this.#forkOf(leg)?.agreed === true;
  }

  /**
   * A fork wins with an offer that the caller was not shown, for want of early dialogs: our answer, where it has agreed with
   * another one in its only dialog, of this attempt or one before.
   */
  unseen(winner: Fork, body: Octets): ReturnType<EarlyMedia['adopt']> | undefined {
    if (winner.session || winner.callerTag !== undefined) return undefined;
    const { attempt } = this.#user;
    const session = (attempt && this.#shownOf(attempt)) ?? this.#shown;
    if (!session) return undefined;
    const adopted = this.earlyMedia.adopt(winner, winner.agreed || body === '' ? winner.sdp : detach(body), session);
    // What answered an offer of our own is not answered again.
    return attempt?.ownOffer && 'answer' in adopted ? { answer: '' } : adopted;
  }

  /** What a fork of the attempt has agreed on with the caller in the dialog that a 2xx would confirm. */
  #shownOf(attempt: CalleeSide): Fork['session'] {
    for (const { session, callerTag } of attempt.forks.values())
      if (session && callerTag === this.callerSide.tag) return session;
    return undefined;
  }

  get asks(): boolean {
    return this.#offers.busy;
  }

  exchanged(now: Instant): void {
    this.#offers.resume(now);
    this.#user.resume(now);
  }

  unfitOffer(attempt: CalleeSide, why: string, now: Instant): void {
    this.#user.unfitOffer(attempt, why, now);
  }

  noPorts(now: Instant): void {
    this.#user.noPorts(now);
  }

  /** This fork has won: offers and exchanges of the others come to nothing. True when its own is with the caller. */
  decided(fork: Fork | undefined, now: Instant): boolean {
    this.#offers.decided(fork, now);
    if (this.#exchanges.fork !== fork) this.#exchanges.over(now);
    return fork !== undefined && this.#offers.has(fork);
  }

  /** The attempt is over, and all that went on in its dialogs. `reason`: why, for a caller that is to hear of it. */
  forget(attempt: CalleeSide, now: Instant): void {
    this.#shown = this.#shownOf(attempt) ?? this.#shown;
    this.#offers.forget(attempt);
    this.#exchanges.over(now);
    // Of an offer of our own that nobody answered the caller has heard nothing.
    if (attempt.ownOffer && this.call.media?.withdraw()) this.call.orderMedia(undefined);
    // However far it went: another attempt begins with the caller's first offer.
    this.earlyMedia.return();
  }

  #ended(fork: Fork, reason: Octets, now: Instant): void {
    fork.close();
    this.callerSide.ended(fork.callerTag, reason, now);
  }

  #forkOf(leg: CallLeg): Fork | undefined {
    for (const fork of this.#user.attempt?.forks.values() ?? [])
      if (leg.side === 'a' ? fork.callerTag === leg.dialog.localTag : fork.leg === leg) return fork;
    return undefined;
  }
}
