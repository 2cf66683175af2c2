import type { SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { OutgoingRequest, Rewriter } from './outgoing.ts';
import { formatAck } from './outgoing.ts';
import { StateTimers } from './timers.ts';
import type { ClientTransaction, TransactionUser } from './transaction.ts';

export type InviteClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

/** INVITE client transaction: RFC 3261 17.1.1 with the Accepted state of RFC 6026 7.2. */
export class InviteClientTransaction<Owner> implements ClientTransaction<Owner> {
  readonly role = 'client';
  readonly method = 'INVITE';
  readonly key: string;
  readonly owner: Owner;
  readonly rewriter: Rewriter | undefined;
  #flow: Flow;
  #state: InviteClientState = 'calling';
  #cancel: 'no' | 'wanted' | 'sent' = 'no';
  #cancelReason: Octets | undefined;
  #octets: Octets | undefined;
  #ack: Octets | undefined;
  #interval = 0;
  #request: OutgoingRequest | undefined;
  #via: string;
  readonly #timers: StateTimers;
  readonly #user: TransactionUser<Owner> & { cancel(transaction: InviteClientTransaction<Owner>, now: number): void };

  constructor(
    key: string,
    request: OutgoingRequest,
    via: string,
    octets: Octets,
    flow: Flow,
    owner: Owner,
    user: TransactionUser<Owner> & { cancel(transaction: InviteClientTransaction<Owner>, now: number): void },
  ) {
    this.key = key;
    this.#request = request;
    this.rewriter = request.rewriter;
    this.#via = via;
    this.owner = owner;
    this.#flow = flow;
    this.#octets = octets;
    this.#user = user;
    this.#timers = new StateTimers(user.deadlines, this);
  }

  get state(): InviteClientState {
    return this.#state;
  }

  /** Kept until no ACK or CANCEL can be made of it any more. */
  get request(): OutgoingRequest | undefined {
    return this.#request;
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** Of the INVITE as it was last sent: its ACK and CANCEL carry the same (9.1, 17.1.1.3). */
  get via(): string {
    return this.#via;
  }

  /** For its CANCEL. */
  get cancelReason(): Octets | undefined {
    return this.#cancelReason;
  }

  start(now: number): void {
    const { t1 } = this.#user.timers;
    this.#user.send(this.#flow, this.#octets!);
    this.#timers.set('Timer B', now + 64 * t1);
    if (this.#flow.transport === 'udp') {
      this.#interval = t1;
      this.#timers.set('Timer A', now + t1);
    }
  }

  /** Begins in Proceeding: the request was sent by a process that died. */
  resume(_now: number): void {
    this.#enter('proceeding');
    this.#octets = undefined;
  }

  /** RFC 3261 9.1: a CANCEL may go out only after a provisional response; until then it waits here. */
  cancel(now: number, reason?: Octets): void {
    switch (this.#state) {
      case 'calling':
        if (this.#cancel !== 'no') return;
        this.#cancel = 'wanted';
        this.#cancelReason = reason;
        return;
      case 'proceeding':
        if (this.#cancel === 'sent') return;
        this.#cancelReason ??= reason;
        this.#sendCancel(now);
        return;
      case 'accepted':
      case 'completed':
      case 'terminated':
        return;
    }
  }

  receive(response: SipResponse, flow: Flow, now: number): void {
    const { status } = response;
    switch (this.#state) {
      case 'calling':
      case 'proceeding':
        if (status < 200) {
          if (this.#state === 'calling') {
            this.#enter('proceeding');
            this.#octets = undefined;
          }
          this.#user.tell({ kind: 'response', transaction: this, response, flow });
          if (this.#cancel === 'wanted') this.#sendCancel(now);
        } else if (status < 300) {
          this.#enter('accepted');
          // A 2xx is acknowledged by the transaction user: a lingering transaction is to be small.
          this.#octets = undefined;
          this.#request = undefined;
          this.#via = '';
          this.#timers.set('Timer M', now + 64 * this.#user.timers.t1);
          this.#user.tell({ kind: 'response', transaction: this, response, flow });
        } else {
          this.#enter('completed');
          this.#octets = undefined;
          this.#ack = formatAck(this.#request!, this.#via, response);
          this.#user.send(this.#flow, this.#ack);
          this.#user.tell({ kind: 'response', transaction: this, response, flow });
          // Timer D: at least 32 s for unreliable transports, 0 for reliable ones.
          if (this.#flow.transport === 'udp') this.#timers.set('Timer D', now + 32_000);
          else this.#terminate();
        }
        return;
      case 'accepted':
        // Retransmissions and other forks' 2xx: the transaction user acknowledges each (RFC 6026 7.2).
        if (status >= 200 && status < 300) this.#user.tell({ kind: 'response', transaction: this, response, flow });
        return;
      case 'completed':
        if (status >= 300) this.#user.send(this.#flow, this.#ack!);
        // A forking proxy passes on a 2xx that lost the race against another fork's 6xx (16.7, 5): its dialog must be
        // acknowledged and ended by the transaction user, though it has had its answer.
        else if (status >= 200) this.#user.tell({ kind: 'response', transaction: this, response, flow });
        return;
      case 'terminated':
        return;
    }
  }

  /** The message has to leave by another path (RFC 3261 18.1.1: TCP refused, back to UDP). */
  moved(flow: Flow, via: string, octets: Octets, now: number): void {
    if (this.#state !== 'calling') return;
    this.#flow = flow;
    this.#via = via;
    this.#octets = octets;
    this.#timers.clear();
    this.start(now);
  }

  transportFailed(reason: string, _now: number): void {
    switch (this.#state) {
      case 'calling':
        this.#user.tell({ kind: 'failed', transaction: this, failure: 'transport', reason });
        this.#terminate();
        return;
      case 'proceeding': // The response may come by another connection; the call's setup deadline watches.
      case 'accepted':
      case 'terminated':
        return;
      case 'completed':
        this.#terminate();
        return;
    }
  }

  wake(name: string, now: Instant): void {
    switch (name) {
      case 'Timer A':
        if (this.#state !== 'calling') return;
        this.#user.sendAgain(this.#flow, this.#octets!);
        this.#interval *= 2;
        this.#timers.set('Timer A', now.mono + this.#interval);
        return;
      case 'Timer B':
        if (this.#state !== 'calling') return;
        this.#user.tell({
          kind: 'failed',
          transaction: this,
          failure: 'timeout',
          reason: 'no response in 64*T1 (Timer B)',
        });
        this.#terminate();
        return;
      case 'cancelled':
        // RFC 3261 9.1: no final response 64*T1 after the CANCEL: consider it cancelled.
        if (this.#state !== 'proceeding') return;
        this.#user.tell({
          kind: 'failed',
          transaction: this,
          failure: 'timeout',
          reason: 'no final response 64*T1 after CANCEL',
        });
        this.#terminate();
        return;
      case 'Timer D':
        if (this.#state === 'completed') this.#terminate();
        return;
      case 'Timer M':
        if (this.#state === 'accepted') this.#terminate();
        return;
    }
  }

  #sendCancel(now: number): void {
    this.#cancel = 'sent';
    this.#timers.set('cancelled', now + 64 * this.#user.timers.t1);
    this.#user.cancel(this, now);
  }

  #enter(state: InviteClientState): void {
    this.#timers.clear();
    this.#state = state;
  }

  #terminate(): void {
    this.#enter('terminated');
    this.#octets = undefined;
    this.#ack = undefined;
    this.#user.terminated(this);
  }
}
