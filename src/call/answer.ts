import type { SipRequest } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import type { CallHandle, CallServices, Party } from './services.ts';

/** The leg that answered. */
export interface Answering {
  readonly call: CallHandle;
  readonly flow: Flow;
  /** The ACK will not come any more; `uncertain` when it may have come to a process that died. */
  notAcknowledged(uncertain: boolean, now: Instant): void;
}

/** Who waits for the SDP answer that an ACK brings. */
export interface AnswerTaker {
  acknowledged(ack: SipRequest, now: Instant): void;
}

/** A 200 to INVITE until its ACK: sent again at T1, doubling to T2, given up after 64*T1 (RFC 3261 13.3.1.4). */
export class Answer implements Sleeper {
  readonly cseq: number;
  /** Set when the ACK brings the SDP answer that the other side's 2xx waits for. */
  readonly delayed: AnswerTaker | 'setup' | undefined;
  readonly #leg: Answering;
  /** Undefined when a process that died had it: then the 2xx leaves without. */
  readonly #transaction: ServerTransaction<Party> | undefined;
  readonly octets: Octets;
  readonly #until: number;
  #interval: number;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(
    leg: Answering,
    transaction: ServerTransaction<Party> | undefined,
    cseq: number,
    octets: Octets,
    delayed: AnswerTaker | 'setup' | undefined,
    now: Instant,
  ) {
    const { deadlines, transactions } = leg.call.services;
    this.#leg = leg;
    this.#transaction = transaction;
    this.cseq = cseq;
    this.octets = detach(octets);
    this.delayed = delayed;
    this.#interval = transactions.timers.t1;
    this.#until = now.mono + 64 * transactions.timers.t1;
    this.#deadline = deadlines.set('2xx again', this, now.mono + this.#interval);
    // It may never have left. Now it does before any request that the caller may send again is open (RFC 3311 5.2).
    if (!transaction) transactions.respondWithout(leg.flow, this.octets);
  }

  acknowledged(): void {
    this.#leg.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }

  wake(_name: string, now: Instant): void {
    const { deadlines, transactions } = this.#leg.call.services;
    if (now.mono >= this.#until) {
      this.#deadline = undefined;
      this.#leg.notAcknowledged(this.#transaction === undefined, now);
      return;
    }
    if (this.#transaction) transactions.respondAgain(this.#transaction, 200, this.octets, now.mono);
    else transactions.respondWithout(this.#leg.flow, this.octets);
    this.#interval = Math.min(2 * this.#interval, transactions.timers.t2);
    this.#deadline = deadlines.set('2xx again', this, Math.min(now.mono + this.#interval, this.#until));
  }
}

/** The caller's INVITE, finally answered `age` ms ago by a process that died: while it may come again it is known, and gets the same answer. */
export function resumeAnswer(services: CallServices, octets: Octets, flow: Flow, age: number, now: Instant): void {
  const { transactions, flows } = services;
  if (age < 64 * transactions.timers.t1 && flows.socket(flow.listener))
    transactions.resumeAnswered(octets, flow, true, now.mono);
}
