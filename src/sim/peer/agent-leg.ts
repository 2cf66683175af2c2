import type { Direction } from '#codec/sdp';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Deadline, HostPort, Instant, Octets } from '#kernel';
import { type Dialog, inOrder, literalAddress, nextHopUri, routingOf } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ClientTransaction, OutgoingRequest, ServerTransaction, Sleeper } from '#sip/transaction';
import type { History, Line } from './line.ts';
import type { Doing, TalkPlan } from './plan.ts';
import { agreed, describe, type Heard, heard, mirrored } from './sdp.ts';

/** A 2xx of ours until its ACK. */
interface Unconfirmed {
  readonly cseq: number;
  readonly transaction: ServerTransaction<Sleeper>;
  readonly octets: Octets;
  readonly until: number;
  /** Our 2xx held the offer: the ACK is to hold the answer. */
  readonly offered: boolean;
  interval: number;
}

/** What one end of a call has for its media. */
export interface LegMedia {
  readonly own: HostPort;
  readonly told: HostPort;
  readonly direction: Direction;
  readonly since: number;
}

/** A re-INVITE of ours under way. */
interface Asking {
  readonly transaction: ClientTransaction<Sleeper>;
  readonly direction: Direction;
  readonly offerless: boolean;
  /** The port before, to go back to when it is refused (RFC 3261 14.1). */
  readonly before: number;
  readonly streams: number;
}

/** One confirmed dialog of an agent, honest by RFC 3261 12 to 15. */
export class AgentLeg implements Sleeper {
  readonly dialog: Dialog;
  readonly #line: Line;
  readonly #history: History;
  readonly #plan: TalkPlan | undefined;
  readonly #onOver: () => void;
  #state: 'answering' | 'talking' | 'closing' | 'over' = 'answering';
  #port: number;
  /** How many streams the session has: never fewer than once (RFC 3264 8). */
  #streams: number;
  readonly #video: boolean;
  #version = 1;
  direction: Direction = 'sendrecv';
  /** What the other side said last of where it listens. */
  #told: Heard | undefined;
  /** When anything of the media was last spoken of. */
  #since = 0;
  #unconfirmed: Unconfirmed | undefined;
  #again: Deadline<Sleeper> | undefined;
  #asking: Asking | undefined;
  #asked: ServerTransaction<Sleeper> | undefined;
  #hangUpWanted = false;
  /** A leg that was wanted, and whose ACK is through. */
  #isConfirmed = false;
  #acked: { readonly cseq: number; readonly flow: Flow; readonly octets: Octets } | undefined;
  readonly #planned: (Deadline<Sleeper> | undefined)[] = [];

  constructor(options: {
    line: Line;
    dialog: Dialog;
    history: History;
    port: number;
    streams: number;
    video: boolean;
    /** Undefined: a leg that is hung up as soon as it may be. */
    plan: TalkPlan | undefined;
    onOver: () => void;
  }) {
    this.#line = options.line;
    // The proxy that stays in the way lives with this agent: its own requests do not go by it.
    this.dialog = { ...options.dialog, routeSet: [] };
    this.#history = options.history;
    this.#port = options.port;
    this.#streams = options.streams;
    this.#video = options.video;
    this.#plan = options.plan;
    this.#onOver = options.onOver;
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** The port that RTP of ours comes from, when we send some. */
  get speaking(): number | undefined {
    return this.#state === 'talking' && (this.direction === 'sendrecv' || this.direction === 'sendonly')
      ? this.#port
      : undefined;
  }

  /** Its media as this end has it; undefined while there is something to be said about it. */
  get media(): LegMedia | undefined {
    if (this.#state !== 'talking' || this.#asking || this.#asked || this.#unconfirmed || !this.#told) return undefined;
    const { direction } = this;
    return { own: { host: this.#line.host, port: this.#port }, told: this.#told, direction, since: this.#since };
  }

  // --- confirmation ------------------------------------------------------------------------------------------------

  /** The caller: acknowledges the 2xx to its INVITE. `answer`: the 2xx held the offer. */
  acknowledge(response: SipResponse, answer: Octets, now: Instant): void {
    this.#sendAck(response.cseq.number, answer);
    this.#hear(heard(response.body), now);
    if (this.#state === 'answering') this.#talk(now);
  }

  /** A 2xx that came again. */
  again(response: SipResponse): void {
    if (this.#acked?.cseq === response.cseq.number) this.#line.layer.send(this.#acked.flow, this.#acked.octets);
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
    if (!offered) this.#hear(heard(offer), now);
    this.#unconfirmed = { cseq, transaction, octets, offered, interval: t1, until: now.mono + 64 * t1 };
    this.#again = this.#line.deadlines.set('2xx again', this, now.mono + t1);
  }

  confirmed(ack: SipRequest, now: Instant): void {
    const unconfirmed = this.#unconfirmed;
    if (!unconfirmed || ack.cseq.number !== unconfirmed.cseq) return;
    this.#line.deadlines.clear(this.#again);
    this.#unconfirmed = undefined;
    if (unconfirmed.offered) {
      const answer = heard(ack.body);
      if (answer) this.#expectStreams(answer.streams, this.#streams, 'ACK');
      if (answer) this.direction = agreed(this.direction, answer.direction);
      this.#hear(answer, now);
    }
    if (this.#state === 'answering') this.#talk(now);
    else if (this.#hangUpWanted) this.hangUp(now);
  }

  #talk(now: Instant): void {
    this.#state = 'talking';
    if (!this.#plan) return this.hangUp(now);
    this.#isConfirmed = true;
    this.#history.talking = true;
    this.#history.ever = true;
    if (this.#line.retired || this.#hangUpWanted) return this.hangUp(now);
    const { hangUpAfter, doings } = this.#plan;
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
    switch (request.method) {
      case 'BYE':
        respond(200);
        if (this.#asked) this.#line.layer.respond(this.#asked, { status: 487 }, now.mono);
        this.#end();
        return;
      case 'INVITE':
        if (this.#state === 'closing') return void respond(481);
        if (this.#asking) return void respond(491);
        if (this.#unconfirmed || this.#asked) return void respond(500, [['Retry-After', '2']]);
        this.#reInvited(transaction, request, now);
        return;
      case 'INFO':
      case 'OPTIONS':
        respond(200);
        return;
      default:
        respond(405);
    }
  }

  #reInvited(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const { layer, dice, deadlines, contact } = this.#line;
    if (dice.chance(0.15))
      return void layer.respond(transaction, { status: dice.pick([488, 500, 491, 603]) }, now.mono);
    if (dice.chance(0.3)) {
      // Somebody has to be asked first.
      this.#asked = transaction;
      layer.respond(transaction, { status: 100 }, now.mono);
      this.#offer = request;
      this.#planned.push(deadlines.set('answer', this, now.mono + dice.between(0, 6_000)));
      return;
    }
    if (request.contact) this.dialog.remoteTarget = request.contact.uri;
    let direction: Direction = 'sendrecv';
    const offered = request.body === '';
    if (!offered) {
      const offer = heard(request.body);
      if (!offer) return void layer.respond(transaction, { status: 488 }, now.mono);
      direction = mirrored(offer.direction);
      this.#offered(offer);
    }
    this.direction = direction;
    const octets = layer.respond(
      transaction,
      {
        status: 200,
        headers: [
          ['Contact', contact],
          ['Content-Type', 'application/sdp'],
        ],
        body: this.#description(direction),
      },
      now.mono,
    );
    this.answered(request.body, transaction, request.cseq.number, octets, offered, now);
  }
  #offer: SipRequest | undefined;

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
    if (transaction.method !== 'INVITE') return;
    if (status >= 300) {
      this.#port = this.#asking?.before ?? this.#port;
      this.#asking = undefined;
      // 12.2.1.2
      if (status === 481 || status === 408) this.hangUp(now);
      else if (this.#hangUpWanted) this.hangUp(now);
      return;
    }
    if (this.#acked?.cseq === response.cseq.number) return this.again(response);
    const asking = this.#asking;
    this.#asking = undefined;
    if (response.contact) this.dialog.remoteTarget = response.contact.uri;
    const answer = heard(response.body);
    if (answer && asking?.offerless) this.#offered(answer);
    else if (answer && asking) {
      this.#expectStreams(answer.streams, asking.streams, 're-INVITE');
      this.#streams = asking.streams;
    }
    if (!answer && this.#line.mediaHost !== undefined)
      this.#line.complain(`200 to a re-INVITE without SDP: ${response.callId}`);
    this.#hear(answer, now);
    if (asking?.offerless) {
      this.direction = mirrored(answer?.direction ?? 'sendrecv');
      this.#sendAck(response.cseq.number, this.#description(this.direction));
    } else {
      this.direction = agreed(asking?.direction ?? this.direction, answer?.direction ?? 'sendrecv');
      this.#sendAck(response.cseq.number, '');
    }
    if (this.#hangUpWanted) this.hangUp(now);
  }

  failed(transaction: ClientTransaction<Sleeper>, now: Instant): void {
    if (transaction.method === 'BYE') this.#end();
    else if (transaction.method === 'INVITE') {
      this.#asking = undefined;
      this.hangUp(now);
    }
  }

  // --- what it does ------------------------------------------------------------------------------------------------

  hangUp(now: Instant): void {
    if (this.#state === 'closing' || this.#state === 'over') return;
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
        if (asked && request && this.#state === 'talking') this.#answerLate(asked, request, now);
        return;
      }
      default:
        if (this.#state === 'talking') this.#do(name as Doing, now);
    }
  }

  #answerLate(asked: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const offer = request.body === '' ? undefined : heard(request.body);
    if (offer) this.#offered(offer);
    this.direction = offer ? mirrored(offer.direction) : 'sendrecv';
    const { layer, contact } = this.#line;
    const octets = layer.respond(
      asked,
      {
        status: 200,
        headers: [
          ['Contact', contact],
          ['Content-Type', 'application/sdp'],
        ],
        body: this.#description(this.direction),
      },
      now.mono,
    );
    if (octets !== '') this.answered(request.body, asked, request.cseq.number, octets, request.body === '', now);
  }

  #do(what: Doing, now: Instant): void {
    switch (what) {
      case 'info':
        return void this.#request(
          'INFO',
          [['Content-Type', 'application/dtmf-relay']],
          'Signal=5\r\nDuration=160\r\n',
          now,
        );
      case 'options':
        return void this.#request('OPTIONS', [], '', now);
      case 'update':
        return void this.#request('UPDATE', [], '', now);
    }
    if (this.#asking || this.#unconfirmed || this.#asked) return;
    const before = this.#port;
    if (what === 'move') this.#port = this.#line.mediaPort();
    const direction: Direction = what === 'hold' ? this.#line.dice.pick(['sendonly', 'inactive'] as const) : 'sendrecv';
    const streams = what === 'video' ? Math.max(2, this.#streams) : this.#streams;
    const offerless = what === 'offerless';
    const headers: Header[] = [['Contact', this.#line.contact]];
    if (!offerless) headers.push(['Content-Type', 'application/sdp']);
    const transaction = this.#request('INVITE', headers, offerless ? '' : this.#description(direction, streams), now);
    this.#asking = { transaction, direction, offerless, before, streams };
    if (this.#line.dice.chance(0.15)) this.#line.layer.cancelInvite(transaction, now.mono);
  }

  #request(method: string, headers: readonly Header[], body: Octets, now: Instant): ClientTransaction<Sleeper> {
    this.dialog.localCSeq++;
    return this.#line.layer.request(
      this.#outgoing(method, this.dialog.localCSeq, headers, body),
      this.#target(),
      this,
      now.mono,
    );
  }

  #sendAck(cseq: number, body: Octets): void {
    const headers: Header[] = body === '' ? [] : [['Content-Type', 'application/sdp']];
    this.#acked = { cseq, ...this.#line.layer.sendAck(this.#outgoing('ACK', cseq, headers, body), this.#target()) };
  }

  #outgoing(method: string, cseq: number, headers: readonly Header[], body: Octets): OutgoingRequest {
    const { dialog } = this;
    return {
      method,
      ...routingOf(dialog),
      from: dialog.local,
      to: dialog.remote,
      callId: dialog.callId,
      cseq,
      headers: [['Max-Forwards', '70'], ...headers],
      body,
    };
  }

  #target() {
    const uri = nextHopUri(this.dialog);
    return this.#line.target(literalAddress(uri), uri?.params.get('transport'));
  }

  #description(direction: Direction, streams = this.#streams): Octets {
    const address = { host: this.#line.host, port: this.#port };
    return describe({ address, direction, version: ++this.#version, streams, video: this.#video });
  }

  #offered({ streams }: Heard): void {
    if (streams < this.#streams && this.#line.mediaHost !== undefined)
      this.#line.complain(`${streams} streams after ${this.#streams}: ${this.dialog.callId}`);
    this.#streams = streams;
  }

  #expectStreams(got: number, wanted: number, what: string): void {
    // Passed on unread, a 2xx without SDP may be answered with anything.
    if (got !== wanted && this.#line.mediaHost !== undefined)
      this.#line.complain(`${got} streams for ${wanted} after ${what}: ${this.dialog.callId}`);
  }

  /** Takes over where the other side listens. */
  #hear(theirs: Heard | undefined, now: Instant): void {
    this.#since = now.mono;
    if (!theirs) return;
    this.#told = theirs;
    const { mediaHost } = this.#line;
    if (mediaHost !== undefined && theirs.host !== mediaHost)
      this.#line.complain(`SDP names ${theirs.host}, not ${mediaHost}: ${this.dialog.callId}`);
  }

  #end(): void {
    this.#state = 'over';
    this.#history.talking = false;
    const { deadlines } = this.#line;
    deadlines.clear(this.#again);
    for (const planned of this.#planned) deadlines.clear(planned);
    this.#onOver();
  }
}
