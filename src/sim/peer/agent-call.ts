import type { Tried } from '#codec/digest';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadline, HostPort, Instant, Octets } from '#kernel';
import { dialogOfClient } from '#sip/dialog';
import { sequenceOf } from '#sip/reliability';
import {
  type ClientTransaction,
  formatOutgoingResponse,
  type OutgoingRequest,
  type ServerTransaction,
  type Sleeper,
} from '#sip/transaction';
import { saying } from './abilities.ts';
import { AgentLeg } from './agent-leg.ts';
import { CalleeFork } from './callee-fork.ts';
import { helpingPlan, isHelp } from './helping.ts';
import { KeepAlive } from './keep-alive.ts';
import type { History, Line } from './line.ts';
import { placeOf } from './place.ts';
import { type CalleePlan, type CallerPlan, calleePlan, callerPlan } from './plan.ts';
import { describe, heard, nowhere } from './sdp.ts';
import { AgentSession } from './session.ts';

/** One INVITE of an agent, and the dialogs that came of it. */
export interface AgentCall extends Sleeper {
  readonly callId: Octets;
  readonly history: History;
  readonly legs: Map<string, AgentLeg>;
  readonly over: boolean;
  hangUp(now: Instant): void;
}

/** The calling end until its INVITE has a final response. */
export class CallerCall implements AgentCall {
  readonly callId: Octets;
  readonly history: History;
  readonly legs = new Map<string, AgentLeg>();
  readonly #line: Line;
  readonly #plan: CallerPlan;
  readonly #port: number;
  /** The session description of its INVITE. */
  readonly #said: Octets;
  #request: OutgoingRequest;
  #transaction: ClientTransaction<Sleeper>;
  #tried: Tried = [];
  readonly #cancel: Deadline<Sleeper> | undefined;
  #cancelled = false;
  #keepAlive: KeepAlive;
  /** The dialog in which it hangs up before the answer. */
  #left: AgentLeg | undefined;
  /** CSeq of its INVITE that was answered. */
  #answered: number | undefined;
  #done = false;

  constructor(line: Line, number: string, history: History, replaces: Octets | undefined, now: Instant) {
    this.#line = line;
    this.history = history;
    this.callId = history.callId;
    this.#plan = callerPlan(line.dice, number, line.patient);
    this.#port = line.mediaPort();
    this.#keepAlive = new KeepAlive(line.abilities.timer);
    const { offerless, padding, cancelAfter, streams } = this.#plan;
    const { host, port } = line.server;
    const headers: Header[] = [['Max-Forwards', '70'], ['Contact', line.contact], ...saying(line.abilities)];
    if (line.abilities.reliable && this.#plan.requires) headers.push(['Require', '100rel']);
    if (replaces !== undefined) headers.push(['Replaces', replaces]);
    if (line.dice.chance(0.5)) headers.push(['User-Agent', `${line.name}-agent`]);
    if (line.dice.chance(0.3))
      headers.push(['P-Asserted-Identity', `<sip:+4930${line.dice.integer(1000)}@${line.host}>`]);
    if (line.dice.chance(0.2)) headers.push(['P-Secret', `${line.name}-${line.host}`]);
    const body = offerless
      ? ''
      : describe({
          address: { host: line.host, port: this.#port },
          direction: 'sendrecv',
          version: 1,
          streams,
          video: true,
          padding,
        });
    this.#said = body;
    const placed = placeOf(line, body);
    headers.push(...placed.headers);
    if (line.recordRoute !== undefined) headers.push(['Record-Route', line.recordRoute]);
    const at = `${host}${port === 5060 ? '' : `:${port}`}`;
    this.#request = {
      method: 'INVITE',
      uri: number.startsWith('urn:') ? number : `sip:${number}@${at}`,
      from: `<${line.from}>;tag=${line.random.token(64)}`,
      to: number.startsWith('urn:') ? `<${number}>` : `<sip:${number}@${at}>`,
      callId: this.callId,
      cseq: 1 + line.dice.integer(100),
      routes: [],
      headers,
      body: placed.body,
    };
    const known = line.authorizer?.beforehand(this.#request);
    this.#transaction = this.#send(known?.headers ?? [], now);
    this.#tried = known?.tried ?? [];
    this.#cancel = cancelAfter === undefined ? undefined : line.deadlines.set('cancel', this, now.mono + cancelAfter);
  }

  get over(): boolean {
    return this.#done && [...this.legs.values()].every((leg) => leg.over);
  }

  #send(credentials: readonly Header[], now: Instant): ClientTransaction<Sleeper> {
    const { layer } = this.#line;
    const headers = [...this.#request.headers, ...this.#keepAlive.asked(), ...credentials];
    const request = { ...this.#request, headers };
    return layer.request(request, this.#line.target(undefined, undefined), this, now.mono);
  }

  /** RFC 3261 22.2: the same again, with what is asked for; false when that can't be. */
  #authorized(response: SipResponse, now: Instant): boolean {
    const { authorizer } = this.#line;
    if (!authorizer || this.#cancelled || this.#done) return false;
    const challenges = { www: response.all('www-authenticate'), proxy: response.all('proxy-authenticate') };
    const answer = authorizer.answer(challenges, this.#request, this.#tried);
    if (answer.kind === 'refused') return false;
    this.#tried = answer.tried;
    this.#again(answer.headers, now);
    return true;
  }

  #again(credentials: readonly Header[], now: Instant): void {
    this.#request = { ...this.#request, cseq: this.#request.cseq + 1 };
    this.#transaction = this.#send(credentials, now);
  }

  responded(transaction: ClientTransaction<Sleeper>, response: SipResponse, now: Instant): void {
    const { status } = response;
    if (transaction !== this.#transaction && status >= 300) return;
    if ((status === 401 || status === 407) && this.#authorized(response, now)) return;
    if (status === 100) this.history.taken = true;
    if (status > 100 && status < 200) this.#progress(response, now);
    if (status < 200) return;
    // RFC 4028 7.3: once more, with what is asked for.
    if (status === 422 && !this.#cancelled && !this.#done && this.#keepAlive.raised(response))
      return this.#again(this.#line.authorizer?.beforehand(this.#request)?.headers ?? [], now);
    this.#line.deadlines.clear(this.#cancel);
    if (status >= 300) {
      if (!this.#done) this.history.final = status;
      this.#finish();
      return;
    }
    this.accepted(response, now);
  }

  #progress(response: SipResponse, now: Instant): void {
    const tag = response.to.tag;
    if (tag === undefined || this.#done) return;
    const { offerless, early } = this.#plan;
    const leg = this.legs.get(tag) ?? this.#leg(response, 'early');
    if (response.status === 199) {
      // RFC 6228: nothing more comes of it.
      if (!this.#line.abilities.earlyEnds) this.#line.complain(`199 for who does not know it: ${this.callId}`);
      // Sent reliably it is acknowledged all the same.
      if (sequenceOf(response) === undefined) return;
    }
    leg.progress(response, !offerless, early, now);
  }

  #leg(response: SipResponse, state: 'early' | 'answering'): AgentLeg {
    const { streams, talk, offerless } = this.#plan;
    const line = this.#line;
    const leg = new AgentLeg({
      line,
      dialog: dialogOfClient(response, ''),
      history: this.history,
      session: new AgentSession(line, this.callId, this.#port, offerless ? 1 : streams, true, this.#said),
      plan: this.#cancelled || this.history.final !== undefined ? undefined : talk,
      state,
      onOver: () => {
        // Should nothing come of a BYE, a CANCEL bounds the wait.
        if (leg === this.#left && !this.#done) line.layer.cancelInvite(this.#transaction, line.now().mono);
      },
    });
    this.legs.set(response.to.tag ?? '', leg);
    return leg;
  }

  /** The INVITE is over, and early dialogs with it. */
  #finish(winner?: AgentLeg): void {
    this.#done = true;
    for (const leg of this.legs.values()) if (leg !== winner) leg.drop();
  }

  /** A 2xx, the first of its fork or not. */
  accepted(response: SipResponse, now: Instant): void {
    const known = this.legs.get(response.to.tag ?? '');
    // It crossed our BYE.
    if (known && known === this.#left) {
      this.history.final ??= response.status;
      this.#finish(known);
      return known.acknowledge(response, !this.#plan.offerless, now);
    }
    if (known?.isAnswered) return known.again(response);
    const { number } = response.cseq;
    // One that was refused before its credentials may be known when it comes again (`Safety`): that is another call.
    if (number === this.#answered) this.#line.complain(`a second fork answered ${this.callId}`);
    this.#answered = number;
    if (this.history.final === undefined || this.history.final >= 300) this.history.final = response.status;
    const leg = known ?? this.#leg(response, 'answering');
    this.#finish(leg);
    if (this.#cancelled) leg.plan = undefined;
    leg.acknowledge(response, !this.#plan.offerless, now);
  }

  failed(): void {
    this.#line.deadlines.clear(this.#cancel);
    this.#finish();
  }

  hangUp(now: Instant): void {
    if (!this.#done) this.#doCancel(now);
    for (const leg of this.legs.values()) leg.hangUp(now);
  }

  wake(_name: string, now: Instant): void {
    if (!this.#done) this.#doCancel(now);
  }

  #doCancel(now: Instant): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const [first] = this.legs.values();
    if (this.#plan.byeEarly && first) {
      this.#left = first;
      return first.hangUpEarly(now);
    }
    this.#line.layer.cancelInvite(this.#transaction, now.mono);
  }
}

/** The called end: rings, forks, answers or not, as its plan says. */
export class CalleeCall implements AgentCall {
  readonly callId: Octets;
  readonly history: History;
  readonly legs = new Map<string, AgentLeg>();
  readonly #line: Line;
  readonly #plan: CalleePlan;
  readonly #invite: SipRequest;
  readonly #transaction: ServerTransaction<Sleeper>;
  readonly #source: HostPort;
  readonly #forks: CalleeFork[] = [];
  #step = 0;
  #next: Deadline<Sleeper> | undefined;
  #answeredBy = 0;
  /** It would answer, and has something to settle first (RFC 3262 3). */
  #answerWanted = false;
  #done = false;
  /** Another fork is about to answer too. */
  #awaitsSecond = false;

  constructor(
    line: Line,
    transaction: ServerTransaction<Sleeper>,
    invite: SipRequest,
    source: HostPort,
    history: History,
    now: Instant,
  ) {
    this.#line = line;
    this.#transaction = transaction;
    this.#invite = invite;
    this.#source = source;
    this.history = history;
    this.callId = history.callId;
    const port = line.mediaPort();
    const plan = calleePlan(line.dice, history.number, line.patient);
    this.#plan = line.helper && isHelp(history.number) ? helpingPlan(plan, line.helper, invite) : plan;
    for (let i = 0; i < this.#plan.forks; i++)
      this.#forks.push(new CalleeFork(this, line, invite, transaction, this.#plan, line.random.token(64), port));
    if (line.retired) {
      this.refuse(480, now);
      return;
    }
    const { abilities, mediaHost } = line;
    if (!abilities.reliable && invite.all('require').includes('100rel')) {
      this.#reject(420, [['Unsupported', '100rel']], now);
      return;
    }
    const raised = new KeepAlive(abilities.timer).refusal(invite);
    if (raised) {
      this.#reject(422, raised, now);
      return;
    }
    if (line.dice.chance(0.7)) {
      history.said = true;
      line.layer.respond(transaction, { status: 100 }, now.mono);
    }
    const offer = invite.body === '' ? undefined : heard(invite.body);
    if (offer && mediaHost !== undefined && offer.host !== mediaHost && offer.host !== nowhere)
      line.complain(`SDP names ${offer.host}, not ${mediaHost}: ${this.callId}`);
    this.#arm(now);
  }

  get over(): boolean {
    return this.#done && !this.#awaitsSecond && [...this.legs.values()].every((leg) => leg.over);
  }

  wake(name: string, now: Instant): void {
    if (name === 'second') return this.#answerToo(now);
    if (this.#done) return;
    const { progress, final } = this.#plan;
    const step = progress[this.#step];
    this.#step++;
    if (step) {
      this.history.said = true;
      this.#forks[step.fork]!.progress(step, now);
      return this.#arm(now);
    }
    if (!final) return;
    if (final.status >= 300) return this.refuse(final.status, now);
    this.#answeredBy = this.#line.dice.integer(this.#plan.forks);
    this.#answerWanted = true;
    this.resume(now);
  }

  /** Answers when it may. */
  resume(now: Instant): void {
    const fork = this.#forks[this.#answeredBy]!;
    if (!this.#answerWanted || this.#done || fork.holdsAnswer) return;
    this.#done = true;
    const { second } = this.#plan;
    for (const other of this.#forks) {
      if (other === fork) continue;
      other.stop();
      if (second === undefined) other.leg?.drop();
    }
    this.#answer(fork, true, now);
    if (second === undefined) return;
    this.#awaitsSecond = true;
    this.#line.deadlines.set('second', this, now.mono + second);
  }

  cancelled(now: Instant): void {
    if (this.#done) return;
    this.refuse(487, now);
  }

  /** A request in a dialog that is none, or not any more. */
  requested(transaction: ServerTransaction<Sleeper>, now: Instant): void {
    this.#line.layer.respond(transaction, { status: 481 }, now.mono);
  }

  refuse(status: number, now: Instant): void {
    const { host, dice } = this.#line;
    // RFC 3261 8.1.3.4: another number, or the same elsewhere.
    const moved = dice.chance(0.5) ? this.history.number : 'elsewhere';
    const headers: Header[] = status === 302 ? [['Contact', `<sip:${moved}@${host}>`]] : [];
    if (status === 401) headers.push(['WWW-Authenticate', 'Digest realm="far", nonce="1"']);
    if (dice.chance(0.3)) headers.push(['Reason', 'Q.850;cause=17']);
    this.#reject(status, headers, now);
  }

  hangUp(now: Instant): void {
    if (!this.#done) this.refuse(480, now);
    for (const leg of this.legs.values()) leg.hangUp(now);
  }

  #reject(status: number, headers: readonly Header[], now: Instant): void {
    this.#line.deadlines.clear(this.#next);
    this.#done = true;
    this.history.final = status;
    for (const fork of this.#forks) {
      fork.stop();
      fork.leg?.drop();
    }
    this.#line.layer.respond(this.#transaction, { status, toTag: this.#forks[0]!.tag, headers }, now.mono);
  }

  #arm(now: Instant): void {
    const { progress, final } = this.#plan;
    const after = progress[this.#step]?.after ?? final?.after;
    if (after === undefined) return;
    this.#next = this.#line.deadlines.set('next', this, now.mono + after);
  }

  /** Another fork's 2xx: to be acknowledged and hung up (RFC 3261 13.2.2.4). */
  #answerToo(now: Instant): void {
    this.#awaitsSecond = false;
    const fork = this.#forks[1 - Math.min(1, this.#answeredBy)]!;
    for (const other of this.#forks) if (other !== fork) other.leg?.drop();
    if (fork.holdsAnswer) fork.leg?.drop();
    else this.#answer(fork, false, now);
  }

  #answer(fork: CalleeFork, isFirst: boolean, now: Instant): void {
    const { layer, contact, abilities } = this.#line;
    fork.stop();
    const leg = fork.answering(isFirst ? this.#plan.talk : undefined);
    const { session } = leg;
    const wasAgreed = session.agreed;
    // RFC 6337 3.1: what went reliably need not be said again.
    const body = wasAgreed
      ? this.#plan.repeats
        ? session.said
        : ''
      : (this.#plan.bad ?? (session.said || session.describe('sendrecv')));
    const offered = this.#invite.body === '' && !wasAgreed;
    const headers: Header[] = [
      ['Contact', contact],
      ...saying(abilities),
      ...leg.keepAlive.answer(this.#invite),
      ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
    ];
    if (this.#line.recordRoute !== undefined) headers.push(['Record-Route', this.#line.recordRoute]);
    const answer = { status: 200, toTag: fork.tag, headers, body };
    const octets = formatOutgoingResponse(this.#invite, this.#source, answer);
    layer.respondAgain(this.#transaction, 200, octets, now.mono);
    if (isFirst) this.history.final = 200;
    const { number } = this.#invite.cseq;
    leg.answered(wasAgreed ? '' : this.#invite.body, this.#transaction, number, octets, offered, now);
  }
}
