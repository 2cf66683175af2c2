import type { Header, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { CallLeg, LegOwner } from './call-leg.ts';
import type { CallerSide, StandingCaller } from './caller-side.ts';
import type { CallerWants } from './caller-wants.ts';
import type { CallerDialog, Provisional } from './early-caller.ts';
import { introductionOf } from './introduction.ts';
import { JoinAsker } from './join-asker.ts';
import { callOf } from './joinable-call.ts';
import { takesLess } from './left-out.ts';
import { type Beyond, beyondOf, nothingBeyond } from './passing/beyond.ts';
import type { ReferProgress } from './refer-progress.ts';
import type { CallHandle } from './services.ts';
import { sessionOf } from './told-session.ts';
import type { Transfer } from './transfer.ts';
import type { AnsweredCall } from './turn.ts';
import { Turns } from './turns.ts';
import { WaitingLeg } from './waiting-leg.ts';

/** The call that is set up for who is transferred. */
interface ReferredCall extends AnsweredCall, LegOwner {
  narrow(leg: CallLeg, now: Instant): void;
  readonly source: Trunk;
  spare(leg: CallLeg): void;
  onCancel(now: Instant): void;
}

/** A leg for which somebody is called since its peer has sent a REFER: it talks on, and hears nothing of it before the answer. */
export class ReferredCaller implements CallerSide, StandingCaller, Transfer {
  readonly call: ReferredCall;
  readonly by: CallLeg;
  readonly #leg: CallLeg;
  readonly #progress: ReferProgress;
  readonly #dialog: CallerDialog;
  readonly called: StandingCaller['called'];
  readonly joins: StandingCaller = this;
  readonly wants: CallerWants = { reliable: 'none', earlyEnds: false, earlyMedia: false };
  tag: string;
  #asker: JoinAsker | undefined;
  /** Who transferred it has hung up meanwhile: that is told the call they had when nothing comes of it. */
  #left: ((now: Instant) => void) | undefined;
  /** It has left the call that it talked in. */
  #waiting: WaitingLeg | undefined;
  turns: Turns | undefined;
  /** What is there of whom it is to talk to. */
  #beyond: Beyond = nothingBeyond;
  #over = false;

  constructor(
    call: ReferredCall,
    by: CallLeg,
    leg: CallLeg,
    progress: ReferProgress,
    called: StandingCaller['called'],
  ) {
    this.call = call;
    this.by = by;
    this.#leg = leg;
    this.#progress = progress;
    this.called = called;
    this.tag = leg.dialog.localTag;
    this.#dialog = {
      leg,
      agreed: false,
      reliableSdp: '',
      holdsAnswer: false,
      acknowledge: () => undefined,
      next: () => {},
    };
  }

  get into(): ReferredCall {
    return this.call;
  }

  get talksIn(): CallHandle {
    return this.#leg.call;
  }

  /** Who refers it dials for it. */
  get dials(): Trunk {
    return this.by.trunk;
  }

  trying(now: Instant): void {
    this.#progress.tell(100, undefined, now);
  }

  newTag(): string {
    return this.tag;
  }

  dialog(): CallerDialog {
    return this.#dialog;
  }

  known(): CallerDialog {
    return this.#dialog;
  }

  progress(_tag: string, { status, phrase }: Provisional, now: Instant): void {
    this.#progress.tell(status, phrase, now);
  }

  /** It hears of that when the two are brought together. */
  tell(_tag: string, response: SipResponse, from: Trunk): void {
    this.#beyond = beyondOf(response, from, this.#leg.trunk, this.#beyond);
  }

  ended(): void {}
  accept(): void {}
  over(): void {}

  /** Nobody could be called, or what is answered is of no use: they talk on as before, where somebody is left to talk to. */
  refuse(status: number, phrase: string | undefined, _headers: readonly Header[], now: Instant): Octets {
    if (this.#over) return '';
    this.#over = true;
    this.#asker?.withdraw(now);
    this.#progress.end(status, phrase, now);
    const left = this.#left;
    this.#left = undefined;
    callOf(this.by).desk.over(this.call);
    if (this.#waiting) this.#letGo(now);
    else left?.(now);
    return '';
  }

  // --- brought together --------------------------------------------------------------------------------------------

  begin(
    callee: CallLeg,
    joined: (caller: CallLeg, now: Instant) => void,
    failed: (status: number, now: Instant) => void,
    now: Instant,
  ): void {
    const leg = this.#leg;
    const { call } = this;
    if (call.media) call.media.deaf = undefined;
    const told = call.media?.state.b.last ?? '';
    const joining = {
      leg: callee,
      body: callee.heard,
      side: 'b',
      call,
      to: leg,
      session: this.#waiting ? this.#waiting.session : sessionOf(leg),
      introduction: introductionOf(callee, this.#beyond),
    } as const;
    this.#asker = new JoinAsker(
      joining,
      {
        accepted: (body, _delayed, at) => {
          this.#over = true;
          callee.meets(introductionOf(leg, this.by.beyond), leg.trunk);
          if (this.#waiting) this.#progress.end(200, 'OK', at);
          else callOf(leg).dissolve(leg, call, (then) => this.#progress.end(200, 'OK', at, then), at);
          leg.joins(call, 'a');
          joined(leg, at);
          if (takesLess(body, callee.heard, told)) call.narrow(callee, at);
        },
        refused: (status, at) => {
          if (!this.#over) failed(status, at);
        },
      },
      now,
    );
    this.#asker.begin(now);
  }

  kept(): ReturnType<StandingCaller['kept']> {
    return this.#waiting ? { standing: { ...this.#leg.leavingState(), side: 'a' } } : {};
  }

  // --- the call that it talks in -----------------------------------------------------------------------------------

  /** Who transferred it hangs up: it waits by itself for the one who is called. */
  left(end: (now: Instant) => void, now: Instant): void {
    this.#progress.close(now);
    if (this.#asker) {
      this.#left = end;
      return;
    }
    const leg = this.#leg;
    this.#waiting = new WaitingLeg(this.call, sessionOf(leg));
    this.turns = new Turns(this.#waiting);
    callOf(leg).dissolve(leg, this.call, undefined, now, this.turns);
    leg.joins(this.call, 'a');
    this.call.services.occupancy.keep(this.call.source, this.call);
    this.call.checkpoint();
  }

  abort(now: Instant): void {
    if (this.#over) return;
    this.#progress.close(now);
    this.call.onCancel(now);
  }

  #letGo(now: Instant): void {
    this.call.spare(this.#leg);
    this.#leg.hangUp(now, undefined);
  }
}
