import type { Direction } from '#codec/sdp';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import { confirmBy, type Dialog, inOrder } from '#sip/dialog';
import { acknowledgedBy, formatAcknowledged, sequenceOf } from '#sip/reliability';
import type { ClientTransaction, ServerTransaction, Sleeper } from '#sip/transaction';
import { saying } from './abilities.ts';
import { favourOf } from './favours.ts';
import { KeepAlive, refusalOf } from './keep-alive.ts';
import { LegWire, type Unconfirmed } from './leg-wire.ts';
import type { EarlyCallee, History, Line } from './line.ts';
import type { Doing, EarlyDoing, TalkPlan } from './plan.ts';
import { heard } from './sdp.ts';
import type { AgentSession, Asking, LegMedia } from './session.ts';
import { transferred } from './transferred.ts';

/** What both may want to do in a dialog. */
type Directed = 'hold' | 'resume' | 'move';

/** One dialog of an agent, early or confirmed, honest by RFC 3261 12 to 15. */
export class AgentLeg implements Sleeper {
  readonly dialog: Dialog;
  readonly #line: Line;
  readonly #history: History;
  readonly #wire: LegWire;
  readonly #onOver: () => void;
  #state: 'early' | 'answering' | 'talking' | 'closing' | 'over';
  /** Undefined: nobody wants to talk. */
  plan: TalkPlan | undefined;
  /** The INVITE that made the dialog bore no offer. */
  offerless = false;
  readonly session: AgentSession;
  readonly keepAlive: KeepAlive;
  /** Of the called end, while it is early. */
  early: EarlyCallee | undefined;
  /** RSeq of the last reliable response that came. */
  #rseq: number | undefined;
  #unconfirmed: Unconfirmed | undefined;
  #again: Deadline<Sleeper> | undefined;
  #asking: Asking | undefined;
  #asked: ServerTransaction<Sleeper> | undefined;
  #hangUpWanted = false;
  /** A leg that was wanted, and whose ACK is through. */
  #isConfirmed = false;
  readonly #planned: (Deadline<Sleeper> | undefined)[] = [];

  constructor(options: {
    line: Line;
    dialog: Dialog;
    history: History;
    session: AgentSession;
    /** Undefined: a leg that is hung up as soon as it may be. */
    plan: TalkPlan | undefined;
    state: 'early' | 'answering';
    /** Of the INVITE, where that was ours and had to be raised. */
    keepAlive?: KeepAlive;
    onOver: () => void;
  }) {
    this.#line = options.line;
    // The proxy that stays in the way lives with this agent: its own requests do not go by it.
    this.dialog = { ...options.dialog, routeSet: [] };
    this.#wire = new LegWire(options.line, this.dialog);
    this.#history = options.history;
    this.session = options.session;
    this.plan = options.plan;
    this.#state = options.state;
    this.keepAlive = options.keepAlive ?? new KeepAlive(options.line.abilities.timer);
    this.#onOver = options.onOver;
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** The port that RTP of ours comes from, when we send some. */
  get speaking(): number | undefined {
    const { direction, port } = this.session;
    return this.#state === 'talking' && (direction === 'sendrecv' || direction === 'sendonly') ? port : undefined;
  }

  /** Its media as this end has it; undefined while there is something to be said about it. */
  get media(): LegMedia | undefined {
    if (this.#state !== 'talking' || this.#asking || this.#asked || this.#unconfirmed) return undefined;
    return this.session.media;
  }

  get talks(): boolean {
    return this.#state === 'talking';
  }

  get isAnswered(): boolean {
    return this.#state !== 'early';
  }

  /** An offer of ours has no answer yet. */
  get isAsking(): boolean {
    return this.#asking !== undefined;
  }

  // --- before the answer -------------------------------------------------------------------------------------------

  /** The caller: a provisional response of this dialog. `offered`: the INVITE bore the offer. */
  progress(response: SipResponse, offered: boolean, early: readonly EarlyDoing[], now: Instant): void {
    const line = this.#line;
    const { callId } = this.dialog;
    const rseq = sequenceOf(response);
    if (rseq === undefined || this.#state !== 'early') return;
    if (!line.abilities.reliable) line.complain(`a reliable ${response.status} for who can't: ${callId}`);
    // RFC 3262 4: one after the other, each once.
    if (this.#rseq !== undefined && rseq !== this.#rseq + 1) return;
    this.#rseq = rseq;
    const { session } = this;
    const isNew = !session.agreed;
    let answer = '';
    if (response.body !== '' && isNew && offered)
      session.answered(response.body, 'sendrecv', session.streams, 'a reliable response', now.mono);
    else if (response.body !== '' && isNew) {
      const offer = heard(response.body);
      if (!offer) line.complain(`an offer that can't be read: ${callId}`);
      else {
        answer = session.answer(offer);
        session.hear(offer, now.mono);
      }
    }
    // RFC 3262 5: where there was an answer before, it may offer.
    const offers = !isNew && !this.#asking && response.status !== 199 && line.dice.chance(0.1);
    const { before } = session;
    if (offers) session.port = line.mediaPort();
    const body = offers ? session.describe('sendrecv') : answer;
    const headers: Header[] = [['RAck', formatAcknowledged({ rseq, cseq: response.cseq.number, method: 'INVITE' })]];
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    const transaction = this.#request('PRACK', headers, body, now);
    if (offers)
      this.#asking = { transaction, direction: 'sendrecv', offerless: false, before, streams: session.streams };
    if (isNew && session.agreed) this.doEarly(early, now);
  }

  /** Offer and answer have been made in the early dialog. */
  doEarly(doings: readonly EarlyDoing[], now: Instant): void {
    const { deadlines, abilities } = this.#line;
    if (!abilities.updates) return;
    for (const { after, what } of doings) this.#planned.push(deadlines.set(what, this, now.mono + after));
  }

  /** The called end's: PRACK. `offered`: the INVITE bore the offer. */
  #pracked(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const { layer } = this.#line;
    const complain = (what: string) => this.#line.complain(`${what}: ${request.callId}`);
    const acknowledged = acknowledgedBy(request);
    const response = acknowledged && this.early?.responses.acknowledge(acknowledged);
    if (!response) return void layer.respond(transaction, { status: 481 }, now.mono);
    const { session } = this;
    let body = '';
    if (response.body !== '' && !session.agreed) {
      // Our offer, unless it was our answer.
      if (this.offerless) session.answered(request.body, 'sendrecv', session.streams, 'PRACK', now.mono);
      else if (request.body !== '') complain('PRACK of an answer that comes with SDP');
      session.agreed = true;
      this.early?.agreed(now);
    } else if (request.body !== '') {
      const offer = heard(request.body);
      if (!session.agreed || !offer) complain('PRACK with SDP that is neither offer nor answer');
      else {
        body = session.answer(offer);
        session.hear(offer, now.mono);
      }
    }
    const headers: Header[] = body === '' ? [] : [['Content-Type', 'application/sdp']];
    layer.respond(transaction, { status: 200, headers, body }, now.mono);
    this.early?.responses.next(now);
    this.early?.resume(now);
  }
  /** Another dialog has won, or none. */
  drop(): void {
    if (this.#state === 'early') this.#end();
  }

  // --- confirmation ------------------------------------------------------------------------------------------------

  /** The caller: acknowledges the 2xx to its INVITE. `offered`: that bore the offer. */
  acknowledge(response: SipResponse, offered: boolean, now: Instant): void {
    const { session } = this;
    if (this.#state === 'early') {
      confirmBy(this.dialog, response);
      this.dialog.routeSet = [];
      this.#state = 'answering';
    }
    let answer = '';
    if (!session.agreed) {
      if (offered) session.answered(response.body, 'sendrecv', session.streams, 'INVITE', now.mono);
      else {
        const offer = heard(response.body);
        if (!offer && this.#line.mediaHost !== undefined)
          this.#line.complain(`200 without an offer: ${response.callId}`);
        answer = offer ? session.answer(offer) : session.describe('sendrecv');
        session.hear(offer, now.mono);
      }
    }
    this.#keepsAlive(response, now);
    this.#wire.acknowledge(response.cseq.number, answer);
    if (this.#state === 'answering') this.#talk(now);
  }

  /** A 2xx that came again. */
  again(response: SipResponse): void {
    this.#wire.acknowledgeAgain(response.cseq.number);
  }

  /** The callee: its 2xx is out, and goes out again until the ACK comes (13.3.1.4). */
  answered(
    offer: Octets,
    transaction: ServerTransaction<Sleeper>,
    cseq: number,
    octets: Octets,
    offered: boolean,
    now: Instant,
  ): void {
    const { t1 } = this.#line.layer.timers;
    if (this.#state === 'early') this.#state = 'answering';
    if (!offered && offer !== '') this.session.hear(heard(offer), now.mono);
    this.#unconfirmed = { cseq, transaction, octets, offered, interval: t1, until: now.mono + 64 * t1 };
    this.#again = this.#line.deadlines.set('2xx again', this, now.mono + t1);
  }

  confirmed(ack: SipRequest, now: Instant): void {
    const unconfirmed = this.#unconfirmed;
    if (!unconfirmed || ack.cseq.number !== unconfirmed.cseq) return;
    this.#line.deadlines.clear(this.#again);
    this.#unconfirmed = undefined;
    const { session } = this;
    // Without an answer it lets us out of our 2xx: all stays as it was.
    if (unconfirmed.offered && ack.body !== '')
      session.answered(ack.body, session.direction, session.streams, 'ACK', now.mono);
    if (this.#state === 'answering') this.#talk(now);
    else if (this.#hangUpWanted) this.hangUp(now);
  }

  #talk(now: Instant): void {
    this.#state = 'talking';
    if (!this.plan) return this.hangUp(now);
    this.#isConfirmed = true;
    this.#history.talking = true;
    this.#history.ever = true;
    this.#watch(now);
    if (this.#line.retired || this.#hangUpWanted) return this.hangUp(now);
    const { hangUpAfter, doings } = this.plan;
    const { deadlines } = this.#line;
    if (hangUpAfter !== undefined) this.#planned.push(deadlines.set('hang up', this, now.mono + hangUpAfter));
    for (const { after, what } of doings) this.#planned.push(deadlines.set(what, this, now.mono + after));
  }

  // --- what comes --------------------------------------------------------------------------------------------------

  requested(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const respond = (status: number, headers: readonly Header[] = [], body: Octets = '') =>
      this.#line.layer.respond(transaction, { status, headers, body }, now.mono);
    if (this.#state === 'over') return void respond(481);
    if (!inOrder(this.dialog, request)) return void respond(500);
    this.dialog.remoteCSeq = request.cseq.number;
    const isEarly = this.#state === 'early';
    switch (request.method) {
      case 'BYE':
        respond(200);
        if (isEarly && this.early) return this.early.hungUp(now);
        if (this.#asked) this.#line.layer.respond(this.#asked, { status: 487 }, now.mono);
        this.#end();
        return;
      case 'PRACK':
        return this.#pracked(transaction, request, now);
      case 'UPDATE':
        if (!this.#line.abilities.updates) {
          this.#line.complain(`UPDATE to who does not allow it: ${request.callId}`);
          return void respond(405);
        }
        if (this.#state === 'closing') return void respond(481);
        return this.#updated(transaction, request, now);
      case 'INVITE':
        if (this.#state === 'closing') return void respond(481);
        if (this.#asking) return void respond(491);
        if (isEarly || this.#unconfirmed || this.#asked) return void respond(500, [['Retry-After', '2']]);
        this.#reInvited(transaction, request, now);
        return;
      case 'REFER':
      case 'NOTIFY': {
        const { status, hangsUp } = transferred(this.#line, this.#wire, this, request, now);
        respond(status);
        if (hangsUp) this.#planned.push(this.#line.deadlines.set('hang up', this, now.mono + 200));
        return;
      }
      case 'INFO':
      case 'OPTIONS':
      case 'MESSAGE':
        respond(200);
        return;
      default:
        respond(405);
    }
  }

  #updated(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const { layer, contact, abilities } = this.#line;
    const { session } = this;
    const respond = (status: number, headers: readonly Header[] = [], body: Octets = '') =>
      void layer.respond(transaction, { status, headers, body }, now.mono);
    const offer = request.body === '' ? undefined : heard(request.body);
    if (offer) {
      // RFC 3311 5.2
      if (this.#asking || this.#unconfirmed?.offered) return respond(491);
      if (this.#asked) return respond(500, [['Retry-After', '2']]);
      // The PRACK with the answer may be late.
      if (!session.agreed) return this.offerless ? respond(491) : respond(500, [['Retry-After', '1']]);
      const refused = this.#refusal(request, now);
      if (refused) return respond(refused.status, refused.headers);
    }
    if (request.contact) this.dialog.remoteTarget = request.contact.uri;
    const headers: Header[] = [['Contact', contact], ...saying(abilities), ...this.keepAlive.answer(request)];
    let body = '';
    if (offer) {
      headers.push(['Content-Type', 'application/sdp']);
      body = session.answer(offer);
      session.hear(offer, now.mono);
    }
    respond(200, headers, body);
    this.#watch(now);
    this.early?.resume(now);
  }

  #refusal(request: SipRequest, now: Instant): ReturnType<typeof refusalOf> {
    const refused = refusalOf(this.#line.dice, this.keepAlive, request);
    this.#hasRefused ||= refused !== undefined;
    if (refused) this.session.touched(now.mono);
    return refused;
  }

  #reInvited(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const { layer, dice, deadlines } = this.#line;
    const refused = this.#refusal(request, now);
    if (refused) return void layer.respond(transaction, refused, now.mono);
    if (dice.chance(0.3)) {
      // Somebody has to be asked first.
      this.#asked = transaction;
      layer.respond(transaction, { status: 100 }, now.mono);
      this.#offer = request;
      this.#planned.push(deadlines.set('answer', this, now.mono + dice.between(0, 6_000)));
      return;
    }
    const offer = heard(request.body);
    if (request.body !== '' && (!offer || (offer.fax && !this.#line.abilities.faxes)))
      return void layer.respond(transaction, { status: 488 }, now.mono);
    this.#agree(transaction, request, now);
  }
  #offer: SipRequest | undefined;

  /** Our 200 to a re-INVITE. */
  #agree(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const { layer, contact, abilities } = this.#line;
    const { session } = this;
    if (request.contact) this.dialog.remoteTarget = request.contact.uri;
    const offer = request.body === '' ? undefined : heard(request.body);
    if (!offer) session.direction = 'sendrecv';
    const body = offer ? session.answer(offer) : session.describe('sendrecv');
    const headers: Header[] = [
      ['Contact', contact],
      ...saying(abilities),
      ...this.keepAlive.answer(request),
      ['Content-Type', 'application/sdp'],
    ];
    const octets = layer.respond(transaction, { status: 200, headers, body }, now.mono);
    this.#watch(now);
    if (octets !== '') this.answered(request.body, transaction, request.cseq.number, octets, !offer, now);
  }

  /** The INVITE in the dialog was cancelled. */
  cancelled(now: Instant): void {
    if (!this.#asked) return;
    this.#line.layer.respond(this.#asked, { status: 487 }, now.mono);
    this.#asked = undefined;
  }

  responded(transaction: ClientTransaction<Sleeper>, response: SipResponse, now: Instant): void {
    const { status } = response;
    if (status < 200) return;
    if (transaction.method === 'BYE') {
      if (status === 481 && this.#isConfirmed) this.#line.unknown(this.dialog.callId);
      this.#history.bye = status;
      this.#end();
      return;
    }
    if (transaction.method === 'INFO' && (status === 481 || status === 408)) return this.hangUp(now);
    if (this.#asking?.transaction !== transaction) {
      // A 2xx that comes again; or a refresh that offers nothing, or a PRACK.
      if (status < 300 && transaction.method === 'INVITE') return this.again(response);
      if (transaction.method === 'UPDATE' && status < 300) this.#keepsAlive(response, now);
      if (transaction.method === 'UPDATE' && status === 422) this.keepAlive.raised(response);
      if (transaction.method === 'UPDATE' && (status === 481 || status === 408)) this.hangUp(now);
      return;
    }
    const asking = this.#asking;
    this.#asking = undefined;
    const { session } = this;
    const isInvite = transaction.method === 'INVITE';
    if (status >= 300) {
      session.revert(asking.before);
      if (status === 422) this.keepAlive.raised(response);
      // 12.2.1.2
      if (status === 481 || status === 408 || this.#hangUpWanted) this.hangUp(now);
      this.early?.resume(now);
      return;
    }
    if (transaction.method !== 'PRACK') {
      if (response.contact) this.dialog.remoteTarget = response.contact.uri;
      this.#keepsAlive(response, now);
    }
    let answer = '';
    if (asking.offerless) {
      const offer = heard(response.body);
      if (!offer && this.#line.mediaHost !== undefined)
        this.#line.complain(`200 to a re-INVITE without SDP: ${response.callId}`);
      answer = offer ? session.answer(offer) : session.describe('sendrecv');
      session.hear(offer, now.mono);
    } else session.answered(response.body, asking.direction, asking.streams, transaction.method, now.mono);
    if (isInvite) this.#wire.acknowledge(response.cseq.number, answer);
    if (this.#hangUpWanted) this.hangUp(now);
    this.early?.resume(now);
  }

  failed(transaction: ClientTransaction<Sleeper>, now: Instant): void {
    if (transaction.method === 'BYE') this.#end();
    else if (transaction.method === 'INVITE' || transaction === this.#asking?.transaction) {
      this.#asking = undefined;
      this.hangUp(now);
      this.early?.resume(now);
    }
  }

  // --- what it does ------------------------------------------------------------------------------------------------

  hangUp(now: Instant): void {
    // An early dialog ends with its INVITE.
    if (this.#state === 'closing' || this.#state === 'over' || this.#state === 'early') return;
    // 15: the callee waits for its ACK. A re-INVITE of ours is waited for, to keep to one thing at a time.
    if (this.#state === 'answering' || this.#unconfirmed) {
      this.#hangUpWanted = true;
      return;
    }
    this.#state = 'closing';
    this.#history.talking = false;
    if (this.#asked) this.#line.layer.respond(this.#asked, { status: 487 }, now.mono);
    this.#asked = undefined;
    const headers: Header[] = this.#line.dice.chance(0.3) ? [['Reason', 'Q.850;cause=16;text="Normal"']] : [];
    this.#request('BYE', headers, '', now);
  }

  /** BYE in an early dialog: only a caller may. */
  hangUpEarly(now: Instant): void {
    this.#state = 'closing';
    this.#request('BYE', [], '', now);
  }

  wake(name: string, now: Instant): void {
    if (this.#state === 'over') return;
    switch (name) {
      case '2xx again': {
        const unconfirmed = this.#unconfirmed;
        if (!unconfirmed) return;
        if (now.mono >= unconfirmed.until) {
          this.#unconfirmed = undefined;
          this.#line.unacknowledged(this.dialog.callId);
          if (this.#state === 'answering') this.#state = 'talking';
          return this.hangUp(now);
        }
        const { layer, deadlines } = this.#line;
        layer.respondAgain(unconfirmed.transaction, 200, unconfirmed.octets, now.mono);
        unconfirmed.interval = Math.min(2 * unconfirmed.interval, layer.timers.t2);
        this.#again = deadlines.set('2xx again', this, Math.min(now.mono + unconfirmed.interval, unconfirmed.until));
        return;
      }
      case 'hang up':
        return this.hangUp(now);
      case 'answer': {
        const asked = this.#asked;
        const request = this.#offer;
        this.#asked = undefined;
        if (asked && request && this.#state === 'talking') this.#agree(asked, request, now);
        return;
      }
      case 'refresh':
        if (this.#state === 'talking') this.#refresh(now);
        return;
      case 'expiry':
        if (this.#state !== 'talking') return;
        if (!this.#hasRefused) this.#line.unrefreshed(this.dialog.callId);
        return this.hangUp(now);
      default:
        if (this.#state === 'talking') this.#do(name as Doing, now);
        // RFC 3311 5.1: the called end, when what it answered is acknowledged.
        else if (this.#state === 'early' && this.session.agreed) this.#offerBy('UPDATE', name as Directed, now);
    }
  }

  #do(what: Doing, now: Instant): void {
    const { abilities } = this.#line;
    switch (what) {
      case 'info':
      case 'options':
      case 'message':
      case 'refer':
      case 'refer quietly':
      case 'attend': {
        const asked = favourOf(what, this.#line, this.dialog);
        if (asked) this.#request(asked.method, asked.headers, asked.body, now);
        return;
      }
      case 'touch':
        if (abilities.updates) this.#request('UPDATE', this.#aboutUs(), '', now);
        return;
      case 'update hold':
        return abilities.updates ? this.#offerBy('UPDATE', 'hold', now) : undefined;
      case 'update move':
        return abilities.updates ? this.#offerBy('UPDATE', 'move', now) : undefined;
      default:
        this.#offerBy('INVITE', what, now);
    }
  }

  /** Offers something new, or asks for an offer; unless there is something else to be settled first. */
  #offerBy(method: 'INVITE' | 'UPDATE', what: Directed | 'offerless' | 'video' | 'fax', now: Instant): void {
    if (this.#asking || this.#unconfirmed || this.#asked) return;
    if (what === 'fax' && !this.#line.abilities.faxes) return;
    const { session } = this;
    const { before } = session;
    session.fax = what === 'fax';
    if (what === 'move') session.port = this.#line.mediaPort();
    const direction: Direction = what === 'hold' ? this.#line.dice.pick(['sendonly', 'inactive'] as const) : 'sendrecv';
    const streams = what === 'video' ? Math.max(2, session.streams) : session.streams;
    const offerless = what === 'offerless';
    const headers = this.#aboutUs();
    if (!offerless) headers.push(['Content-Type', 'application/sdp']);
    const transaction = this.#request(method, headers, offerless ? '' : session.describe(direction, streams), now);
    this.#asking = { transaction, direction, offerless, before, streams };
    if (method === 'INVITE' && this.#line.dice.chance(0.15)) this.#line.layer.cancelInvite(transaction, now.mono);
  }

  // --- session timer -----------------------------------------------------------------------------------------------

  #keepsAlive(response: SipResponse, now: Instant): void {
    const offence = this.keepAlive.accepted(response);
    if (offence !== undefined) this.#line.complain(`${offence}: ${response.callId}`);
    this.#watch(now);
  }

  /** RFC 4028 10: half of the time for who refreshes, nearly all of it for who waits. */
  #watch(now: Instant): void {
    const { deadlines } = this.#line;
    deadlines.clear(this.#kept);
    const { held } = this.keepAlive;
    this.#kept = undefined;
    this.#hasRefused = false;
    if (!held || this.#state !== 'talking') return;
    const ms = held.expires * 1000;
    this.#kept = held.ours
      ? deadlines.set('refresh', this, now.mono + ms / 2)
      : deadlines.set('expiry', this, now.mono + ms - Math.min(32_000, ms / 3));
  }
  #kept: Deadline<Sleeper> | undefined;
  /** What may have refreshed the session. */
  #hasRefused = false;

  #refresh(now: Instant): void {
    const { deadlines, abilities } = this.#line;
    this.#kept = deadlines.set('refresh', this, now.mono + 3_000);
    if (abilities.updates) return void this.#request('UPDATE', this.#aboutUs(), '', now);
    if (this.#asking || this.#unconfirmed || this.#asked || this.session.said === '') return;
    const { session } = this;
    const { direction, streams } = session;
    const { before } = session;
    const headers: Header[] = [...this.#aboutUs(), ['Content-Type', 'application/sdp']];
    const transaction = this.#request('INVITE', headers, session.said, now);
    this.#asking = { transaction, direction, offerless: false, before, streams };
  }

  /** What an INVITE or UPDATE of ours says beside the session. */
  #aboutUs(): Header[] {
    return [['Contact', this.#line.contact], ...saying(this.#line.abilities), ...this.keepAlive.asked()];
  }

  #request(method: string, headers: readonly Header[], body: Octets, now: Instant): ClientTransaction<Sleeper> {
    return this.#wire.request(method, headers, body, this, now);
  }

  #end(): void {
    this.#state = 'over';
    this.#history.talking = false;
    const { deadlines } = this.#line;
    deadlines.clear(this.#again);
    deadlines.clear(this.#kept);
    for (const planned of this.#planned) deadlines.clear(planned);
    this.#onOver();
  }
}
