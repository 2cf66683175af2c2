import { parseMessage, parseUri, type SipRequest, unescapeUser } from '#codec/sip-message';
import { bracketed, Deadlines, type HostPort, type Instant, type Machine, type Random } from '#kernel';
import { type Flow, FlowTable } from '#sip/flow';
import { defaultTimers, type ServerTransaction, type Sleeper, TransactionLayer } from '#sip/transaction';
import { type Account, Credentials } from './account.ts';
import type { PhoneEffect, PhoneEvent, PhoneInput } from './messages.ts';
import { allow, type Line, PhoneCall } from './phone-call.ts';
import { Registration } from './registration.ts';

export interface PhoneOptions {
  /** Where the phone listens, UDP; what its Via and Contact say. */
  readonly address: HostPort;
  readonly random: Random;
  /** Whose it is, where it registers. */
  readonly account?: Account;
}

/** Calls at once: what comes beyond it is answered 486. */
const maxCalls = 200;

/** The owner of an OPTIONS of ours: it has nothing to wake for. */
const asking: Sleeper = { wake: () => undefined };

/**
 * A SIP user agent (RFC 3261) without I/O, for UDP: it dials and is called, rings, answers, offers anew and hangs up as it is told.
 * It stands on the program's own codec and transaction layer, and keeps its dialogs itself.
 */
export class Phone implements Machine<PhoneInput, PhoneEffect>, Line {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly layer: TransactionLayer<Sleeper>;
  readonly listener = 'phone/udp';
  readonly contact: string;
  readonly credentials: Credentials | undefined;
  readonly #account: Account | undefined;
  #registration: Registration | undefined;
  readonly #host: string;
  readonly #random: Random;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #byCallId = new Map<string, PhoneCall>();
  #effects: PhoneEffect[] = [];
  #incoming = 0;

  constructor(options: PhoneOptions) {
    const { address, account, random } = options;
    this.#random = random;
    this.#account = account;
    this.credentials = account && new Credentials(account, random);
    this.#host = `${bracketed(address.host)}:${address.port}`;
    this.contact = account ? `<sip:${account.user}@${this.#host}>` : `<sip:${this.#host}>`;
    this.layer = new TransactionLayer<Sleeper>({
      deadlines: this.deadlines,
      timers: defaultTimers,
      random,
      flows: new FlowTable([{ id: this.listener, transport: 'udp', advertise: address }]),
      maxTransactions: 4 * maxCalls,
      send: (flow, octets) => this.#effects.push({ kind: 'send', flow, octets }),
      connect: () => undefined, // UDP only
    });
  }

  handle(input: PhoneInput, now: Instant): readonly PhoneEffect[] {
    this.#effects = [];
    this.#act(input, now);
    this.#drain(now);
    return this.#effects;
  }

  nextDeadline(): number | undefined {
    return this.deadlines.next();
  }

  tell(event: PhoneEvent): void {
    this.#effects.push({ kind: 'tell', event });
  }

  ended(call: PhoneCall): void {
    this.#calls.delete(call.id);
    if (this.#byCallId.get(call.callId) === call) this.#byCallId.delete(call.callId);
  }

  /** The SIP Call-ID of a call that stands. */
  callIdOf(call: string): string | undefined {
    return this.#calls.get(call)?.callId;
  }

  #act(input: PhoneInput, now: Instant): void {
    switch (input.kind) {
      case 'received':
        this.#received(input.octets, input.flow, now);
        return;
      case 'wake':
        for (let due = this.deadlines.due(now.mono); due; due = this.deadlines.due(now.mono)) {
          due.owner.wake(due.name, now);
          this.#drain(now);
        }
        return;
      case 'dial':
        this.#dial(input, now);
        return;
      case 'ring':
        this.#calls.get(input.call)?.ring(now);
        return;
      case 'answer':
        this.#calls.get(input.call)?.answer(input.answer, now);
        return;
      case 'refuse':
        this.#calls.get(input.call)?.refuse(input.status, now);
        return;
      case 'offer':
        this.#calls.get(input.call)?.offer(input.offer, now);
        return;
      case 'hang-up':
        this.#calls.get(input.call)?.hangUp(now);
        return;
      case 'ask':
        this.#ask(input.to, now);
        return;
      case 'register':
        this.#register(input, now);
        return;
    }
  }

  #dial(input: PhoneInput & { kind: 'dial' }, now: Instant): void {
    const { call: id, to: peer, offer } = input;
    const call = PhoneCall.dial(
      this,
      {
        id,
        callId: `${this.#random.token(96)}@${this.#host}`,
        localTag: this.#random.token(64),
        from: `sip:${input.caller}@${this.#account?.domain ?? this.#host}`,
        to: `sip:${input.called}@${bracketed(peer.host)}:${peer.port}`,
        peer,
        offer,
        outbound: input.outbound === true,
      },
      now,
    );
    this.#calls.set(id, call);
    this.#byCallId.set(call.callId, call);
  }

  #register({ at, seconds }: PhoneInput & { kind: 'register' }, now: Instant): void {
    if (!this.#account || !this.credentials) return;
    this.#registration?.end();
    const [callId, tag] = [`${this.#random.token(96)}@${this.#host}`, this.#random.token(64)];
    this.#registration = new Registration(this, this.#account, this.credentials, at, { callId, tag, seconds });
    this.#registration.begin(now);
  }

  #ask(to: HostPort, now: Instant): void {
    const there = `sip:${bracketed(to.host)}:${to.port}`;
    this.layer.request(
      {
        method: 'OPTIONS',
        uri: there,
        from: `<sip:${this.#host}>;tag=${this.#random.token(64)}`,
        to: `<${there}>`,
        callId: this.#random.token(96),
        cseq: 1,
        routes: [],
        headers: [
          ['Max-Forwards', '70'],
          ['Accept', 'application/sdp'],
        ],
        body: '',
      },
      { transport: 'udp', remote: to, listeners: { udp: this.listener } },
      asking,
      now.mono,
    );
  }

  #received(octets: string, flow: Flow, now: Instant): void {
    const message = parseMessage(octets);
    switch (message.kind) {
      case 'request':
        this.layer.receiveRequest(message, flow, now.mono);
        return;
      case 'response':
        this.layer.receiveResponse(message, flow, now.mono);
        return;
      case 'fault': // Keep-alives, and what nobody in the lab sends.
        return;
    }
  }

  /** What the transactions have to tell, in order. */
  #drain(now: Instant): void {
    const { events } = this.layer;
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      switch (event.kind) {
        case 'request':
          this.#requested(event.transaction, event.request, event.flow, now);
          break;
        case 'cancel': {
          const call = event.invite?.owner;
          this.layer.respond(event.transaction, { status: event.invite ? 200 : 481 }, now.mono);
          if (call instanceof PhoneCall) call.cancelled(now);
          break;
        }
        case 'ack':
          this.#byCallId.get(event.request.callId)?.acknowledged(event.request, now);
          break;
        case 'response':
          if (event.transaction.owner instanceof PhoneCall) {
            event.transaction.owner.responded(event.transaction, event.response, now);
          } else if (event.transaction.owner instanceof Registration) {
            event.transaction.owner.responded(event.response, now);
          } else if (event.response.status >= 200) this.tell({ kind: 'asked', status: event.response.status });
          break;
        case 'failed':
          if (event.transaction.owner instanceof PhoneCall) {
            event.transaction.owner.failed(event.transaction, event.reason, now);
          } else if (event.transaction.owner instanceof Registration) event.transaction.owner.failed();
          else this.tell({ kind: 'asked', status: 0 });
          break;
        case 'stray-response': // Of a call long over.
        case 'unconfirmed': // A refusal without ACK: the call is over anyway.
          break;
      }
    }
    events.length = 0;
  }

  #requested(transaction: ServerTransaction<Sleeper>, request: SipRequest, flow: Flow, now: Instant): void {
    const known = this.#byCallId.get(request.callId);
    if (request.to.tag !== undefined) {
      if (known) known.requested(transaction, request, now);
      else this.layer.respond(transaction, { status: 481 }, now.mono);
      return;
    }
    const toTag = this.#random.token(64);
    const respond = (status: number) =>
      this.layer.respond(transaction, { status, toTag, headers: [['Allow', allow]] }, now.mono);
    if (request.method === 'OPTIONS') respond(200);
    else if (request.method === 'BYE') respond(481);
    else if (request.method !== 'INVITE') respond(405);
    else if (known) respond(482);
    else if (this.#calls.size >= maxCalls) respond(486);
    else if (request.contentType !== 'application/sdp') respond(488);
    else {
      // Silence would have the INVITE sent again until it rings (17.2.1).
      this.layer.respond(transaction, { status: 100 }, now.mono);
      const id = `in-${++this.#incoming}`;
      const call = PhoneCall.incoming(this, id, toTag, transaction, request, flow.remote);
      this.#calls.set(id, call);
      this.#byCallId.set(call.callId, call);
      const caller = parseUri(request.from.uri)?.user ?? '';
      const called = request.target?.user ?? '';
      this.tell({
        kind: 'incoming',
        call: id,
        caller: unescapeUser(caller),
        called: unescapeUser(called),
        sipCallId: call.callId,
        offer: request.body,
      });
    }
  }
}
