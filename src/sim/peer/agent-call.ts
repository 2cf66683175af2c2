import type { Tried } from '#codec/digest';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadline, HostPort, Instant, Octets } from '#kernel';
import { dialogOfClient, dialogOfServer } from '#sip/dialog';
import {
  type ClientTransaction,
  formatOutgoingResponse,
  type OutgoingRequest,
  type ServerTransaction,
  type Sleeper,
} from '#sip/transaction';
import { AgentLeg } from './agent-leg.ts';
import type { History, Line } from './line.ts';
import { type CalleePlan, type CallerPlan, calleePlan, callerPlan } from './plan.ts';
import { describe, heard } from './sdp.ts';

/** One INVITE of an agent, and the dialogs that came of it. */
export interface AgentCall extends Sleeper {
  readonly callId: Octets;
  readonly history: History;
  readonly legs: Map<string, AgentLeg>;
  readonly over: boolean;
  hangUp(now: Instant): void;
}

const sdp: Header = ['Content-Type', 'application/sdp'];

/** The calling end until its INVITE has a final response. */
export class CallerCall implements AgentCall {
  readonly callId: Octets;
  readonly history: History;
  readonly legs = new Map<string, AgentLeg>();
  readonly #line: Line;
  readonly #plan: CallerPlan;
  readonly #port: number;
  #request: OutgoingRequest;
  #transaction: ClientTransaction<Sleeper>;
  #tried: Tried = [];
  readonly #cancel: Deadline<Sleeper> | undefined;
  #cancelled = false;
  #early: SipResponse | undefined;
  #done = false;

  constructor(line: Line, number: string, history: History, now: Instant) {
    this.#line = line;
    this.history = history;
    this.callId = history.callId;
    this.#plan = callerPlan(line.dice, number);
    this.#port = line.mediaPort();
    const { offerless, padding, cancelAfter, streams } = this.#plan;
    const { host, port } = line.server;
    const headers: Header[] = [
      ['Max-Forwards', '70'],
      ['Contact', line.contact],
    ];
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
    if (body !== '') headers.push(sdp);
    if (line.recordRoute !== undefined) headers.push(['Record-Route', line.recordRoute]);
    const at = `${host}${port === 5060 ? '' : `:${port}`}`;
    this.#request = {
      method: 'INVITE',
      uri: `sip:${number}@${at}`,
      from: `<sip:caller@${line.host}>;tag=${line.random.token(64)}`,
      to: `<sip:${number}@${at}>`,
      callId: this.callId,
      cseq: 1 + line.dice.integer(100),
      routes: [],
      headers,
      body,
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
    const request = { ...this.#request, headers: [...this.#request.headers, ...credentials] };
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
    this.#request = { ...this.#request, cseq: this.#request.cseq + 1 };
    this.#transaction = this.#send(answer.headers, now);
    return true;
  }

  responded(transaction: ClientTransaction<Sleeper>, response: SipResponse, now: Instant): void {
    const { status } = response;
    if (transaction !== this.#transaction && status >= 300) return;
    if ((status === 401 || status === 407) && this.#authorized(response, now)) return;
    if (status === 100) this.history.taken = true;
    if (status > 100 && status < 200) this.#early = response;
    if (status < 200) return;
    this.#line.deadlines.clear(this.#cancel);
    if (status >= 300) {
      if (!this.#done) this.history.final = status;
      this.#done = true;
      return;
    }
    this.accepted(response, now);
  }

  /** A 2xx, the first of its fork or not. */
  accepted(response: SipResponse, now: Instant): void {
    const tag = response.to.tag ?? '';
    const known = this.legs.get(tag);
    if (known) return known.again(response);
    const isFirst = this.legs.size === 0;
    this.#done = true;
    if (isFirst) this.history.final = response.status;
    else this.#line.complain(`a second fork answered ${this.callId}`);
    const leg = new AgentLeg({
      line: this.#line,
      dialog: dialogOfClient(response, ''),
      history: this.history,
      port: this.#port,
      streams: heard(response.body)?.streams ?? 1,
      video: true,
      plan: isFirst && !this.#cancelled ? this.#plan.talk : undefined,
      onOver: () => {},
    });
    this.legs.set(tag, leg);
    const { host } = this.#line;
    const theirs = heard(response.body);
    if (theirs && !this.#plan.offerless && theirs.streams !== this.#plan.streams)
      this.#line.complain(`${theirs.streams} streams answer ${this.#plan.streams}: ${this.callId}`);
    if (this.#line.mediaHost !== undefined && !theirs) this.#line.complain(`200 without SDP: ${this.callId}`);
    const answer = this.#plan.offerless
      ? describe({
          address: { host, port: this.#port },
          direction: 'sendrecv',
          version: 1,
          streams: theirs?.streams ?? 1,
          video: true,
        })
      : '';
    leg.acknowledge(response, answer, now);
  }

  failed(): void {
    this.#line.deadlines.clear(this.#cancel);
    this.#done = true;
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
    if (this.#plan.byeEarly && this.#early?.to.tag !== undefined) {
      new AgentLeg({
        line: this.#line,
        dialog: dialogOfClient(this.#early, ''),
        history: this.history,
        port: this.#port,
        streams: 1,
        video: true,
        plan: undefined,
        // Should nothing come of it, a CANCEL bounds the wait.
        onOver: () => {
          if (!this.#done) this.#line.layer.cancelInvite(this.#transaction, this.#line.now().mono);
        },
      }).hangUpEarly(now);
      return;
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
  readonly #tags: string[] = [];
  readonly #port: number;
  #step = 0;
  #next: Deadline<Sleeper> | undefined;
  #answeredBy = 0;
  #done = false;

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
    this.#port = line.mediaPort();
    this.#plan = calleePlan(line.dice, history.number);
    for (let i = 0; i < this.#plan.forks; i++) this.#tags.push(line.random.token(64));
    if (line.retired) {
      this.refuse(480, now);
      return;
    }
    if (line.dice.chance(0.7)) line.layer.respond(transaction, { status: 100 }, now.mono);
    const { mediaHost } = line;
    const offer = invite.body === '' ? undefined : heard(invite.body);
    if (offer && mediaHost !== undefined && offer.host !== mediaHost)
      line.complain(`SDP names ${offer.host}, not ${mediaHost}: ${this.callId}`);
    this.#arm(now);
  }

  get over(): boolean {
    return this.#done && [...this.legs.values()].every((leg) => leg.over);
  }

  wake(name: string, now: Instant): void {
    if (name === 'second') return this.#answer(1 - Math.min(1, this.#answeredBy), now);
    if (this.#done) return;
    const { progress, final } = this.#plan;
    const step = progress[this.#step];
    this.#step++;
    if (step) {
      const headers: Header[] = [['Contact', this.#line.contact]];
      if (this.#line.recordRoute !== undefined) headers.push(['Record-Route', this.#line.recordRoute]);
      const withSdp = step.sdp && this.#invite.body !== '';
      if (withSdp) headers.push(sdp);
      this.#line.layer.respond(
        this.#transaction,
        {
          status: step.status,
          toTag: this.#tags[step.fork]!,
          headers,
          body: withSdp ? this.#description() : '',
        },
        now.mono,
      );
      return this.#arm(now);
    }
    if (!final) return;
    if (final.status >= 300) return this.refuse(final.status, now);
    this.#answeredBy = this.#line.dice.integer(this.#plan.forks);
    this.#answer(this.#answeredBy, now);
    if (this.#plan.second !== undefined) {
      this.#done = false;
      this.#next = this.#line.deadlines.set('second', this, now.mono + this.#plan.second);
    }
  }

  cancelled(now: Instant): void {
    if (this.legs.size > 0 || this.#done) return;
    this.refuse(487, now);
  }

  /** BYE of an early dialog: as a CANCEL (15.1.2 with 12.3). */
  requested(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const status = request.method === 'BYE' && this.#tags.includes(request.to.tag ?? '') ? 200 : 481;
    this.#line.layer.respond(transaction, { status }, now.mono);
    if (status === 200) this.cancelled(now);
  }

  refuse(status: number, now: Instant): void {
    this.#line.deadlines.clear(this.#next);
    this.#done = true;
    this.history.final = status;
    const headers: Header[] = status === 302 ? [['Contact', `<sip:elsewhere@${this.#line.host}>`]] : [];
    if (status === 401) headers.push(['WWW-Authenticate', 'Digest realm="far", nonce="1"']);
    if (this.#line.dice.chance(0.3)) headers.push(['Reason', 'Q.850;cause=17']);
    this.#line.layer.respond(this.#transaction, { status, toTag: this.#tags[0]!, headers }, now.mono);
  }

  hangUp(now: Instant): void {
    if (this.legs.size === 0 && !this.#done) this.refuse(480, now);
    for (const leg of this.legs.values()) leg.hangUp(now);
  }

  #arm(now: Instant): void {
    const { progress, final } = this.#plan;
    const after = progress[this.#step]?.after ?? final?.after;
    if (after === undefined) return;
    this.#next = this.#line.deadlines.set('next', this, now.mono + after);
  }

  #answer(fork: number, now: Instant): void {
    const { layer, contact, random } = this.#line;
    this.#done = true;
    const tag = this.#tags[fork] ?? random.token(64);
    const isFirst = this.legs.size === 0;
    const body = this.#plan.bad ?? this.#description();
    const offered = this.#invite.body === '';
    const headers: Header[] = [['Contact', contact], sdp];
    if (this.#line.recordRoute !== undefined) headers.push(['Record-Route', this.#line.recordRoute]);
    const answer = { status: 200, toTag: tag, headers, body };
    const octets = formatOutgoingResponse(this.#invite, this.#source, answer);
    layer.respondAgain(this.#transaction, 200, octets, now.mono);
    if (isFirst) this.history.final = 200;
    const leg = new AgentLeg({
      line: this.#line,
      dialog: dialogOfServer(this.#invite, tag),
      history: this.history,
      port: this.#port,
      streams: this.#streams,
      video: this.#plan.video,
      plan: isFirst ? this.#plan.talk : undefined,
      onOver: () => {},
    });
    this.legs.set(tag, leg);
    leg.answered(this.#invite.body, this.#transaction, this.#invite.cseq.number, octets, offered, now);
  }

  get #streams(): number {
    return this.#invite.body === '' ? this.#plan.streams : (heard(this.#invite.body)?.streams ?? 1);
  }

  #description(): Octets {
    const address = { host: this.#line.host, port: this.#port };
    return describe({ address, direction: 'sendrecv', version: 1, streams: this.#streams, video: this.#plan.video });
  }
}
