import type { SipRequest } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import { OwnAsker, PeerAsker } from './asker.ts';
import type { CallLeg } from './call-leg.ts';
import { Exchange } from './exchange.ts';
import { keepLines } from './media-seats.ts';
import { Refresh } from './refresh.ts';
import { Reminders } from './reminders.ts';
import { saidAgain } from './same-session.ts';
import type { Party } from './services.ts';
import { sessionOf } from './told-session.ts';
import type { AnsweredCall, Asker, Turn, TurnKeeper } from './turn.ts';

/** Times that both legs are told of each other's news one after the other; they should agree at the first. */
const maxEchoes = 2;

/**
 * Whose turn it is in an answered call to change the session (RFC 3261 14, RFC 3311 5): one exchange at a time for both legs,
 * since what one leg is offered the other has to answer. A request that comes meanwhile waits; only when an offer of ours
 * is under way to its own sender has it to be refused (491).
 */
export class Turns implements TurnKeeper {
  readonly #call: AnsweredCall;
  #current: Turn | undefined;
  /** Who keeps them since the leg of a turn that was not over has gone on elsewhere. */
  #heir: Turns | undefined;
  /** One of each leg at most, and one of ours. */
  readonly #queue: Asker[] = [];
  readonly #reminders: Reminders;

  constructor(call: AnsweredCall) {
    this.#call = call;
    this.#reminders = new Reminders(call, (leg, now) => this.restore(leg, now));
  }

  /** A re-INVITE, or an UPDATE, in the answered call. */
  asked(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const refusal = leg.timer.refusal(request);
    if (refusal) return void this.#call.services.transactions.respond(server, refusal, now.mono);
    const asker = new PeerAsker(this, leg, server, request, now);
    const other = this.#call.otherLeg(leg);
    const isNews = other?.tell(request, leg.trunk, leg.dialog.remote) === true;
    // RFC 3311 5.1: no offer, so nothing has to wait for it: a target or session refresh.
    if (asker.method === 'UPDATE' && asker.body === '') return this.#refreshed(asker, now, isNews ? other : undefined);
    if (this.#waits(leg)) return asker.refuseForNow(now);
    const current = this.#current;
    // RFC 3261 14.2, RFC 3311 5.2: its own earlier request is not answered, or ours is under way to it.
    if (current?.asker?.leg === leg && current.asker instanceof PeerAsker && !current.asker.answered)
      return asker.refuseForNow(now);
    if (current?.asks(leg)) return asker.refuse(491, undefined, now);
    asker.trying(now);
    const yields = current?.givesWay(leg, now) ? current.asker : undefined;
    if (yields) this.#current = undefined;
    if (!this.#current && !leg.answer && this.#isRefresh(asker)) {
      this.#refreshed(asker, now, isNews ? other : undefined);
    } else if (other) {
      this.#queue.push(asker);
      asker.waits();
    } else {
      // It waits for who is called for it, and can't ask anybody meanwhile.
      asker.refuseForNow(now);
    }
    if (yields && !yields.answered) this.#queue.push(yields);
    this.next(now);
  }

  /** What its leg was told last to tell it again, the session being what it was. */
  restated(leg: CallLeg): Octets {
    const { media } = this.#call;
    const session = media || leg.elsewhere ? sessionOf(leg) : undefined;
    if (session) leg.said = saidAgain(session, leg.said);
    return leg.said;
  }

  /** It is over, or one of both legs has acknowledged our answer: who waits may have its turn. */
  next(now: Instant): void {
    while (!this.#current) {
      const asker: Asker | undefined = this.#queue[0];
      if (!asker) return;
      const to = asker.across?.to ?? this.#call.otherLeg(asker.leg);
      if (!to) return this.abort(now);
      const refreshes = asker instanceof PeerAsker && this.#isRefresh(asker);
      // Who asks from another call is not offered anything here: what it has to acknowledge is of that one.
      if ((asker.leg.answer && !asker.across) || (to.answer && !refreshes)) return;
      this.#queue.shift();
      if (asker instanceof PeerAsker) asker.begins();
      if (refreshes) {
        this.#refreshed(asker, now);
        continue;
      }
      this.#refuseThoseOf(to, now);
      const exchange = new Exchange(asker.across?.call ?? this.#call, this, asker, to);
      this.#current = exchange;
      exchange.begin(now);
    }
  }

  over(turn: Turn, now: Instant): void {
    if (this.#heir) return this.#heir.over(turn, now);
    if (this.#current !== turn || turn.asker?.across?.keepsTurn) return;
    this.#current = undefined;
    this.next(now);
  }

  /** A leg of another call has something to say to one of this one: it waits like others. */
  enqueue(asker: Asker, now: Instant): void {
    this.#queue.push(asker);
    this.next(now);
  }

  /** This leg goes on in another call, and the other one is let go. `heir`: keeps its turns while it waits there. */
  dissolve(leg: CallLeg, heir: Turns | undefined, now: Instant): void {
    this.#reminders.over();
    const current = this.#current;
    this.#current = undefined;
    if (current) this.#handOver(current, leg, heir, now);
    for (const asker of this.#queue.splice(0)) {
      if (asker instanceof PeerAsker && asker.leg === leg) asker.refuseForNow(now);
      else asker.refuse(487, undefined, now);
    }
  }

  /** What is under way: a request of ours to the leg has to be over before the next; what brought the leg elsewhere is. */
  #handOver(current: Turn, leg: CallLeg, heir: Turns | undefined, now: Instant): void {
    const { asker } = current;
    if (asker instanceof PeerAsker && asker.leg === leg) asker.refuseForNow(now);
    if (heir && current.asks(leg)) {
      this.#heir = heir;
      heir.#current = current;
      // A refresh of the leg's own session goes on with it.
      if (!asker) return;
      asker.refuse(487, undefined, now);
      current.cancel(now);
    } else if (!asker?.across) {
      current.abort(now);
    }
  }

  /** Who asks does not want it any more, or has waited too long for its turn. */
  cancelled(asker: Asker, now: Instant): void {
    const at = this.#queue.indexOf(asker);
    const current = this.#current;
    if (at < 0 && current?.asker !== asker) return;
    if (at < 0) {
      if (!asker.answered) return current?.cancel(now);
      // It had kept its turn.
      this.#current = undefined;
      return this.next(now);
    }
    this.#queue.splice(at, 1);
    if (asker instanceof PeerAsker && now.mono >= asker.until) asker.refuseForNow(now);
    else asker.refuse(487, undefined, now);
  }

  /** Our own refresh of a leg's session is due (RFC 4028 10). */
  refresh(leg: CallLeg, now: Instant): void {
    // What is under way to it refreshes it too.
    if (this.#current?.asks(leg)) leg.postponeRefresh(now);
    else Refresh.begin(this.#call, this, leg, now);
  }

  takes(turn: Turn, leg: CallLeg): boolean {
    if (this.#current || this.#queue.length > 0 || leg.answer) return false;
    this.#current = turn;
    return true;
  }

  /** The leg holds a session of its own: it took an offer whose asker is gone. It is told what holds. */
  restore(leg: CallLeg, now: Instant): void {
    const other = this.#call.otherLeg(leg);
    if (!other || other.heard === '') return;
    if (this.#call.media) keepLines(this.#call.media, leg.side);
    this.#tell(other, undefined, true, 0, now);
  }

  /** The leg has come to talk to another one, which does not take all that it knows of: it is told. */
  narrow(leg: CallLeg, now: Instant): void {
    const other = this.#call.otherLeg(leg);
    if (other) this.#tell(other, undefined, true, maxEchoes, now);
  }

  /** Their media goes by other ports now: both are told, this one last, unless an exchange has told them already. */
  moved(leg: CallLeg, now: Instant): void {
    this.#tell(leg, undefined, false, 0, now);
  }

  /** The leg's session has changed by its own word: the other leg is told. */
  changed(leg: CallLeg, body: Octets, now: Instant): void {
    this.#tell(leg, body, false, 0, now);
  }

  /** The call ends: whoever waits has its answer (RFC 3261 15.1.2). */
  abort(now: Instant): void {
    this.#reminders.over();
    const current = this.#current;
    this.#current = undefined;
    current?.abort(now);
    for (const asker of this.#queue.splice(0)) asker.refuse(487, undefined, now);
  }

  #tell(from: CallLeg, news: Octets | undefined, insists: boolean, echoes: number, now: Instant): void {
    const to = this.#call.otherLeg(from);
    if (!to) return;
    const again = echoes < maxEchoes ? (at: Instant) => this.#tell(to, undefined, true, echoes + 1, at) : undefined;
    const refused = insists ? (at: Instant) => this.#reminders.refused(to, at) : undefined;
    const told = () => this.#reminders.told(to);
    // Ours goes first: whoever waits is to build on what holds.
    this.#queue.unshift(new OwnAsker(from, news, insists, { again, refused, told }, now));
    this.next(now);
  }

  /** Answered by ourselves: no other leg has to do with it, but one that is to hear who its peer is now (RFC 4916). */
  #refreshed(asker: Asker, now: Instant, hearer?: CallLeg): void {
    asker.accept(asker.body === '' ? '' : this.restated(asker.leg), undefined, now);
    this.#call.checkpoint();
    if (hearer) this.refresh(hearer, now);
  }

  /** What offers what stands; but a fax that was refused T.38 may ask for voice by the words of before, and gets other voice. */
  #isRefresh(asker: PeerAsker): boolean {
    return asker.changesNothing && this.#call.media?.state.fax === undefined;
  }

  #waits(leg: CallLeg): boolean {
    return this.#queue.some((asker) => asker.leg === leg && asker instanceof PeerAsker);
  }

  /** What a leg wants that an offer is about to go to: the two cross (RFC 3261 14.2). */
  #refuseThoseOf(leg: CallLeg, now: Instant): void {
    const at = this.#queue.findIndex((asker) => asker.leg === leg && asker instanceof PeerAsker);
    if (at >= 0) this.#queue.splice(at, 1)[0]!.refuse(491, undefined, now);
  }
}
