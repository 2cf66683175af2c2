import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { dialogOfServer } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ServerTransaction } from '#sip/transaction';
import type { AnswerTaker } from './answer.ts';
import { CallLeg, type LegOwner, listenerOf } from './call-leg.ts';
import type { Called } from './callee-side.ts';
import type { CallerWants } from './caller-wants.ts';
import type { SetupState } from './checkpoint.ts';
import { type CallerDialog, EarlyCaller, type EarlyCallerOwner, type Provisional } from './early-caller.ts';
import type { CallHandle, Party } from './services.ts';
import type { Turns } from './turns.ts';

/** Early dialogs a caller can have of one INVITE, unless its trunk says another number (docs/limits.md). */
const usualEarlyDialogs = 20;

/** Whose the caller is. */
export interface CallerSideUser {
  readonly call: LegOwner & { readonly source: Trunk };
  readonly invite: SipRequest;
  readonly flow: Flow;
  /** A reliable response of ours was never acknowledged. */
  notPracked(now: Instant): void;
}

/** For whom somebody is called: who sent an INVITE, or a leg that talks and is transferred. */
export interface CallerSide {
  /** Our To tag outside the early dialogs; the winner's once there is one. */
  tag: string;
  wants: CallerWants;
  /** Whose rules say where the call goes. */
  readonly dials: Trunk;
  /** It talks already: it is no new leg of its trunk, and is asked to take what the callee answers. */
  readonly joins: StandingCaller | undefined;
  trying(now: Instant): void;
  /** Our To tag for a new early dialog; undefined when there are enough. */
  newTag(): string | undefined;
  /** The early dialog with this tag, new where there is none yet. */
  dialog(tag: string): CallerDialog;
  known(tag: string | undefined): CallerDialog | undefined;
  progress(tag: string, response: Provisional, now: Instant): void;
  /** The callee says in a response who and what it is. */
  tell(tag: string, response: SipResponse, from: Trunk): void;
  /** The callee's side of an early dialog is over, the call is not (RFC 6228). `reason`: a Reason value that says why. */
  ended(tag: string | undefined, reason: Octets, now: Instant): void;
  /** Returns the refusal as it was sent; '' when it is none that comes again. */
  refuse(status: number, phrase: string | undefined, headers: readonly Header[], now: Instant): Octets;
  /** The 200. `delayed`: the answer comes in the ACK. */
  accept(dialog: CallerDialog, body: Octets, delayed: AnswerTaker | 'setup' | undefined, now: Instant): void;
  /** A final response is on its way. `winner`: whose dialog that confirms. */
  over(winner?: CallerDialog): void;
}

/** A caller that talks already: brought together with who was called for it. */
export interface StandingCaller {
  /** The call that it talks in: this one, once it has left that. */
  readonly talksIn: CallHandle;
  /** What else is told who is called. */
  readonly called: Pick<Called, 'referredBy' | 'replaces'>;
  /** One of the two is told what comes of it. */
  begin(
    callee: CallLeg,
    joined: (caller: CallLeg, now: Instant) => void,
    failed: (status: number, now: Instant) => void,
    now: Instant,
  ): void;
  /** What a restarted process needs to hang up on it, when nobody else keeps it any more. */
  kept(): Pick<SetupState, 'standing'>;
  /** Once it has left the call that it talked in: what goes on with it. */
  readonly turns: Turns | undefined;
}

/** The caller's INVITE until its final response: the early dialogs that it was shown, and what was said in each. */
export class InvitingCaller implements CallerSide, EarlyCallerOwner {
  readonly call: LegOwner & { readonly source: Trunk };
  readonly server: ServerTransaction<Party>;
  readonly joins = undefined;
  readonly inviteCSeq: number;
  tag: string;
  wants: CallerWants = { reliable: 'none', earlyEnds: false, earlyMedia: false };
  readonly #user: CallerSideUser;
  readonly #dialogs = new Map<string, EarlyCaller>();

  constructor(user: CallerSideUser, server: ServerTransaction<Party>, tag: string) {
    this.call = user.call;
    this.#user = user;
    this.server = server;
    this.tag = tag;
    this.inviteCSeq = user.invite.cseq.number;
  }

  get dials(): Trunk {
    return this.call.source;
  }

  trying(now: Instant): void {
    this.call.services.transactions.respond(this.server, { status: 100 }, now.mono);
  }

  newTag(): string | undefined {
    if (this.#dialogs.size >= (this.call.source.maxEarlyDialogs ?? usualEarlyDialogs)) return undefined;
    return this.#dialogs.size === 0 ? this.tag : this.call.services.random.token(64);
  }

  dialog(tag: string): EarlyCaller {
    const known = this.#dialogs.get(tag);
    if (known) return known;
    const { call, flow, invite } = this.#user;
    const listener = listenerOf(call.services, call.source, flow)!;
    const leg = new CallLeg(call, 'a', call.source, dialogOfServer(invite, tag), flow, listener);
    leg.peer.learn(invite);
    const dialog = new EarlyCaller(this, leg);
    this.#dialogs.set(tag, dialog);
    return dialog;
  }

  known(tag: string | undefined): EarlyCaller | undefined {
    return tag === undefined ? undefined : this.#dialogs.get(tag);
  }

  progress(tag: string, response: Provisional, now: Instant): void {
    const { reliable } = this.wants;
    this.dialog(tag).progress(response, reliable === 'all' || (reliable === 'sdp' && response.body !== ''), now);
  }

  tell(tag: string, response: SipResponse, from: Trunk): void {
    this.dialog(tag).leg.tell(response, from);
  }

  ended(tag: string | undefined, reason: Octets, now: Instant): void {
    if (this.wants.earlyEnds) this.known(tag)?.end(reason, this.wants.reliable === 'all', now);
  }

  refuse(status: number, phrase: string | undefined, headers: readonly Header[], now: Instant): Octets {
    const response = { status, toTag: this.tag, headers };
    const { transactions } = this.call.services;
    return transactions.respond(this.server, phrase === undefined ? response : { ...response, phrase }, now.mono);
  }

  accept({ leg }: CallerDialog, body: Octets, delayed: AnswerTaker | 'setup' | undefined, now: Instant): void {
    leg.accept(this.server, this.inviteCSeq, body, delayed, now);
  }

  notPracked(now: Instant): void {
    this.#user.notPracked(now);
  }

  over(winner?: CallerDialog): void {
    for (const dialog of this.#dialogs.values()) {
      dialog.stop();
      if (dialog !== winner) dialog.leg.forget();
    }
    this.#dialogs.clear();
    this.server.owner = new Decided(this.tag);
  }
}

/** Owns the transaction of a decided INVITE, which lingers: what a CANCEL that comes too late asks for (RFC 3261 9.2), and no more. */
class Decided implements Party {
  readonly tag: string;

  constructor(tag: string) {
    this.tag = tag;
  }

  onResponse(): void {}
  onFailure(): void {}
}
