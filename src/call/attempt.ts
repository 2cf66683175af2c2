import type { AttemptRecord, EndCause } from '#cdr';
import type { Authorised, Tried } from '#codec/digest';
import { type Header, parseUri, type SipRequest, type SipResponse } from '#codec/sip-message';
import { bracketed, type Deadline, detach, type Instant, type Octets, type Open } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import { type Dialog, dialogOfClient } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import { optionTag } from '#sip/reliability';
import { SessionTimer, usualSessionTimer } from '#sip/session-timer';
import type { ClientFailure, ClientTransaction, OutgoingRequest, Sleeper, Target } from '#sip/transaction';
import { addressTo, faceOf, socketsTo, toldNode } from './addressed.ts';
import { CallLeg } from './call-leg.ts';
import type { Called, CalleeSide, PendingInvite } from './callee-side.ts';
import type { CallerWants } from './caller-wants.ts';
import { Conveyance } from './emergency/conveyance.ts';
import { openly } from './emergency/openly.ts';
import { stillForHelp } from './emergency/still-for-help.ts';
import { type Arrival, Fork } from './fork.ts';
import { contactOf, passedHeaders } from './headers.ts';
import { callerOf, type Identity, knownAs, redirected, userShownTo } from './identity/index.ts';
import { type AnsweredCall, InviteAnswers, maxForks, type Remains } from './invite-answers.ts';
import type { MediaBridge } from './media-bridge.ts';
import { MessageRules } from './message-rules.ts';
import { type Beyond, beyondOf, nothingBeyond } from './passing/beyond.ts';
import { permitsOf } from './passing/permits.ts';
import { describeTarget, type Party, type Sockets, type TrunkTarget } from './services.ts';
import { supporting } from './supported.ts';

/** What an attempt asks of its call. */
export interface AttemptCall extends AnsweredCall {
  readonly source: Trunk;
  readonly caller: Octets;
  readonly called: Octets;
  readonly calledUser: Octets;
  /** A line of the decision trace. */
  decide(rule: string, outcome: string): void;
  readonly media: MediaBridge | undefined;
}

const noForks: ReadonlyMap<string, Fork> = new Map();

/** Octets that an answer to a challenge adds to an INVITE, more or less. */
const credentialsLength = 250;

/** What an attempt tells the set-up it is part of, and asks of it. */
export interface AttemptUser {
  readonly invite: SipRequest;
  readonly identity: Identity;
  readonly wants: CallerWants;
  /** A provisional response but 100, or what has ended the fork. `rack`: what our PRACK is to acknowledge, where it was not sent yet. */
  progress(attempt: CalleeSide, fork: Fork, response: SipResponse, rack: Octets | undefined, now: Instant): void;
  answered(attempt: CalleeSide, response: SipResponse, now: Instant): void;
  refused(attempt: CalleeSide, response: SipResponse, now: Instant): void;
  failed(attempt: CalleeSide, reason: 'unreachable' | 'no-progress', detail: string, now: Instant): void;
  notAnswered(attempt: CalleeSide, now: Instant): void;
  /** Its INVITE went out anew: what is kept of it has changed. */
  sentAnew(attempt: CalleeSide): void;
  /** The trunk asks for credentials that can't be given, and why. */
  challenged(attempt: CalleeSide, why: string): void;
  /** Our To tag for a new early dialog towards the caller; undefined when there are enough. */
  tagForFork(): string | undefined;
}

/** One try to reach one address of one trunk: our INVITE and what comes back. */
export class Attempt implements CalleeSide, Party, Sleeper {
  readonly call: AttemptCall;
  /** Until it is decided. */
  #user: AttemptUser | undefined;
  readonly trunk: Trunk;
  readonly at: TrunkTarget;
  readonly timer: SessionTimer;
  readonly called: Called;
  /** Its INVITE bears an offer of our own, since the caller made none. */
  ownOffer = false;
  /** Its INVITE bears no offer, though the caller made one. */
  delayed = false;
  #forks: Map<string, Fork> | undefined;
  readonly #listeners: Sockets;
  readonly #localTag: string;
  readonly #callId: string;
  readonly #startedAt: number;
  #caller = '';
  #called = '';
  #request: OutgoingRequest | undefined;
  /** The same before the trunk's rules. */
  #plain: OutgoingRequest | undefined;
  #rules: MessageRules | undefined;
  #uri: Octets = '';
  #target: Target | undefined;
  #branch = '';
  /** What it has tried to satisfy challenges. */
  #tried: Tried = [];
  /** Our answers to them: the ACK of a 2xx carries them too (RFC 3261 22.1). */
  #credentials: readonly Header[] = [];
  /** The place that it tells, where it is for help. */
  #conveyance: Conveyance | undefined;
  /** What calls, as far as the trunk is to know. */
  #beyond: Beyond = nothingBeyond;
  /** Our INVITE bears an offer. */
  #offered = false;
  #remoteTag = '';
  #flow: Flow | undefined;
  #ringingAt: number | undefined;
  #answeredAt: number | undefined;
  #state: 'new' | 'calling' | 'answered' | 'over' = 'new';
  #transaction: ClientTransaction<Party> | undefined;
  readonly #answers: InviteAnswers;
  #deadline: Deadline<Sleeper> | undefined;
  /** Not even a 100 has come, and the trunk is one that says it at once. */
  #isTrying = false;

  constructor(call: AttemptCall, setup: AttemptUser, trunk: Trunk, at: TrunkTarget, called: Called, now: Instant) {
    const { random } = call.services;
    this.call = call;
    this.#user = setup;
    this.trunk = trunk;
    this.at = at;
    this.timer = new SessionTimer(trunk.sessionTimer ?? usualSessionTimer);
    this.called = called;
    this.#listeners = socketsTo(call.services, trunk, at);
    this.#localTag = random.token(64);
    this.#callId = random.token(128);
    this.#startedAt = now.wall;
    this.#answers = new InviteAnswers(call, this);
  }

  get #setup(): AttemptUser {
    return this.#user!;
  }

  /** False when no listener of ours can reach the trunk: there is no attempt then. */
  get possible(): boolean {
    return this.#socket() !== undefined;
  }

  get forks(): ReadonlyMap<string, Fork> {
    return this.#forks ?? noForks;
  }

  get ringingAt(): number | undefined {
    return this.#ringingAt;
  }

  start(body: Octets, now: Instant): void {
    const { services } = this.call;
    const { transactions, configuration, trunks } = services;
    const { trunk } = this;
    const { invite } = this.#setup;
    const identity = this.#identity();
    const beyond = beyondOf(invite, identity.source, trunk);
    this.#beyond = beyond;
    const addressed = addressTo(services, trunk, this.at, identity, this.called.user)!;
    const { socket, contactUser, uri, from, to, user, routes, target } = addressed;
    for (const note of addressed.notes) this.call.decide(`trunk ${trunk.name}`, note);
    const tells = this.called.help?.tells;
    if (tells) this.#conveyance = new Conveyance(tells, this.call.caller, addressed.home.host, services.random, now);
    this.#caller = this.call.caller;
    this.#called = user;
    const headers: Header[] = [
      ['Max-Forwards', String((invite.maxForwards ?? 70) - this.called.hops)],
      ['Contact', contactOf(socket.transport, socket.advertise, contactUser ?? beyond.conference) + beyond.features],
      ['Allow', permitsOf(trunk).allow],
    ];
    if (configuration.userAgent !== undefined) headers.push(['User-Agent', configuration.userAgent]);
    headers.push(
      ...supporting([...this.#extensions(body !== ''), ...this.timer.headers()], trunk, configuration),
      ...this.#transferred(socket),
      ...this.#passed(invite, identity),
      ...addressed.headers,
    );
    if (beyond.packages.length > 0) headers.push(['Recv-Info', beyond.packages.join(', ')]);
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    this.#plain = {
      method: 'INVITE',
      uri: uri + toldNode(this.at, this.call.source),
      from: detach(`${from};tag=${this.#localTag}`),
      to,
      callId: this.#callId,
      cseq: 1,
      routes,
      headers,
      body,
    };
    const ruled = { trunk, our: socket.advertise, peer: this.at.remote, within: false, side: 'to-trunk' } as const;
    this.#rules = MessageRules.of(services, ruled, () => this.call);
    this.#compose();
    this.#target = target;
    this.#branch = transactions.newBranch();
    this.#fit();
    this.#authorizeWith(trunks.beforehand(trunk, this.#request!));
    this.#state = 'calling';
    this.#await(trunk.trying === undefined ? 'setup' : 'trying', now);
    this.#transaction = transactions.request(this.#request!, this.#target, this.#answers, now.mono, this.#branch);
    this.#flow = this.#transaction.flow;
  }

  /** What the caller's INVITE says of the call that is for the callee too. RFC 6881: a call for help says so. */
  #passed(invite: SipRequest, identity: Identity): Header[] {
    const headers = passedHeaders(invite, identity.source, this.trunk, identity.private);
    if (!this.called.help) return headers;
    return [...headers.filter(([name]) => name !== 'Priority'), ['Priority', 'emergency']];
  }

  /** Why somebody calls who talked to another one before (RFC 3892, RFC 3891). */
  #transferred({ advertise }: Listener): Header[] {
    const { referredBy, replaces } = this.called;
    const headers: Header[] = [];
    if (referredBy) headers.push(['Referred-By', `<sip:${referredBy}@${bracketed(advertise.host)}>`]);
    if (replaces !== undefined) headers.push(['Replaces', replaces]);
    return headers;
  }

  /** Who calls whom, those included who redirected the call on its way here. */
  #identity(): Identity {
    const { identity } = this.#setup;
    const { hops, redirectedBy, redirectedFor, caller } = this.called;
    const shown = userShownTo(this.trunk, identity, caller?.masks === true);
    const said = caller ? knownAs(shown, caller.number, caller.masks) : shown;
    const known = this.called.help ? openly(said) : said;
    if (!redirectedBy) return known;
    return redirected(known, { first: this.call.calledUser, by: redirectedBy, times: hops - 1, why: redirectedFor });
  }

  /** An INVITE that is too long for a datagram goes with less SDP, where that is enough. */
  #fit(): void {
    const request = this.#request!;
    const excess = this.call.services.transactions.excess(request, this.#target!, this.#branch);
    const reserve = this.trunk.credentials ? credentialsLength : 0;
    if (excess === 0 || request.body === '') return;
    const body = this.call.media?.trim('b', excess + reserve);
    if (body === undefined) return;
    this.#plain = { ...this.#plain!, body };
    this.#compose();
  }

  /** The INVITE as it is sent, but for credentials. */
  #compose(): void {
    const plain = this.#plain!;
    const changed = this.#rules?.request(plain) ?? plain;
    const ruled = this.called.help ? stillForHelp(plain, changed, this.trunk, this.call) : changed;
    // After the trunk's rules: none of them is to touch it.
    const request = this.#conveyance?.on(ruled) ?? ruled;
    this.#request = request;
    this.#uri = request.uri;
    if (request.from !== plain.from) this.#caller = detach(callerOf(request.from));
    if (request.uri !== plain.uri) this.#called = detach(parseUri(request.uri)?.user ?? '');
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    this.#flow = transaction.flow;
    if (status >= 200 && status < 300) {
      if (this.#state === 'calling') this.#setup.answered(this, response, now);
      else this.#answers.late(response, this.#remains(), transaction.flow, now);
      return;
    }
    if (this.#state !== 'calling') return;
    if (status < 200) {
      const isFirst = this.#isTrying;
      this.#isTrying = false;
      if (status > 100) this.#progress(response, now);
      else if (isFirst) this.#await('setup', now);
    } else {
      if (transaction !== this.#transaction) return; // Of the INVITE before its credentials.
      if ((status === 401 || status === 407) && this.#authorized(response, now)) return;
      if (status === 422 && this.timer.refused(response)) return this.#withTimer(response, now);
      this.#remoteTag = detach(response.to.tag ?? '');
      this.#setup.refused(this, response, now);
    }
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    if (this.#state === 'calling')
      this.#setup.failed(this, failure === 'transport' ? 'unreachable' : 'no-progress', reason, now);
  }

  /** The next that it must hear of the trunk: a 100, then what comes after that. */
  #await(what: 'trying' | 'setup', now: Instant): void {
    const { deadlines } = this.call.services;
    const { trying = 0, setupTimeout } = this.trunk;
    deadlines.clear(this.#deadline);
    this.#isTrying = what === 'trying';
    this.#deadline = deadlines.set(what, this, now.mono + (this.#isTrying ? trying : setupTimeout));
  }

  wake(name: string, now: Instant): void {
    this.#deadline = undefined;
    if (this.#state !== 'calling') return;
    if (name === 'trying') {
      this.#setup.failed(this, 'no-progress', `no answer at all within ${this.trunk.trying} ms`, now);
    } else if (name === 'setup') {
      this.#setup.failed(this, 'no-progress', `nothing but 100 within ${this.trunk.setupTimeout} ms`, now);
    } else {
      this.#setup.notAnswered(this, now);
    }
  }

  /** Answers a challenge with the INVITE again, its credentials with it (RFC 3261 22.2); false when that can't be done. */
  #authorized(response: SipResponse, now: Instant): boolean {
    const { trunks } = this.call.services;
    const request = this.#request!;
    const { method, uri, body } = request;
    const answer = trunks.authorized(this.trunk, response, { method, uri, body }, this.#tried);
    if (answer.kind === 'refused') {
      this.#setup.challenged(this, answer.text);
      return false;
    }
    this.#request = { ...request, cseq: request.cseq + 1 };
    this.#authorizeWith(answer);
    this.#sendAnew(response, now);
    return true;
  }

  /** RFC 4028 7.3: the INVITE again, with the session interval that was asked for. */
  #withTimer(response: SipResponse, now: Instant): void {
    const plain = this.#plain!;
    const bare = plain.headers.filter(([name]) => name !== 'Session-Expires' && name !== 'Min-SE');
    const timer = this.timer.headers().filter(([name]) => name !== 'Supported');
    this.#plain = { ...plain, cseq: this.#request!.cseq + 1, headers: [...bare, ...timer] };
    this.#compose();
    this.#authorizeWith(this.call.services.trunks.beforehand(this.trunk, this.#request!));
    this.#sendAnew(response, now);
  }

  /** `refusal`: of the INVITE before, and the end of all that has rung by it (RFC 3261 12.3). */
  #sendAnew(refusal: SipResponse, now: Instant): void {
    const { transactions } = this.call.services;
    for (const fork of this.forks.values()) if (fork.leg) this.#setup.progress(this, fork, refusal, undefined, now);
    this.#branch = transactions.newBranch();
    this.#transaction = transactions.request(this.#request!, this.#target!, this.#answers, now.mono, this.#branch);
    this.#flow = this.#transaction.flow;
    this.#setup.sentAnew(this);
  }

  #authorizeWith({ headers: credentials, tried }: Authorised): void {
    this.#tried = tried;
    if (credentials.length === 0) return;
    const request = this.#request!;
    const bare = request.headers.filter(([name]) => name !== 'Authorization' && name !== 'Proxy-Authorization');
    this.#credentials = credentials;
    this.#request = { ...request, headers: [...bare, ...credentials] };
  }

  /** The fork that a response belongs to; undefined when there are more than anybody needs. */
  fork(response: SipResponse): Fork | undefined {
    const tag = detach(response.to.tag ?? '');
    const known = this.forks.get(tag);
    if (known) return known;
    if (this.forks.size >= maxForks) return undefined;
    const leg = tag === '' || response.status >= 200 ? undefined : this.#newLeg(dialogOfClient(response, this.#uri));
    const fork = new Fork(this.#setup.tagForFork(), leg);
    this.#forks ??= new Map();
    this.#forks.set(tag, fork);
    return fork;
  }

  /** This attempt's 2xx won: its leg. */
  leg(response: SipResponse, now: Instant): CallLeg {
    this.#answeredAt = now.wall;
    this.#remoteTag = detach(response.to.tag ?? '');
    const fork = this.forks.get(this.#remoteTag);
    const early = fork?.leg;
    if (fork) fork.leg = undefined;
    this.#leave('answered');
    early?.confirm(response);
    const leg = early ?? this.#newLeg(dialogOfClient(response, this.#uri));
    leg.flow = this.#flow!;
    leg.credentials = this.#credentials;
    leg.timer = this.timer;
    leg.agreed(response, now);
    return leg;
  }

  /** Nothing of this attempt is wanted any more: CANCEL, and BYE should it be answered all the same. */
  abandon(now: Instant, reason?: Octets): void {
    if (this.#state !== 'calling' && this.#state !== 'new') return; // 'new': it waits for ports, and holds its place already.
    const transaction = this.#transaction;
    this.#leave('over');
    if (transaction) this.call.services.transactions.cancelInvite(transaction, now.mono, reason);
  }

  /** It has failed by itself. */
  over(): void {
    this.#leave('over');
  }

  pending(): readonly PendingInvite[] {
    if (this.#state !== 'calling' || !this.#request || !this.#target) return [];
    return [
      {
        trunk: this.trunk.name,
        request: { ...this.#request, headers: [], body: '' },
        branch: this.#branch,
        target: this.#target,
        flow: this.#flow!,
        startedAt: this.#startedAt,
      },
    ];
  }

  get face(): Trunk {
    return faceOf(this.call.services, this.trunk, this.at);
  }

  get winner(): this {
    return this;
  }

  records(end: EndCause, endedAt: number): readonly AttemptRecord[] {
    return [this.record(end, endedAt)];
  }

  record(end: EndCause, endedAt: number): AttemptRecord {
    const flow = this.#flow;
    const record: Open<AttemptRecord> = {
      leg: {
        trunk: this.trunk.name,
        remote: describeTarget({ transport: flow?.transport ?? this.at.transport, remote: this.at.remote }),
        callId: this.#callId,
        localTag: this.#localTag,
        remoteTag: this.#remoteTag,
      },
      caller: this.#caller,
      called: this.#called,
      startedAt: this.#startedAt,
      endedAt,
      end,
    };
    if (this.#ringingAt !== undefined) record.ringingAt = this.#ringingAt;
    if (this.#answeredAt !== undefined) record.answeredAt = this.#answeredAt;
    return record;
  }

  #ringsUntil({ mono }: Instant): number {
    const { turn } = this.at;
    return turn ? Math.max(turn.until, mono + 1) : mono + this.trunk.ringTimeout;
  }

  #progress(response: SipResponse, now: Instant): void {
    const fork = this.fork(response);
    if (!fork) return;
    const arrival = fork.arrive(response);
    if (arrival.kind === 'dropped') return;
    this.#remoteTag = detach(response.to.tag ?? '');
    if (this.#ringingAt === undefined) {
      this.#ringingAt = now.wall;
      this.call.services.deadlines.clear(this.#deadline);
      this.#deadline = this.call.services.deadlines.set('ring', this, this.#ringsUntil(now));
    }
    const rack = this.#acknowledged(fork, response, arrival, now);
    if (arrival.kind === 'reliable' && response.body !== '' && this.#offered && !fork.agreed) {
      fork.sdp = detach(response.body);
      fork.agreed = true;
    }
    this.#setup.progress(this, fork, response, rack, now);
  }

  /** Sends the PRACK, unless it has to bring an answer: then says what it will acknowledge. */
  #acknowledged(fork: Fork, response: SipResponse, arrival: Arrival, now: Instant): Octets | undefined {
    if (arrival.kind !== 'reliable') return undefined;
    if (response.body !== '' && !this.#offered && !fork.agreed) return arrival.rack;
    fork.prack(arrival.rack, '', now);
    return undefined;
  }

  /** What we can do, and want done, beyond RFC 3261. */
  #extensions(offers: boolean): Header[] {
    const { reliability = 'supported' } = this.trunk;
    const { reliable, earlyEnds, earlyMedia } = this.#setup.wants;
    const headers: Header[] = [];
    const supported: string[] = [];
    this.#offered = offers;
    // Without an offer of ours a reliable response may bring one, which only the caller could answer (RFC 3262 5).
    if (reliability === 'required') headers.push(['Require', optionTag]);
    else if (reliability === 'supported' && (offers || this.delayed || reliable !== 'none')) supported.push(optionTag);
    if (earlyEnds) supported.push('199');
    if (this.#conveyance) supported.push('geolocation');
    if (supported.length > 0) headers.push(['Supported', supported.join(', ')]);
    if (earlyMedia) headers.push(['P-Early-Media', 'supported']);
    return headers;
  }

  #remains(): Remains {
    const { trunk, forks } = this;
    return { trunk, localTag: this.#localTag, uri: this.#uri, listener: this.#socket()!, beyond: this.#beyond, forks };
  }

  #newLeg(dialog: Dialog): CallLeg {
    const leg = new CallLeg(this.call, 'b', this.trunk, dialog, this.#flow!, this.#socket()!);
    leg.beyond = this.#beyond;
    return leg;
  }

  #leave(state: 'answered' | 'over'): void {
    const wasAnswered = this.#state === 'answered';
    this.#state = state;
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    for (const fork of this.forks.values()) fork.close();
    this.#user = undefined;
    this.#transaction = undefined;
    this.#request = undefined;
    this.#plain = undefined;
    if (state !== 'over') return;
    for (const fork of this.forks.values()) fork.over();
    // Of one that answers too late only the order of our requests counts.
    if (wasAnswered && ![...this.forks.values()].some(({ lastCSeq }) => lastCSeq > 0)) this.#forks = undefined;
    this.#answers.leave(this.#remains());
    this.call.services.occupancy.release(this.trunk, this);
  }

  #socket(): Listener | undefined {
    return this.#listeners[this.at.transport];
  }
}
