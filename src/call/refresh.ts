import type { Tried } from '#codec/digest';
import type { Header, SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { ClientFailure, ClientTransaction, Sleeper } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import { isSameSession } from './same-session.ts';
import type { Party } from './services.ts';
import type { AnsweredCall, Turn, TurnKeeper } from './turn.ts';

/** Ms that a re-INVITE which changes nothing may stay without a final answer. */
const patience = 32_000;
/** Times that it is sent before it counts as refused, for this once. */
const maxTries = 4;

/**
 * A session refresh of ours on one leg (RFC 4028 10): an UPDATE without an offer where the peer takes it, else the re-INVITE
 * that says what we said last. Only the latter takes a turn: an offer is an offer, whatever it says.
 */
export class Refresh implements Party, Sleeper, Turn {
  readonly call: AnsweredCall;
  readonly leg: CallLeg;
  readonly asker = undefined;
  readonly #keeper: TurnKeeper;
  #method: 'INVITE' | 'UPDATE';
  #body: Octets = '';
  #tried: Tried = [];
  #tries = 0;
  #client: ClientTransaction<Party> | undefined;
  #deadline: Deadline<Sleeper> | undefined;
  #over = false;

  private constructor(call: AnsweredCall, keeper: TurnKeeper, leg: CallLeg) {
    this.call = call;
    this.#keeper = keeper;
    this.leg = leg;
    this.#method = leg.refreshMethod;
  }

  /** Sends it now, or puts it off. */
  static begin(call: AnsweredCall, keeper: TurnKeeper, leg: CallLeg, now: Instant): void {
    const refresh = new Refresh(call, keeper, leg);
    if (refresh.#method === 'UPDATE' || refresh.#takesTurn()) refresh.#ask([], now);
    else leg.postponeRefresh(now);
  }

  asks(leg: CallLeg): boolean {
    return leg === this.leg && !this.#over;
  }

  givesWay(): boolean {
    return false;
  }

  cancel(now: Instant): void {
    if (this.#client) this.call.services.transactions.cancelInvite(this.#client, now.mono);
  }

  abort(now: Instant): void {
    this.cancel(now);
    this.#leave();
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    this.cancel(now);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    if (status < 200 || transaction.method === 'CANCEL') return;
    if (status < 300) return this.#refreshed(response, now);
    if (this.#over || transaction !== this.#client) return;
    if (this.#again(response, now)) return;
    // RFC 4028 10: the dialog is gone; whatever else it says, the session lasts until its time.
    if (status === 481 || status === 408) {
      this.#leave();
      return this.call.dialogLost(this.leg, response, now);
    }
    this.leg.postponeRefresh(now);
    this.#end(now);
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    if (this.#over) return;
    if (failure === 'timeout') {
      this.#leave();
      return this.call.unanswered(this.leg, reason, now);
    }
    this.leg.postponeRefresh(now);
    this.#end(now);
  }

  #takesTurn(): boolean {
    return this.leg.said !== '' && this.#keeper.takes(this, this.leg);
  }

  #ask(credentials: readonly Header[], now: Instant): void {
    this.#tries++;
    this.#clear();
    this.leg.timer.refreshing();
    if (this.#method === 'INVITE') {
      this.#body = this.#keeper.restated(this.leg);
      this.#deadline = this.call.services.deadlines.set('refresh', this, now.mono + patience);
    }
    this.#client = this.leg.ask(this.#method, this.#body, credentials, this, now);
  }

  #again(response: SipResponse, now: Instant): boolean {
    const { leg } = this;
    const { status } = response;
    const credentials = leg.credentialsFor(response, this.#method, this.#body, this.#tried);
    if (credentials) {
      this.#tried = credentials.tried;
      this.#ask(credentials.headers, now);
      return true;
    }
    if (this.#tries >= maxTries) return false;
    if (this.#method === 'UPDATE' && (status === 405 || status === 501)) {
      leg.peer.refuses('UPDATE');
      if (!this.#takesTurn()) return false;
      this.#method = 'INVITE';
    } else if (status !== 422 || !leg.timer.refused(response)) {
      return false;
    }
    this.#ask([], now);
    return true;
  }

  #refreshed(response: SipResponse, now: Instant): void {
    const { leg } = this;
    const { number, method } = response.cseq;
    if (method === 'INVITE') leg.acknowledge(number, '');
    if (this.#over) return; // It comes again, or crosses the end of the call.
    leg.agreed(response, now);
    const said = method === 'INVITE' ? detach(response.body) : '';
    this.call.checkpoint();
    // RFC 3264 8: an answer may bring something new also where the offer did not.
    if (said !== '' && !isSameSession(said, leg.heard)) this.#keeper.changed(leg, said, now);
    this.#end(now);
  }

  #end(now: Instant): void {
    this.#leave();
    this.#keeper.over(this, now);
  }

  #leave(): void {
    this.#over = true;
    this.#clear();
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
