import type { SipRequest } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import type { AnswerTaker } from './answer.ts';
import type { CallLeg } from './call-leg.ts';
import { callOf } from './joinable-call.ts';
import { keepLines } from './media-seats.ts';
import type { SideSession } from './media-state.ts';
import type { Across, AnsweredCall, Asker } from './turn.ts';

/** Ms that a leg has to take the session of another call. */
const patience = 32_000;

/** Who is to talk to whom, and where. */
export interface Joining {
  /** Whose word it is, what that says, and what it is in the call that the two are to have. */
  readonly leg: CallLeg;
  readonly body: Octets;
  readonly side: 'a' | 'b';
  readonly call: AnsweredCall;
  /** Who is asked; its session as it was told it last, and who it is told that it talks to. */
  readonly to: CallLeg;
  readonly session: SideSession | undefined;
  readonly introduction: SipRequest;
  /** Its word is an INVITE, which waits for the answer. */
  readonly invites?: boolean;
  readonly keepsTurn?: boolean;
}

/** Who is told what comes of it. */
export interface Joiner {
  accepted(body: Octets, delayed: AnswerTaker | undefined, now: Instant): void;
  refused(status: number, now: Instant): void;
}

/** A leg that talks in one call is offered what a leg of another call has said: the two are to talk from then on. */
export class JoinAsker implements Asker, Across, Sleeper {
  readonly method = 'INVITE';
  readonly until: number;
  readonly across = this;
  readonly #joining: Joining;
  readonly #joiner: Joiner;
  #state: 'waiting' | 'taken' | 'over' = 'waiting';
  #deadline: Deadline<Sleeper> | undefined;
  /** Its peer is told of the one before again. */
  #forget: (() => void) | undefined;

  constructor(joining: Joining, joiner: Joiner, now: Instant) {
    this.#joining = joining;
    this.#joiner = joiner;
    this.until = now.mono + patience;
  }

  /** It waits for its turn, not for ever. */
  begin(now: Instant): void {
    this.#deadline = this.call.services.deadlines.set('turn', this, this.until);
    callOf(this.to).enqueue(this, now);
  }

  get leg(): CallLeg {
    return this.#joining.leg;
  }

  get body(): Octets {
    return this.#joining.body;
  }

  get call(): AnsweredCall {
    return this.#joining.call;
  }

  get to(): CallLeg {
    return this.#joining.to;
  }

  get side(): 'a' | 'b' {
    return this.#joining.side;
  }

  get silent(): boolean {
    return this.#joining.invites !== true;
  }

  get keepsTurn(): boolean {
    return this.#joining.keepsTurn === true && this.#state === 'taken';
  }

  get answered(): boolean {
    return this.#state !== 'waiting';
  }

  begins(): void {
    this.#clear();
    const { call, session } = this.#joining;
    if (!session || !call.media) return;
    call.media.follow(this.#other, session);
    // It may have been told of more m= lines since.
    if (call.media.state[this.#other].layout.length > 0) keepLines(call.media, this.#other);
  }

  /** From now on the leg has been told what its own call knows nothing of: should that go on, it is told again what holds. */
  asks(): void {
    const { call, to, session, introduction, leg } = this.#joining;
    const unmeet = to.meets(introduction, leg.trunk);
    this.#forget = () => {
      unmeet();
      callOf(to).lend(undefined);
    };
    const said = call.media?.state[this.#other];
    if (session && said) Object.assign(session, { version: said.version, last: said.last });
    if (to.call.id !== call.id) callOf(to).lend(to);
  }

  /** Nobody wants it any more. What its leg has taken already is taken back. */
  withdraw(now: Instant): void {
    if (this.#state === 'over') return;
    const { to } = this.#joining;
    if (this.#state === 'taken') {
      this.#undo();
      callOf(to).tookAnother(to, now);
    }
    callOf(to).withdraw(this, now);
    this.#undo();
    this.#state = 'over';
  }

  accept(body: Octets, delayed: AnswerTaker | undefined, now: Instant): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'taken';
    this.#joiner.accepted(body, delayed, now);
  }

  refuse(status: number, _phrase: Octets | undefined, now: Instant): void {
    this.#clear();
    if (this.#state !== 'waiting') return;
    this.#state = 'over';
    this.#undo();
    this.#joiner.refused(status, now);
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    callOf(this.to).withdraw(this, now);
  }

  get #other(): 'a' | 'b' {
    return this.side === 'a' ? 'b' : 'a';
  }

  #undo(): void {
    this.#clear();
    this.#forget?.();
    this.#forget = undefined;
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
