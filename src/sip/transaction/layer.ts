import { parseMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import {
  type Deadline,
  type Deadlines,
  detach,
  formatHostPort,
  type HostPort,
  type Octets,
  type Random,
} from '#kernel';
import {
  type Flow,
  type FlowTable,
  type FlowTransport,
  formatVia,
  magicCookie,
  type Path,
  responseAddress,
  responseFlow,
  type TlsTarget,
} from '#sip/flow';
import { InviteClientTransaction } from './invite-client.ts';
import { InviteServerTransaction } from './invite-server.ts';
import { answeredKey, clientKey, mergeKey, responseKey, serverKey } from './keys.ts';
import { NonInviteClientTransaction } from './non-invite-client.ts';
import { NonInviteServerTransaction } from './non-invite-server.ts';
import {
  cancelOf,
  formatOutgoing,
  formatOutgoingResponse,
  mostOctets,
  type OutgoingRequest,
  type OutgoingResponse,
} from './outgoing.ts';
import type { Sleeper, TimerValues } from './timers.ts';
import type { ClientTransaction, ServerTransaction, TransactionEvent, TransactionUser } from './transaction.ts';

/** RFC 3261 18.1.1: with an unknown path MTU, a larger request goes by a congestion-controlled transport. */
export const maxUdpRequest = 1300;
/** Ms for a connection that is tried for size only; a peer behind a firewall that lets nothing but UDP through answers never. */
const sizePatience = 2_000;
/** Ms for which a peer that took no connection is sent large requests by UDP at once, and how many such peers are remembered. */
const sizeMemory = 600_000;
const maxWithoutTcp = 1_000;

/** Where a request goes and by which of our sockets it may leave. */
export interface Target {
  readonly transport: FlowTransport;
  readonly remote: HostPort;
  /** Listener ids by transport. */
  readonly listeners: { readonly [transport in FlowTransport]?: string | undefined };
  /** A standing connection to prefer, the one its dialog came by. */
  readonly connection?: string | undefined;
  /** Whose rules a TLS connection to it follows. */
  readonly tls?: TlsTarget | undefined;
  /** By UDP whatever its size: the peer knows us by the flow, and by another we would be a stranger. */
  readonly keepsUdp?: boolean | undefined;
}

export interface TransactionLayerOptions {
  readonly deadlines: Deadlines<Sleeper>;
  readonly timers: TimerValues;
  readonly random: Random;
  readonly flows: FlowTable;
  /** Transactions of both kinds at once; beyond it new requests are not taken. */
  readonly maxTransactions: number;
  send(flow: Flow, octets: Octets): void;
  /** `tls`: the rules that it follows; none are known for a TLS connection that answers what came by another, long gone. */
  connect(flow: Flow, tls?: TlsTarget): void;
}

type AnyClient<Owner> = InviteClientTransaction<Owner> | NonInviteClientTransaction<Owner>;

/** What to do when a connection that was tried for size is refused: the same request by UDP. */
interface Fallback {
  readonly flow: Flow;
  readonly via: string;
  readonly octets: Octets;
  /** When the connection is waited for no longer. */
  readonly deadline?: Deadline<Sleeper>;
}

/**
 * The transaction table (RFC 3261 17): matches what arrives to its machine and collects in `events` what the
 * transaction user has to know, in order. Nothing calls back: the engine drains `events` after each input.
 */
export class TransactionLayer<Owner> implements TransactionUser<Owner> {
  readonly deadlines: Deadlines<Sleeper>;
  readonly timers: TimerValues;
  readonly events: TransactionEvent<Owner>[] = [];
  /** What it did since it began: `heard` and `said` again are retransmissions. */
  readonly counts = { server: 0, client: 0, heardAgain: 0, saidAgain: 0, timedOut: 0, notSent: 0 };
  readonly #options: TransactionLayerOptions;
  readonly #servers = new Map<string, ServerTransaction<Owner>>();
  readonly #clients = new Map<string, AnyClient<Owner>>();
  readonly #merged = new Map<string, ServerTransaction<Owner>>();
  readonly #byConnection = new Map<string, Set<ServerTransaction<Owner> | AnyClient<Owner>>>();
  readonly #fallbacks = new Map<AnyClient<Owner>, Fallback>();
  /** Peers that took no connection when one was tried for size -> until when that is believed, the oldest first. */
  readonly #withoutTcp = new Map<string, number>();

  constructor(options: TransactionLayerOptions) {
    this.#options = options;
    this.deadlines = options.deadlines;
    this.timers = options.timers;
  }

  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  /** A request from the network. Returns false when the table is full and nothing was done. */
  receiveRequest(request: SipRequest, flow: Flow, now: number): boolean {
    const key = serverKey(request);
    const known = this.#servers.get(key);
    if (request.method === 'ACK') {
      if (known) known.ack(request, flow, now);
      else this.tell({ kind: 'ack', request, flow });
      return true;
    }
    if (known) {
      if (flow.connection !== undefined && !this.#options.flows.stands(known.flow)) this.#move(known, flow);
      this.counts.heardAgain++;
      known.retransmitted(now);
      return true;
    }
    const { method, via } = request;
    const invite = method === 'CANCEL' ? this.#servers.get(serverKey(request, 'INVITE')) : undefined;
    // A CANCEL of what fills the table is welcome: there can be but one to an INVITE.
    if (this.size >= this.#options.maxTransactions && !invite) return false;
    const back = responseFlow(request, flow);
    const transaction =
      method === 'INVITE'
        ? new InviteServerTransaction<Owner>(key, request, back, this)
        : new NonInviteServerTransaction<Owner>(key, request, back, this);
    this.#servers.set(key, transaction);
    this.counts.server++;
    this.#attach(back, transaction);
    // 8.2.2.2: only outside dialogs, and an ongoing transaction of the same request makes it a copy.
    const merge = request.to.tag === undefined && method !== 'CANCEL' ? mergeKey(request) : undefined;
    transaction.origin = { source: flow.remote, port: via.port ?? 5060, merge };
    if (method === 'CANCEL') {
      this.tell({ kind: 'cancel', transaction, invite, request, flow });
      return true;
    }
    if (merge !== undefined) {
      if (this.#merged.has(merge)) {
        this.respond(transaction, { status: 482, toTag: this.#options.random.token(64) }, now);
        return true;
      }
      this.#merged.set(merge, transaction);
    }
    this.tell({ kind: 'request', transaction, request, flow });
    return true;
  }

  /** It comes again, acknowledges a refusal of ours or cancels what is under way; from the host that its transaction is of. */
  isUnderWay(request: SipRequest, flow: Flow): boolean {
    const known = this.#servers.get(serverKey(request, request.method === 'CANCEL' ? 'INVITE' : request.method));
    return known?.origin?.source.host === flow.remote.host;
  }

  receiveResponse(response: SipResponse, flow: Flow, now: number): void {
    const client = this.#clients.get(responseKey(response));
    if (client?.method === response.cseq.method) client.receive(response, flow, now);
    else this.tell({ kind: 'stray-response', response, flow });
  }

  /** Sends a request in a new client transaction. `branch` is given when a crash must be able to CANCEL it. */
  request(
    request: OutgoingRequest,
    target: Target,
    owner: Owner,
    now: number,
    branch = this.newBranch(),
  ): ClientTransaction<Owner> {
    const chosen = this.#choose(request, target, branch, now);
    const key = clientKey(branch, request.method);
    const transaction: AnyClient<Owner> =
      request.method === 'INVITE'
        ? new InviteClientTransaction(key, request, chosen.via, chosen.octets, chosen.flow, owner, this)
        : new NonInviteClientTransaction(
            key,
            request.method,
            chosen.octets,
            chosen.flow,
            owner,
            this,
            request.rewriter,
          );
    this.#clients.set(key, transaction);
    this.#attach(chosen.flow, transaction);
    this.counts.client++;
    if (chosen.fallback) this.#watchSize(transaction, chosen.fallback, now);
    transaction.start(now);
    return transaction;
  }

  /**
   * Octets by which a request is too long to go to the target as a datagram with certainty (RFC 3261 18.1.1); 0 when it is
   * not, or goes by a stream anyway. `branch` is the one that it will have.
   */
  excess(request: OutgoingRequest, { transport, listeners: { udp } }: Target, branch: string): number {
    if (transport !== 'udp' || udp === undefined) return 0;
    const via = formatVia(this.#options.flows.socket(udp)!, branch);
    // Nearly all are far from it.
    if (mostOctets(request, via) <= maxUdpRequest) return 0;
    return Math.max(0, formatOutgoing(request, via).length - maxUdpRequest);
  }

  /** Takes up an INVITE that a process sent before it died, as one that is ringing: so that it can be cancelled. */
  resumeInvite(
    request: OutgoingRequest,
    flow: Flow,
    branch: string,
    owner: Owner,
    now: number,
  ): ClientTransaction<Owner> {
    const via = formatVia(this.#options.flows.socket(flow.listener)!, branch);
    const transaction = new InviteClientTransaction(clientKey(branch, 'INVITE'), request, via, '', flow, owner, this);
    this.#clients.set(transaction.key, transaction);
    this.#attach(flow, transaction);
    transaction.resume(now);
    return transaction;
  }

  /**
   * Takes up an INVITE that a process answered so before it died, finally: it may come again, and is no new one.
   * `again`: then it gets the answer once more; else somebody sees to that.
   */
  resumeAnswered(octets: Octets, flow: Flow, again: boolean, now: number): void {
    const response = parseMessage(octets);
    const key = response.kind === 'response' ? answeredKey(response) : undefined;
    if (response.kind !== 'response' || key === undefined || this.#servers.has(key)) return;
    const back = this.#wayBack(response, flow);
    const transaction = new InviteServerTransaction<Owner>(key, undefined, back, this);
    this.#servers.set(key, transaction);
    this.#attach(back, transaction);
    transaction.origin = { source: flow.remote, port: response.via.port ?? 5060, merge: undefined };
    transaction.resume(response.status, again ? octets : undefined, now);
  }

  newBranch(): string {
    return detach(magicCookie + this.#options.random.token(96));
  }

  /** Sends an ACK to a 2xx: no transaction (13.2.2.4). Returns what was sent, to answer retransmissions of the 2xx. */
  sendAck(ack: OutgoingRequest, target: Target): { readonly flow: Flow; readonly octets: Octets } {
    // No transaction watches over an ACK, so one too large for UDP goes by TCP only where a connection stands.
    const { flow, octets } = this.#choose(ack, target, this.newBranch(), undefined);
    this.send(flow, octets);
    return { flow, octets };
  }

  /**
   * Asks for an INVITE to be cancelled: at once, or when its first provisional response comes (9.1). `reason` is a
   * Reason value for the CANCEL: that somebody else has answered, say (RFC 3326).
   */
  cancelInvite(transaction: ClientTransaction<Owner>, now: number, reason?: Octets): void {
    if (transaction instanceof InviteClientTransaction) transaction.cancel(now, reason);
  }

  /** Called by the INVITE client machine when its CANCEL may go out. */
  cancel(invite: InviteClientTransaction<Owner>, now: number): void {
    if (!invite.request) return;
    const request = cancelOf(invite.request, invite.cancelReason);
    const key = clientKey(invite.key, 'CANCEL');
    const octets = formatOutgoing(request, invite.via);
    const flow = this.#standing(invite.flow);
    const transaction = new NonInviteClientTransaction<Owner>(
      key,
      'CANCEL',
      octets,
      flow,
      invite.owner,
      this,
      invite.rewriter,
    );
    this.#clients.set(key, transaction);
    this.#attach(flow, transaction);
    transaction.start(now);
  }

  /** Answers a request; returns the octets, which the transaction user of a 2xx to INVITE sends again until the ACK. */
  respond(transaction: ServerTransaction<Owner>, given: OutgoingResponse, now: number): Octets {
    const { request, rewriter } = transaction;
    if (!request) return ''; // Already answered.
    const response = rewriter?.response(given, request) ?? given;
    this.#reconnect(transaction);
    const source = transaction.origin?.source ?? transaction.flow.remote;
    const octets = formatOutgoingResponse(request, source, response);
    transaction.respond(response.status, octets, now);
    return octets;
  }

  /** RFC 3261 13.3.1.4: the 2xx again. */
  respondAgain(transaction: ServerTransaction<Owner>, status: number, octets: Octets, now: number): void {
    this.#reconnect(transaction);
    this.counts.saidAgain++;
    transaction.respond(status, octets, now);
  }

  /** A response whose transaction died with an earlier process; where its connection did too, by 18.2.2. */
  respondWithout(flow: Flow, octets: Octets): void {
    const message = parseMessage(octets);
    this.send(message.kind === 'response' ? this.#wayBack(message, flow) : flow, octets);
  }

  /** By which flow a response goes whose request is not at hand any more; `flow`: the one it came by. A connection that is gone is named still. */
  #wayBack({ via }: SipResponse, flow: Flow): Flow {
    if (flow.connection === undefined) return { ...flow, remote: responseAddress(via, flow.remote) };
    if (this.#options.flows.stands(flow)) return flow;
    return { ...flow, remote: { host: flow.remote.host, port: via.port ?? 5060 } };
  }

  /** A stream connection is gone (`stood`) or never came to be. */
  connectionClosed(connection: string, stood: boolean, reason: string, now: number): void {
    const attached = this.#byConnection.get(connection);
    if (!attached) return;
    this.#byConnection.delete(connection);
    for (const transaction of attached) {
      const fallback = transaction.role === 'client' ? this.#fallbacks.get(transaction) : undefined;
      if (fallback && !stood) {
        this.#fallBack(transaction as AnyClient<Owner>, fallback, now);
      } else {
        transaction.transportFailed(reason, now);
      }
    }
  }

  /** Datagrams to this address do not arrive: pending requests to it fail at once (18.4). */
  undeliverable(listener: string, to: HostPort, reason: string, now: number): void {
    for (const transaction of this.#clients.values()) {
      const { flow } = transaction;
      const { host, port } = flow.remote;
      if (flow.connection === undefined && flow.listener === listener && port === to.port && host === to.host) {
        transaction.transportFailed(reason, now);
      }
    }
  }

  send(flow: Flow, octets: Octets): void {
    this.#options.send(this.#standing(flow), octets);
  }

  sendAgain(flow: Flow, octets: Octets): void {
    this.counts.saidAgain++;
    this.send(flow, octets);
  }

  tell(event: TransactionEvent<Owner>): void {
    if (event.kind === 'failed') this.counts[event.failure === 'timeout' ? 'timedOut' : 'notSent']++;
    this.events.push(event);
  }

  terminated(transaction: ServerTransaction<Owner> | AnyClient<Owner>): void {
    if (transaction.role === 'server') {
      this.#servers.delete(transaction.key);
      const merge = transaction.origin?.merge;
      if (merge !== undefined && this.#merged.get(merge) === transaction) this.#merged.delete(merge);
    } else {
      this.#clients.delete(transaction.key);
      const fallback = this.#fallbacks.get(transaction);
      if (fallback) {
        this.deadlines.clear(fallback.deadline);
        this.#fallbacks.delete(transaction);
      }
    }
    this.#detach(transaction.flow, transaction);
  }

  /** A request of ours, a CANCEL too, has no final response yet: who ends the process now leaves a peer ringing. */
  awaitsFinal(): boolean {
    for (const { state } of this.#clients.values())
      if (state === 'calling' || state === 'trying' || state === 'proceeding') return true;
    return false;
  }

  /** Counts by machine and state, and of what the tables beside them hold; nothing at all when all is at rest. */
  inspect(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const table of [this.#servers, this.#clients]) {
      for (const { role, method, state } of table.values()) {
        const name = `${method === 'INVITE' ? 'INVITE' : 'non-INVITE'} ${role} ${state}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
    }
    for (const [name, { size }] of [
      ['copies watched for', this.#merged],
      ['connections in use', this.#byConnection],
      ['fallbacks', this.#fallbacks],
    ] as const) {
      if (size > 0) counts[name] = size;
    }
    return counts;
  }

  #attach(flow: Flow, transaction: ServerTransaction<Owner> | AnyClient<Owner>): void {
    if (flow.connection === undefined) return;
    const attached = this.#byConnection.get(flow.connection);
    if (attached) attached.add(transaction);
    else this.#byConnection.set(flow.connection, new Set([transaction]));
  }

  #detach({ connection }: Flow, transaction: ServerTransaction<Owner> | AnyClient<Owner>): void {
    const attached = connection === undefined ? undefined : this.#byConnection.get(connection);
    attached?.delete(transaction);
    if (attached?.size === 0) this.#byConnection.delete(connection!);
  }

  #watchSize(transaction: AnyClient<Owner>, fallback: Fallback, now: number): void {
    const wake = (_name: string, { mono }: { readonly mono: number }) => {
      if (!this.#options.flows.isOpen(transaction.flow.connection)) this.#fallBack(transaction, fallback, mono);
    };
    const deadline = this.deadlines.set('size', { wake }, now + sizePatience);
    this.#fallbacks.set(transaction, { ...fallback, deadline });
  }

  #mayConnect(flow: Flow, now: number | undefined): boolean {
    return now !== undefined && (this.#withoutTcp.get(keyOfPeer(flow)) ?? 0) <= now;
  }

  #fallBack(transaction: AnyClient<Owner>, { flow, via, octets }: Fallback, now: number): void {
    this.deadlines.clear(this.#fallbacks.get(transaction)?.deadline);
    this.#fallbacks.delete(transaction);
    this.#detach(transaction.flow, transaction);
    const peer = keyOfPeer(flow);
    this.#withoutTcp.delete(peer);
    if (this.#withoutTcp.size >= maxWithoutTcp) this.#withoutTcp.delete(this.#withoutTcp.keys().next().value!);
    this.#withoutTcp.set(peer, now + sizeMemory);
    transaction.moved(flow, via, octets, now);
  }

  /** 18.2.2: when the request's connection is gone, its responses go by one to the port that sent-by names. */
  #reconnect(transaction: ServerTransaction<Owner>): void {
    const { flows } = this.#options;
    const { flow } = transaction;
    const { origin } = transaction;
    if (flows.stands(flow) || origin === undefined || transaction.state === 'terminated') return;
    this.#move(transaction, this.#standing({ ...flow, remote: { host: origin.source.host, port: origin.port } }));
  }

  /** The flow, or a new one to the same address where its connection is gone: ACK and CANCEL follow the INVITE (9.1). */
  #standing(flow: Flow): Flow {
    const { flows } = this.#options;
    if (flows.stands(flow)) return flow;
    return this.#taken(flows.path(flow.listener, flow.transport, flow.remote, flows.rulesOf(flow.connection)));
  }

  /** The path's flow, its connection asked for where there is none yet. */
  #taken({ flow, connect, tls }: Path): Flow {
    if (connect) this.#options.connect(flow, tls);
    return flow;
  }

  #move(transaction: ServerTransaction<Owner>, flow: Flow): void {
    this.#detach(transaction.flow, transaction);
    transaction.moved(flow);
    this.#attach(flow, transaction);
  }

  /** Picks the path (18.1.1) and writes the Via that fits it. Without `now` no connection is opened for size. */
  #choose(
    request: OutgoingRequest,
    target: Target,
    branch: string,
    now: number | undefined,
  ): { flow: Flow; via: string; octets: Octets; fallback: Fallback | undefined } {
    const { flows } = this.#options;
    const { udp, tcp, tls } = target.listeners;
    if (target.transport === 'tls') {
      return { ...this.#stream(request, target, 'tls', tls ?? '', branch), fallback: undefined };
    }
    if (target.transport === 'udp' && udp !== undefined) {
      const via = formatVia(flows.socket(udp)!, branch);
      const octets = formatOutgoing(request, via);
      const flow = flows.path(udp, 'udp', target.remote).flow;
      const byUdp =
        octets.length <= maxUdpRequest ||
        tcp === undefined ||
        target.keepsUdp === true ||
        !(this.#mayConnect(flow, now) || flows.isOpen(target.connection) || flows.isOpen(flows.to(tcp, target.remote)));
      if (byUdp) return { flow, via, octets, fallback: undefined };
      const stream = this.#stream(request, target, 'tcp', tcp, branch);
      return { ...stream, fallback: { flow, via, octets } };
    }
    return { ...this.#stream(request, target, 'tcp', tcp ?? udp ?? '', branch), fallback: undefined };
  }

  #stream(
    request: OutgoingRequest,
    target: Target,
    transport: 'tcp' | 'tls',
    listener: string,
    branch: string,
  ): { flow: Flow; via: string; octets: Octets } {
    const { flows } = this.#options;
    const preferred: Flow | undefined =
      target.connection === undefined
        ? undefined
        : { transport, listener, remote: target.remote, connection: target.connection };
    const path =
      preferred && flows.stands(preferred)
        ? { flow: preferred, connect: false }
        : flows.path(listener, transport, target.remote, target.tls);
    const via = formatVia(flows.socket(listener)!, branch);
    return { flow: this.#taken(path), via, octets: formatOutgoing(request, via) };
  }
}

function keyOfPeer({ listener, remote }: Flow): string {
  return `${listener} ${formatHostPort(remote)}`;
}
