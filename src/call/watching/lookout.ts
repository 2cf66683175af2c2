import { dialogInfoType, type LiveDialog, readDialogInfo, readPidf } from '#codec/presence';
import { type Header, parseDeltaSeconds, type SipRequest, type SipResponse } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import { dialogOfClient, dialogOfNotify } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ClientTransaction, OutgoingRequest, ServerTransaction, Sleeper } from '#sip/transaction';
import { contactOf } from '../headers.ts';
import { tokenOf } from '../passing/permits.ts';
import { SubscriptionLeg, type SubscriptionLegOwner } from '../passing/subscription-leg.ts';
import type { CallServices, DialogUser, Party } from '../services.ts';
import { typeOf } from './packages.ts';
import type { LookoutDesk, UserState } from './people.ts';

/** Seconds that it asks for, and the part of what is granted after which it asks again. */
const asked = 600;
const renewing = 0.75;
/** Ms until a node is asked again that has refused, or lost what was subscribed to. */
const patience = 10_000;

const nothing: UserState = { isThere: false, talks: false, dialogs: new Map() };

/**
 * What another node sees of a user, for those who watch him here: a subscription of ours there by the same package (RFC 6665 4.1), whoever
 * and however many they are. It outlives nothing: who watches here after a crash has it begun anew.
 */
export class Lookout implements SubscriptionLegOwner, DialogUser, Party, Sleeper {
  readonly call: this = this;
  readonly id: string;
  readonly services: CallServices;
  readonly user: string;
  readonly node: string;
  readonly #desk: LookoutDesk;
  readonly #event: Octets;
  #state: UserState = nothing;
  /** Of the document last heard (RFC 4235 4.1); undefined: none yet. */
  #version: number | undefined;
  #request: OutgoingRequest | undefined;
  #trunk: Trunk | undefined;
  #listener: Listener | undefined;
  /** The SUBSCRIBE that begins it. */
  #begins: ClientTransaction<Party> | undefined;
  #leg: SubscriptionLeg | undefined;
  #deadline: Deadline<Sleeper> | undefined;
  #over = false;

  constructor(desk: LookoutDesk, node: string, user: string, event: Octets, now: Instant) {
    this.#desk = desk;
    this.services = desk.services;
    this.id = now.wall.toString(16).padStart(12, '0') + desk.services.random.token(80);
    this.node = node;
    this.user = user;
    this.#event = event;
    this.begin(now);
  }

  get state(): UserState {
    return this.#state;
  }

  /** The node has said what is to be seen, or can't be asked. */
  get isSettled(): boolean {
    return this.#version !== undefined || (!this.#begins && !this.#leg);
  }

  get trunk(): Trunk {
    return this.#trunk!;
  }

  get flow(): Flow {
    return this.#begins!.flow;
  }

  /** Asks the node, where that lives and has not been asked. */
  begin(now: Instant): void {
    if (this.#over || this.#begins || this.#leg) return;
    this.#clear();
    const { services, people } = this.#desk;
    const vantage = people.vantage(this.node, this.user, now);
    const { device, transport, remote, tls } = vantage?.target ?? {};
    const listener = services.configuration.listeners.find(({ id }) => id === device?.listener);
    if (!vantage || !device || !listener || !transport || !remote) return;
    const { random, dialogs, transactions } = services;
    const tag = random.token(64);
    const request: OutgoingRequest = {
      method: 'SUBSCRIBE',
      uri: device.contact,
      from: `${vantage.from};tag=${tag}`,
      to: `<${device.contact}>`,
      callId: random.token(128),
      cseq: 1,
      routes: [],
      headers: [
        ['Max-Forwards', '70'],
        ['Contact', contactOf(listener.transport, listener.advertise, undefined)],
        ...this.#fields(asked),
      ],
      body: '',
    };
    this.#trunk = vantage.trunk;
    this.#listener = listener;
    this.#request = { ...request, headers: [] };
    // Its NOTIFY may come before its 2xx (RFC 6665 4.1.2.4).
    dialogs.add(request.callId, tag, '', this);
    const listeners = { udp: undefined, tcp: undefined, tls: undefined, [transport]: listener.id };
    this.#begins = transactions.request(request, { transport, remote, listeners, tls }, this, now.mono);
  }

  #fields(seconds: number): readonly Header[] {
    return [
      ['Event', this.#event],
      ['Accept', typeOf(this.#event)!],
      ['Expires', String(seconds)],
    ];
  }

  // --- what the node answers ---------------------------------------------------------------------------------------

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    if (status < 200 || this.#over) return;
    const begins = transaction === this.#begins;
    if (begins) this.#heardOfBeginning();
    else if (!this.#leg) return;
    if (status >= 300) return this.#lost(patience, now);
    const { uri } = this.#request!;
    if (begins && !this.#leg) this.#leg = this.#legOf(dialogOfClient(response, uri), transaction.flow);
    this.#leg?.moved(response);
    const seconds = Math.min(parseDeltaSeconds(response.get('expires')) ?? asked, asked);
    this.#wait('refresh', seconds * 1000 * renewing, now);
  }

  onFailure(_failure: unknown, _reason: string, now: Instant): void {
    if (this.#over) return;
    if (this.#begins) this.#heardOfBeginning();
    this.#lost(patience, now);
  }

  #heardOfBeginning(): void {
    this.#begins = undefined;
    const { callId, from } = this.#request!;
    this.services.dialogs.remove(callId, from.slice(from.lastIndexOf('=') + 1), '');
  }

  #legOf(dialog: ConstructorParameters<typeof SubscriptionLeg>[2], flow: Flow): SubscriptionLeg {
    return new SubscriptionLeg(this, this.#trunk!, dialog, flow, this.#listener!);
  }

  /** Nothing is seen from there until it is asked again. */
  #lost(ms: number, now: Instant): void {
    this.#leg?.forget();
    this.#leg = undefined;
    this.#version = undefined;
    this.#wait('anew', ms, now);
    this.#see(nothing, now);
  }

  /** The node is there again, or no more. */
  turned(now: Instant): void {
    const lives = this.#desk.people.vantage(this.node, this.user, now) !== undefined;
    if (!lives && this.#leg) this.#lost(patience, now);
    else if (lives) this.begin(now);
  }

  wake(name: string, now: Instant): void {
    this.#deadline = undefined;
    if (name === 'refresh') this.#leg?.request('SUBSCRIBE', this.#inside(asked), '', this, now);
    else this.begin(now);
  }

  #inside(seconds: number): readonly Header[] {
    return [['Contact', this.#leg!.contact], ...this.#fields(seconds)];
  }

  // --- what it tells -----------------------------------------------------------------------------------------------

  /** A NOTIFY before the 2xx. */
  onRequest(server: ServerTransaction<Party>, request: SipRequest, flow: Flow, now: Instant): void {
    const { uri: _, from, cseq } = this.#request!;
    if (request.method !== 'NOTIFY' || this.#leg)
      return void this.services.transactions.respond(server, { status: 481 }, now.mono);
    const tag = from.slice(from.lastIndexOf('=') + 1);
    this.#leg = this.#legOf(dialogOfNotify(request, tag, cseq), flow);
    this.asked(this.#leg, server, request, now);
  }

  onAck(): void {}
  onStrayAnswer(): void {}

  asked(leg: SubscriptionLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const { transactions } = this.services;
    if (request.method !== 'NOTIFY')
      return void transactions.respond(server, { status: 405, headers: [['Allow', 'NOTIFY']] }, now.mono);
    transactions.respond(server, { status: 200 }, now.mono);
    leg.moved(request);
    if (request.body !== '') this.#read(request, now);
    if (tokenOf(request.get('subscription-state'))?.toLowerCase() !== 'terminated') return;
    // A node that leaves is asked again when it is back, or at once by way of the one that takes its place.
    this.#lost(patience, now);
  }

  #read({ contentType, body }: SipRequest, now: Instant): void {
    if (contentType !== dialogInfoType) {
      const read = readPidf(body);
      if ('fault' in read) return;
      const isFirst = this.#version === undefined;
      this.#version = 0;
      return this.#see({ isThere: read.open, talks: read.onThePhone, dialogs: nothing.dialogs }, now, isFirst);
    }
    const read = readDialogInfo(body);
    if ('fault' in read) return;
    const before = this.#version;
    // RFC 4235 4.1: one was missed, or is late.
    if (read.state === 'partial' && (before === undefined || read.version !== before + 1)) {
      if (before === undefined || read.version > before) this.#wait('refresh', 0, now);
      return;
    }
    this.#version = read.version;
    const dialogs = new Map<string, LiveDialog>(read.state === 'full' ? [] : this.#state.dialogs);
    for (const one of read.dialogs)
      if (one.state === 'terminated') dialogs.delete(one.id);
      else dialogs.set(one.id, one);
    const talks = [...dialogs.values()].some(({ state }) => state === 'confirmed');
    this.#see({ isThere: dialogs.size > 0, talks, dialogs }, now, before === undefined);
  }

  #see(state: UserState, now: Instant, isFirst = false): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#desk.seen(this.user, this.#event, isFirst, now);
  }

  // --- its end -----------------------------------------------------------------------------------------------------

  terminate(_reason: string, now: Instant): void {
    this.over(now);
  }

  /** Nobody watches any more. */
  over(now: Instant): void {
    if (this.#over) return;
    this.#over = true;
    this.#clear();
    if (this.#begins) this.#heardOfBeginning();
    const leg = this.#leg;
    if (!leg) return;
    leg.request('SUBSCRIBE', this.#inside(0), '', this, now);
    leg.forget();
  }

  #wait(name: 'refresh' | 'anew', ms: number, now: Instant): void {
    this.#clear();
    this.#deadline = this.services.deadlines.set(name, this, now.mono + ms);
  }

  #clear(): void {
    this.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }

  inspect(): Record<string, unknown> {
    return { event: this.#event, watches: this.user, node: this.node, told: this.#version !== undefined };
  }
}
