import type { Header } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { CallLeg, LegOwner } from './call-leg.ts';
import type { CallerSide, StandingCaller } from './caller-side.ts';
import type { CallerWants } from './caller-wants.ts';
import type { CallerDialog, Provisional } from './early-caller.ts';
import { JoinAsker } from './join-asker.ts';
import { callOf } from './joinable-call.ts';
import type { SideSession } from './media-state.ts';
import type { ReferProgress } from './refer-progress.ts';
import type { Transfer } from './transfer.ts';
import type { AnsweredCall, Asker } from './turn.ts';
import { Turns } from './turns.ts';

/** The call that is set up for who is transferred. */
interface ReferredCall extends AnsweredCall, LegOwner {
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
  readonly session: SideSession | undefined;
  readonly joins: StandingCaller = this;
  readonly wants: CallerWants = { reliable: 'none', earlyEnds: false, earlyMedia: false };
  tag: string;
  #asker: JoinAsker | undefined;
  /** Who transferred it has hung up meanwhile: that is told the call they had when nothing comes of it. */
  #left: ((now: Instant) => void) | undefined;
  #turns: Turns | undefined;
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
    this.session = leg.call.media?.state[leg.side];
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

  ended(): void {}
  accept(): void {}
  over(): void {}

  /** Nobody could be called, or what is answered is of no use: they talk on as before, where somebody is left to talk to. */
  refuse(status: number, phrase: string | undefined, _headers: readonly Header[], now: Instant): Octets {
    if (this.#over) return '';
    this.#over = true;
    this.#asker?.close();
    this.#progress.end(status, phrase, now);
    const left = this.#left;
    this.#left = undefined;
    callOf(this.by).desk.over();
    const { media } = this.call;
    if (media) this.#leg.call.media?.follow(this.#leg.side, media.state.a);
    if (this.#leg.call === this.call) this.#letGo(now);
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
    const { media } = this.call;
    if (media) media.deaf = undefined;
    this.#asker = new JoinAsker(
      callee,
      callee.heard,
      { call: this.call, to: leg },
      {
        accepted: (_body, _delayed, at) => {
          this.#over = true;
          if (leg.call !== this.call)
            callOf(leg).dissolve(leg, this.call, (then) => this.#progress.end(200, 'OK', at, then), at);
          else this.#progress.end(200, 'OK', at);
          leg.joins(this.call, 'a');
          joined(leg, at);
        },
        refused: failed,
      },
      now,
    );
    callOf(leg).enqueue(this.#asker, now);
  }

  kept(): ReturnType<StandingCaller['kept']> {
    const leg = this.#leg;
    return leg.call === this.call ? { standing: { ...leg.leavingState(), side: 'a' } } : {};
  }

  enqueue(asker: Asker, now: Instant): void {
    this.#turns ??= new Turns(this.call);
    this.#turns.enqueue(asker, now);
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
    callOf(leg).dissolve(leg, this.call, undefined, now);
    leg.joins(this.call, 'a');
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
