import type { EndCause } from '#cdr';
import type { MediaResponse } from '#codec/media-control';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import { bestOf } from '#policy/failover';
import type { Evidence } from '#policy/health';
import type { Flow } from '#sip/flow';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import { admission, admitted, passedOffer, takePlace, unforeseen } from './admission.ts';
import type { AttemptUser } from './attempt.ts';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup, Refusal } from './call-setup.ts';
import { attemptAt } from './callee.ts';
import type { CalleeSide } from './callee-side.ts';
import { type CallerSide, type CallerSideUser, InvitingCaller, type StandingCaller } from './caller-side.ts';
import { type CallerWants, needsOwnOffer } from './caller-wants.ts';
import { byTandem, causeOf, sipReason } from './causes.ts';
import { Destinations } from './destinations.ts';
import { EarlyDialogs, type EarlyDialogsUser } from './early-dialogs.ts';
import { type Help, helpFor, letsMediaPass, underWay, withoutPlace } from './emergency/help.ts';
import type { Fork } from './fork.ts';
import { Forwardings } from './forwarding.ts';
import { type Destination, Hunt, type HuntUser } from './hunt.ts';
import type { Identity } from './identity/index.ts';
import { divertedFrom, insteadOf } from './instead.ts';
import { leavesOut } from './left-out.ts';
import { readSdp } from './media-bridge.ts';
import { Redirections } from './redirection.ts';
import { type Failure, fieldsOf, judged, leavesOthers, saidOf, timeOf, withoutPorts } from './refusal.ts';
import { isSameSession } from './same-session.ts';
import { type MediaWaiter, mediaPatience, type Party, ruleOf, type TrunkTarget } from './services.ts';
import type { SetupCall } from './setup-call.ts';
import { keptOf } from './setup-kept.ts';
import { SetupMedia } from './setup-media.ts';
import type { Turns } from './turns.ts';

export type { SetupCall } from './setup-call.ts';

type State = 'ports' | 'hunting' | 'answer-ports' | 'held' | 'joining' | 'over';

/**
 * A call from its INVITE to its answer: the route's targets tried in order, their progress shown to the caller, and
 * the 2xx that wins. Gone once the call is answered or refused, and the set-up's messages with it.
 */
export class Setup
  implements AttemptUser, CallSetup, CallerSideUser, EarlyDialogsUser, HuntUser, Party, MediaWaiter, Sleeper
{
  readonly call: SetupCall;
  #invite: SipRequest | undefined;
  #identity: Identity | undefined;
  readonly flow: Flow;
  readonly callerSide: CallerSide;
  readonly early: EarlyDialogs;
  #state: State = 'hunting';
  readonly #destinations: Destinations;
  readonly #hunt: Hunt;
  #attempt: CalleeSide | undefined;
  /** The attempt whose progress was told: one call is one sign of life, however often it rings. */
  #told: CalleeSide | undefined;
  readonly #media: SetupMedia;
  /** The failure so far that says most of what was called. */
  #failure: Failure | undefined;
  help: Help | undefined;
  readonly #redirections = new Redirections();
  readonly #forwardings = new Forwardings();
  #winner: { readonly attempt: CalleeSide; readonly leg: CallLeg; readonly fork: Fork | undefined } | undefined;
  /** The answer that the callee's ACK brings. */
  #ack: Octets = '';
  /** The 200 that waits for a PRACK of the caller's. */
  #accepted: { readonly body: Octets; readonly delayed: boolean } | undefined;
  #deadline: Deadline<Sleeper> | undefined;

  private constructor(
    call: SetupCall,
    invite: SipRequest,
    identity: Identity,
    flow: Flow,
    caller: (setup: Setup) => CallerSide,
  ) {
    this.call = call;
    this.#invite = invite;
    this.#identity = identity;
    this.flow = flow;
    this.callerSide = caller(this);
    this.early = new EarlyDialogs(this);
    this.#destinations = new Destinations(this);
    this.#hunt = new Hunt(this);
    this.#media = new SetupMedia(this);
  }

  /** An INVITE came. */
  static invited(
    call: SetupCall,
    server: ServerTransaction<Party>,
    invite: SipRequest,
    identity: Identity,
    flow: Flow,
    tag: string,
  ): Setup {
    const setup = new Setup(call, invite, identity, flow, (user) => new InvitingCaller(user, server, tag));
    server.owner = setup;
    return setup;
  }

  /** Somebody is called for a leg that talks; `invite` is what that would have sent. */
  static referred(call: SetupCall, invite: SipRequest, identity: Identity, flow: Flow, caller: CallerSide): Setup {
    return new Setup(call, invite, identity, flow, () => caller);
  }

  /** The caller's INVITE; let go when the set-up is over, since attempts outlive it by their lingering transactions. */
  get invite(): SipRequest {
    return this.#invite!;
  }

  get identity(): Identity {
    return this.#identity!;
  }

  /** Our To tag in the answers to the caller: the winner's once there is one. */
  get tag(): string {
    return this.callerSide.tag;
  }

  get wants(): CallerWants {
    return this.callerSide.wants;
  }

  /** True while it waits for the media process, whichever that will be. */
  get awaitsPorts(): boolean {
    return this.#awaitsPorts || this.early.awaitsPorts;
  }

  get #awaitsPorts(): boolean {
    return this.#state === 'ports' || this.#state === 'answer-ports';
  }

  get attempt(): CalleeSide | undefined {
    return this.#attempt;
  }

  get trying(): CalleeSide | undefined {
    return this.#attempt;
  }

  /** Answers 100, finds a route and goes hunting. */
  begin(now: Instant): void {
    const { call, invite } = this;
    const { services, source } = call;
    this.callerSide.trying(now);
    const help = helpFor(this, now);
    this.help = help;
    if (!this.callerSide.joins) {
      const admitted = admission(call, invite, this.identity, help !== undefined, now);
      if ('status' in admitted) return this.#refuse(admitted, now);
      this.callerSide.wants = admitted;
      services.occupancy.take(source, call, now.mono);
    }
    if (help) this.#destinations.findHelp(help, now);
    else this.#destinations.find(now);
  }

  /** It is known where the call goes, or that it goes nowhere. */
  directed(found: readonly Destination[] | Refusal, now: Instant): void {
    if ('status' in found) return this.#refuse(found, now);
    this.#hunt.go(found);
    const refusal = this.#media.begin();
    if (refusal) return this.#refuse(refusal, now);
    this.hunt(now);
  }

  // --- hunting -----------------------------------------------------------------------------------------------------

  /** Tries the next target of the plan, or gives the caller the last failure. */
  hunt(now: Instant): void {
    this.#state = 'hunting';
    if (this.#hunt.next(now)) return;
    this.#refuse(this.#failure?.refusal ?? { status: 503, cause: byTandem('unreachable', 503) }, now);
  }

  /** Begins an attempt, unless the trunk is full or out of our reach. */
  begins(destination: Destination, target: TrunkTarget, now: Instant): boolean {
    const at = admitted(this, destination, target, this.#media, this.help !== undefined, now);
    if ('status' in at) {
      this.#failure ??= { status: at.status, answered: false, refusal: at };
      const instead = insteadOf(this, destination, at, this.#forwardings);
      if (instead) this.#hunt.go(instead);
      return false;
    }
    const attempt = attemptAt(this, destination, at, this.#media.offered, now);
    if (attempt.possible) this.#try(attempt, now);
    else this.call.decide(ruleOf(destination.trunk), 'skipped: no listener of its side and transport');
    return attempt.possible;
  }

  diverts(destination: Destination, when: 'always' | 'unregistered'): readonly Destination[] | undefined {
    const elsewhere = divertedFrom(this, destination, when, this.#forwardings);
    const refusal = { status: 480, cause: byTandem('unreachable', 480) };
    if (destination.trunk.user && (when === 'unregistered' || elsewhere?.length === 0))
      this.#failure = bestOf([{ status: 480, answered: true, refusal }, ...(this.#failure ? [this.#failure] : [])]);
    return elsewhere;
  }

  #try(attempt: CalleeSide, now: Instant): void {
    const { call } = this;
    this.#media.take();
    const { media } = call;
    const { offer } = this.#media;
    this.#attempt = attempt;
    takePlace(this, attempt, this.#media.offered, now.mono);
    const forgot = media?.forget('b');
    media?.attach('b', attempt.face, attempt.at.transport);
    attempt.ownOffer = media !== undefined && this.invite.body === '' && needsOwnOffer(attempt.trunk, this.wants);
    attempt.delayed = attempt.trunk.offer === 'delayed' && media !== undefined && offer !== undefined;
    const fault = attempt.ownOffer ? media?.ownOffer('b') : undefined;
    if (fault !== undefined) return this.#notOffered(attempt, fault, now);
    if (media && (offer || attempt.ownOffer) && media.room()) {
      if (offer) media.learnOffer();
      return this.#awaitPorts('ports', now);
    }
    // The failed trunk's early media ends with it.
    if (forgot) call.orderMedia(undefined);
    this.#start(attempt, now);
  }

  #start(attempt: CalleeSide, now: Instant): void {
    this.#state = 'hunting';
    const { media } = this.call;
    const makes = !attempt.delayed && (this.#media.offer || attempt.ownOffer);
    const offer = media && makes ? media.translateOffer() : { body: attempt.delayed ? '' : this.invite.body };
    if ('fault' in offer) return this.#notOffered(attempt, offer.fault, now);
    this.#heard(attempt, { kind: 'call-sent' }, now);
    attempt.start(offer.body, now);
    this.call.checkpoint();
    if (this.help) underWay(this.help, this.call, attempt.trunk, now);
  }

  #notOffered(attempt: CalleeSide, fault: string, now: Instant): void {
    this.call.decide(ruleOf(attempt.trunk), `skipped, since the offer can't be made to it: ${fault}`);
    const refusal = { status: 488, cause: byTandem('bad-request', 488) };
    this.#failed(attempt, { status: 488, answered: false, refusal }, false, now);
  }

  #awaitPorts(state: 'ports' | 'answer-ports', now: Instant): void {
    this.#state = state;
    // An attempt that was answered stays kept as pending: the next process acknowledges the 2xx and hangs up.
    if (state === 'ports') this.call.checkpoint();
    this.call.orderMedia(this);
    this.#deadline = this.call.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (!this.#awaitsPorts) return;
    this.#clear();
    if (response.kind !== 'applied') return this.noPorts(now);
    this.call.media?.allocated(response.streams);
    if (this.#state === 'ports') this.#start(this.#attempt!, now);
    else this.#acceptOffer(now);
  }

  onMediaUnanswered(): void {
    if (this.#awaitsPorts) this.call.orderMedia(this);
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    if (this.#awaitsPorts) return this.noPorts(now);
  }

  noPorts(now: Instant): void {
    const said = this.help && this.#winner?.fork?.session?.offer;
    if (said && letsMediaPass(this.call)) return this.#accept(said, true, now);
    if (this.#winner) return this.#dropWinner(withoutPorts, now);
    if (this.#attempt && this.help && this.#state === 'ports' && letsMediaPass(this.call)) {
      this.#media.pass();
      return this.#start(this.#attempt, now);
    }
    if (this.#attempt) this.#close(this.#attempt, withoutPorts.cause, now);
    this.#refuse(withoutPorts, now);
  }

  /** A provisional response but 100 of the current attempt. */
  progress(attempt: CalleeSide, fork: Fork, response: SipResponse, rack: Octets | undefined, now: Instant): void {
    if (attempt !== this.#attempt) return;
    this.#heard(attempt, { kind: 'call-progress' }, now);
    if (response.status !== 199) this.call.rings(now);
    this.early.progress(attempt, fork, response, rack, now);
  }

  tagForFork(): string | undefined {
    return this.callerSide.newTag();
  }

  // --- an attempt ends ---------------------------------------------------------------------------------------------

  refused(attempt: CalleeSide, response: SipResponse, now: Instant): void {
    const { failure, final, evidence, said } = judged(attempt, response, this.call.source, this.help !== undefined);
    const placeless = withoutPlace(attempt.called, response.status);
    if (placeless) this.#hunt.again({ trunk: attempt.trunk, called: placeless }, attempt.at);
    this.#heard(attempt, evidence, now);
    if (this.#redirected(attempt, response, now)) return;
    this.call.decide(ruleOf(attempt.trunk), said);
    this.#failed(attempt, failure, final, now);
  }

  /** A 3xx that is followed here: where it leads comes next. */
  #redirected(attempt: CalleeSide, response: SipResponse, now: Instant): boolean {
    if (attempt !== this.#attempt) return false;
    const followed = this.#redirections.follow(this, attempt, response);
    if (followed === 'no') return false;
    const status = followed === 'loop' ? 482 : 480;
    const cause = followed === 'loop' ? byTandem('loop', 482) : causeOf('callee', response);
    if (followed !== 'loop') this.#hunt.go(followed);
    this.#failed(attempt, { status, answered: true, refusal: { status, cause } }, followed === 'loop', now);
    return true;
  }

  sentAnew(attempt: CalleeSide): void {
    if (attempt === this.#attempt) this.call.checkpoint();
  }

  challenged(attempt: CalleeSide, why: string): void {
    this.call.decide(ruleOf(attempt.trunk), `asks for credentials: ${why}`);
  }

  #heard(attempt: CalleeSide, evidence: Evidence, now: Instant): void {
    if (evidence.kind === 'call-progress') {
      if (attempt === this.#told) return;
      this.#told = attempt;
    }
    this.call.services.trunks.heard(attempt.trunk, attempt.at, evidence, now);
  }

  /** No final response: the way there is broken or silent. */
  failed(attempt: CalleeSide, reason: 'unreachable' | 'no-progress', detail: string, now: Instant): void {
    const status = reason === 'unreachable' ? 503 : 408;
    this.#heard(attempt, { kind: reason === 'unreachable' ? 'unreachable' : 'call-unanswered', detail }, now);
    this.call.decide(ruleOf(attempt.trunk), `${detail}: the next is tried`);
    const refusal = { status, cause: byTandem(reason, status) };
    this.#failed(attempt, { status, answered: false, refusal }, false, now);
  }

  /** It rang for as long as it may. */
  notAnswered(attempt: CalleeSide, now: Instant): void {
    const final = !leavesOthers(attempt, 480);
    this.call.decide(ruleOf(attempt.trunk), `not answered ${timeOf(attempt)}: ${saidOf(final)}`);
    const refusal = { status: 480, cause: byTandem('no-answer', 480) };
    this.#failed(attempt, { status: 480, answered: false, refusal }, final, now);
  }

  #failed(attempt: CalleeSide, failure: Failure, final: boolean, now: Instant): void {
    const { refusal } = failure;
    this.#failure = this.#failure ? bestOf([this.#failure, failure]) : failure;
    this.#close(attempt, refusal.cause, now);
    if (attempt !== this.#attempt) return;
    this.#attempt = undefined;
    const elsewhere = this.#forwardings.failed(this, attempt, failure);
    if (elsewhere) this.#hunt.go(elsewhere);
    else if (final && !this.help) return this.#refuse(attempt.at.turn ? this.#failure!.refusal : refusal, now);
    const reason = refusal.cause.reasonHeader ?? sipReason(failure.status);
    for (const fork of attempt.forks.values()) this.callerSide.ended(fork.callerTag, reason, now);
    this.hunt(now);
  }

  #close(attempt: CalleeSide, cause: EndCause, now: Instant): void {
    this.early.forget(attempt, now);
    attempt.abandon(now, cause.reasonHeader);
    for (const record of attempt.records(cause, now.wall)) this.call.attempted(record);
  }

  // --- answer ------------------------------------------------------------------------------------------------------

  answered(attempt: CalleeSide, response: SipResponse, now: Instant): void {
    this.#heard(attempt, { kind: 'call-progress' }, now);
    const fork = attempt.fork(response);
    const leg = attempt.leg(response, now);
    this.#winner = { attempt, leg, fork };
    this.callerSide.tell(fork?.callerTag ?? this.callerSide.tag, response, attempt.trunk);
    const isAsked = this.early.decided(fork, now);
    const { earlyMedia } = this.early;
    if (this.invite.body === '') {
      const unseen = fork && this.early.unseen(fork, response.body);
      if (unseen && 'fault' in unseen) return this.#uselessAnswer(unseen.fault, now);
      if (unseen) this.#ack = unseen.answer;
      if (fork?.session || isAsked) return this.#accept('', false, now);
      // What answers an offer of our own is one to the caller, all the same.
      const body = fork && (fork.agreed || response.body === '') ? fork.sdp : response.body;
      if (fork) fork.session = { from: 'b', offer: detach(body), answer: '' };
      return this.#answeredWithOffer(body, now);
    }
    // What was agreed on in the early dialogs since then is not what the INVITE was answered with.
    if (fork?.moved || this.early.busy) return this.#accept('', false, now);
    if (attempt.delayed) return this.#answeredBoth(fork, response.body, now);
    // An answer in a provisional response only is common, and harmless to repeat.
    let body = fork ? earlyMedia.answer(fork, response.body) : '';
    if (fork && body === '' && earlyMedia.unfit === undefined) body = earlyMedia.answer(fork, fork.sdp);
    if (body === '') return this.#uselessAnswer(earlyMedia.unfit, now);
    this.#accept(body, false, now);
  }

  /** The callee makes an offer in its 2xx, and the caller has made one: our ACK answers the one, our 200 the other. */
  #answeredBoth(fork: Fork | undefined, body: Octets, now: Instant): void {
    if (!fork) return this.#uselessAnswer(undefined, now);
    if (fork.agreed) return this.#accept(fork.met, false, now);
    const met = this.early.earlyMedia.meet(fork, detach(body));
    if ('fault' in met) return this.#uselessAnswer(met.fault, now);
    this.#ack = met.answer;
    this.#accept(fork.met, false, now);
  }

  /** Delayed offer: the callee's 2xx brings it, the caller's ACK will bring the answer (RFC 3264 5, RFC 3261 13.2.1). */
  #answeredWithOffer(body: Octets, now: Instant): void {
    const { media } = this.call;
    if (!media) return this.#accept(passedOffer(this, body), true, now);
    const read = readSdp(body);
    if ('fault' in read) return this.#uselessAnswer(undefined, now);
    this.#media.offer = read.sdp;
    const unfit = unforeseen(this, read.sdp);
    if (unfit !== undefined) return this.#uselessAnswer(unfit, now);
    if (media.room()) this.#awaitPorts('answer-ports', now);
    else this.#acceptOffer(now);
  }

  #acceptOffer(now: Instant): void {
    const offer = this.call.media!.translateOffer();
    if ('body' in offer) this.#accept(offer.body, true, now);
    else this.#uselessAnswer(offer.fault, now);
  }

  #uselessAnswer(unfit: string | undefined, now: Instant): void {
    const why = unfit === undefined ? '' : `: ${unfit}`;
    this.call.decide(ruleOf(this.#winner!.attempt.trunk), `answered without usable SDP${why}`);
    this.#dropWinner(
      {
        status: unfit === undefined ? 500 : 488,
        cause: { by: 'tandem', reason: 'rejected', sip: { status: 200, phrase: 'OK' } },
      },
      now,
    );
  }

  #accept(body: Octets, delayed: boolean, now: Instant): void {
    const { callerSide } = this;
    const { attempt, leg: callee, fork } = this.#winner!;
    callerSide.tag = fork?.callerTag ?? callerSide.tag;
    const dialog = callerSide.dialog(callerSide.tag);
    if (this.early.holds(dialog)) {
      // RFC 3262 3: not before the PRACK of what bears SDP. The callee's ACK waits too, and its INVITE stays kept as
      // pending: should we die, its 200 comes again, and the next process acknowledges it and hangs up.
      this.#state = 'held';
      this.#accepted = { body, delayed };
      return;
    }
    if (fork) this.early.earlyMedia.settle(fork);
    if (!delayed || attempt.ownOffer) callee.acknowledge(callee.inviteCSeq, this.#ack);
    const offer = delayed ? (this.#media.offer ?? 'passed') : undefined;
    // RFC 6337 3.1: the answer went reliably, and is not said again; a callee that has changed its mind is passed on.
    const said = isSameSession(dialog.reliableSdp, body) ? '' : body;
    // What both have said holds: a refresh is known by it (RFC 4028 7.4).
    const { from, offer: asked = '', answer = '' } = fork?.session ?? {};
    callee.heard = detach(from === 'a' ? answer : asked);
    if (callerSide.joins) return this.#join(callerSide.joins, callee, now);
    callerSide.over(dialog);
    this.#over();
    dialog.leg.heard = detach(from === 'a' ? asked : answer);
    // The checkpoint that `answered` orders holds the 200, and is kept before it leaves (ports.ts, Effect).
    callerSide.accept(dialog, said, delayed ? 'setup' : undefined, now);
    this.call.answered(dialog.leg, callee, attempt.winner, offer, now);
    // What it agreed on with another fork does not hold: it is told what does. So is who answered an offer of ours before the caller did.
    const { leg } = dialog;
    if (dialog.reliableSdp !== '' && (said !== '' || fork?.callerTag === undefined)) this.call.tookAnother(leg, now);
    if (attempt.ownOffer && !delayed && leavesOut(leg.heard, leg.said)) this.call.tookAnother(callee, now);
  }

  /** The caller talks already: the two are brought together, or stay apart. */
  #join(joins: StandingCaller, callee: CallLeg, now: Instant): void {
    this.#state = 'joining';
    const { attempt } = this.#winner!;
    const joined = (caller: CallLeg, at: Instant) => {
      this.callerSide.over();
      this.#over();
      this.call.answered(caller, callee, attempt.winner, undefined, at);
    };
    const failed = (status: number, at: Instant) =>
      this.#dropWinner({ status, cause: byTandem('rejected', status) }, at);
    // Its ACK leaves: nothing but a BYE ends it, should we die.
    this.call.checkpoint();
    joins.begin(callee, joined, failed, now);
  }

  /** The winner's 2xx can't be used: its leg is ended and the caller refused. */
  #dropWinner(refusal: Refusal, now: Instant): void {
    this.#hangUpWinner(refusal.cause, now);
    if (!this.help || !this.#hunt.next(now)) this.#refuse(refusal, now);
  }

  #hangUpWinner(cause: EndCause, now: Instant): void {
    const { attempt, leg } = this.#winner!;
    this.#winner = undefined;
    this.#attempt = undefined;
    this.early.forget(attempt, now);
    if (!leg.acked) leg.acknowledge(leg.inviteCSeq, '');
    this.call.spare(leg);
    leg.hangUp(now, undefined);
    attempt.over();
    for (const record of attempt.records(cause, now.wall)) this.call.attempted(record);
  }

  // --- the caller or something else ends it ------------------------------------------------------------------------

  /** The caller's CANCEL, or its BYE in an early dialog. */
  onCancel(now: Instant, reason: string | undefined): void {
    this.end({ status: 487, cause: this.call.cancelledBecause(reason) }, now);
  }

  /** The callee hangs up: the one that answered, while its 200 waits for something, or one that did not even do that. */
  hungUp(leg: CallLeg, cause: EndCause, now: Instant): void {
    if (leg === this.#winner?.leg) this.#dropWinner({ status: 480, cause }, now);
    else this.early.hungUp(leg, cause.reasonHeader, now);
  }

  pracked(leg: CallLeg, server: ServerTransaction<Party>, prack: SipRequest, now: Instant): void {
    this.early.pracked(leg, server, prack, now);
  }

  /** What the 200 waited for is through. */
  resume(now: Instant): void {
    const accepted = this.#accepted;
    if (this.#state !== 'held' || !accepted) return;
    this.#accepted = undefined;
    this.#accept(accepted.body, accepted.delayed, now);
  }

  /** RFC 3262 3: the INVITE is refused with a 5xx. */
  notPracked(now: Instant): void {
    this.call.decide(ruleOf(this.call.source), 'sent no PRACK within 64*T1: refused');
    this.end({ status: 504, cause: byTandem('no-ack', 504) }, now);
  }

  /** The callee's offer came too early to be refused (RFC 3262 5): the attempt is. */
  unfitOffer(attempt: CalleeSide, why: string, now: Instant): void {
    this.call.decide(ruleOf(attempt.trunk), `its offer can't be agreed on: ${why}`);
    const refusal = { status: 488, cause: byTandem('bad-request', 488) };
    this.#failed(attempt, { status: 488, answered: true, refusal }, true, now);
  }

  onResponse(): void {}
  onFailure(): void {}
  /** Ends the set-up whatever its state. */
  end(refusal: Refusal, now: Instant): void {
    if (this.#state === 'over') return;
    if (this.#winner) this.#hangUpWinner(refusal.cause, now);
    else if (this.#attempt) this.#close(this.#attempt, refusal.cause, now);
    this.#refuse(refusal, now);
  }

  #refuse(refusal: Refusal, now: Instant): void {
    if (this.#state === 'over') return;
    const { status, phrase, cause } = refusal;
    const octets = this.callerSide.refuse(status, phrase, fieldsOf(refusal), now);
    this.callerSide.over();
    this.#over();
    this.call.refused(cause, octets === '' ? undefined : { flow: this.flow, octets }, now);
  }

  #over(): void {
    this.#state = 'over';
    this.#clear();
    this.#attempt = undefined;
    this.#winner = undefined;
    this.#failure = undefined;
    this.#invite = undefined;
    this.#identity = undefined;
    this.#media.offer = undefined;
    this.#accepted = undefined;
    this.#destinations.over();
    this.#hunt.over();
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }

  otherLeg(leg: CallLeg): CallLeg | undefined {
    // Who is transferred talks to another one yet, or waits alone.
    return this.callerSide.joins ? undefined : this.early.otherLeg(leg);
  }

  updated(leg: CallLeg, server: ServerTransaction<Party>, update: SipRequest, now: Instant): void {
    this.early.updated(leg, server, update, now);
  }

  get turns(): Turns | undefined {
    return this.callerSide.joins?.turns;
  }

  kept(): ReturnType<CallSetup['kept']> {
    return keptOf(this, this.#state === 'joining' ? this.#winner : undefined);
  }
}
