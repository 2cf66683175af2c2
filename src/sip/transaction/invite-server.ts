import type { SipRequest } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Rewriter } from './outgoing.ts';
import { StateTimers } from './timers.ts';
import type { Origin, ServerTransaction, TransactionUser } from './transaction.ts';

export type InviteServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

/** INVITE server transaction: RFC 3261 17.2.1 with the Accepted state of RFC 6026 7.1 (figure 5 there). */
export class InviteServerTransaction<Owner> implements ServerTransaction<Owner> {
  readonly role = 'server';
  readonly method = 'INVITE';
  readonly key: string;
  #flow: Flow;
  owner: Owner | undefined;
  origin: Origin | undefined;
  rewriter: Rewriter | undefined;
  #state: InviteServerState = 'proceeding';
  #request: SipRequest | undefined;
  #last: Octets | undefined;
  #interval = 0;
  readonly #timers: StateTimers;
  readonly #user: TransactionUser<Owner>;

  constructor(key: string, request: SipRequest | undefined, flow: Flow, user: TransactionUser<Owner>) {
    this.key = key;
    this.#flow = flow;
    this.#request = request;
    this.#user = user;
    this.#timers = new StateTimers(user.deadlines, this);
  }

  get state(): InviteServerState {
    return this.#state;
  }

  get flow(): Flow {
    return this.#flow;
  }

  get request(): SipRequest | undefined {
    return this.#request;
  }

  retransmitted(_now: number): void {
    switch (this.#state) {
      case 'proceeding':
      case 'completed':
        if (this.#last !== undefined) this.#user.send(this.#flow, this.#last);
        return;
      case 'accepted':
        // RFC 6026 7.1: the transaction user retransmits its 2xx, we absorb. A process that died can't.
        if (this.#last !== undefined) this.#user.send(this.#flow, this.#last);
        return;
      case 'confirmed':
      case 'terminated':
        return;
    }
  }

  ack(request: SipRequest, flow: Flow, now: number): void {
    switch (this.#state) {
      case 'completed':
        this.#enter('confirmed');
        if (this.#flow.transport === 'udp') this.#timers.set('Timer I', now + this.#user.timers.t4);
        else this.#terminate();
        return;
      case 'accepted':
        // A peer that reuses the INVITE's branch for its ACK to a 2xx (RFC 6026 7.1 passes it on).
        this.#user.tell({ kind: 'ack', request, flow });
        return;
      case 'proceeding':
      case 'confirmed':
      case 'terminated':
        return;
    }
  }

  respond(status: number, octets: Octets, now: number): void {
    const { t1 } = this.#user.timers;
    switch (this.#state) {
      case 'proceeding':
        this.#user.send(this.#flow, octets);
        if (status < 200) {
          this.#last = octets;
        } else if (status < 300) {
          this.#enter('accepted');
          this.#release();
          this.#timers.set('Timer L', now + 64 * t1);
        } else {
          this.#enter('completed');
          this.#last = octets;
          this.#request = undefined;
          this.#timers.set('Timer H', now + 64 * t1);
          if (this.#flow.transport === 'udp') {
            this.#interval = t1;
            this.#timers.set('Timer G', now + t1);
          }
        }
        return;
      case 'accepted':
        if (status >= 200 && status < 300) this.#user.send(this.#flow, octets);
        return;
      case 'completed':
      case 'confirmed':
      case 'terminated':
        return;
    }
  }

  /** It was answered by a process that died: what still comes of the request gets `octets` again, or is absorbed. */
  resume(status: number, octets: Octets | undefined, now: number): void {
    const answered = status < 300;
    this.#enter(answered ? 'accepted' : 'completed');
    this.#last = octets;
    this.#timers.set(answered ? 'Timer L' : 'Timer H', now + 64 * this.#user.timers.t1);
  }

  moved(flow: Flow): void {
    this.#flow = flow;
  }

  transportFailed(_reason: string, _now: number): void {
    // RFC 6026 8.8: it remains in its state. The next response finds another way; Timer H tells what was never confirmed.
  }

  wake(name: string, now: Instant): void {
    switch (name) {
      case 'Timer G':
        if (this.#state !== 'completed') return;
        this.#user.sendAgain(this.#flow, this.#last!);
        this.#interval = Math.min(2 * this.#interval, this.#user.timers.t2);
        this.#timers.set('Timer G', now.mono + this.#interval);
        return;
      case 'Timer H':
        if (this.#state !== 'completed') return;
        this.#user.tell({ kind: 'unconfirmed', transaction: this });
        this.#terminate();
        return;
      case 'Timer I':
        if (this.#state === 'confirmed') this.#terminate();
        return;
      case 'Timer L':
        if (this.#state === 'accepted') this.#terminate();
        return;
    }
  }

  #enter(state: InviteServerState): void {
    this.#timers.clear();
    this.#state = state;
    if (state === 'confirmed') this.#release();
  }

  /** Nothing will be sent again: let the messages go, a lingering transaction is to be small. */
  #release(): void {
    this.#request = undefined;
    this.#last = undefined;
  }

  #terminate(): void {
    this.#enter('terminated');
    this.#release();
    this.#user.terminated(this);
  }
}
