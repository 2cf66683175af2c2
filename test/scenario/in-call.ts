/** A peer of an answered call that does what RFC 3261 14, RFC 3264 and RFC 3311 ask of it, at whatever moment it is told to. */
import { formatRequest, formatResponse, type Header, SipRequest, type SipResponse } from '#codec/sip-message';
import type { HostPort } from '#kernel';
import { readSent } from './phone.ts';
import type { World } from './world.ts';

/** One side's half of a session. */
export interface Half {
  readonly port: number;
  readonly direction: string;
  readonly formats: string;
}

/** What a peer believes to hold: its own last word and ours. */
export interface Session {
  readonly local: string;
  readonly remote: string;
}

interface Asked {
  readonly request: string;
  readonly method: string;
  readonly cseq: number;
  readonly offer: string;
  readonly finals: Set<string>;
  /** A provisional response has come: it may be cancelled (9.1). */
  proceeding: boolean;
  branch: string;
}

/** A final answer that a peer may give. */
export type Verdict = 'accept' | 'refuse' | 'busy';

export class Peer {
  readonly name: string;
  readonly takesUpdate: boolean;
  readonly inbox: string[] = [];
  session: Session = { local: '', remote: '' };
  /** Requests of its own, by CSeq. */
  readonly asked: Asked[] = [];
  /** Set once it has hung up, or we have. */
  over = false;
  readonly #world: World;
  readonly #address: HostPort;
  readonly #listener: string;
  #callId = '';
  #local = '';
  #remote = '';
  #target = '';
  #cseq = 0;
  #branches = 0;
  #version = 1;
  /** Of us: a request that has no final answer yet. */
  #pending: SipRequest | undefined;
  #seen = new Map<string, string>();
  /** Its 200 to an INVITE, until the ACK. */
  #unacknowledged: { readonly cseq: number; readonly offer: string; readonly commit: Session | undefined } | undefined;
  #lastAck = '';

  constructor(name: string, world: World, address: HostPort, listener: string, takesUpdate: boolean) {
    this.name = name;
    this.#world = world;
    this.#address = address;
    this.#listener = listener;
    this.takesUpdate = takesUpdate;
  }

  // --- the call is made --------------------------------------------------------------------------------------------

  call(ours: HostPort): void {
    this.#callId = `call@${this.#address.host}`;
    this.#local = `<sip:+4930@${this.#address.host}>;tag=${this.name}`;
    this.#remote = `<sip:+4912@${ours.host}>`;
    this.#target = `sip:+4912@${ours.host}:5060`;
    this.#ask('INVITE', this.describe(4000, 'sendrecv', '8'));
  }

  // --- what it may do ----------------------------------------------------------------------------------------------

  /** Its description of itself, in a new version. */
  describe(port: number, direction: string, formats: string): string {
    const { host } = this.#address;
    const head = `v=0\r\no=- 7 ${++this.#version} IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\n`;
    return `${head}m=audio ${port} RTP/AVP ${formats}\r\na=${direction}\r\n`;
  }

  /** RFC 3261 14.1, RFC 3311 5.1: no request that may change the session while another one is under way, either way. */
  get mayOffer(): boolean {
    return !this.over && !this.#pending && !this.#unacknowledged && this.asked.every(isAnswered);
  }

  reInvite(offer: string): void {
    this.#ask('INVITE', offer);
  }

  update(offer: string): void {
    this.#ask('UPDATE', offer);
  }

  /** What it has said last, again (RFC 4028 7.4). */
  refresh(method: 'INVITE' | 'UPDATE'): void {
    this.#ask(method, this.session.local);
  }

  cancel(): void {
    const asked = this.asked.find((one) => !isAnswered(one) && one.method === 'INVITE' && one.proceeding);
    if (asked) this.#send(asked.request.replace(/^INVITE/, 'CANCEL').replace(/CSeq: (\d+) INVITE/, 'CSeq: $1 CANCEL'));
  }

  bye(): void {
    this.over = true;
    this.#ask('BYE', '');
  }

  ring(): void {
    if (this.#pending?.method === 'INVITE') this.#respond(this.#pending, 100, '');
  }

  /** A request of ours waits for its answer. */
  get isAsked(): boolean {
    return this.#pending !== undefined;
  }

  answer(verdict: Verdict, half: Half): void {
    const request = this.#pending;
    if (!request) return;
    this.#pending = undefined;
    if (verdict === 'refuse') return this.#respond(request, 488, '');
    if (verdict === 'busy') return this.#respond(request, 500, '', [['Retry-After', '1']]);
    if (request.body === '') {
      // Ours to offer: the ACK answers.
      const offer = this.describe(half.port, half.direction, half.formats);
      this.#unacknowledged = { cseq: request.cseq.number, offer, commit: undefined };
      return this.#respond(request, 200, offer);
    }
    // The same again is no reason to change one's mind.
    const before = halfOf(this.session.local);
    const wanted = request.body === this.session.remote ? before : half;
    const direction = answerTo(halfOf(request.body).direction, wanted.direction);
    const isSame = wanted === before && direction === before.direction;
    const body = isSame ? this.session.local : this.describe(wanted.port, direction, wanted.formats);
    const commit = { local: body, remote: request.body };
    if (request.method === 'INVITE') this.#unacknowledged = { cseq: request.cseq.number, offer: '', commit };
    this.session = commit;
    this.#respond(request, 200, body);
  }

  /** Takes the message that came first; false when there is none. */
  read(half: Half): boolean {
    const octets = this.inbox.shift();
    if (octets === undefined) return false;
    const message = readSent(octets);
    if (message instanceof SipRequest) this.#requested(message, half);
    else this.#answered(message, half);
    return true;
  }

  // --- what comes --------------------------------------------------------------------------------------------------

  #requested(request: SipRequest, half: Half): void {
    const { method, cseq } = request;
    if (this.#callId === '') {
      this.#callId = request.callId;
      this.#local = `${request.get('to')};tag=${this.name}`;
      this.#remote = request.get('from') ?? '';
    }
    if (request.contact) this.#target = request.contact.uri;
    if (method === 'ACK') return this.#acknowledged(request);
    const known = this.#seen.get(`${method} ${cseq.number}`);
    if (known !== undefined) {
      if (known !== '') this.#send(known); // It came again.
      return;
    }
    this.#seen.set(`${method} ${cseq.number}`, '');
    if (method === 'BYE') {
      if (this.#pending) this.#respond(this.#pending, 487, '');
      this.#pending = undefined;
      this.over = true;
      return this.#respond(request, 200, '');
    }
    if (method === 'CANCEL') {
      this.#respond(request, 200, '');
      const pending = this.#pending;
      if (pending?.method !== 'INVITE' || pending.cseq.number !== cseq.number) return;
      this.#pending = undefined;
      return this.#respond(pending, 487, '');
    }
    if (method !== 'INVITE' && method !== 'UPDATE') throw new Error(`${this.name} got ${method}`);
    if (method === 'UPDATE' && !this.takesUpdate) throw new Error(`${this.name} got UPDATE, which it does not allow`);
    if (method === 'UPDATE' && request.body === '') return this.#respond(request, 200, '');
    if (this.#pending) throw new Error(`${this.name} got ${method} before it has answered ${this.#pending.method}`);
    if (this.#unacknowledged) throw new Error(`${this.name} got ${method} before the ACK to its 200`);
    // RFC 3261 14.2, RFC 3311 5.2: they have crossed.
    if (!this.asked.every(isAnswered)) return this.#respond(request, 491, '');
    this.#pending = request;
    // The call itself is answered at once.
    if (this.session.remote === '') this.answer('accept', half);
  }

  #acknowledged({ cseq, body }: SipRequest): void {
    const waiting = this.#unacknowledged;
    if (waiting?.cseq !== cseq.number) return;
    this.#unacknowledged = undefined;
    if (waiting.offer !== '' && body !== '') this.session = { local: waiting.offer, remote: body };
  }

  #answered(response: SipResponse, half: Half): void {
    const { status, cseq } = response;
    const asked = this.asked.find((one) => one.cseq === cseq.number && one.method === cseq.method);
    if (!asked) return; // To a CANCEL.
    if (status < 200) {
      asked.proceeding = true;
      return;
    }
    const isAgain = asked.finals.has(response.octets);
    asked.finals.add(response.octets);
    if (asked.finals.size > 1) throw new Error(`${this.name} got two final answers to ${asked.method} ${asked.cseq}`);
    if (status >= 300) {
      if (asked.method === 'INVITE') this.#acknowledge(asked, response, '');
      return;
    }
    if (!this.#remote.includes(';tag=')) this.#remote = response.get('to') ?? '';
    if (response.contact) this.#target = response.contact.uri;
    if (isAgain) return this.#send(this.#lastAck);
    if (asked.offer !== '') this.session = { local: asked.offer, remote: response.body };
    if (asked.method !== 'INVITE') return;
    let answer = '';
    if (asked.offer === '') {
      const direction = answerTo(halfOf(response.body).direction, half.direction);
      answer = this.describe(half.port, direction, half.formats);
      this.session = { local: answer, remote: response.body };
    }
    this.#acknowledge(asked, response, answer);
  }

  // --- wire --------------------------------------------------------------------------------------------------------

  #ask(method: string, body: string): void {
    const cseq = ++this.#cseq;
    const branch = `z9hG4bK-${this.name}-${++this.#branches}`;
    const request = this.#request(method, cseq, branch, body);
    const offer = method === 'UPDATE' && body === '' ? '' : body;
    this.asked.push({ request, method, cseq, offer, finals: new Set(), proceeding: false, branch });
    this.#send(request);
  }

  #request(method: string, cseq: number, branch: string, body: string, to = this.#remote): string {
    const headers: Header[] = [
      ['Via', `SIP/2.0/UDP ${this.#address.host}:5060;branch=${branch}`],
      ['Max-Forwards', '70'],
      ['From', this.#local],
      ['To', to],
      ['Call-ID', this.#callId],
      ['CSeq', `${cseq} ${method}`],
      ...this.#own(),
    ];
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    return formatRequest(method, this.#target, headers, body);
  }

  #acknowledge(asked: Asked, response: SipResponse, body: string): void {
    const isRefusal = response.status >= 300;
    const branch = isRefusal ? asked.branch : `z9hG4bK-${this.name}-${++this.#branches}`;
    const ack = this.#request('ACK', asked.cseq, branch, body, response.get('to'));
    if (!isRefusal) this.#lastAck = ack;
    this.#send(ack);
  }

  #respond(request: SipRequest, status: number, body: string, more: readonly Header[] = []): void {
    const to = request.get('to') ?? '';
    const headers: Header[] = [
      ['Via', request.get('via') ?? ''],
      ['From', request.get('from') ?? ''],
      ['To', to.includes(';tag=') || status === 100 ? to : `${to};tag=${this.name}`],
      ['Call-ID', this.#callId],
      ['CSeq', request.get('cseq') ?? ''],
      ...this.#own(),
      ...more,
    ];
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    const octets = formatResponse(status, 'X', headers, body);
    this.#seen.set(`${request.method} ${request.cseq.number}`, octets);
    this.#send(octets);
  }

  #own(): Header[] {
    return [
      ['Contact', `<sip:${this.name}@${this.#address.host}:5060>`],
      ['Allow', `INVITE, ACK, CANCEL, BYE${this.takesUpdate ? ', UPDATE' : ''}`],
    ];
  }

  #send(octets: string): void {
    const flow = { transport: 'udp', listener: `${this.#listener}/udp`, remote: this.#address } as const;
    this.#world.give({ kind: 'received', flow, octets });
  }
}

export function isAnswered({ finals }: { readonly finals: ReadonlySet<string> }): boolean {
  return finals.size > 0;
}

export function halfOf(sdp: string): Half {
  const [, port = '', formats = ''] = /m=audio (\d+) RTP\/AVP ([\d ]+)\r\n/.exec(sdp) ?? [];
  return {
    port: Number(port),
    formats,
    direction: /a=(sendrecv|sendonly|recvonly|inactive)/.exec(sdp)?.[1] ?? 'sendrecv',
  };
}

/** RFC 3264 6.1: what may be answered, of what one wants oneself. */
export function answerTo(offered: string, wanted: string): string {
  const theySend = offered === 'sendrecv' || offered === 'sendonly';
  const theyTake = offered === 'sendrecv' || offered === 'recvonly';
  const send = theyTake && (wanted === 'sendrecv' || wanted === 'sendonly');
  const take = theySend && (wanted === 'sendrecv' || wanted === 'recvonly');
  return send ? (take ? 'sendrecv' : 'sendonly') : take ? 'recvonly' : 'inactive';
}
