import type { SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Rewriter } from './outgoing.ts';
import { StateTimers } from './timers.ts';
import type { ClientTransaction, TransactionUser } from './transaction.ts';

export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** Non-INVITE client transaction: RFC 3261 17.1.2, figure 6. */
export class NonInviteClientTransaction<Owner> implements ClientTransaction<Owner> {
  readonly role = 'client';
  readonly method: string;
  readonly key: string;
  readonly owner: Owner;
  readonly rewriter: Rewriter | undefined;
  #flow: Flow;
  #state: NonInviteClientState = 'trying';
  #octets: Octets | undefined;
  #interval = 0;
  readonly #timers: StateTimers;
  readonly #user: TransactionUser<Owner>;

  constructor(
    key: string,
    method: string,
    octets: Octets,
    flow: Flow,
    owner: Owner,
    user: TransactionUser<Owner>,
    rewriter?: Rewriter,
  ) {
    this.key = key;
    this.method = method;
    this.owner = owner;
    this.rewriter = rewriter;
    this.#flow = flow;
    this.#octets = octets;
    this.#user = user;
    this.#timers = new StateTimers(user.deadlines, this);
  }

  get state(): NonInviteClientState {
    return this.#state;
  }

  get flow(): Flow {
    return this.#flow;
  }

  start(now: number): void {
    const { t1 } = this.#user.timers;
    this.#user.send(this.#flow, this.#octets!);
    this.#timers.set('Timer F', now + 64 * t1);
    if (this.#flow.transport === 'udp') {
      this.#interval = t1;
      this.#timers.set('Timer E', now + t1);
    }
  }

  receive(response: SipResponse, flow: Flow, now: number): void {
    switch (this.#state) {
      case 'trying':
      case 'proceeding':
        if (response.status < 200) {
          this.#state = 'proceeding';
          this.#user.tell({ kind: 'response', transaction: this, response, flow });
          return;
        }
        this.#timers.clear();
        this.#state = 'completed';
        this.#octets = undefined;
        this.#user.tell({ kind: 'response', transaction: this, response, flow });
        // Timer K: T4 for unreliable transports, 0 for reliable ones.
        if (this.#flow.transport === 'udp') this.#timers.set('Timer K', now + this.#user.timers.t4);
        else this.#terminate();
        return;
      case 'completed':
      case 'terminated':
        return;
    }
  }

  /** The message has to leave by another path (RFC 3261 18.1.1: TCP refused, back to UDP). */
  moved(flow: Flow, _via: string, octets: Octets, now: number): void {
    if (this.#state !== 'trying') return;
    this.#flow = flow;
    this.#octets = octets;
    this.#timers.clear();
    this.start(now);
  }

  transportFailed(reason: string, _now: number): void {
    switch (this.#state) {
      case 'trying':
      case 'proceeding':
        this.#user.tell({ kind: 'failed', transaction: this, failure: 'transport', reason });
        this.#terminate();
        return;
      case 'completed':
      case 'terminated':
        return;
    }
  }

  wake(name: string, now: Instant): void {
    switch (name) {
      case 'Timer E':
        if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
        this.#user.sendAgain(this.#flow, this.#octets!);
        // 17.1.2.2: doubling up to T2 in Trying, T2 in Proceeding.
        this.#interval =
          this.#state === 'trying' ? Math.min(2 * this.#interval, this.#user.timers.t2) : this.#user.timers.t2;
        this.#timers.set('Timer E', now.mono + this.#interval);
        return;
      case 'Timer F':
        if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
        this.#user.tell({
          kind: 'failed',
          transaction: this,
          failure: 'timeout',
          reason: 'no response in 64*T1 (Timer F)',
        });
        this.#terminate();
        return;
      case 'Timer K':
        if (this.#state === 'completed') this.#terminate();
        return;
    }
  }

  #terminate(): void {
    this.#timers.clear();
    this.#state = 'terminated';
    this.#octets = undefined;
    this.#user.terminated(this);
  }
}
