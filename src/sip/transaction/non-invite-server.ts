import type { SipRequest } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Rewriter } from './outgoing.ts';
import { StateTimers } from './timers.ts';
import type { Origin, ServerTransaction, TransactionUser } from './transaction.ts';

export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** Non-INVITE server transaction: RFC 3261 17.2.2, figure 8. */
export class NonInviteServerTransaction<Owner> implements ServerTransaction<Owner> {
  readonly role = 'server';
  readonly method: string;
  readonly key: string;
  #flow: Flow;
  owner: Owner | undefined;
  origin: Origin | undefined;
  rewriter: Rewriter | undefined;
  #state: NonInviteServerState = 'trying';
  #request: SipRequest | undefined;
  #last: Octets | undefined;
  readonly #timers: StateTimers;
  readonly #user: TransactionUser<Owner>;

  constructor(key: string, request: SipRequest, flow: Flow, user: TransactionUser<Owner>) {
    this.key = key;
    this.method = request.method;
    this.#flow = flow;
    this.#request = request;
    this.#user = user;
    this.#timers = new StateTimers(user.deadlines, this);
  }

  get state(): NonInviteServerState {
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
        this.#user.send(this.#flow, this.#last!);
        return;
      case 'trying':
      case 'terminated':
        return;
    }
  }

  ack(_request: SipRequest, _flow: Flow, _now: number): void {
    // No ACK belongs to a non-INVITE transaction: the layer's keys never lead one here.
  }

  respond(status: number, octets: Octets, now: number): void {
    switch (this.#state) {
      case 'trying':
      case 'proceeding':
        this.#user.send(this.#flow, octets);
        if (status < 200) {
          this.#state = 'proceeding';
          this.#last = octets;
          return;
        }
        this.#state = 'completed';
        this.#last = octets;
        this.#request = undefined;
        // Timer J: 64*T1 for unreliable transports, 0 for reliable ones.
        if (this.#flow.transport === 'udp') this.#timers.set('Timer J', now + 64 * this.#user.timers.t1);
        else this.#terminate();
        return;
      case 'completed':
      case 'terminated':
        return;
    }
  }

  moved(flow: Flow): void {
    this.#flow = flow;
  }

  transportFailed(_reason: string, _now: number): void {
    // RFC 6026 8.8: it remains in its state, or the request coming again would be carried out again.
  }

  wake(name: string, _now: Instant): void {
    if (name === 'Timer J' && this.#state === 'completed') this.#terminate();
  }

  #terminate(): void {
    this.#timers.clear();
    this.#state = 'terminated';
    this.#request = undefined;
    this.#last = undefined;
    this.#user.terminated(this);
  }
}
