import type { Deadline, Deadlines, Instant, Octets } from '#kernel';
import type { Sleeper, TimerValues } from '#sip/transaction';
import type { Acknowledged } from './fields.ts';

/** What the machine may do. */
export interface ReliableUser<Response> {
  readonly deadlines: Deadlines<Sleeper>;
  readonly timers: TimerValues;
  /** Whose the deadlines are: hands them on to `wake`. */
  readonly sleeper: Sleeper;
  /** Sends it for the first time, with this RSeq, and returns it as it was sent. */
  send(response: Response, rseq: number, now: Instant): Octets;
  sendAgain(octets: Octets, now: Instant): void;
  /** No PRACK in 64*T1: the INVITE is to be refused with a 5xx (RFC 3262 3). */
  gaveUp(now: Instant): void;
}

/** Responses that wait for the one before them; more of them say nothing new. */
export const maxWaiting = 8;

/**
 * The reliable provisional responses of one early dialog, as the callee's side sends them (RFC 3262 3): one at a time, again
 * at T1, doubling, until its PRACK comes; those after it wait.
 */
export class ReliableResponses<Response> {
  readonly #user: ReliableUser<Response>;
  readonly #cseq: number;
  #rseq: number;
  #pending:
    | { readonly response: Response; readonly octets: Octets; readonly until: number; interval: number }
    | undefined;
  #waiting: Response[] = [];
  #deadline: Deadline<Sleeper> | undefined;

  /** `first`: the first RSeq, 1 to 2^31 - 1. `cseq`: of the INVITE. */
  constructor(user: ReliableUser<Response>, first: number, cseq: number) {
    this.#user = user;
    this.#rseq = first;
    this.#cseq = cseq;
  }

  /** Sent and not acknowledged, then those that wait. */
  get unacknowledged(): readonly Response[] {
    return this.#pending ? [this.#pending.response, ...this.#waiting] : [];
  }

  send(response: Response, now: Instant): void {
    if (!this.#pending) return this.#send(response, now);
    if (this.#waiting.length < maxWaiting) this.#waiting.push(response);
  }

  /** Takes a PRACK; what it acknowledges, or undefined when that is nothing that waits for it (481). */
  acknowledge({ rseq, cseq, method }: Acknowledged): Response | undefined {
    const pending = this.#pending;
    if (!pending || rseq !== this.#rseq - 1 || cseq !== this.#cseq || method !== 'INVITE') return undefined;
    this.#clear();
    this.#pending = undefined;
    return pending.response;
  }

  /** Sends the next one that waits; to be said when the PRACK has been answered. */
  next(now: Instant): void {
    if (this.#pending) return;
    const response = this.#waiting.shift();
    if (response !== undefined) this.#send(response, now);
  }

  /**
   * A final response goes out. Nothing is sent again from now on, but a PRACK that is under way still finds what it
   * acknowledges (RFC 3262 3).
   */
  stop(): void {
    this.#clear();
    this.#waiting = [];
  }

  wake(now: Instant): void {
    const pending = this.#pending;
    this.#deadline = undefined;
    if (!pending) return;
    if (now.mono >= pending.until) return this.#user.gaveUp(now);
    this.#user.sendAgain(pending.octets, now);
    pending.interval *= 2;
    this.#arm(now);
  }

  #send(response: Response, now: Instant): void {
    const { t1 } = this.#user.timers;
    const octets = this.#user.send(response, this.#rseq++, now);
    this.#pending = { response, octets, until: now.mono + 64 * t1, interval: t1 };
    this.#arm(now);
  }

  #arm(now: Instant): void {
    const { interval, until } = this.#pending!;
    const { deadlines, sleeper } = this.#user;
    this.#deadline = deadlines.set('reliable response', sleeper, Math.min(now.mono + interval, until));
  }

  #clear(): void {
    this.#user.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
