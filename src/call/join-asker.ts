import type { Instant, Octets } from '#kernel';
import type { AnswerTaker } from './answer.ts';
import type { CallLeg } from './call-leg.ts';
import type { Asker } from './turn.ts';

/** Ms that a leg has to take the session of another call. */
const patience = 32_000;

/** Who is told what comes of it. */
export interface Joiner {
  accepted(body: Octets, delayed: AnswerTaker | undefined, now: Instant): void;
  refused(status: number, now: Instant): void;
}

/** A leg that talks in one call is offered what a leg of another call has said: the two are to talk from then on. */
export class JoinAsker implements Asker {
  readonly leg: CallLeg;
  readonly method = 'INVITE';
  readonly body: Octets;
  readonly until: number;
  readonly across: NonNullable<Asker['across']>;
  readonly #joiner: Joiner;
  #answered = false;

  constructor(leg: CallLeg, body: Octets, across: NonNullable<Asker['across']>, joiner: Joiner, now: Instant) {
    this.leg = leg;
    this.body = body;
    this.across = across;
    this.until = now.mono + patience;
    this.#joiner = joiner;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** Nobody waits for it any more. */
  close(): void {
    this.#answered = true;
  }

  accept(body: Octets, delayed: AnswerTaker | undefined, now: Instant): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#joiner.accepted(body, delayed, now);
  }

  refuse(status: number, _phrase: Octets | undefined, now: Instant): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#joiner.refused(status, now);
  }
}
