/**
 * Peers of a call before its answer, and after it: whatever they are told to do they do by RFC 3261, 3262, 3264 and 3311, since a
 * machine of offer and answer of their own says in each dialog what may go and what has come.
 */
import { formatRequest, formatResponse, type Header, SipRequest, type SipResponse } from '#codec/sip-message';
import type { HostPort } from '#kernel';
import { type Carrier, type OfferAnswerState, type Role, step } from '#media/offer-answer';
import type { Half, Session } from './in-call.ts';
import { answerTo, halfOf } from './in-call.ts';
import { readSent } from './phone.ts';
import type { World } from './world.ts';

export interface Skills {
  readonly reliable: boolean;
  readonly updates: boolean;
}

interface Asked {
  readonly method: string;
  readonly cseq: number;
  readonly dialog: Dialog | undefined;
  final: number;
}

/** One dialog of a peer: what it said and heard, and what is due. */
class Dialog {
  readonly tag: string;
  remote: string;
  target: string;
  state: OfferAnswerState;
  session: Session = { local: '', remote: '' };
  /** Its offer that waits for an answer. */
  offered = '';
  /** A request of ours with an offer, to be answered. */
  pending: SipRequest | undefined;
  /** The callee's: a reliable response that waits for its PRACK. */
  unacknowledged: { readonly rseq: number; readonly sdp: boolean } | undefined;
  /** The callee's answer that an unreliable response has shown. */
  preview = '';
  /** The caller's: what it has to acknowledge, and the offer in it. */
  readonly toAcknowledge: { readonly rack: string; readonly offer: string }[] = [];
  rseq = 100;
  cseq = 0;
  confirmed = false;
  over = false;

  constructor(tag: string, remote: string, target: string, state: OfferAnswerState) {
    this.tag = tag;
    this.remote = remote;
    this.target = target;
    this.state = state;
  }

  /** What it would be; undefined when it must not go now. */
  role(what: Carrier, sdp: boolean): Role | undefined {
    const outcome = step(this.state, { by: 'us', what, sdp });
    return outcome.kind === 'taken' && outcome.role !== 'ignored' ? outcome.role : undefined;
  }

  sends(what: Carrier, sdp: boolean): void {
    this.state = step(this.state, { by: 'us', what, sdp }).state;
  }

  /** What came, be it as it may. */
  hears(what: Carrier, sdp: boolean): Role | undefined {
    const outcome = step(this.state, { by: 'peer', what, sdp });
    this.state = outcome.state;
    return outcome.kind === 'taken' ? outcome.role : undefined;
  }

  /** Takes what came; throws when it must not have come. A number: it crosses, and is refused with that. */
  takes(what: Carrier, sdp: boolean): Role | number {
    const outcome = step(this.state, { by: 'peer', what, sdp });
    if (outcome.kind === 'crossing') return outcome.status;
    if (outcome.kind === 'wrong')
      throw new Error(
        `${this.tag} got ${what}${sdp ? ' with SDP' : ''}: ${outcome.why}, at ${JSON.stringify(this.state)}`,
      );
    this.state = outcome.state;
    return outcome.role;
  }
}

abstract class EarlyPeer {
  readonly name: string;
  readonly skills: Skills;
  readonly inbox: string[] = [];
  readonly dialogs = new Map<string, Dialog>();
  readonly asked: Asked[] = [];
  /** It has refused an offer in the answered call. */
  refused = false;
  /** The final status of the INVITE that makes the call. */
  final: number | undefined;
  protected callId = '';
  protected readonly address: HostPort;
  readonly #world: World;
  readonly #listener: string;
  readonly #seen = new Map<string, string>();
  #branches = 0;
  #version = 0;
  /** For all dialogs of the peer, which is more than is needed. */
  #cseq = 1;

  constructor(name: string, world: World, address: HostPort, listener: string, skills: Skills) {
    this.name = name;
    this.#world = world;
    this.address = address;
    this.#listener = listener;
    this.skills = skills;
  }

  /** The dialog that talks. */
  get talking(): Dialog | undefined {
    return [...this.dialogs.values()].find(({ confirmed, over }) => confirmed && !over);
  }

  protected pick(n: number): Dialog | undefined {
    const alive = [...this.dialogs.values()].filter(({ over }) => !over);
    return alive[n % Math.max(1, alive.length)];
  }

  describe({ port, direction, formats }: Half): string {
    const { host } = this.address;
    const head = `v=0\r\no=- 7 ${++this.#version} IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\n`;
    return `${head}m=audio ${port} RTP/AVP ${formats}\r\na=${direction}\r\n`;
  }

  protected answerFor(offer: string, wanted: Half): string {
    return this.describe({ ...wanted, direction: answerTo(halfOf(offer).direction, wanted.direction) });
  }

  // --- what it may be told to do -----------------------------------------------------------------------------------

  update(n: number, half: Half): void {
    const dialog = this.pick(n);
    if (!dialog || !this.skills.updates || dialog.pending || dialog.role('UPDATE', true) !== 'offer') return;
    this.offer(dialog, 'UPDATE', half);
  }

  reInvite(half: Half): void {
    const dialog = this.talking;
    if (dialog && !dialog.pending && dialog.role('INVITE', true) === 'offer') this.offer(dialog, 'INVITE', half);
  }

  protected offer(
    dialog: Dialog,
    method: 'UPDATE' | 'INVITE' | 'PRACK',
    half: Half,
    more: readonly Header[] = [],
  ): void {
    dialog.sends(method, true);
    dialog.offered = this.describe(half);
    this.ask(dialog, method, dialog.offered, more);
  }

  /** Answers what waits for it in one of its dialogs. */
  answer(n: number, accepts: boolean, half: Half): boolean {
    const waiting = [...this.dialogs.values()].filter(({ pending }) => pending);
    const dialog = waiting[n % Math.max(1, waiting.length)];
    const request = dialog?.pending;
    if (!dialog || !request) return false;
    dialog.pending = undefined;
    if (dialog.over) {
      this.respond(request, dialog.tag, 487, '');
      return true;
    }
    if (!accepts) {
      this.refused ||= dialog.confirmed;
      dialog.sends(request.method === 'INVITE' ? 'failure of INVITE' : 'failure of UPDATE', false);
      this.respond(request, dialog.tag, 488, '');
      return true;
    }
    const body = this.answerFor(request.body, half);
    dialog.sends(request.method === 'INVITE' ? '2xx' : '2xx to UPDATE', true);
    dialog.session = { local: body, remote: request.body };
    this.respond(request, dialog.tag, 200, body);
    return true;
  }

  bye(): void {
    const dialog = this.talking;
    if (dialog) this.ask(dialog, 'BYE', '');
  }

  // --- what comes --------------------------------------------------------------------------------------------------

  read(half: Half): boolean {
    const octets = this.inbox.shift();
    if (octets === undefined) return false;
    const message = readSent(octets);
    if (!(message instanceof SipRequest)) this.#answered(message, half);
    else {
      const key = keyOf(message);
      const before = this.#seen.get(key);
      if (before === undefined) {
        this.#seen.set(key, '');
        this.requested(message, half);
      } else if (before !== '') this.send(before); // It came again.
    }
    return true;
  }

  protected abstract requested(request: SipRequest, half: Half): void;
  /** Of the INVITE that makes the call. */
  protected abstract progressed(response: SipResponse, half: Half): void;

  /** Of the two tags the one by which this peer tells its dialogs apart. */
  protected abstract tagOf(request: SipRequest): string;

  /** A request in a dialog that both sides of a call may get. */
  protected inDialog(request: SipRequest): void {
    const dialog = this.dialogs.get(this.tagOf(request));
    const refuse = (status: number) => this.respond(request, '', status, '');
    if (!dialog || dialog.over) return refuse(481);
    if (request.contact) dialog.target = request.contact.uri;
    const sdp = request.body !== '';
    switch (request.method) {
      case 'BYE':
        dialog.over = true;
        refuse(200);
        return void this.answer(0, false, halfOf(''));
      case 'UPDATE':
      case 'INVITE': {
        if (request.method === 'UPDATE' && !this.skills.updates) throw new Error(`${this.name} allows no UPDATE`);
        const came = dialog.takes(request.method, sdp);
        if (typeof came === 'number') return refuse(came);
        if (!sdp) return refuse(200);
        dialog.pending = request;
        return;
      }
      default:
        throw new Error(`${this.name} got ${request.method}`);
    }
  }

  #answered(response: SipResponse, half: Half): void {
    const { status, cseq } = response;
    if (cseq.method === 'CANCEL') return;
    const asked = this.asked.find((one) => one.cseq === cseq.number && one.method === cseq.method);
    if (!asked) throw new Error(`${this.name} got ${status} to what it has not asked: ${cseq.number} ${cseq.method}`);
    const { dialog } = asked;
    if (!dialog) return this.progressed(response, half);
    if (status < 200) return;
    const isAgain = asked.final === status;
    if (asked.final !== 0 && !isAgain)
      throw new Error(`${this.name} got ${asked.final} and ${status} to ${asked.method}`);
    asked.final = status;
    if (asked.method === 'INVITE') this.acknowledge(dialog, response, '');
    if (isAgain || asked.method === 'BYE') return;
    const sdp = response.body !== '';
    const method = asked.method as 'INVITE' | 'UPDATE' | 'PRACK';
    if (status >= 300) return void dialog.takes(`failure of ${method}`, false);
    if (response.contact) dialog.target = response.contact.uri;
    const role = dialog.takes(method === 'INVITE' ? '2xx' : `2xx to ${method}`, sdp);
    if (method === 'INVITE') dialog.sends('ACK', false);
    if (role === 'answer') dialog.session = { local: dialog.offered, remote: response.body };
  }

  // --- wire --------------------------------------------------------------------------------------------------------

  protected abstract localOf(dialog: Dialog): string;

  protected ask(dialog: Dialog, method: string, body: string, more: readonly Header[] = []): void {
    const cseq = ++this.#cseq;
    this.asked.push({ method, cseq, dialog, final: 0 });
    this.request(dialog, method, cseq, body, more);
  }

  protected request(dialog: Dialog, method: string, cseq: number, body: string, more: readonly Header[] = []): void {
    const headers: Header[] = [
      ['Via', this.via()],
      ['Max-Forwards', '70'],
      ['From', this.localOf(dialog)],
      ['To', dialog.remote],
      ['Call-ID', this.callId],
      ['CSeq', `${cseq} ${method}`],
      ...this.own(),
      ...more,
    ];
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    this.send(formatRequest(method, dialog.target, headers, body));
  }

  protected via(): string {
    return `SIP/2.0/UDP ${this.address.host}:5060;branch=z9hG4bK-${this.name}-${++this.#branches}`;
  }

  protected acknowledge(dialog: Dialog, response: SipResponse, body: string): void {
    if (response.status < 300) return this.request(dialog, 'ACK', response.cseq.number, body);
    const headers: Header[] = [
      ['Via', response.get('via') ?? ''],
      ['Max-Forwards', '70'],
      ['From', response.get('from') ?? ''],
      ['To', response.get('to') ?? ''],
      ['Call-ID', this.callId],
      ['CSeq', `${response.cseq.number} ACK`],
    ];
    this.send(formatRequest('ACK', dialog.target || 'sip:+4912@10.0.0.1:5060', headers, ''));
  }

  protected respond(
    request: SipRequest,
    tag: string,
    status: number,
    body: string,
    more: readonly Header[] = [],
  ): void {
    const to = request.get('to') ?? '';
    const headers: Header[] = [
      ['Via', request.get('via') ?? ''],
      ['From', request.get('from') ?? ''],
      ['To', to.includes(';tag=') || status === 100 ? to : `${to};tag=${tag}`],
      ['Call-ID', request.callId],
      ['CSeq', request.get('cseq') ?? ''],
      ...this.own(),
      ...(status === 500 ? [['Retry-After', '1'] as const] : []),
      ...more,
    ];
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    const octets = formatResponse(status, 'X', headers, body);
    this.#seen.set(keyOf(request), octets);
    this.send(octets);
  }

  protected own(): Header[] {
    const { reliable, updates } = this.skills;
    const headers: Header[] = [
      ['Contact', `<sip:${this.name}@${this.address.host}:5060>`],
      ['Allow', `INVITE, ACK, CANCEL, BYE${reliable ? ', PRACK' : ''}${updates ? ', UPDATE' : ''}`],
    ];
    if (reliable) headers.push(['Supported', '100rel']);
    return headers;
  }

  protected send(octets: string): void {
    const flow = { transport: 'udp', listener: `${this.#listener}/udp`, remote: this.address } as const;
    this.#world.give({ kind: 'received', flow, octets });
  }
}

export class EarlyCaller extends EarlyPeer {
  #invite = '';
  #offer = '';
  #proceeding = false;
  #cancelled = false;
  #local = '';

  call(ours: HostPort, half: Half | undefined): void {
    this.callId = `early@${this.address.host}`;
    this.#local = `<sip:+4930@${this.address.host}>;tag=${this.name}`;
    this.#offer = half ? this.describe(half) : '';
    const target = `sip:+4912@${ours.host}:5060`;
    const headers: Header[] = [
      ['Via', this.via()],
      ['Max-Forwards', '70'],
      ['From', this.#local],
      ['To', `<sip:+4912@${ours.host}>`],
      ['Call-ID', this.callId],
      ['CSeq', '1 INVITE'],
      ...this.own(),
    ];
    if (half) headers.push(['Content-Type', 'application/sdp']);
    this.asked.push({ method: 'INVITE', cseq: 1, dialog: undefined, final: 0 });
    this.#invite = formatRequest('INVITE', target, headers, this.#offer);
    this.send(this.#invite);
  }

  cancel(): void {
    if (!this.#proceeding || this.#cancelled || this.final !== undefined) return;
    this.#cancelled = true;
    const head = this.#invite.slice(0, this.#invite.indexOf('\r\n\r\n'));
    const bare = head.replace(/\r\nContent-(Type|Length):[^\r]*/g, '');
    this.send(`${bare.replace(/^INVITE/, 'CANCEL').replace('1 INVITE', '1 CANCEL')}\r\nContent-Length: 0\r\n\r\n`);
  }

  /** Acknowledges what it has to, the oldest first. `offers`: with a new offer, where it may. */
  prack(n: number, offers: boolean, half: Half): boolean {
    const waiting = [...this.dialogs.values()].filter(({ toAcknowledge, over }) => toAcknowledge.length > 0 && !over);
    const dialog = waiting[n % Math.max(1, waiting.length)];
    const next = dialog?.toAcknowledge.shift();
    if (!dialog || !next) return false;
    const rack: readonly Header[] = [['RAck', next.rack]];
    if (next.offer !== '') {
      const body = this.answerFor(next.offer, half);
      dialog.sends('PRACK', true);
      dialog.session = { local: body, remote: next.offer };
      this.ask(dialog, 'PRACK', body, rack);
    } else if (offers && !dialog.confirmed && dialog.role('PRACK', true) === 'offer') {
      this.offer(dialog, 'PRACK', half, rack);
    } else {
      dialog.sends('PRACK', false);
      this.ask(dialog, 'PRACK', '', rack);
    }
    return true;
  }

  protected requested(request: SipRequest): void {
    if (request.method !== 'ACK') return this.inDialog(request);
    this.dialogs.get(this.tagOf(request))?.hears('ACK', request.body !== '');
  }

  protected tagOf({ from }: SipRequest): string {
    return from.tag ?? '';
  }

  protected progressed(response: SipResponse, half: Half): void {
    const { status } = response;
    this.#proceeding ||= status < 200;
    if (status === 100) return;
    const tag = response.to.tag ?? '';
    if (status >= 300) {
      if (this.final !== undefined && this.final !== status) throw new Error(`two finals: ${this.final}, ${status}`);
      this.final = status;
      for (const dialog of this.dialogs.values()) dialog.over = true;
      return this.acknowledge(this.#dialog(tag, response), response, '');
    }
    const dialog = this.#dialog(tag, response);
    const sdp = response.body !== '';
    if (status < 200) {
      const rseq = response.get('rseq');
      if (rseq !== undefined && !this.skills.reliable) throw new Error('a reliable response to who can not');
      if (rseq !== undefined && Number(rseq) <= dialog.rseq) return; // It came again.
      if (rseq !== undefined) dialog.rseq = Number(rseq);
      const role = dialog.takes(rseq === undefined ? 'unreliable 1xx' : 'reliable 1xx', sdp);
      if (role === 'answer') dialog.session = { local: this.#offer, remote: response.body };
      if (rseq !== undefined)
        dialog.toAcknowledge.push({ rack: `${rseq} 1 INVITE`, offer: role === 'offer' ? response.body : '' });
      return;
    }
    const isAgain = this.final !== undefined;
    if (isAgain && this.talking !== dialog && !dialog.over) throw new Error('two dialogs are confirmed');
    this.final = status;
    if (isAgain) return this.acknowledge(dialog, response, '');
    for (const other of this.dialogs.values()) if (other !== dialog) other.over = true;
    dialog.confirmed = true;
    // An UPDATE of ours may cross it.
    const role = dialog.hears('2xx', sdp);
    if (role === 'answer') dialog.session = { local: this.#offer, remote: response.body };
    let answer = '';
    if (role === 'offer') {
      answer = this.answerFor(response.body, half);
      dialog.session = { local: answer, remote: response.body };
    }
    dialog.sends('ACK', answer !== '');
    this.acknowledge(dialog, response, answer);
  }

  #dialog(tag: string, response: SipResponse): Dialog {
    const known = this.dialogs.get(tag);
    if (known) return known;
    const state = step({}, { by: 'us', what: 'INVITE', sdp: this.#offer !== '' }).state;
    const dialog = new Dialog(this.name, response.get('to') ?? '', response.contact?.uri ?? '', state);
    dialog.rseq = 0;
    this.dialogs.set(tag, dialog);
    return dialog;
  }

  protected localOf(): string {
    return this.#local;
  }
}

export class EarlyCallee extends EarlyPeer {
  #invite: SipRequest | undefined;
  #cancelled = false;

  progress(fork: number, status: number, reliable: boolean, sdp: boolean, half: Half): void {
    const invite = this.#invite;
    if (!invite || this.final !== undefined) return;
    const dialog = this.#dialog(fork);
    const isReliable = reliable && this.#mayBeReliable(invite);
    if (dialog.unacknowledged && isReliable) return; // RFC 3262 3: one after the other.
    const what = isReliable ? 'reliable 1xx' : 'unreliable 1xx';
    const role = sdp ? dialog.role(what, true) : 'none';
    let body = '';
    if (role === 'answer' || role === 'preview') body = dialog.preview || this.answerFor(invite.body, half);
    else if (role === 'offer') body = this.describe(half);
    else if (role === 'repeated' && dialog.session.local !== '') body = dialog.session.local;
    if (role === 'preview') dialog.preview = body;
    if (role === 'answer') dialog.session = { local: body, remote: invite.body };
    if (role === 'offer') dialog.offered = body;
    dialog.sends(what, body !== '');
    const headers: Header[] = [];
    if (isReliable) {
      dialog.rseq++;
      dialog.unacknowledged = { rseq: dialog.rseq, sdp: body !== '' };
      headers.push(['Require', '100rel'], ['RSeq', String(dialog.rseq)]);
    }
    this.respond(invite, dialog.tag, status, body, headers);
  }

  /** Answers the call, when it may. */
  accept(fork: number, half: Half): void {
    const invite = this.#invite;
    if (!invite || this.final !== undefined) return;
    const dialog = this.#dialog(fork);
    if (dialog.unacknowledged?.sdp || dialog.pending) return;
    const { invite: open, offer } = dialog.state;
    if (offer && offer.in !== 'INVITE') return; // RFC 3311 5.1, RFC 6337 3.1
    const isSettled = open?.settled === true;
    let body = '';
    if (offer) body = dialog.preview || this.answerFor(invite.body, half);
    else if (!isSettled) body = this.describe(half);
    if (offer) dialog.session = { local: body, remote: invite.body };
    else if (!isSettled) dialog.offered = body;
    dialog.sends('2xx', body !== '');
    this.final = 200;
    dialog.confirmed = true;
    for (const other of this.dialogs.values()) if (other !== dialog) other.over = true;
    this.respond(invite, dialog.tag, 200, body);
  }

  refuse(status: number): void {
    if (!this.#invite || this.final !== undefined) return;
    this.final = status;
    for (const dialog of this.dialogs.values()) dialog.over = true;
    this.respond(this.#invite, 'fork-0', status, '');
  }

  get isRinging(): boolean {
    return this.#invite !== undefined && this.final === undefined && !this.#cancelled;
  }

  #mayBeReliable(invite: SipRequest): boolean {
    return this.skills.reliable && [...invite.all('supported'), ...invite.all('require')].includes('100rel');
  }

  protected requested(request: SipRequest, half: Half): void {
    const { method } = request;
    if (method === 'INVITE' && request.to.tag === undefined) {
      if (this.callId !== '') throw new Error('a second call');
      this.callId = request.callId;
      this.#invite = request;
      return this.respond(request, '', 100, '');
    }
    const dialog = this.dialogs.get(this.tagOf(request));
    switch (method) {
      case 'CANCEL':
        this.#cancelled = true;
        this.respond(request, 'fork-0', 200, '');
        return this.refuse(487);
      case 'ACK': {
        if (!dialog) return;
        // Without the answer that is due it lets us out of our 2xx: a BYE follows.
        const came = dialog.hears('ACK', request.body !== '');
        if (came === 'answer') dialog.session = { local: dialog.offered, remote: request.body };
        return;
      }
      case 'PRACK':
        return this.#pracked(request, dialog, half);
      default:
        this.inDialog(request);
    }
  }

  protected progressed(response: SipResponse): void {
    throw new Error(`${this.name} called nobody, and got ${response.status}`);
  }

  #pracked(request: SipRequest, dialog: Dialog | undefined, half: Half): void {
    const refuse = (status: number) => this.respond(request, '', status, '');
    const waiting = dialog?.unacknowledged;
    if (!dialog || !waiting) return refuse(481);
    if (request.get('rack') !== `${waiting.rseq} ${this.#invite!.cseq.number} INVITE`) throw new Error('a wrong RAck');
    dialog.unacknowledged = undefined;
    if (dialog.over) return refuse(200);
    const role = dialog.takes('PRACK', request.body !== '');
    if (role === 'answer') dialog.session = { local: dialog.offered, remote: request.body };
    if (role !== 'offer') return refuse(200);
    const body = this.answerFor(request.body, half);
    dialog.sends('2xx to PRACK', true);
    dialog.session = { local: body, remote: request.body };
    this.respond(request, dialog.tag, 200, body);
  }

  #dialog(fork: number): Dialog {
    const tag = `fork-${fork}`;
    const known = this.dialogs.get(tag);
    if (known) return known;
    const invite = this.#invite!;
    const state = step({}, { by: 'peer', what: 'INVITE', sdp: invite.body !== '' }).state;
    const dialog = new Dialog(tag, invite.get('from') ?? '', invite.contact?.uri ?? '', state);
    this.dialogs.set(tag, dialog);
    return dialog;
  }

  protected tagOf({ to }: SipRequest): string {
    return to.tag ?? '';
  }

  protected localOf({ tag }: Dialog): string {
    return `${this.#invite!.get('to')};tag=${tag}`;
  }
}

function keyOf({ method, cseq, from, to }: SipRequest): string {
  return `${method} ${cseq.number} ${from.tag} ${to.tag ?? ''}`;
}
