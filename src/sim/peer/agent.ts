import { parseMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import { Deadlines, type HostPort, type Instant, type Octets } from '#kernel';
import { type Flow, FlowTable } from '#sip/flow';
import { type ServerTransaction, type Sleeper, type Target, TransactionLayer } from '#sip/transaction';
import type { Agenda, Happening } from '../agenda.ts';
import type { PeerAddress } from '../configuration.ts';
import { Dice } from '../dice.ts';
import type { Endpoint, Network } from '../network.ts';
import { type AgentCall, CalleeCall, CallerCall } from './agent-call.ts';
import { AgentLeg, type LegMedia } from './agent-leg.ts';
import type { History, Line } from './line.ts';

export interface AgentOptions {
  readonly seed: number;
  readonly peer: PeerAddress;
  readonly transport: 'udp' | 'tcp';
  readonly server: HostPort;
  readonly mediaHost: string | undefined;
  readonly agenda: Agenda;
  readonly network: Network;
  readonly complain: (what: string) => void;
  /** Tandem does not know a dialog that was confirmed. */
  readonly unknown: (callId: string) => void;
  /** No ACK came for a 2xx. */
  readonly unacknowledged: (callId: string) => void;
  /** Every call this agent takes part in, from its first moment. */
  readonly onHistory: (history: History) => void;
}

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
  readonly #listeners: { readonly udp: string; readonly tcp: string };
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
    this.#listeners = { udp: `${this.name}/udp`, tcp: `${this.name}/tcp` };
    const { host, port } = peer.address;
    this.contact = `<sip:${this.name}@${host}:${port}${transport === 'tcp' ? ';transport=tcp' : ''}>`;
    this.recordRoute = this.dice.chance(0.2)
      ? `<sip:proxy.${this.name}@${host}:${port};lr${transport === 'tcp' ? ';transport=tcp' : ''}>`
      : undefined;
    options.network.attach(this, peer.address, this.#listeners);
    this.start();
  }

  get calls(): number {
    return this.#calls.size;
  }

  now(): Instant {
    const { now } = this.#options.agenda;
    return { mono: now, wall: now };
  }

  start(): void {
    const { network, peer } = this.#options;
    const { udp, tcp } = this.#listeners;
    this.alive = true;
    this.deadlines = new Deadlines<Sleeper>();
    this.#flows = new FlowTable([
      { id: udp, transport: 'udp', advertise: peer.address },
      { id: tcp, transport: 'tcp', advertise: peer.address },
    ]);
    this.layer = new TransactionLayer<Sleeper>({
      deadlines: this.deadlines,
      timers: { t1: 500, t2: 4000, t4: 5000 },
      random: this.random,
      flows: this.#flows,
      maxTransactions: 10_000,
      send: (flow, octets) => network.send(this, peer.address, flow, octets),
      connect: (flow) => network.connect(this, peer.address, flow),
    });
  }

  crash(): void {
    const { agenda, network } = this.#options;
    this.alive = false;
    agenda.cancel(this.#alarm);
    for (const history of this.#histories) history.talking = false;
    this.#calls.clear();
    network.died(this);
  }

  dial(number: string): void {
    const callId = `${this.random.token(96)}@${this.host}`;
    const history = this.#begin('caller', callId, number);
    this.#calls.set(callId, new CallerCall(this, number, history, this.now()));
    this.#settle();
  }

  /** From now on every call is hung up as soon as it may be. */
  retire(): void {
    this.retired = true;
    for (const call of this.#calls.values()) call.hangUp(this.now());
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

  /** The leg of a call that talks, by its number. */
  mediaOf(number: string, role: History['role']): LegMedia | undefined {
    for (const { history, legs } of this.#calls.values()) {
      if (history.number !== number || history.role !== role || !history.talking) continue;
      for (const { media } of legs.values()) if (media) return media;
    }
    return undefined;
  }

  mediaPort(): number {
    this.#port += 2;
    return this.#port;
  }

  target(remote: HostPort | undefined, transport: string | undefined): Target {
    const { udp, tcp } = this.#listeners;
    const wanted = transport === 'tcp' || (remote === undefined && this.#options.transport === 'tcp') ? 'tcp' : 'udp';
    return { transport: wanted, remote: remote ?? this.server, listeners: { udp, tcp } };
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
          if (owner instanceof AgentLeg) owner.responded(event.transaction, event.response, now);
          else if (owner instanceof CallerCall && event.transaction.method === 'INVITE')
            owner.responded(event.response, now);
          break;
        }
        case 'failed': {
          const { owner } = event.transaction;
          if (owner instanceof AgentLeg) owner.failed(event.transaction, now);
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
    if (request.to.tag !== undefined) {
      const call = this.#calls.get(request.callId);
      const leg = call?.legs.get(call instanceof CallerCall ? (request.from.tag ?? '') : request.to.tag);
      if (leg) this.#checkRoute(request);
      if (leg && leg.dialog.remoteTag === request.from.tag && leg.dialog.localTag === request.to.tag) {
        transaction.owner = leg;
        leg.requested(transaction, request, now);
      } else if (call instanceof CalleeCall) call.requested(transaction, request, now);
      else this.layer.respond(transaction, { status: 481 }, now.mono);
      return;
    }
    if (request.method !== 'INVITE') {
      const status = request.method === 'OPTIONS' ? 200 : request.method === 'BYE' ? 481 : 405;
      this.layer.respond(transaction, { status, toTag: this.random.token(64) }, now.mono);
      return;
    }
    if (this.#calls.has(request.callId)) {
      this.layer.respond(transaction, { status: 482, toTag: this.random.token(64) }, now.mono);
      return;
    }
    const history = this.#begin('callee', request.callId, request.target?.user ?? '');
    const call = new CalleeCall(this, transaction, request, flow.remote, history, now);
    transaction.owner = call;
    this.#calls.set(request.callId, call);
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
