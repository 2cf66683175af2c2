import { describe, expect, test } from 'vitest';
import { parseMessage, type SipMessage, type SipRequest } from '#codec/sip-message';
import { Deadlines, type Octets, seeded } from '#kernel';
import { type Flow, FlowTable } from '#sip/flow';
import { maxUdpRequest, type Target, TransactionLayer } from './layer.ts';
import type { OutgoingRequest } from './outgoing.ts';
import { receivedRequest, receivedResponse } from './table.testing.ts';
import { defaultTimers, type Sleeper } from './timers.ts';
import type { ClientTransaction, ServerTransaction, TransactionEvent } from './transaction.ts';

const peer = { host: '192.0.2.9', port: 5060 };
const udp: Flow = { transport: 'udp', listener: 'u', remote: peer };
const tcp: Flow = { transport: 'tcp', listener: 't', remote: { host: peer.host, port: 40_000 }, connection: 'in-1' };
const target: Target = { transport: 'udp', remote: peer, listeners: { udp: 'u', tcp: 't' } };
const tcpTarget: Target = { ...target, transport: 'tcp' };

function outgoing(method: string, size = 0): OutgoingRequest {
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

interface Sent {
  readonly flow: Flow;
  readonly octets: Octets;
}

/** The layer as the engine uses it. */
class Bench {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly flows = new FlowTable([
    { id: 'u', transport: 'udp', advertise: { host: '192.0.2.1', port: 5060 } },
    { id: 't', transport: 'tcp', advertise: { host: '192.0.2.1', port: 5062 } },
  ]);
  readonly sent: Sent[] = [];
  readonly connects: Flow[] = [];
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
      connect: (flow) => this.connects.push(flow),
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

  /** "udp INVITE", "tcp 200": what was sent and how, since `from`. */
  lines(from = 0): readonly string[] {
    return this.sent.slice(from).map(({ flow, octets }) => {
      const [first, second] = octets.split(' ', 2);
      return `${flow.transport} ${first === 'SIP/2.0' ? second : first}`;
    });
  }

  message(at: number): SipMessage {
    return parseMessage(this.sent.at(at)!.octets) as SipMessage;
  }
}

describe('requests from the network', () => {
  test('a new one is told once, its retransmission answered from the transaction', () => {
    const bench = new Bench();
    const invite = receivedRequest('INVITE');
    const transaction = bench.opened(invite);
    expect(transaction.request).toBe(invite);
    bench.receive(invite);
    expect(bench.lines()).toEqual([]);
    const octets = bench.layer.respond(transaction, { status: 180, toTag: 'us' }, bench.now);
    bench.receive(invite);
    expect(bench.sent).toEqual([
      { flow: udp, octets },
      { flow: udp, octets },
    ]);
    expect(bench.kinds()).toEqual([]);
  });

  const vias = [
    'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1',
    'SIP/2.0/UDP 192.0.2.9:5060;branch=1',
    'SIP/2.0/UDP 192.0.2.9',
  ];
  test.each(vias)('%s: the ACK to a refusal ends its retransmission and goes no further', (via) => {
    const bench = new Bench();
    const transaction = bench.opened(receivedRequest('INVITE', { via }));
    bench.layer.respond(transaction, { status: 486, toTag: 'us' }, bench.now);
    bench.runFor(500);
    expect(bench.lines()).toEqual(['udp 486', 'udp 486']);
    bench.receive(receivedRequest('ACK', { via, toTag: 'us' }));
    expect([transaction.state, ...bench.kinds()]).toEqual(['confirmed']);
    bench.runFor(5_000);
    expect([bench.sent.length, bench.layer.size, bench.deadlines.size]).toEqual([2, 0, 0]);
  });

  test.each(['z9hG4bKother', 'z9hG4bK1'])('the ACK to a 2xx is passed up, its branch %s', (branch) => {
    const bench = new Bench();
    const transaction = bench.opened(receivedRequest('INVITE'));
    bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    const ack = receivedRequest('ACK', { via: `SIP/2.0/UDP 192.0.2.9:5060;branch=${branch}`, toTag: 'us' });
    bench.receive(ack);
    expect(bench.events()).toEqual([{ kind: 'ack', request: ack, flow: udp }]);
  });

  test('a 2xx is sent again by whom it belongs to, the INVITE again is absorbed', () => {
    const bench = new Bench();
    const invite = receivedRequest('INVITE');
    const transaction = bench.opened(invite);
    const octets = bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    bench.receive(invite);
    bench.runFor(500);
    expect(bench.sent.length).toBe(1);
    bench.layer.respondAgain(transaction, 200, octets, bench.now);
    expect(bench.sent[1]).toEqual({ flow: udp, octets });
    bench.runFor(32_000);
    expect([transaction.state, bench.layer.size, bench.deadlines.size]).toEqual(['terminated', 0, 0]);
  });

  test('a second final response is not sent', () => {
    const bench = new Bench();
    const transaction = bench.opened(receivedRequest('INVITE'));
    bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    expect(bench.layer.respond(transaction, { status: 500, toTag: 'us' }, bench.now)).toBe('');
    expect(bench.lines()).toEqual(['udp 200']);
  });

  test.each(vias)('%s: a CANCEL names its INVITE, has a transaction of its own', (via) => {
    const bench = new Bench();
    const invite = bench.opened(receivedRequest('INVITE', { via }));
    bench.receive(receivedRequest('CANCEL', { via }));
    const [event] = bench.events();
    if (event?.kind !== 'cancel') throw new Error('no CANCEL told');
    expect(event.invite).toBe(invite);
    bench.layer.respond(event.transaction, { status: 200, toTag: 'us' }, bench.now);
    bench.layer.respond(invite, { status: 487, toTag: 'us' }, bench.now);
    expect(bench.lines()).toEqual(['udp 200', 'udp 487']);
    expect([0, 1].map((at) => bench.message(at).cseq.method)).toEqual(['CANCEL', 'INVITE']);
  });

  test('a CANCEL that names nothing: no INVITE, or an INVITE of another branch, or only another method', () => {
    const bench = new Bench();
    bench.opened(receivedRequest('INVITE', { via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKother' }));
    bench.opened(receivedRequest('OPTIONS'));
    bench.receive(receivedRequest('CANCEL'));
    expect(bench.events()).toMatchObject([{ kind: 'cancel', invite: undefined }]);
  });

  test('a copy of a request by another path gets 482, for as long as the first one stands (8.2.2.2)', () => {
    const bench = new Bench();
    const copy = (branch: number) =>
      receivedRequest('INVITE', { via: `SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK${branch}` });
    const first = bench.opened(copy(1));
    expect(bench.receive(copy(2))).toBe(true);
    expect(bench.kinds()).toEqual([]);
    expect(bench.lines()).toEqual(['udp 482']);
    expect(bench.receive(copy(2))).toBe(true);
    expect(bench.lines()).toEqual(['udp 482', 'udp 482']);
    expect(bench.message(0).to.tag).toMatch(/^[0-9a-f]{16}$/);
    bench.layer.respond(first, { status: 486, toTag: 'us' }, bench.now);
    bench.runFor(33_000);
    expect(bench.layer.size).toBe(0);
    bench.events();
    bench.receive(copy(3));
    expect(bench.kinds()).toEqual(['request']);
  });

  test('not a copy: inside a dialog, with another CSeq, another method', () => {
    const bench = new Bench();
    const via = (branch: string) => `SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK${branch}`;
    bench.receive(receivedRequest('INVITE', { via: via('a'), toTag: 'us' }));
    bench.receive(receivedRequest('INVITE', { via: via('b'), toTag: 'us' }));
    bench.receive(receivedRequest('INVITE', { via: via('c') }));
    bench.receive(receivedRequest('INVITE', { via: via('d'), cseq: 2 }));
    bench.receive(receivedRequest('OPTIONS', { via: via('e') }));
    expect(bench.kinds()).toEqual(Array(5).fill('request'));
    expect(bench.sent).toEqual([]);
  });

  test('a full table takes no new request; what it knows goes on', () => {
    const bench = new Bench(1);
    const invite = receivedRequest('INVITE');
    const transaction = bench.opened(invite);
    expect(bench.receive(receivedRequest('OPTIONS'))).toBe(false);
    expect([bench.layer.size, ...bench.kinds()]).toEqual([1]);
    expect(bench.receive(invite)).toBe(true);
    bench.layer.respond(transaction, { status: 503, toTag: 'us' }, bench.now);
    expect(bench.receive(receivedRequest('ACK', { toTag: 'us' }))).toBe(true);
    expect(transaction.state).toBe('confirmed');
    bench.runFor(5_000);
    expect(bench.receive(receivedRequest('OPTIONS'))).toBe(true);
  });

  test('a full table still takes the CANCEL of what fills it', () => {
    const bench = new Bench(1);
    const invite = bench.opened(receivedRequest('INVITE'));
    const stranger = receivedRequest('CANCEL', { via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKother' });
    expect(bench.receive(stranger)).toBe(false);
    expect(bench.receive(receivedRequest('CANCEL'))).toBe(true);
    expect(bench.events()).toMatchObject([{ kind: 'cancel', invite }]);
  });

  test('a refusal that is never acknowledged is told', () => {
    const bench = new Bench();
    const transaction = bench.opened(receivedRequest('INVITE'));
    bench.layer.respond(transaction, { status: 486, toTag: 'us' }, bench.now);
    bench.runFor(32_000);
    expect(bench.events()).toEqual([{ kind: 'unconfirmed', transaction }]);
    expect(bench.layer.size).toBe(0);
  });

  test.each([
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1', 5070],
    ['SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1', 5060],
    ['SIP/2.0/UDP 10.0.0.1:5070;rport;branch=z9hG4bK1', 33_333],
  ])('UDP, from port 33333: %s is answered at port %i', (via, port) => {
    const bench = new Bench();
    const from: Flow = { ...udp, remote: { host: '192.0.2.9', port: 33_333 } };
    const transaction = bench.opened(receivedRequest('OPTIONS', { via }), from);
    bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    expect(bench.sent[0]!.flow).toEqual({ ...udp, remote: { host: '192.0.2.9', port } });
    const stamped = bench.message(0).via;
    expect(stamped.received).toBe('192.0.2.9');
    expect(stamped.params.get('rport')).toBe(via.includes('rport') ? '33333' : undefined);
  });
});

describe('responses from the network', () => {
  test('reach their transaction, by branch and method', () => {
    const bench = new Bench();
    const options = bench.request('OPTIONS');
    const invite = bench.request('INVITE');
    bench.answer(200, bench.sent[0]);
    bench.answer(180, bench.sent[1]);
    expect(bench.events()).toMatchObject([
      { kind: 'response', transaction: options, response: { status: 200 } },
      { kind: 'response', transaction: invite, response: { status: 180 } },
    ]);
    expect([options.owner, options.method, invite.state]).toEqual(['leg', 'OPTIONS', 'proceeding']);
  });

  test('that match nothing are told as strays', () => {
    const bench = new Bench();
    bench.request('INVITE');
    const branch = bench.message(0).via.raw;
    for (const [method, via] of [
      ['OPTIONS', branch],
      ['INVITE', branch.replace('z9hG4bK', 'z9hG4bK0')],
      ['INVITE', 'SIP/2.0/UDP 192.0.2.1'],
    ] as const) {
      const response = receivedResponse(200, method, { via, toTag: 't' });
      bench.layer.receiveResponse(response, udp, bench.now);
      expect(bench.events()).toEqual([{ kind: 'stray-response', response, flow: udp }]);
    }
  });

  test('no answer: retransmitted, then told as a timeout', () => {
    const bench = new Bench();
    const transaction = bench.request('BYE');
    bench.runFor(32_000);
    expect(bench.sent.length).toBe(11);
    expect(bench.events()).toMatchObject([{ kind: 'failed', transaction, failure: 'timeout' }]);
    expect([bench.layer.size, bench.deadlines.size]).toEqual([0, 0]);
  });

  test('each transaction has a branch of its own, or the one given', () => {
    const bench = new Bench();
    for (let i = 0; i < 50; i++) bench.request('OPTIONS');
    const branches = bench.sent.map((_, at) => bench.message(at).via.branch!);
    expect(new Set(branches).size).toBe(50);
    for (const branch of branches) expect(branch).toMatch(/^z9hG4bK[0-9a-f]{24}$/);
    bench.layer.request(outgoing('OPTIONS'), target, 'leg', bench.now, 'z9hG4bKgiven');
    expect(bench.message(-1).via.branch).toBe('z9hG4bKgiven');
  });
});

describe('CANCEL of ours (9.1)', () => {
  test('waits for a provisional response', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE');
    bench.layer.cancelInvite(invite, bench.now);
    bench.runFor(400);
    expect(bench.lines()).toEqual(['udp INVITE']);
    bench.answer(100);
    expect(bench.lines()).toEqual(['udp INVITE', 'udp CANCEL']);
    const [request, cancel] = [bench.message(0), bench.message(1)];
    expect([cancel.via.raw, cancel.cseq.number]).toEqual([request.via.raw, 7]);
  });

  test('asked for twice goes out once; 200 and 487 end both', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE');
    bench.answer(180);
    bench.layer.cancelInvite(invite, bench.now);
    bench.layer.cancelInvite(invite, bench.now);
    expect(bench.lines()).toEqual(['udp INVITE', 'udp CANCEL']);
    bench.answer(200, bench.sent[1]);
    bench.answer(487, bench.sent[0]);
    expect(bench.lines(2)).toEqual(['udp ACK']);
    expect(bench.events().map((event) => (event.kind === 'response' ? event.transaction.method : event.kind))).toEqual([
      'INVITE',
      'CANCEL',
      'INVITE',
    ]);
    bench.runFor(32_000);
    expect([bench.layer.size, bench.deadlines.size]).toEqual([0, 0]);
  });

  test('overtaken by a final response is not sent', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE');
    bench.layer.cancelInvite(invite, bench.now);
    bench.answer(200);
    bench.layer.cancelInvite(invite, bench.now);
    expect(bench.lines()).toEqual(['udp INVITE']);
  });

  test('without a final response after it, the INVITE counts as cancelled after 64*T1', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE');
    bench.answer(180);
    bench.layer.cancelInvite(invite, bench.now);
    bench.answer(200, bench.sent[1]);
    bench.events();
    bench.runFor(31_999);
    expect(bench.kinds()).toEqual([]);
    bench.runFor(1);
    expect(bench.events()).toMatchObject([{ kind: 'failed', transaction: invite, failure: 'timeout' }]);
    expect(bench.layer.size).toBe(0);
  });
});

describe('an INVITE whose process died', () => {
  test('is taken up as ringing, with its branch, and cancelled', () => {
    const bench = new Bench();
    const invite = bench.layer.resumeInvite(outgoing('INVITE'), udp, 'z9hG4bKdead', 'orphan', bench.now);
    expect([invite.state, bench.sent.length, bench.deadlines.size]).toEqual(['proceeding', 0, 0]);
    bench.layer.cancelInvite(invite, bench.now);
    expect(bench.lines()).toEqual(['udp CANCEL']);
    expect(bench.message(0).via.raw).toBe('SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKdead;rport');
    const refusal = receivedResponse(487, 'INVITE', { via: bench.message(0).via.raw, toTag: 't', cseq: 7 });
    bench.layer.receiveResponse(refusal, udp, bench.now);
    expect(bench.lines(1)).toEqual(['udp ACK']);
    expect(bench.events()).toMatchObject([{ kind: 'response', transaction: { owner: 'orphan' } }]);
  });

  test('by a connection that died with it, the CANCEL opens a new one', () => {
    const bench = new Bench();
    const flow: Flow = { transport: 'tcp', listener: 't', remote: peer, connection: 'out-old-1' };
    const invite = bench.layer.resumeInvite(outgoing('INVITE'), flow, 'z9hG4bKdead', 'orphan', bench.now);
    bench.layer.cancelInvite(invite, bench.now);
    expect(bench.connects).toEqual([{ ...flow, connection: 'out-1' }]);
    expect(bench.sent[0]!.flow.connection).toBe('out-1');
  });
});

describe('which transport (18.1.1)', () => {
  const overhead = (() => {
    const bench = new Bench();
    bench.request('INVITE');
    // A body of four digits' length adds three octets to Content-Length.
    return bench.sent[0]!.octets.length + 3;
  })();

  test('up to 1300 octets by UDP, one more by TCP', () => {
    const bench = new Bench();
    bench.request('INVITE', target, maxUdpRequest - overhead);
    expect(bench.sent[0]!.octets.length).toBe(1300);
    bench.request('INVITE', target, maxUdpRequest - overhead + 1);
    expect(bench.lines()).toEqual(['udp INVITE', 'tcp INVITE']);
    expect(bench.connects).toEqual([{ transport: 'tcp', listener: 't', remote: peer, connection: 'out-1' }]);
    expect(bench.message(0).via.raw).toMatch(/^SIP\/2\.0\/UDP 192\.0\.2\.1:5060;/);
    expect(bench.message(1).via.raw).toMatch(/^SIP\/2\.0\/TCP 192\.0\.2\.1:5062;/);
  });

  test('without a TCP listener a large one goes by UDP all the same', () => {
    const bench = new Bench();
    bench.request('INVITE', { ...target, listeners: { udp: 'u' } }, 2_000);
    expect(bench.lines()).toEqual(['udp INVITE']);
  });

  test.each(['INVITE', 'OPTIONS'])(
    'TCP refused: %s goes by UDP, in the same transaction, with the Via of UDP',
    (method) => {
      const bench = new Bench();
      const transaction = bench.request(method, target, 2_000);
      bench.closed('out-1');
      expect(bench.lines()).toEqual([`tcp ${method}`, `udp ${method}`]);
      const [first, second] = [bench.message(0).via, bench.message(1).via];
      expect([second.transport, second.port, second.branch]).toEqual(['UDP', 5060, first.branch]);
      bench.runFor(500);
      expect(bench.lines(2)).toEqual([`udp ${method}`]);
      bench.answer(486);
      expect(bench.events()).toMatchObject([{ kind: 'response', transaction }]);
      if (method === 'INVITE') {
        expect(bench.lines(3)).toEqual(['udp ACK']);
        expect(bench.message(-1).via.raw).toBe(second.raw);
      }
      bench.runFor(32_000);
      expect([bench.layer.size, bench.deadlines.size]).toEqual([0, 0]);
    },
  );

  test('fallen back to UDP, a CANCEL follows it there', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE', target, 2_000);
    bench.closed('out-1');
    bench.answer(180);
    bench.layer.cancelInvite(invite, bench.now);
    expect(bench.lines(2)).toEqual(['udp CANCEL']);
    expect(bench.message(2).via.raw).toBe(bench.message(1).via.raw);
  });

  test('a connection that stood and broke is no reason to fall back', () => {
    const bench = new Bench();
    const transaction = bench.request('INVITE', target, 2_000);
    bench.flows.opened(bench.connects[0]!);
    bench.closed('out-1');
    expect(bench.lines()).toEqual(['tcp INVITE']);
    expect(bench.events()).toMatchObject([{ kind: 'failed', transaction, failure: 'transport' }]);
  });

  test('a large ACK to a 2xx goes by TCP where a connection stands, else by UDP', () => {
    const bench = new Bench();
    expect(bench.layer.sendAck(outgoing('ACK', 2_000), target).flow).toEqual(udp);
    expect(bench.connects).toEqual([]);
    bench.request('OPTIONS', tcpTarget);
    expect(bench.layer.sendAck(outgoing('ACK', 2_000), target).flow.transport).toBe('udp');
    bench.flows.opened(bench.connects[0]!);
    expect(bench.layer.sendAck(outgoing('ACK', 2_000), target).flow).toBe(bench.connects[0]);
    expect(bench.lines()).toEqual(['udp ACK', 'tcp OPTIONS', 'udp ACK', 'tcp ACK']);
    expect(bench.layer.size).toBe(1);
  });

  test('an ACK to a 2xx has a branch of its own, and its octets can be sent again', () => {
    const bench = new Bench();
    const ack = bench.layer.sendAck(outgoing('ACK'), target);
    expect(bench.sent).toEqual([ack]);
    bench.layer.sendAck(outgoing('ACK'), target);
    expect(bench.message(0).via.branch).not.toBe(bench.message(1).via.branch);
  });
});

describe('connections', () => {
  test('one to a peer serves all requests to it', () => {
    const bench = new Bench();
    bench.request('OPTIONS', tcpTarget);
    bench.request('INVITE', tcpTarget);
    bench.flows.opened(bench.connects[0]!);
    bench.request('BYE', tcpTarget);
    expect(bench.connects.length).toBe(1);
    expect(new Set(bench.sent.map(({ flow }) => flow.connection))).toEqual(new Set(['out-1']));
  });

  test("a dialog's own connection is preferred while it stands", () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    bench.request('BYE', { ...tcpTarget, connection: 'in-1' });
    expect(bench.sent[0]!.flow.connection).toBe('in-1');
    expect(bench.connects).toEqual([]);
    bench.closed('in-1');
    bench.request('BYE', { ...tcpTarget, connection: 'in-1' });
    expect(bench.sent[1]!.flow.connection).toBe('out-1');
  });

  test('one that closes fails what waits for a first answer on it, and nothing else', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const calling = bench.request('INVITE', tcpTarget);
    bench.flows.opened(bench.connects[0]!);
    const ringing = bench.request('INVITE', tcpTarget);
    bench.answer(180);
    const elsewhere = bench.request('OPTIONS', { ...tcpTarget, connection: 'in-1' });
    const byUdp = bench.request('OPTIONS');
    bench.events();
    bench.closed('out-1');
    expect(bench.events()).toMatchObject([
      { kind: 'failed', transaction: calling, failure: 'transport', reason: 'closed' },
    ]);
    expect([ringing.state, elsewhere.state, byUdp.state]).toEqual(['proceeding', 'trying', 'trying']);
    bench.closed('never-heard-of');
    expect(bench.kinds()).toEqual([]);
  });

  test('gone while it rang: CANCEL goes by a new one, and so does the ACK to what comes back', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE', tcpTarget);
    bench.flows.opened(bench.connects[0]!);
    bench.answer(180);
    bench.closed('out-1');
    bench.layer.cancelInvite(invite, bench.now);
    bench.closed('out-2');
    expect(bench.events()).toMatchObject([
      { kind: 'response', transaction: invite },
      { kind: 'failed', transaction: { method: 'CANCEL' }, failure: 'transport' },
    ]);
    bench.answer(487, bench.sent[0]);
    expect(bench.sent.map(({ flow }) => flow.connection)).toEqual(['out-1', 'out-2', 'out-3']);
    expect(bench.lines()).toEqual(['tcp INVITE', 'tcp CANCEL', 'tcp ACK']);
    expect(bench.connects.map(({ remote }) => remote)).toEqual([peer, peer, peer]);
  });

  test('a request that comes again by another while the first stands is answered by the first', () => {
    const bench = new Bench();
    const next: Flow = { ...tcp, connection: 'in-2' };
    for (const flow of [tcp, next]) bench.flows.opened(flow);
    const invite = receivedRequest('INVITE');
    const transaction = bench.opened(invite, tcp);
    bench.layer.respond(transaction, { status: 180, toTag: 'us' }, bench.now);
    bench.receive(invite, next);
    expect(bench.sent.map(({ flow }) => flow.connection)).toEqual(['in-1', 'in-1']);
  });

  test('a request by connection is answered by it, without timers for retransmission', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const via = 'SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bK1';
    const transaction = bench.opened(receivedRequest('OPTIONS', { via }), tcp);
    bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    expect(bench.sent[0]!.flow).toBe(tcp);
    expect([bench.layer.size, bench.deadlines.size]).toEqual([0, 0]);
  });

  test('gone before the answer: a new one to the port of sent-by carries the response, and the 2xx again (18.2.2)', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const via = 'SIP/2.0/TCP 10.0.0.1:5070;branch=z9hG4bK1';
    const transaction = bench.opened(receivedRequest('INVITE', { via }), tcp);
    bench.closed('in-1');
    expect([transaction.state, ...bench.kinds()]).toEqual(['proceeding']);
    const octets = bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    const fresh: Flow = {
      transport: 'tcp',
      listener: 't',
      remote: { host: '192.0.2.9', port: 5070 },
      connection: 'out-1',
    };
    expect(bench.connects).toEqual([fresh]);
    expect(bench.message(0).via.received).toBe('192.0.2.9');
    bench.flows.opened(fresh);
    bench.closed('out-1');
    bench.layer.respondAgain(transaction, 200, octets, bench.now);
    expect(bench.sent.map(({ flow }) => flow.connection)).toEqual(['out-1', 'out-2']);
    bench.runFor(32_000);
    expect([bench.layer.size, bench.deadlines.size]).toEqual([0, 0]);
  });

  test('gone, and the request comes again by another: that one is answered', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const invite = receivedRequest('INVITE', { via: 'SIP/2.0/TCP 10.0.0.1:5070;branch=z9hG4bK1' });
    const transaction = bench.opened(invite, tcp);
    bench.layer.respond(transaction, { status: 180, toTag: 'us' }, bench.now);
    bench.closed('in-1');
    const next: Flow = { ...tcp, connection: 'in-2' };
    bench.flows.opened(next);
    bench.receive(invite, next);
    bench.layer.respond(transaction, { status: 486, toTag: 'us' }, bench.now);
    expect(bench.sent.map(({ flow }) => flow.connection)).toEqual(['in-1', 'in-2', 'in-2']);
    expect(bench.connects).toEqual([]);
  });

  test('refused where responses would go: they are not sent in circles', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const transaction = bench.opened(receivedRequest('INVITE', { via: 'SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1' }), tcp);
    bench.closed('in-1');
    bench.layer.respond(transaction, { status: 486, toTag: 'us' }, bench.now);
    bench.closed('out-1');
    expect(bench.connects.length).toBe(1);
    bench.runFor(32_000);
    expect(bench.events()).toEqual([{ kind: 'unconfirmed', transaction }]);
    expect([bench.connects.length, bench.layer.size]).toEqual([1, 0]);
  });
});

describe('undeliverable datagrams (18.4)', () => {
  test('fail what waits on that address by that socket, and nothing else', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE');
    const options = bench.request('OPTIONS');
    const ringing = bench.request('INVITE');
    bench.answer(180);
    const other = bench.request('OPTIONS', { ...target, remote: { host: '192.0.2.9', port: 5061 } });
    const stream = bench.request('OPTIONS', tcpTarget);
    bench.events();
    bench.layer.undeliverable('u2', peer, 'port unreachable', bench.now);
    expect(bench.kinds()).toEqual([]);
    bench.layer.undeliverable('u', peer, 'port unreachable', bench.now);
    expect(bench.events()).toMatchObject([
      { kind: 'failed', transaction: invite, failure: 'transport', reason: 'port unreachable' },
      { kind: 'failed', transaction: options, failure: 'transport' },
    ]);
    expect([ringing.state, other.state, stream.state]).toEqual(['proceeding', 'trying', 'trying']);
  });
});

test('inspect counts by machine and state', () => {
  const bench = new Bench();
  bench.opened(receivedRequest('INVITE'));
  bench.opened(receivedRequest('OPTIONS'));
  bench.request('INVITE');
  bench.request('INVITE');
  expect(bench.layer.inspect()).toEqual({
    'INVITE server proceeding': 1,
    'non-INVITE server trying': 1,
    'INVITE client calling': 2,
  });
});
