import type { AttemptRecord, CallRecord, Decision, EndCause, EndReason, LegIdentifiers } from '#cdr';
import type { MediaInterface, MediaResponse, StreamCounters } from '#codec/media-control';
import type { SessionDescription } from '#codec/sdp';
import { type Header, phrases, type SipRequest, type SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type HostPort, type Instant, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { dialogOfServer } from '#sip/dialog';
import { describeFlow, type Flow } from '#sip/flow';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import type { Answer } from './answer.ts';
import { Attempt, type AttemptOwner, callerOf, type Fork, maxEarlyDialogs } from './attempt.ts';
import { CallLeg } from './call-leg.ts';
import { causeOf, reasonHeader, statusForCaller, verdictOf } from './causes.ts';
import type { CallState, ConfirmedState, SetupState } from './checkpoint.ts';
import { Exchange, type ExchangeOwner } from './exchange.ts';
import { allow } from './headers.ts';
import { MediaBridge, readSdp } from './media-bridge.ts';
import { Orphan } from './orphan.ts';
import type { CallServices, MediaWaiter, Party } from './services.ts';

/** Ms the media process has for an answer that the call waits for. */
const mediaPatience = 2_000;

export type CallPhase = 'ports' | 'hunting' | 'answer-ports' | 'answered' | 'ended';

interface Facts {
  readonly caller: Octets;
  readonly called: Octets;
  readonly calledUser: Octets;
  readonly startedAt: number;
}

/** A call: the caller's leg, the attempts to reach the callee, the two legs once it is answered, and its end. */
export class Call implements AttemptOwner, ExchangeOwner, Party, Sleeper, MediaWaiter {
  readonly id: string;
  readonly services: CallServices;
  /** Itself: a call is the party of its own INVITE. */
  readonly call: Call = this;
  readonly caller: Octets;
  /** As the caller sent it, still escaped: what goes on in Request-URIs. */
  readonly calledUser: Octets;
  /** The number that routing sees. */
  readonly called: Octets;
  readonly source: Trunk;
  media: MediaBridge | undefined;
  #phase: CallPhase = 'hunting';
  #flow: Flow;
  #invite: SipRequest | undefined;
  #server: ServerTransaction<Party> | undefined;
  #callerIds: LegIdentifiers;
  readonly #startedAt: number;
  #ringingAt: number | undefined;
  #answeredAt: number | undefined;
  #answeredMono = 0;
  #endedAt = 0;
  #endedMono = 0;
  #end: EndCause | undefined;
  #route: string | undefined;
  #decisions: Decision[] = [];
  #targets: { readonly trunk: Trunk; readonly remote: HostPort }[] = [];
  #attempt: Attempt | undefined;
  #attempts: AttemptRecord[] = [];
  /** The response that an attempt's failure would give the caller; the last one counts. */
  #lastRefusal: { readonly status: number; readonly phrase: string | undefined; readonly cause: EndCause } | undefined;
  #offer: SessionDescription | undefined;
  #earlyLegs = new Map<string, CallLeg>();
  #a: CallLeg | undefined;
  #b: CallLeg | undefined;
  #winner: { readonly attempt: Attempt; readonly response: SipResponse; readonly fork: Fork } | undefined;
  #spare: CallLeg[] = [];
  #byes = 0;
  #recorded = false;
  #counters: readonly StreamCounters[] | undefined;
  #mediaOrder = 0;
  #deadline: Deadline<Sleeper> | undefined;

  private constructor(
    id: string,
    services: CallServices,
    source: Trunk,
    flow: Flow,
    ids: LegIdentifiers,
    facts: Facts,
  ) {
    this.id = id;
    this.services = services;
    this.source = source;
    this.#flow = flow;
    this.#callerIds = ids;
    this.caller = facts.caller;
    this.called = facts.called;
    this.calledUser = facts.calledUser;
    this.#startedAt = facts.startedAt;
  }

  /** An INVITE from a trunk that passed the gates; `now` is its arrival. */
  static arrive(
    services: CallServices,
    source: Trunk,
    flow: Flow,
    server: ServerTransaction<Party>,
    invite: SipRequest,
    now: Instant,
  ): Call {
    const id = now.wall.toString(16).padStart(12, '0') + services.random.token(80);
    const calledUser = detach(invite.target?.user ?? '');
    const tag = services.random.token(64);
    const ids: LegIdentifiers = {
      trunk: source.name,
      remote: describeFlow(flow),
      callId: detach(invite.callId),
      localTag: tag,
      remoteTag: detach(invite.from.tag ?? ''),
    };
    const call = new Call(id, services, source, flow, ids, {
      caller: detach(callerOf(invite.get('from') ?? '')),
      called: numberOf(calledUser),
      calledUser,
      startedAt: now.wall,
    });
    call.#server = server;
    call.#invite = invite;
    server.owner = call;
    return call;
  }

  /** Takes up a call of a process that died after it was answered. */
  static restored(
    services: CallServices,
    state: ConfirmedState,
    source: Trunk,
    callee: Trunk,
    now: Instant,
  ): Call | undefined {
    const { facts } = state;
    const call = new Call(facts.id, services, source, state.a.flow, facts.caller, {
      caller: facts.from,
      called: facts.to,
      calledUser: facts.to,
      startedAt: facts.startedAt,
    });
    const listenerA = listenerOf(services, source, state.a.flow);
    const listenerB = listenerOf(services, callee, state.b.flow);
    if (!listenerA || !listenerB) return undefined;
    call.#phase = 'answered';
    call.#ringingAt = facts.ringingAt;
    call.#answeredAt = state.answeredAt;
    // The monotonic clock began anew with this process; the wall clock bridges the gap.
    call.#answeredMono = now.mono - Math.max(0, now.wall - state.answeredAt);
    call.#route = facts.route;
    call.#decisions = [...facts.decisions];
    call.#attempts = [...state.attempts];
    // Requests sent after the last checkpoint may have used higher numbers: gaps are allowed (RFC 3261 12.2.1.1).
    for (const leg of [state.a, state.b]) leg.dialog.localCSeq += 1000;
    call.#a = new CallLeg(call, 'a', source, state.a.dialog, state.a.flow, listenerA);
    call.#b = new CallLeg(call, 'b', callee, state.b.dialog, state.b.flow, listenerB);
    call.#a.acked = state.a.acked;
    call.#b.acked = state.b.acked;
    if (state.media) call.media = new MediaBridge(call.id, state.media);
    services.occupancy.take(source, call, now.mono);
    services.occupancy.take(callee, call.#b, now.mono);
    return call;
  }

  /** Ends a call that a dead process was setting up: the caller is refused, the callee's INVITE cancelled. */
  static orphaned(
    services: CallServices,
    state: SetupState,
    source: Trunk,
    server: ServerTransaction<Party> | undefined,
    now: Instant,
  ): Call {
    const { facts, pending } = state;
    const call = new Call(facts.id, services, source, state.flow, facts.caller, {
      caller: facts.from,
      called: facts.to,
      calledUser: facts.to,
      startedAt: facts.startedAt,
    });
    call.#server = server;
    call.#ringingAt = facts.ringingAt;
    call.#route = facts.route;
    call.#decisions = [...facts.decisions];
    call.#attempts = [...state.attempts];
    const callee = services.configuration.trunks.find(({ name }) => name === pending?.trunk);
    const cause = tandem('restarted', 503);
    if (pending && callee && services.flows.socket(pending.flow.listener)) {
      call.#attempts.push(Orphan.cancel(call, callee, pending, now).record(cause, now.wall));
    }
    // Its session, if it had one, is closed by the reconciliation with the media process.
    call.#refuse(503, cause, now, retryAfter);
    return call;
  }

  get phase(): CallPhase {
    return this.#phase;
  }

  get invite(): SipRequest {
    return this.#invite!;
  }

  /** The id of the last media request sent for this call: a list older than it says nothing about it. */
  get mediaOrder(): number {
    return this.#mediaOrder;
  }

  /** Answers 100, finds a route and goes hunting. */
  begin(now: Instant): void {
    const { services, invite } = this;
    services.transactions.respond(this.#server!, { status: 100 }, now.mono);
    const full = services.occupancy.refusal(this.source, now.mono);
    if (full) {
      this.#decisions.push({
        rule: `trunk ${this.source.name}`,
        outcome: `refused: its capacity (${full}) is used up`,
      });
      return this.#refuse(503, tandem('no-capacity', 503), now, retryAfter);
    }
    services.occupancy.take(this.source, this, now.mono);
    const plan = services.router.plan({ source: this.source.name, called: this.called });
    this.#route = plan.route;
    this.#decisions.push(...plan.decisions);
    if (plan.route === undefined) return this.#refuse(404, tandem('no-route', 404), now);
    for (const trunk of plan.trunks) {
      for (const remote of trunk.addresses) this.#targets.push({ trunk, remote });
    }
    if (services.configuration.media.mode === 'anchor') {
      const ids = [services.random.integer(2 ** 31).toString(), services.random.integer(2 ** 31).toString()] as const;
      this.media = MediaBridge.fresh(this.id, ids);
      if (invite.body !== '') {
        const read = readSdp(invite.body);
        if ('fault' in read) return this.#refuse(400, tandem('bad-request', 400), now, [], `Bad SDP: ${read.fault}`);
        this.#offer = read.sdp;
      }
    }
    this.checkpoint();
    this.#hunt(now);
  }

  // --- hunting -----------------------------------------------------------------------------------------------------

  /** Tries the next target of the plan, or gives the caller the last failure. */
  #hunt(now: Instant): void {
    this.#phase = 'hunting';
    for (let target = this.#targets.shift(); target; target = this.#targets.shift()) {
      const { trunk, remote } = target;
      const full = this.services.occupancy.refusal(trunk, now.mono);
      if (full) {
        this.#decisions.push({ rule: `trunk ${trunk.name}`, outcome: `skipped: its capacity (${full}) is used up` });
        this.#lastRefusal ??= { status: 503, phrase: undefined, cause: tandem('no-capacity', 503) };
        continue;
      }
      const attempt = new Attempt(this, trunk, remote, now);
      if (!attempt.possible) {
        this.#decisions.push({
          rule: `trunk ${trunk.name}`,
          outcome: 'skipped: no listener of its side and transport',
        });
        continue;
      }
      this.#attempt = attempt;
      this.services.occupancy.take(trunk, attempt, now.mono);
      this.media?.forget('b');
      this.media?.place('b', trunk.side);
      if (this.media && this.#offer && (this.media.room(this.#offer, this.interfaces()) || !this.media.complete)) {
        this.media.learn('a', this.#offer);
        this.#phase = 'ports';
        this.orderMedia(this);
        this.#deadline = this.services.deadlines.set('media', this, now.mono + mediaPatience);
        return;
      }
      return this.#start(attempt, now);
    }
    const last = this.#lastRefusal ?? { status: 503, phrase: undefined, cause: tandem('unreachable', 503) };
    this.#refuse(last.status, last.cause, now, last.status === 503 ? retryAfter : [], last.phrase);
  }

  #start(attempt: Attempt, now: Instant): void {
    this.#phase = 'hunting';
    const body = this.media && this.#offer ? this.media.translate('b', this.#offer) : this.invite.body;
    attempt.start(body, now);
    this.checkpoint();
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (response.kind === 'closed') {
      this.#counters = response.counters;
      this.#finish();
      return;
    }
    if (this.#phase !== 'ports' && this.#phase !== 'answer-ports') {
      if (response.kind === 'failed' && response.reason === 'unknown-session') this.mediaLost(now);
      return;
    }
    this.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    if (response.kind !== 'applied') return this.#noPorts(now);
    this.media!.allocated(response.streams);
    if (this.#phase === 'ports') this.#start(this.#attempt!, now);
    else this.#acceptDelayed(now);
  }

  #noPorts(now: Instant): void {
    const cause = tandem('no-media-ports', 503);
    if (this.#attempt) this.#closeAttempt(this.#attempt, cause, now);
    if (this.#winner) this.#dropWinner(cause, now);
    this.#refuse(503, cause, now, retryAfter);
  }

  /** A provisional response but 100 of the current attempt. */
  progress(attempt: Attempt, fork: Fork, response: SipResponse, now: Instant): void {
    if (attempt !== this.#attempt || !this.#server) return;
    this.#ringingAt ??= now.wall;
    // Without an offer of the caller's, SDP in an unreliable provisional response is not an offer to pass on.
    const body = this.invite.body === '' ? '' : this.#answerSdp(fork, response);
    const leg = this.#callerLeg(fork.callerTag);
    const headers: Header[] = [
      ['Contact', leg.contact],
      ['Allow', allow],
    ];
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    this.services.transactions.respond(
      this.#server,
      { status: response.status, phrase: response.phrase, toTag: fork.callerTag, headers, body },
      now.mono,
    );
  }

  /** The SDP answer of a fork as the caller is to see it, learned by the media process. '' when it has none. */
  #answerSdp(fork: Fork, response: SipResponse): Octets {
    if (response.body === '') return '';
    if (!this.media) {
      fork.sdp = response.body;
      return response.body;
    }
    const read = readSdp(response.body);
    if ('fault' in read) return '';
    fork.sdp = response.body;
    this.media.learn('b', read.sdp);
    this.orderMedia(undefined);
    return this.media.translate('a', read.sdp);
  }

  /** Our To tag for a new early dialog towards the caller; undefined when there are enough. */
  tagForFork(): string | undefined {
    if (this.#earlyLegs.size >= maxEarlyDialogs) return undefined;
    return this.#earlyLegs.size === 0 ? this.#callerIds.localTag : this.services.random.token(64);
  }

  #callerLeg(tag: string): CallLeg {
    const known = this.#earlyLegs.get(tag);
    if (known) return known;
    const listener = listenerOf(this.services, this.source, this.#flow)!;
    const leg = new CallLeg(this, 'a', this.source, dialogOfServer(this.invite, tag), this.#flow, listener);
    this.#earlyLegs.set(tag, leg);
    return leg;
  }

  attemptRefused(attempt: Attempt, response: SipResponse, now: Instant): void {
    const cause = causeOf('callee', response);
    const verdict = verdictOf(response.status);
    this.#decisions.push({
      rule: `trunk ${attempt.trunk.name}`,
      outcome: `${response.status} ${response.phrase}: ${verdict === 'final' ? 'final' : 'the next is tried'}`,
    });
    const status = statusForCaller(response.status);
    this.#lastRefusal = { status, phrase: status === response.status ? response.phrase : undefined, cause };
    this.#closeAttempt(attempt, cause, now);
    if (attempt !== this.#attempt) return;
    if (verdict === 'final') this.#refuse(status, cause, now, [], this.#lastRefusal.phrase);
    else this.#hunt(now);
  }

  /** No final response: the way there is broken or silent. */
  attemptFailed(attempt: Attempt, reason: 'unreachable' | 'no-progress', detail: string, now: Instant): void {
    const status = reason === 'unreachable' ? 503 : 408;
    const cause = tandem(reason, status);
    this.#decisions.push({ rule: `trunk ${attempt.trunk.name}`, outcome: `${detail}: the next is tried` });
    this.#lastRefusal = { status, phrase: undefined, cause };
    this.#closeAttempt(attempt, cause, now);
    if (attempt === this.#attempt) this.#hunt(now);
  }

  /** It rang for as long as it may. */
  notAnswered(attempt: Attempt, now: Instant): void {
    const cause = tandem('no-answer', 480);
    this.#decisions.push({
      rule: `trunk ${attempt.trunk.name}`,
      outcome: `not answered within ${attempt.trunk.ringTimeout} ms`,
    });
    this.#closeAttempt(attempt, cause, now);
    this.#refuse(480, cause, now);
  }

  #closeAttempt(attempt: Attempt, cause: EndCause, now: Instant): void {
    attempt.abandon(now);
    this.#attempts.push(attempt.record(cause, now.wall));
  }

  // --- answer ------------------------------------------------------------------------------------------------------

  answeredBy(attempt: Attempt, response: SipResponse, now: Instant): void {
    if (attempt !== this.#attempt || !this.#server) return;
    const fork = attempt.fork(response);
    const leg = attempt.leg(response, now);
    this.#b = leg;
    if (!fork) {
      leg.acknowledge(response.cseq.number, '');
      return this.#dropWinner(tandem('rejected', 500), now);
    }
    this.#winner = { attempt, response, fork };
    if (this.invite.body === '') return this.#answeredWithOffer(response, now);
    let body = this.#answerSdp(fork, response);
    if (body === '' && fork.sdp !== '') {
      // The answer came in a provisional response only: common, and harmless to repeat.
      const read = this.media ? readSdp(fork.sdp) : undefined;
      if (this.media && read && 'sdp' in read) {
        this.media.learn('b', read.sdp);
        body = this.media.translate('a', read.sdp);
      } else {
        body = fork.sdp;
      }
    }
    leg.acknowledge(response.cseq.number, '');
    if (body === '') {
      this.#decisions.push({ rule: `trunk ${attempt.trunk.name}`, outcome: 'answered without a usable SDP answer' });
      return this.#dropWinner({ by: 'tandem', reason: 'rejected', sip: { status: 200, phrase: 'OK' } }, now);
    }
    this.#accept(body, false, now);
  }

  /** Delayed offer: the callee's 2xx brings it, the caller's ACK will bring the answer (RFC 3264 5, RFC 3261 13.2.1). */
  #answeredWithOffer(response: SipResponse, now: Instant): void {
    if (!this.media) return this.#accept(response.body, true, now);
    const read = readSdp(response.body);
    if ('fault' in read) {
      this.#b!.acknowledge(response.cseq.number, '');
      return this.#dropWinner({ by: 'tandem', reason: 'rejected', sip: { status: 200, phrase: 'OK' } }, now);
    }
    this.#offer = read.sdp;
    if (!this.media.room(read.sdp, this.interfaces())) return this.#acceptDelayed(now);
    this.#phase = 'answer-ports';
    this.orderMedia(this);
    this.#deadline = this.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  #acceptDelayed(now: Instant): void {
    this.#accept(this.media!.translate('a', this.#offer!), true, now);
  }

  #accept(body: Octets, delayed: boolean, now: Instant): void {
    const { fork } = this.#winner!;
    const leg = this.#callerLeg(fork.callerTag);
    const server = this.#server!;
    const cseq = this.invite.cseq.number;
    this.#a = leg;
    this.#callerIds = { ...this.#callerIds, localTag: fork.callerTag };
    this.#earlyLegs.delete(fork.callerTag);
    for (const early of this.#earlyLegs.values()) early.forget();
    this.#earlyLegs.clear();
    this.#phase = 'answered';
    this.#answeredAt = now.wall;
    this.#answeredMono = now.mono;
    this.checkpoint();
    leg.accept(server, cseq, body, delayed ? 'setup' : undefined, now);
    // The messages of the set-up are no longer needed: a held call is to be small.
    this.#invite = undefined;
    this.#server = undefined;
    if (!delayed) {
      this.#settled();
    }
  }

  #settled(): void {
    this.#offer = undefined;
    if (this.media) this.orderMedia(undefined);
  }

  /** The winner's 2xx can't be used: its leg is ended and the caller refused. */
  #dropWinner(cause: EndCause, now: Instant): void {
    const leg = this.#b;
    const attempt = this.#winner?.attempt ?? this.#attempt;
    this.#b = undefined;
    this.#winner = undefined;
    if (leg) {
      if (!leg.acked) leg.acknowledge(leg.dialog.localCSeq, '');
      this.spare(leg);
      leg.hangUp(now, undefined);
    }
    if (attempt) {
      attempt.over();
      this.#attempts.push(attempt.record(cause, now.wall));
      this.#attempt = undefined;
    }
    if (this.#phase !== 'ended') this.#refuse(500, cause, now);
  }

  /** A leg that nobody talks on: to be forgotten with the call. */
  spare(leg: CallLeg): void {
    this.#spare.push(leg);
  }

  // --- answered ----------------------------------------------------------------------------------------------------

  otherLeg(leg: CallLeg): CallLeg | undefined {
    if (this.#phase !== 'answered') return undefined;
    return leg === this.#a ? this.#b : leg === this.#b ? this.#a : undefined;
  }

  interfaces(): Record<'a' | 'b', MediaInterface> {
    return { a: this.source.side, b: this.#attempt?.trunk.side ?? this.#b?.trunk.side ?? 'external' };
  }

  /** Sends the plan; `waiter` is told of the answer, and without one only a failure matters. */
  orderMedia(waiter: MediaWaiter | undefined): void {
    if (!this.media) return;
    const silence = this.#phase === 'answered' ? this.services.configuration.media.silence : 0;
    this.#mediaOrder = this.services.media({ kind: 'apply', plan: this.media.plan(silence) }, waiter ?? this);
  }

  reInvited(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const { transactions, random } = this.services;
    const other = this.otherLeg(leg);
    if (!other) {
      const status = this.#phase === 'ended' ? 481 : 500;
      transactions.respond(server, { status, headers: status === 500 ? [['Retry-After', '1']] : [] }, now.mono);
      return;
    }
    // RFC 3261 14.2: our own INVITE is pending towards this leg: 491. Its earlier one is not finished: 500.
    if (leg.exchange) {
      if (leg.exchange.to === leg) transactions.respond(server, { status: 491 }, now.mono);
      else
        transactions.respond(server, { status: 500, headers: [['Retry-After', String(random.integer(10))]] }, now.mono);
      return;
    }
    if (leg.answer || other.answer) {
      transactions.respond(server, { status: 500, headers: [['Retry-After', '1']] }, now.mono);
      return;
    }
    new Exchange(this, leg, other, server, request).begin(now);
  }

  /** A re-INVITE is through. */
  exchanged(_now: Instant): void {}

  /** The ACK for our 200 on this leg. */
  acknowledged(leg: CallLeg, answer: Answer, ack: SipRequest, now: Instant): void {
    if (answer.delayed === undefined) return;
    if (answer.delayed !== 'setup') return answer.delayed.acknowledged(ack, now);
    const callee = this.#b;
    if (!callee || leg !== this.#a) return;
    let body = ack.body;
    if (this.media && this.#offer) {
      const read = readSdp(body);
      if ('fault' in read) {
        callee.acknowledge(1, '');
        this.#hangUpBoth(tandem('bad-request', undefined), now);
        return;
      }
      this.media.learn('b', this.#offer);
      this.media.learn('a', read.sdp);
      body = this.media.translate('b', read.sdp);
    }
    callee.acknowledge(1, body);
    this.#settled();
    this.checkpoint();
  }

  // --- the end -----------------------------------------------------------------------------------------------------

  /** The caller's CANCEL. */
  onCancel(now: Instant, reason: string | undefined): void {
    if (!this.#server || this.#phase === 'ended') return;
    const cause: EndCause = { by: 'caller', reason: 'cancelled', ...reasonHeader(reason) };
    this.#abandonSetup(cause, now);
    this.#refuse(487, cause, now);
  }

  onResponse(): void {}
  onFailure(): void {}

  #abandonSetup(cause: EndCause, now: Instant): void {
    if (this.#winner || this.#b) this.#dropWinnerQuietly(cause, now);
    else if (this.#attempt) this.#closeAttempt(this.#attempt, cause, now);
    this.#attempt = undefined;
  }

  #dropWinnerQuietly(cause: EndCause, now: Instant): void {
    const phase = this.#phase;
    this.#phase = 'ended';
    this.#dropWinner(cause, now);
    this.#phase = phase;
  }

  hungUp(leg: CallLeg, bye: SipRequest, now: Instant): void {
    leg.hungUp();
    const reason = bye.get('reason');
    const by = leg.side === 'a' ? 'caller' : 'callee';
    const cause: EndCause = { by, reason: 'hangup', ...reasonHeader(reason) };
    if (this.#phase === 'ended') return;
    if (this.#phase !== 'answered') {
      // BYE of an early dialog (RFC 3261 15): the caller ends the call as with CANCEL.
      if (leg.side === 'a') this.onCancel(now, reason);
      return;
    }
    leg.exchange?.abort(now);
    const other = this.otherLeg(leg);
    if (other?.side === 'b' && !other.acked) other.acknowledge(1, '');
    this.#ended(cause, now);
    other?.hangUp(now, reason);
    this.#closeMedia(now);
  }

  notAcknowledged(now: Instant): void {
    if (this.#phase === 'answered') this.#hangUpBoth(tandem('no-ack', undefined), now);
  }

  /** A leg's peer no longer knows the dialog. */
  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void {
    if (this.#phase !== 'answered') return;
    const by = leg.side === 'a' ? 'caller' : 'callee';
    this.#hangUpBoth({ by, reason: 'dialog-lost', sip: { status: response.status, phrase: response.phrase } }, now);
  }

  /** A leg's peer does not answer inside the dialog. */
  unanswered(leg: CallLeg, reason: string, now: Instant): void {
    if (this.#phase !== 'answered') return;
    this.services.log('info', 'peer-gone', { call: this.id, trunk: leg.trunk.name, reason });
    this.#hangUpBoth({ by: leg.side === 'a' ? 'caller' : 'callee', reason: 'dialog-lost' }, now);
  }

  mediaSilent(now: Instant): void {
    if (this.#phase === 'answered') this.#hangUpBoth(tandem('media-silent', undefined), now);
  }

  /** The media process that had this call's session is gone. */
  mediaLost(now: Instant): void {
    if (!this.media || this.#phase === 'ended') return;
    this.media = undefined;
    this.terminate('media-lost', now);
  }

  /** Ends the call whatever its state. */
  terminate(reason: EndReason, now: Instant): void {
    if (this.#phase === 'ended') return;
    if (this.#phase === 'answered') return this.#hangUpBoth(tandem(reason, undefined), now);
    const cause = tandem(reason, 503);
    this.#abandonSetup(cause, now);
    this.#refuse(503, cause, now, retryAfter);
  }

  #hangUpBoth(cause: EndCause, now: Instant): void {
    const a = this.#a;
    const b = this.#b;
    a?.exchange?.abort(now);
    if (b && !b.acked) b.acknowledge(1, '');
    this.#ended(cause, now);
    a?.hangUp(now, undefined);
    b?.hangUp(now, undefined);
    this.#closeMedia(now);
  }

  /** The set-up has failed: the caller's final response, and the end. */
  #refuse(status: number, cause: EndCause, now: Instant, headers: readonly Header[] = [], phrase?: string): void {
    if (this.#phase === 'ended') return;
    if (this.#server) {
      const response = { status, toTag: this.#callerIds.localTag, headers };
      this.services.transactions.respond(
        this.#server,
        phrase === undefined ? response : { ...response, phrase },
        now.mono,
      );
    }
    this.#attempt = undefined;
    this.#ended(cause, now);
    this.#closeMedia(now);
  }

  #ended(cause: EndCause, now: Instant): void {
    const { services } = this;
    this.#phase = 'ended';
    this.#end = cause;
    this.#endedAt = now.wall;
    this.#endedMono = now.mono;
    services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    services.occupancy.release(this.source, this);
    if (this.#winner) {
      services.occupancy.release(this.#winner.attempt.trunk, this.#winner.attempt);
      this.#attempts.push(this.#winner.attempt.record(cause, now.wall));
      this.#winner = undefined;
    }
    if (this.#b) services.occupancy.release(this.#b.trunk, this.#b);
    for (const early of this.#earlyLegs.values()) early.forget();
    this.#earlyLegs.clear();
    this.#attempts = this.#attempts.map((attempt) =>
      attempt.endedAt === 0 ? { ...attempt, endedAt: now.wall, end: cause } : attempt,
    );
  }

  #closeMedia(now: Instant): void {
    this.#server = undefined;
    this.#invite = undefined;
    this.#offer = undefined;
    if (!this.media || this.media.state.streams.length === 0) return this.#finish();
    this.services.media({ kind: 'close', session: this.id }, this);
    this.#deadline = this.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  /** The last thing known: the record. Until it is durable the call's checkpoint is its record. */
  #finish(): void {
    if (this.#recorded) return;
    this.#recorded = true;
    this.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.media = undefined;
    const record = this.#record();
    this.services.checkpoint(this.id, { v: 1, stage: 'ended', record } satisfies CallState);
    this.services.record(record);
    this.#maybeForget();
  }

  #durable = false;

  /** The record is on disk. */
  recorded(): void {
    this.#durable = true;
    this.#maybeForget();
  }

  byeSent(): void {
    this.#byes++;
  }

  byeDone(): void {
    this.#byes--;
    this.#maybeForget();
  }

  #maybeForget(): void {
    if (!this.#durable || this.#byes > 0 || this.#a?.answer) return;
    this.#a?.forget();
    this.#b?.forget();
    for (const leg of this.#spare) leg.forget();
    this.services.forget(this);
  }

  wake(name: string, now: Instant): void {
    this.#deadline = undefined;
    if (name !== 'media') return;
    if (this.#phase === 'ended') this.#finish();
    else if (this.#phase === 'ports' || this.#phase === 'answer-ports') this.#noPorts(now);
  }

  #record(): CallRecord {
    return {
      call: this.id,
      leg: this.#callerIds,
      caller: this.caller,
      called: this.calledUser,
      ...(this.#route === undefined ? {} : { route: this.#route }),
      decisions: this.#decisions,
      startedAt: this.#startedAt,
      ...(this.#ringingAt === undefined ? {} : { ringingAt: this.#ringingAt }),
      ...(this.#answeredAt === undefined ? {} : { answeredAt: this.#answeredAt }),
      endedAt: this.#endedAt,
      talkMs: this.#answeredAt === undefined ? 0 : Math.round(this.#endedMono - this.#answeredMono),
      end: this.#end!,
      attempts: this.#attempts,
      ...(this.#counters === undefined || this.#answeredAt === undefined ? {} : { media: this.#counters }),
    };
  }

  /** Keeps what a restarted process needs: to go on with an answered call, or to end one that was being set up. */
  checkpoint(): void {
    const facts = {
      id: this.id,
      caller: this.#callerIds,
      from: this.caller,
      to: this.calledUser,
      startedAt: this.#startedAt,
      ...(this.#ringingAt === undefined ? {} : { ringingAt: this.#ringingAt }),
      ...(this.#route === undefined ? {} : { route: this.#route }),
      decisions: this.#decisions,
    };
    let state: CallState;
    if (this.#phase === 'answered' && this.#a && this.#b) {
      const open: EndCause = { by: 'nobody', reason: 'hangup' };
      const attempts = this.#winner ? [...this.#attempts, this.#winner.attempt.record(open, 0)] : this.#attempts;
      state = {
        v: 1,
        stage: 'answered',
        facts,
        answeredAt: this.#answeredAt!,
        attempts,
        a: this.#a.state(),
        b: this.#b.state(),
        ...(this.media ? { media: this.media.state } : {}),
      };
    } else if (this.#invite && this.#phase !== 'ended') {
      const { octets } = this.#invite;
      const head = octets.slice(0, octets.length - this.#invite.body.length);
      const pending = this.#attempt?.pending();
      state = {
        v: 1,
        stage: 'setup',
        facts,
        flow: this.#flow,
        head,
        attempts: this.#attempts,
        ...(pending ? { pending } : {}),
      };
    } else {
      return;
    }
    this.services.checkpoint(this.id, state);
  }

  inspect(): Record<string, unknown> {
    return {
      call: this.id,
      phase: this.#phase,
      caller: this.caller,
      called: this.calledUser,
      route: this.#route,
      startedAt: this.#startedAt,
      ringingAt: this.#ringingAt,
      answeredAt: this.#answeredAt,
      a: { trunk: this.source.name, remote: describeFlow(this.#flow), callId: this.#callerIds.callId },
      b: this.#b
        ? { trunk: this.#b.trunk.name, remote: describeFlow(this.#b.flow), callId: this.#b.dialog.callId }
        : this.#attempt && { trunk: this.#attempt.trunk.name },
    };
  }
}

const retryAfter: readonly Header[] = [['Retry-After', '5']];

function tandem(reason: EndReason, status: number | undefined): EndCause {
  return status === undefined
    ? { by: 'tandem', reason }
    : { by: 'tandem', reason, sip: { status, phrase: phrases[status] ?? '' } };
}

/** The number in a user part: visual separators (RFC 3966 5.1.1) and parameters off. */
function numberOf(user: Octets): string {
  const end = user.indexOf(';');
  const bare = end < 0 ? user : user.slice(0, end);
  return /^[+\d().-]+$/.test(bare) ? bare.replace(/[().-]/g, '') : bare;
}

function listenerOf(services: CallServices, trunk: Trunk, flow: Flow) {
  return (
    services.configuration.listeners.find(({ id }) => id === flow.listener) ??
    services.listenersFor(trunk, flow.remote.host)[flow.transport]
  );
}
