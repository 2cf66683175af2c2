import { expect } from 'vitest';
import { parseMessage, type SipMessage, type SipRequest } from '#codec/sip-message';
import { Deadlines, type Octets, seeded } from '#kernel';
import { type Flow, FlowTable, type TlsTarget } from '#sip/flow';
import { type Target, TransactionLayer } from './layer.ts';
import type { OutgoingRequest } from './outgoing.ts';
import { receivedResponse } from './table.testing.ts';
import { defaultTimers, type Sleeper } from './timers.ts';
import type { ClientTransaction, ServerTransaction, TransactionEvent } from './transaction.ts';

/* The layer on a bench of its own: what its tests share. */

export const peer = { host: '192.0.2.9', port: 5060 };
export const udp: Flow = { transport: 'udp', listener: 'u', remote: peer };
export const tcp: Flow = {
  transport: 'tcp',
  listener: 't',
  remote: { host: peer.host, port: 40_000 },
  connection: 'in-1',
};
export const target: Target = { transport: 'udp', remote: peer, listeners: { udp: 'u', tcp: 't' } };
export const tcpTarget: Target = { ...target, transport: 'tcp' };

export function outgoing(method: string, size = 0): OutgoingRequest {
  return {
    method,
    uri: 'sip:bob@192.0.2.9',
    from: '<sip:alice@192.0.2.1>;tag=ours',
    to: '<sip:bob@192.0.2.9>',
    callId: 'abc',
    cseq: 7,
    routes: [],
    headers: [['Max-Forwards', '70']],
    body: 'x'.repeat(size),
  };
}

export interface Sent {
  readonly flow: Flow;
  readonly octets: Octets;
}

/** The layer as the engine uses it. */
export class Bench {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly flows = new FlowTable([
    { id: 'u', transport: 'udp', advertise: { host: '192.0.2.1', port: 5060 } },
    { id: 't', transport: 'tcp', advertise: { host: '192.0.2.1', port: 5062 } },
    { id: 's', transport: 'tls', advertise: { host: '192.0.2.1', port: 5061 } },
  ]);
  readonly sent: Sent[] = [];
  readonly connects: Flow[] = [];
  /** The TLS rules of each of them. */
  readonly rules: (TlsTarget | undefined)[] = [];
  readonly layer: TransactionLayer<string>;
  now = 5_000;

  constructor(maxTransactions = 100) {
    this.layer = new TransactionLayer<string>({
      deadlines: this.deadlines,
      timers: defaultTimers,
      random: seeded(7),
      flows: this.flows,
      maxTransactions,
      send: (flow, octets) => this.sent.push({ flow, octets }),
      connect: (flow, tls) => {
        this.connects.push(flow);
        this.rules.push(tls);
      },
    });
  }

  /** The events since it was last asked. */
  events(): readonly TransactionEvent<string>[] {
    return this.layer.events.splice(0);
  }

  kinds(): readonly string[] {
    return this.events().map(({ kind }) => kind);
  }

  receive(request: SipRequest, flow = udp): boolean {
    return this.layer.receiveRequest(request, flow, this.now);
  }

  /** Receives a request that is new, and gives its transaction. */
  opened(request: SipRequest, flow = udp): ServerTransaction<string> {
    this.receive(request, flow);
    const event = this.events()[0];
    if (event?.kind !== 'request' && event?.kind !== 'cancel') throw new Error('no new request');
    return event.transaction;
  }

  request(method: string, to = target, size = 0): ClientTransaction<string> {
    return this.layer.request(outgoing(method, size), to, 'leg', this.now);
  }

  /** Answers what was sent at this place with a status. */
  answer(status: number, to: Sent = this.sent.at(-1)!, flow = udp): void {
    const request = parseMessage(to.octets) as SipRequest;
    const options = { via: request.via.raw, toTag: 'theirs', cseq: request.cseq.number };
    this.layer.receiveResponse(receivedResponse(status, request.cseq.method, options), flow, this.now);
  }

  /** What the shell says of a connection, and what the engine does with it. */
  closed(connection: string): void {
    const gone = this.flows.closed(connection);
    this.layer.connectionClosed(connection, gone?.stood ?? false, 'closed', this.now);
  }

  runFor(ms: number): void {
    const until = this.now + ms;
    for (let next = this.deadlines.next(); next !== undefined && next <= until; next = this.deadlines.next()) {
      this.now = next;
      const deadline = this.deadlines.due(next)!;
      deadline.owner.wake(deadline.name, { mono: next, wall: 0 });
    }
    this.now = until;
  }

  /** Nothing is left: no transaction, no deadline, no entry in any table. */
  expectRest(): void {
    expect({ ...this.layer.inspect(), deadlines: this.deadlines.size }).toEqual({ deadlines: 0 });
  }

  /** "udp INVITE", "tcp 200": what was sent and how, since `from`. */
  lines(from = 0): readonly string[] {
    return this.sent.slice(from).map(({ flow, octets }) => {
      const [first, second] = octets.split(' ', 2);
      return `${flow.transport} ${first === 'SIP/2.0' ? second : first}`;
    });
  }

  /** What is left in tables and timers: {} at rest. */
  left(): Record<string, number> {
    const deadlines = this.deadlines.size;
    return { ...this.layer.inspect(), ...(deadlines > 0 ? { deadlines } : {}) };
  }

  message(at: number): SipMessage {
    return parseMessage(this.sent.at(at)!.octets) as SipMessage;
  }
}
