import { DigestClient } from '#codec/digest';
import { withSessionBody } from '#codec/multipart';
import { parseMessage, parseUri, type SipRequest, type SipResponse } from '#codec/sip-message';
import { Deadlines, type HostPort, type Instant, type Octets, Sensitive } from '#kernel';
import type { Dialog } from '#sip/dialog';
import { describeFlow, type Flow, FlowTable } from '#sip/flow';
import { type ServerTransaction, type Sleeper, type Target, TransactionLayer } from '#sip/transaction';
import type { Agenda, Happening } from '../agenda.ts';
import { pbxAccount } from '../configuration.ts';
import { Dice } from '../dice.ts';
import type { Endpoint, Network } from '../network.ts';
import { type DeviceAddress, type Helper, passwordOf, registrarRealm } from '../organisation/organisation.ts';
import type { PeerAddress, PeerTransport } from '../peer-address.ts';
import type { Abilities } from './abilities.ts';
import { type AgentCall, CalleeCall, CallerCall } from './agent-call.ts';
import { AgentLeg } from './agent-leg.ts';
import { replacesOf } from './favours.ts';
import { Guard } from './guard.ts';
import type { History, Line } from './line.ts';
import { Outside } from './outside.ts';
import { Phone } from './phone.ts';
import { Registrar } from './registrar.ts';
import type { LegMedia } from './session.ts';

export interface AgentOptions {
  readonly seed: number;
  readonly peer: PeerAddress;
  readonly transport: PeerTransport;
  readonly server: HostPort;
  /** It asks for credentials. */
  readonly challenges: boolean;
  /** We register there. */
  readonly registers: boolean;
  /** It has to prove itself to us. */
  readonly proves: boolean;
  readonly abilities: Abilities;
  /** Its calls last for minutes. */
  readonly patient: boolean;
  /** It is somebody's telephone, in a domain of ours or at our address. */
  readonly device?: { readonly address: DeviceAddress; readonly domain: string | undefined };
  /** Where calls for help end: how it takes them. */
  readonly helper?: Helper;
  /** Its calls may tell where they come from. */
  readonly tellsPlaces: boolean;
  readonly mediaHost: string | undefined;
  readonly agenda: Agenda;
  readonly network: Network;
  readonly complain: (what: string) => void;
  /** Tandem does not know a dialog that was confirmed. */
  readonly unknown: (callId: string) => void;
  /** No ACK came for a 2xx. */
  readonly unacknowledged: (callId: string) => void;
  readonly unrefreshed: (callId: string) => void;
  /** Every call this agent takes part in, from its first moment. */
  readonly onHistory: (history: History) => void;
}

/** What becomes of OPTIONS. */
export type OptionsMood = 'answered' | 'late' | 'unanswered' | 'refused' | 'put off';
export const optionsMoods: readonly OptionsMood[] = ['answered', 'late', 'unanswered', 'refused', 'put off'];

/** A PBX or a provider: an honest SIP user agent, until it crashes and knows nothing any more. */
export class Agent implements Endpoint, Line {
  readonly name: string;
  readonly host: string;
  readonly server: HostPort;
  readonly contact: string;
  readonly recordRoute: string | undefined;
  readonly mediaHost: string | undefined;
  readonly dice: Dice;
  readonly random: Dice;
  readonly #options: AgentOptions;
  readonly #listeners: { readonly udp: string; readonly tcp: string; readonly tls: string };
  readonly #parameter: string;
  registrar: Registrar | undefined;
  authorizer: DigestClient | undefined;
  #guard: Guard | undefined;
  phone: Phone | undefined;
  #outside = new Outside(this);
  pings: OptionsMood = 'answered';
  deadlines!: Deadlines<Sleeper>;
  layer!: TransactionLayer<Sleeper>;
  alive = false;
  retired = false;
  #flows!: FlowTable;
  #calls = new Map<Octets, AgentCall>();
  readonly #histories: History[] = [];
  #alarm: Happening | undefined;
  #port = 6000;

  constructor(options: AgentOptions) {
    const { peer, transport, seed } = options;
    this.#options = options;
    this.name = peer.name;
    this.host = peer.address.host;
    this.server = options.server;
    this.mediaHost = options.mediaHost;
    this.dice = Dice.of(seed, peer.name);
    // Each token tells whose it is.
    this.random = new Dice(Dice.of(seed, `${peer.name} tokens`), `${peer.name}.`);
    this.#listeners = { udp: `${this.name}/udp`, tcp: `${this.name}/tcp`, tls: `${this.name}/tls` };
    const { host, port } = peer.address;
    this.#parameter = transport === 'udp' ? '' : `;transport=${transport}`;
    this.contact = `<sip:${this.name}@${host}:${port}${this.#parameter}>`;
    this.recordRoute = this.dice.chance(0.2)
      ? `<sip:proxy.${this.name}@${host}:${port};lr${this.#parameter}>`
      : undefined;
    options.network.attach(this, peer.address, this.#listeners);
    this.start();
  }

  get peer(): PeerAddress {
    return this.#options.peer;
  }

  get isPhone(): boolean {
    return this.#options.device !== undefined;
  }

  get address(): HostPort {
    return this.#options.peer.address;
  }

  /** As Tandem names it: "udp 198.51.100.30:5060". */
  get aim(): string {
    const { transport } = this.#options;
    return describeFlow({ transport, remote: this.address, listener: '' });
  }

  get isArmed(): boolean {
    return this.deadlines.size > 0;
  }

  /** All that is wrong with it is over. */
  recover(): void {
    this.pings = 'answered';
    if (!this.registrar) return;
    this.registrar.mood = 'takes';
    this.registrar.peaceFrom = this.now().mono;
  }

  get calls(): number {
    return this.#calls.size;
  }

  now(): Instant {
    const { now } = this.#options.agenda;
    return { mono: now, wall: now };
  }

  start(): void {
    const { network, peer, challenges, registers, proves } = this.#options;
    const { udp, tcp, tls } = this.#listeners;
    this.alive = true;
    this.deadlines = new Deadlines<Sleeper>();
    this.#flows = new FlowTable([
      { id: udp, transport: 'udp', advertise: peer.address },
      { id: tcp, transport: 'tcp', advertise: peer.address },
      { id: tls, transport: 'tls', advertise: peer.address },
    ]);
    // What it knew of registrations and nonces is gone with the process before.
    const complain = (what: string) => this.complain(what);
    const mood = this.registrar?.mood ?? 'takes';
    const { host, port } = peer.address;
    this.registrar = registers
      ? new Registrar({
          dice: Dice.of(this.#options.seed, `${this.name} registrar`),
          route: `<sip:edge.${this.name}@${host}:${port};lr${this.#parameter}>`,
          complain,
          arm: (owner, at) => this.deadlines.set('registration', owner, at),
          disarm: (deadline) => this.deadlines.clear(deadline),
        })
      : undefined;
    if (this.registrar) this.registrar.mood = mood;
    this.#guard = challenges ? new Guard(this.name, this.#options.seed, this.random, complain) : undefined;
    this.authorizer = this.#account(proves);
    this.#outside = new Outside(this);
    this.layer = new TransactionLayer<Sleeper>({
      deadlines: this.deadlines,
      timers: { t1: 500, t2: 4000, t4: 5000 },
      random: this.random,
      flows: this.#flows,
      maxTransactions: 10_000,
      send: (flow, octets) => network.send(this, peer.address, flow, octets),
      connect: (flow) => network.connect(this, peer.address, flow),
    });
    this.phone = this.#newPhone();
    this.#settle();
  }

  #account(proves: boolean): DigestClient | undefined {
    const { device } = this.#options;
    const { username, password, realm } = device
      ? {
          username: device.address.user,
          password: passwordOf(device.address.isWrong ? 'nobody' : device.address.user),
          realm: registrarRealm,
        }
      : pbxAccount;
    const credentials = [{ realm, username, password: new Sensitive<string>(password) }];
    return proves || device ? new DigestClient(credentials, this.random) : undefined;
  }

  #newPhone(): Phone | undefined {
    const { device } = this.#options;
    if (!device) return undefined;
    const { address } = device;
    const registrar = `sip:${this.#domain}`;
    const aor = `sip:${address.user}@${this.#domain}`;
    return new Phone({ line: this, device: address, authorizer: this.authorizer!, aor, registrar }, this.now());
  }

  get #domain(): string {
    return this.#options.device?.domain ?? this.server.host;
  }

  /** Who calls, as its INVITEs say. */
  get from(): string {
    const { device } = this.#options;
    return device ? `sip:${device.address.user}@${this.#domain}` : `sip:caller@${this.host}`;
  }

  get helper(): Helper | undefined {
    return this.#options.helper;
  }

  get tellsPlaces(): boolean {
    return this.#options.tellsPlaces;
  }

  /** Somebody does something to the telephone. */
  handle(): void {
    this.phone?.act(this.now());
    this.#settle();
  }

  crash(): void {
    const { agenda, network } = this.#options;
    this.alive = false;
    agenda.cancel(this.#alarm);
    for (const history of this.#histories) history.talking = false;
    this.#calls.clear();
    network.died(this);
  }

  /** Another phone of this peer takes a call of its own over. */
  take(number: string): void {
    const dialog = this.consulted();
    if (dialog) this.dial(number, replacesOf(dialog));
  }

  /** A word to somebody, or a wish to know how he is. */
  say(method: 'MESSAGE' | 'SUBSCRIBE' | 'PUBLISH', number: string): void {
    if (this.registrar && !this.registrar.binding) return;
    this.#outside.say(method, number, this.now());
    this.#settle();
  }

  consulted(beside?: Dialog): Dialog | undefined {
    for (const { legs } of this.#calls.values())
      for (const { dialog, talks } of legs.values()) if (talks && dialog !== beside) return dialog;
    return undefined;
  }

  dial(number: string, replaces?: Octets): void {
    if (this.retired) return;
    // A provider that does not know where its customer is has nowhere to send a call.
    if (this.registrar && !this.registrar.binding) return;
    const callId = `${this.random.token(96)}@${this.host}`;
    const history = this.#begin('caller', callId, number);
    this.#calls.set(callId, new CallerCall(this, number, history, replaces, this.now()));
    this.#settle();
  }

  /** From now on every call is hung up as soon as it may be. */
  retire(): void {
    this.retired = true;
    for (const call of this.#calls.values()) call.hangUp(this.now());
    this.phone?.leave(this.now());
    this.#settle();
  }

  /** Does RTP come from this port? */
  speaks(port: number): boolean {
    if (!this.alive) return false;
    for (const call of this.#calls.values()) {
      for (const leg of call.legs.values()) if (leg.speaking === port) return true;
    }
    return false;
  }

  /** The leg of a call that talks, by its Call-ID. */
  mediaOf(callId: string, role: History['role']): LegMedia | undefined {
    for (const { history, legs } of this.#calls.values()) {
      if (history.callId !== callId || history.role !== role || !history.talking) continue;
      for (const { media } of legs.values()) if (media) return media;
    }
    return undefined;
  }

  mediaPort(): number {
    this.#port += 2;
    return this.#port;
  }

  target(remote: HostPort | undefined, transport: string | undefined): Target {
    const listeners = this.#listeners;
    const told = transport === 'tcp' || transport === 'tls' ? transport : 'udp';
    if (remote) return { transport: told, remote, listeners };
    // RFC 5626 5.3: to who registered by a connection, calls go by that.
    const { connection, remote: registered } = this.registrar?.binding?.flow ?? {};
    const flow = connection !== undefined && registered ? { connection, remote: registered } : { remote: this.server };
    return { transport: this.#options.transport, ...flow, listeners };
  }

  complain(what: string): void {
    this.#options.complain(`${this.name}: ${what}`);
  }

  unknown(callId: string): void {
    this.#options.unknown(callId);
  }

  unacknowledged(callId: string): void {
    this.#options.unacknowledged(callId);
  }

  unrefreshed(callId: string): void {
    this.#options.unrefreshed(callId);
  }

  get abilities(): Abilities {
    return this.#options.abilities;
  }

  get patient(): boolean {
    return this.#options.patient;
  }

  inspect(): Record<string, unknown> {
    return {
      calls: [...this.#calls.values()].map(({ history }) => history),
      transactions: this.layer.inspect(),
      deadlines: this.deadlines.size,
    };
  }

  // --- what the network brings -------------------------------------------------------------------------------------

  received(flow: Flow, octets: Octets): void {
    const message = parseMessage(octets);
    const { mono } = this.now();
    if (message.kind === 'request') this.layer.receiveRequest(message, flow, mono);
    else if (message.kind === 'response') this.layer.receiveResponse(message, flow, mono);
    else this.complain(`Tandem sent what is no SIP message (${message.reason}): ${octets}`);
    this.#settle();
  }

  opened(flow: Flow): void {
    this.#flows.opened(flow);
  }

  closed(connection: string, reason: string): void {
    const closed = this.#flows.closed(connection);
    if (closed) this.layer.connectionClosed(connection, closed.stood, reason, this.now().mono);
    if (closed) this.phone?.disconnected(this.now());
    this.#settle();
  }

  undeliverable(): void {
    // An honest agent may be without the error queue of its sockets: its timers do.
  }

  #wake(): void {
    const now = this.now();
    for (let due = this.deadlines.due(now.mono); due; due = this.deadlines.due(now.mono)) {
      due.owner.wake(due.name, now);
      this.#drain();
    }
    this.#settle();
  }

  #settle(): void {
    this.#drain();
    for (const [callId, call] of this.#calls) if (call.over) this.#calls.delete(callId);
    const { agenda } = this.#options;
    agenda.cancel(this.#alarm);
    const next = this.deadlines.next();
    this.#alarm = next === undefined ? undefined : agenda.at(next, () => this.#wake());
  }

  #drain(): void {
    const { events } = this.layer;
    const now = this.now();
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      switch (event.kind) {
        case 'request':
          this.#requested(event.transaction, event.request, event.flow, now);
          break;
        case 'cancel': {
          const owner = event.invite?.owner;
          this.layer.respond(event.transaction, { status: event.invite ? 200 : 481 }, now.mono);
          if (owner instanceof CalleeCall || owner instanceof AgentLeg) owner.cancelled(now);
          break;
        }
        case 'ack':
          if (this.#leg(event.request)) this.#checkRoute(event.request);
          this.#leg(event.request)?.confirmed(event.request, now);
          break;
        case 'response': {
          const { owner } = event.transaction;
          if (owner instanceof AgentLeg || owner instanceof Outside || owner instanceof Phone)
            owner.responded(event.transaction, event.response, now);
          else if (owner instanceof CallerCall && event.transaction.method === 'INVITE')
            owner.responded(event.transaction, event.response, now);
          break;
        }
        case 'failed': {
          const { owner } = event.transaction;
          if (owner instanceof AgentLeg || owner instanceof Phone) owner.failed(event.transaction, now);
          else if (owner instanceof CallerCall && event.transaction.method === 'INVITE') owner.failed();
          break;
        }
        case 'stray-response':
          this.#stray(event.response, now);
          break;
        case 'unconfirmed':
          break;
      }
    }
    events.length = 0;
  }

  #requested(transaction: ServerTransaction<Sleeper>, request: SipRequest, flow: Flow, now: Instant): void {
    const { method } = request;
    const isPing = method === 'OPTIONS' && request.to.tag === undefined;
    if (isPing && this.pings !== 'answered') return this.#pinged(transaction, now);
    // Before it looks for a password: silence is silence.
    if (method === 'REGISTER' && this.registrar?.mood === 'silent') return;
    const turned = isPing ? undefined : this.#guard?.turns(request, flow.remote.host, now);
    if (turned) {
      const toTag = request.to.tag ?? this.random.token(64);
      return void this.layer.respond(transaction, { ...turned, toTag }, now.mono);
    }
    if (method === 'REGISTER' && this.registrar) {
      const reply = this.registrar.registers(request, flow, now);
      if (reply) this.layer.respond(transaction, { ...reply, toTag: this.random.token(64) }, now.mono);
      return;
    }
    if (request.to.tag !== undefined) {
      const call = this.#calls.get(request.callId);
      const leg = call?.legs.get(call instanceof CallerCall ? (request.from.tag ?? '') : request.to.tag);
      if (leg) this.#checkRoute(request);
      if (leg && leg.dialog.remoteTag === request.from.tag && leg.dialog.localTag === request.to.tag) {
        transaction.owner = leg;
        leg.requested(transaction, request, now);
      } else if (call instanceof CalleeCall) call.requested(transaction, now);
      else if (this.#outside.requested(transaction, request, now)) return;
      else this.layer.respond(transaction, { status: 481 }, now.mono);
      return;
    }
    if (request.method !== 'INVITE') {
      if (this.#outside.began(transaction, request, now)) return;
      const status = request.method === 'OPTIONS' ? 200 : request.method === 'BYE' ? 481 : 405;
      this.layer.respond(transaction, { status, toTag: this.random.token(64) }, now.mono);
      return;
    }
    if (this.#calls.has(request.callId)) {
      this.layer.respond(transaction, { status: 482, toTag: this.random.token(64) }, now.mono);
      return;
    }
    const number = this.phone ? parseUri(request.to.uri)?.user : request.target?.user;
    if (this.phone && request.uri !== this.phone.contact) this.complain(`${request.uri} is not what it registered`);
    const history = this.#begin('callee', request.callId, number ?? '');
    const call = new CalleeCall(this, transaction, withSessionBody(request), flow.remote, history, now);
    transaction.owner = call;
    this.#calls.set(request.callId, call);
  }

  /** OPTIONS of somebody who is not well. */
  #pinged(transaction: ServerTransaction<Sleeper>, now: Instant): void {
    const toTag = this.random.token(64);
    switch (this.pings) {
      case 'late': {
        const answer: Sleeper = {
          wake: (_name, at) => void this.layer.respond(transaction, { status: 200, toTag }, at.mono),
        };
        this.deadlines.set('late', answer, now.mono + this.dice.between(400, 12_000));
        return;
      }
      case 'refused':
      case 'put off': {
        const headers = this.pings === 'refused' ? [] : [['Retry-After', '15'] as const];
        this.layer.respond(transaction, { status: 503, toTag, headers }, now.mono);
      }
    }
  }

  #checkRoute(request: SipRequest): void {
    const routes = request.all('route').join(', ');
    if (routes !== (this.recordRoute ?? ''))
      this.complain(`${request.method} has Route ${routes}, not ${this.recordRoute}`);
  }

  #stray(response: SipResponse, now: Instant): void {
    if (response.cseq.method !== 'INVITE' || response.status < 200 || response.status >= 300) return;
    const call = this.#calls.get(response.callId);
    const leg = call?.legs.get(response.to.tag ?? '');
    if (leg) leg.again(response);
    else if (call instanceof CallerCall) call.accepted(response, now);
  }

  #leg(request: SipRequest): AgentLeg | undefined {
    const call = this.#calls.get(request.callId);
    return call?.legs.get(call instanceof CallerCall ? (request.from.tag ?? '') : (request.to.tag ?? ''));
  }

  #begin(role: History['role'], callId: string, number: string): History {
    const history: History = {
      agent: this.name,
      role,
      callId,
      number,
      taken: false,
      said: false,
      final: undefined,
      talking: false,
      ever: false,
      bye: undefined,
    };
    this.#histories.push(history);
    this.#options.onHistory(history);
    return history;
  }
}
