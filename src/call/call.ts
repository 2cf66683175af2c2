import type { AttemptRecord, CallRecord, EndCause, EndReason, MediaCapture } from '#cdr';
import type { KeyNotice, MediaResponse, SilenceNotice } from '#codec/media-control';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import type { Answer } from './answer.ts';
import { giveRoom, settleRoom } from './bandwidth.ts';
import { newId } from './call-id.ts';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup } from './call-setup.ts';
import type { Winner } from './callee-side.ts';
import type { Calling } from './calling.ts';
import { byTandem, reasonHeader, terminated } from './causes.ts';
import { type CallState, type ConfirmedState, endedState, type Refused, type SetupState } from './checkpoint.ts';
import { CallDigits, type DigitsCall } from './digits.ts';
import { calledOf, callingNumber, numberOf, readIdentity } from './identity/index.ts';
import { prackedLate, requestInCall } from './in-call-request.ts';
import { identifiersOf, legsUnderWay } from './leg-identifiers.ts';
import { MediaBridge } from './media-bridge.ts';
import { ReferDesk, type ReferredSetupCall, type ReferringCall } from './refer-desk.ts';
import { Replacement } from './replacement.ts';
import { type CallHandle, type CallServices, type MediaWaiter, mediaPatience, type Party } from './services.ts';
import { Setup, type SetupCall } from './setup.ts';
import { standingRecord } from './standing.ts';
import { type Beginning, type Routed, Story } from './story.ts';
import { type DelayedOffer, Talk } from './talk.ts';
import type { AnsweredCall, Asker } from './turn.ts';
import type { Turns } from './turns.ts';
import { MediaWatchdog, type WatchedCall } from './watchdog.ts';

export type CallPhase = 'setup' | 'answered' | 'ended';

/**
 * A call: being set up, then two legs that talk, then its end and its record. It joins the legs; a leg does not know
 * its peer. What a process must know to take the call up again is in `checkpoint`.
 */
export class Call implements AnsweredCall, DigitsCall, ReferringCall, SetupCall, WatchedCall, Sleeper, MediaWaiter {
  readonly id: string;
  readonly services: CallServices;
  /** Itself: who waits for its own media requests. */
  readonly call: this = this;
  readonly source: Trunk;
  readonly caller: Octets;
  /** As the caller sent it, still escaped: what goes on in Request-URIs. */
  readonly calledUser: Octets;
  /** The number that routing sees. */
  readonly called: Octets;
  media: MediaBridge | undefined;
  #setup: CallSetup | undefined;
  /** Its two legs, once it is answered. */
  #talk: Talk | undefined;
  #watchdog: MediaWatchdog | undefined;
  readonly #story: Story;
  readonly captures: MediaCapture[];
  #winner: Winner | undefined;
  #spare: CallLeg[] = [];
  #lent: 'a' | 'b' | undefined;
  #refusal: Refused | undefined;
  /** Keys that its peers press. */
  readonly digits = new CallDigits(this);
  readonly desk = new ReferDesk(this);
  /** -1: none was sent yet. */
  #mediaOrder = -1;
  #byes = 0;
  #record: 'open' | 'written' | 'durable' = 'open';
  #deadline: Deadline<Sleeper> | undefined;

  private constructor(services: CallServices, source: Trunk, beginning: Beginning, story = new Story(beginning)) {
    this.services = services;
    this.source = source;
    this.id = beginning.id;
    this.caller = beginning.caller;
    this.calledUser = beginning.calledUser;
    this.called = numberOf(beginning.calledUser);
    this.#story = story;
    this.captures = story.captures;
  }

  /** An INVITE from a trunk that passed the gates. */
  static arrive(
    services: CallServices,
    source: Trunk,
    flow: Flow,
    server: ServerTransaction<Party>,
    invite: SipRequest,
    now: Instant,
  ): Call {
    const tag = services.random.token(64);
    const called = calledOf(invite, source, services.trunks.way(source).contactUser);
    const dialog = { callId: detach(invite.callId), localTag: tag, remoteTag: detach(invite.from.tag ?? '') };
    const call = new Call(services, source, {
      id: newId(services, now),
      leg: identifiersOf(source, flow, dialog),
      caller: detach(callingNumber(invite, source)),
      calledUser: called.user,
      startedAt: now.wall,
    });
    if (invite.get('replaces') !== undefined || invite.get('join') !== undefined) {
      call.#setup = new Replacement(call, server, invite, flow, tag);
      return call;
    }
    const identity = readIdentity(invite, source, called);
    call.#setup = Setup.invited(call, server, invite, identity, flow, tag);
    return call;
  }

  /** One of a process that died. */
  static taken(services: CallServices, source: Trunk, { facts, attempts }: ConfirmedState | SetupState): Call {
    const { id, caller: leg, from: caller, to: calledUser, startedAt } = facts;
    const story = Story.restored(facts, attempts);
    const call = new Call(services, source, { id, leg, caller, calledUser, startedAt }, story);
    call.desk.transfers = facts.transfers ?? 0;
    return call;
  }

  /** One of a process that died, ended there. */
  static over(services: CallServices, source: Trunk, record: CallRecord, now: Instant): Call {
    const { call: id, leg, caller, called, startedAt } = record;
    const call = new Call(services, source, { id, leg, caller, calledUser: called, startedAt });
    call.#story.ended(record.end, now);
    call.#record = 'written';
    return call;
  }

  /** Its two legs go on under this process. */
  resume(
    caller: CallLeg,
    callee: CallLeg,
    { answeredAt, media, a, b, unanswered, lent }: ConfirmedState,
    now: Instant,
  ): void {
    this.#story.answeredBefore(answeredAt, now);
    if (media) {
      this.media = new MediaBridge(this.id, media, this.services.random);
      // A process before this one asked for it: any list tells whether it is still there.
      this.#mediaOrder = 0;
    }
    this.#talk = new Talk(this, caller, callee, undefined);
    this.#talk.restore(a, b);
    this.services.occupancy.take(this.source, this, now.mono);
    this.services.occupancy.take(callee.trunk, callee, now.mono);
    settleRoom(this, caller, callee);
    // The callee's offer still waited for the caller's ACK: the set-up was not over.
    if (!b.acked || unanswered) this.hangUp(byTandem('restarted', undefined), now);
    else if (lent) this.tookAnother(lent === 'a' ? caller : callee, now);
  }

  get phase(): CallPhase {
    if (this.#story.isOver) return 'ended';
    return this.#talk ? 'answered' : 'setup';
  }

  get isForHelp(): boolean {
    return this.#story.isForHelp;
  }

  /** The id of the last media request sent for this call: a list older than it says nothing about it. */
  get mediaOrder(): number {
    return this.#mediaOrder;
  }

  begin(now: Instant): void {
    this.#setup!.begin(now);
  }

  // --- what its set-up tells it ------------------------------------------------------------------------------------

  routed(plan: Routed): void {
    this.#story.routed(plan);
  }

  decide(rule: string, outcome: string): void {
    this.#story.decide(rule, outcome);
  }

  noted(rule: string, outcome: string): void {
    this.#story.noted(rule, outcome);
  }

  rings(now: Instant): void {
    this.#story.rings(now);
  }

  attempted(attempt: AttemptRecord): void {
    this.#story.attempted(attempt);
  }

  /** A leg that nobody talks on: to be forgotten with the call. */
  spare(leg: CallLeg): void {
    this.#spare.push(leg);
  }

  /** The set-up has failed and the caller has been told so. */
  refused(cause: EndCause, refusal: Refused | undefined, now: Instant): void {
    this.#setup = undefined;
    this.#refusal = refusal;
    this.#end(cause, now);
  }

  /** Both legs stand. `delayed`: the offer that the caller's ACK is to answer. The caller's 200 goes out after this. */
  answered(
    caller: CallLeg,
    callee: CallLeg,
    winner: Winner | undefined,
    delayed: DelayedOffer | undefined,
    now: Instant,
  ): void {
    this.#setup = undefined;
    this.#talk = new Talk(this, caller, callee, delayed);
    this.#winner = winner;
    if (!winner) {
      // It talked in another call till now.
      this.attempted(standingRecord(callee, this.caller, this.calledUser, now));
      this.services.occupancy.keep(callee.trunk, callee);
    }
    // A leg that has come from another call is none that begins.
    this.services.occupancy.keep(this.source, this);
    this.#story.answered(caller.dialog.localTag, this.media === undefined, now);
    this.checkpoint();
    if (delayed === undefined) this.orderMedia(undefined);
    if (this.media?.isLost) this.mediaMoved(now);
  }

  // --- answered ----------------------------------------------------------------------------------------------------

  /** Who is called, and whether it rings there. */
  get calling(): Calling | undefined {
    const to = this.#setup?.trying;
    return to && { trunk: to.trunk, at: to.at, rings: this.#story.isRinging };
  }

  get talking(): readonly CallLeg[] {
    return this.phase === 'answered' && this.#talk ? [this.#talk.caller, this.#talk.callee] : [];
  }

  otherLeg(leg: CallLeg): CallLeg | undefined {
    if (this.#setup) return this.#setup.otherLeg(leg);
    return this.phase === 'answered' ? this.#talk?.otherLeg(leg) : undefined;
  }

  legOf(side: 'a' | 'b'): CallLeg | undefined {
    if (this.#setup) return side === 'b' ? this.#setup.early?.calleeLeg : undefined;
    const { caller, callee } = this.#talk ?? {};
    return caller?.side === side ? caller : callee;
  }

  /** Sends the media plan; without a waiter only a failure matters. */
  orderMedia(waiter: MediaWaiter | undefined): void {
    if (!this.media || this.#story.isOver) return;
    const silence = this.phase === 'answered' ? this.services.configuration.media.silence : 0;
    const plan = this.media.plan(silence, this.services.captures.of(this.id));
    this.#mediaOrder = this.services.media({ kind: 'apply', plan }, waiter ?? this);
  }

  anchor(media: MediaBridge | undefined): void {
    if (this.media && this.#mediaOrder >= 0) this.services.media({ kind: 'close', session: this.id }, undefined);
    this.media = media;
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (response.kind === 'closed') {
      this.#story.counters = response.counters;
      this.#finish();
    } else if (response.kind === 'failed') {
      if (this.#story.isOver) this.#finish();
      else if (response.reason === 'unknown-session') this.mediaGone(now);
    } else if (response.kind === 'applied' && !this.#story.isOver && this.media?.isAt(response.streams) === false) {
      // The plan had waited for the link, and a new media process was at the other end of it.
      if (!this.mediaMoved(now)) this.terminate('media-lost', now);
    }
  }

  pracked(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    if (this.#setup) this.#setup.pracked(leg, server, request, now);
    else prackedLate(leg, server, request, now);
  }

  asked(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    if (this.phase === 'answered' && this.otherLeg(leg)) return this.#talk?.turns.asked(leg, server, request, now);
    if (this.#setup?.turns && leg.side === 'a') return this.#setup.turns.asked(leg, server, request, now);
    const { transactions } = this.services;
    if (this.#story.isOver) transactions.respond(server, { status: 481 }, now.mono);
    else if (request.method === 'UPDATE' && this.#setup) this.#setup.updated(leg, server, request, now);
    else transactions.respond(server, { status: 500, headers: [['Retry-After', '1']] }, now.mono);
  }

  tookAnother(leg: CallLeg, now: Instant): void {
    if (this.phase === 'answered') this.#talk?.turns.restore(leg, now);
  }

  narrow(leg: CallLeg, now: Instant): void {
    if (this.phase === 'answered') this.#talk?.turns.narrow(leg, now);
  }

  refreshDue(leg: CallLeg, now: Instant): void {
    if (this.phase !== 'ended') this.#turns?.refresh(leg, now);
  }

  requested(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    requestInCall(this, leg, server, request, now);
  }

  // --- its legs and other calls -------------------------------------------------------------------------------------

  following(
    source: Trunk,
    beginning: Omit<Beginning, 'id'>,
    setup: (call: ReferredSetupCall) => CallSetup,
    now: Instant,
  ): void {
    const call = new Call(this.services, source, { ...beginning, id: newId(this.services, now) });
    call.desk.transfers = this.desk.transfers + 1;
    call.#setup = setup(call);
    this.services.begin(call);
    call.begin(now);
  }

  /** What a leg of another call has to say to one of this. */
  enqueue(asker: Asker, now: Instant): void {
    if (this.#turns) this.#turns.enqueue(asker, now);
    else asker.refuse(481, undefined, now);
  }

  withdraw(asker: Asker, now: Instant): void {
    this.#turns?.cancelled(asker, now);
  }

  lend(leg: CallLeg | undefined): void {
    this.#lent = leg?.side;
    if (leg) this.checkpoint();
  }

  giveWay(now: Instant): void {
    this.#setup?.end({ status: 487, cause: { by: 'caller', reason: 'transferred' } }, now);
  }

  get #turns(): Turns | undefined {
    return this.#talk?.turns ?? this.#setup?.turns;
  }

  /** A leg goes on in another call: this one is over. Who is left of it is let go, as soon as it has been told why. */
  dissolve(
    leg: CallLeg,
    into: CallHandle,
    tell: ((then: (now: Instant) => void) => void) | undefined,
    now: Instant,
    heir?: Turns,
  ): void {
    const talk = this.#talk;
    const other = talk?.otherLeg(leg);
    if (!talk || !other) return;
    this.#talk = undefined; // Who has hung up on it while a transfer was under way ends nothing any more.
    this.desk.leave(into, now);
    this.#talk = talk;
    this.decide('transfer', `${leg.side === 'a' ? 'the caller' : 'the callee'} goes on in call ${into.id}`);
    talk.turns.dissolve(leg, heir, now);
    if (tell) other.hangUpLater();
    else other.hangUp(now, undefined);
    tell?.((at) => other.hangUpNow(at));
    this.#end({ by: other.side === 'a' ? 'caller' : 'callee', reason: 'transferred' }, now);
    this.#talk = undefined;
    this.spare(other);
  }

  onCancel(now: Instant): void {
    this.#setup?.onCancel(now, undefined);
  }

  sessionExpired(leg: CallLeg, now: Instant): void {
    this.#lost(leg, { reason: 'session-expired' }, now);
  }

  /** A leg's peer is not there any more. */
  #lost(leg: CallLeg, why: Pick<EndCause, 'reason' | 'sip'>, now: Instant): void {
    const cause: EndCause = { by: leg.side === 'a' ? 'caller' : 'callee', ...why };
    if (this.phase === 'answered') this.hangUp(cause, now);
    else if (this.#setup?.turns) this.#setup.end({ status: 480, cause }, now);
  }

  /** The ACK for our 200 on this leg. */
  acknowledged(leg: CallLeg, answer: Answer, ack: SipRequest, now: Instant): void {
    if (this.#talk) this.#talk.acknowledged(leg, answer, ack, now);
    else this.#setup?.turns?.next(now);
  }

  // --- the end -----------------------------------------------------------------------------------------------------

  cancelledBecause(reason: string | undefined): EndCause {
    return { by: 'caller', reason: 'cancelled', ...reasonHeader(reason) };
  }

  hungUp(leg: CallLeg, bye: SipRequest, now: Instant): void {
    leg.hungUp();
    // The ACK that the ended call still waited for will not come any more.
    if (this.#story.isOver) return this.#maybeForget();
    const reason = bye.get('reason');
    if (this.#setup) {
      // BYE of an early dialog (RFC 3261 15): the caller ends the call as with CANCEL.
      if (leg.side === 'a') return this.#setup.onCancel(now, reason);
      return this.#setup.hungUp(leg, { by: 'callee', reason: 'hangup', ...reasonHeader(reason) }, now);
    }
    // A fork that answered too late hangs up as we do: that ends its dialog, not the call.
    const other = this.otherLeg(leg);
    if (!other) return;
    const end = (at: Instant) => {
      if (this.#story.isOver || !this.#talk) return;
      this.#talk.end(at);
      other.hangUp(at, reason);
      this.#end({ by: leg.side === 'a' ? 'caller' : 'callee', reason: 'hangup', ...reasonHeader(reason) }, at);
    };
    if (!this.desk.left(leg, end, now)) end(now);
  }

  notAcknowledged(now: Instant): void {
    if (this.phase === 'answered') this.hangUp(byTandem('no-ack', undefined), now);
    else this.#maybeForget();
  }

  /** A leg's peer no longer knows the dialog (RFC 3261 12.2.1.2). */
  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void {
    const { status, phrase } = response;
    // It talks in another call, which it was to leave for this one.
    if (leg.call !== this) return leg.call.dialogLost(leg, response, now);
    this.#lost(leg, { reason: 'dialog-lost', sip: { status, phrase } }, now);
  }

  /** A leg's peer does not answer inside the dialog. */
  unanswered(leg: CallLeg, reason: string, now: Instant): void {
    if (leg.call !== this) return leg.call.unanswered(leg, reason, now);
    if (this.phase === 'ended') return;
    this.services.log('info', 'peer-gone', { call: this.id, trunk: leg.trunk.name, reason });
    this.#lost(leg, { reason: 'dialog-lost' }, now);
  }

  /** The media process tells of a silence, or that one is over. */
  mediaNoticed(notice: SilenceNotice, now: Instant): void {
    if (this.phase !== 'answered') return;
    this.#watchdog ??= new MediaWatchdog(this);
    this.#watchdog.noticed(notice, now);
  }

  /** A peer has pressed a key in its media, of which the other is told by INFO. */
  pressed(notice: KeyNotice, now: Instant): void {
    this.digits.pressed(notice, now);
  }

  /** The media process has no session of this call; one that waits for its first ports gets them from the new process. */
  mediaGone(now: Instant): void {
    if (!this.media || this.#mediaOrder < 0 || this.mediaMoved(now) || this.#setup?.awaitsPorts) return;
    this.media = undefined;
    if (this.#story.isOver) this.#finish();
    else this.terminate('media-lost', now);
  }

  /** A call for help goes on by ports of the next process, of which both sides are told once they talk. False: it ends. */
  mediaMoved(now: Instant): boolean {
    if (!this.media || !this.#story.isForHelp || this.#story.isOver) return false;
    this.media.isLost = true;
    this.#talk?.turns.moved(this.#talk.caller, now);
    return true;
  }

  /** The media process has the session; whether it heard the last plan of the process before this one is not known. */
  mediaThere(): void {
    if (this.#mediaOrder === 0) this.orderMedia(undefined);
  }

  onMediaUnanswered(): void {
    if (this.media && !this.#story.isOver) this.orderMedia(undefined);
    else if (this.media) this.services.media({ kind: 'close', session: this.id }, this);
  }

  /** Ends the call whatever its state. */
  terminate(reason: EndReason, now: Instant): void {
    if (this.#story.isOver) return;
    if (this.#setup) this.#setup.end(terminated(reason), now);
    else this.hangUp(byTandem(reason, undefined), now);
  }

  hangUp(cause: EndCause, now: Instant): void {
    this.#talk?.end(now);
    this.#talk?.caller.hangUp(now, undefined);
    this.#talk?.callee.hangUp(now, undefined);
    this.#end(cause, now);
  }

  #end(cause: EndCause, now: Instant): void {
    const { services } = this;
    if (this.#story.isOver) return;
    this.desk.abort(now);
    services.occupancy.release(this.source, this);
    giveRoom(this);
    if (this.#winner) {
      this.#winner.over();
      this.#story.attempted(this.#winner.record(cause, now.wall));
      this.#winner = undefined;
    }
    const callee = this.#talk?.callee;
    if (callee) services.occupancy.release(callee.trunk, callee);
    this.#story.ended(cause, now);
    if (!this.media || this.#mediaOrder < 0) return this.#finish();
    // A process that dies before the counters come must not take the call up again: it is over for its parties.
    this.#keepRecord();
    services.media({ kind: 'close', session: this.id }, this);
    this.#deadline = services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  /** The record as it stands is the checkpoint of an ended call. */
  #keepRecord(): CallRecord {
    const record = this.#story.record();
    this.services.checkpoint(this.id, endedState(record, this.#legs(), this.#refusal));
    return record;
  }

  /** The last thing is known: the record. Until it is durable the call's checkpoint is its record. */
  #finish(): void {
    if (this.#record !== 'open') return;
    this.#record = 'written';
    this.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.media = undefined;
    this.services.record(this.#keepRecord());
  }

  /** The record is on disk. */
  recorded(): void {
    this.#record = 'durable';
    this.#maybeForget();
  }

  byeSent(): void {
    this.#byes++;
  }

  byeDone(): void {
    this.#byes--;
    this.#maybeForget();
  }

  /** Called when nothing may be left to do: legs that still wait for an ACK or a BYE's answer keep the call. */
  #maybeForget(): void {
    const legs = this.#legs();
    if (this.#record !== 'durable' || this.#byes > 0 || legs.some(({ answer, leaving }) => answer || leaving)) return;
    for (const leg of legs) leg.forget();
    this.services.forget(this);
    // Transactions linger for 32 s and hold on to it: nothing of weight is to hang there.
    this.#talk = undefined;
    this.#spare = [];
    this.#story.clear();
    this.#refusal = undefined;
  }

  #legs(): readonly CallLeg[] {
    const { caller, callee } = this.#talk ?? {};
    return caller && callee ? [caller, callee, ...this.#spare] : this.#spare;
  }

  wake(_name: string, _now: Instant): void {
    this.#deadline = undefined;
    if (this.#story.isOver) this.#finish();
  }

  /** Keeps what a restarted process needs: to go on with an answered call, or to end one that was being set up. */
  checkpoint(): void {
    const facts = { ...this.#story.facts(), ...this.desk.facts() };
    const { attempts, answeredAt } = this.#story;
    let state: CallState;
    if (this.#setup) {
      state = { v: 1, stage: 'setup', facts, attempts, ...this.#setup.kept() };
    } else if (this.#talk && !this.#story.isOver) {
      settleRoom(this, this.#talk.caller, this.#talk.callee);
      state = {
        v: 1,
        stage: 'answered',
        facts,
        answeredAt: answeredAt!,
        attempts: this.#winner ? [...attempts, this.#winner.record({ by: 'nobody', reason: 'hangup' }, 0)] : attempts,
        ...this.#talk.states(),
        ...(this.media ? { media: this.media.state } : {}),
        ...(this.#talk.unanswered ? { unanswered: true as const } : {}),
        ...(this.#lent ? { lent: this.#lent } : {}),
      };
    } else {
      return;
    }
    this.services.checkpoint(this.id, state);
  }

  inspect(): Record<string, unknown> {
    const { id: call, phase, caller, calledUser: called } = this;
    const story = this.#story.inspect(this.source, this.#talk, this.#setup?.trying?.trunk, this.media);
    return { call, phase, caller, called, ...story, ...this.#watchdog?.inspect() };
  }

  trace(): object {
    return { ...this.inspect(), ...this.#story.trace(), ...legsUnderWay(this.#setup) };
  }
}
