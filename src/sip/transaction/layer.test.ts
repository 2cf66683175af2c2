import { describe, expect, test } from 'vitest';
import type { Flow } from '#sip/flow';
import { Bench, outgoing, peer, target, tcp, udp } from './layer.testing.ts';
import { receivedRequest, receivedResponse } from './table.testing.ts';

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
    expect(bench.sent.length).toBe(2);
    expect(bench.left()).toEqual({});
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
    expect(transaction.state).toBe('terminated');
    expect(bench.left()).toEqual({});
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
    expect(bench.left()).toEqual({});
    bench.events();
    bench.receive(copy(3));
    expect(bench.kinds()).toEqual(['request']);
  });

  test('one copy told off and done with, the next is told off as well', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const copy = (branch: number) =>
      receivedRequest('OPTIONS', { via: `SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bK${branch}` });
    bench.opened(copy(1), tcp);
    for (const branch of [2, 3]) bench.receive(copy(branch), tcp);
    expect(bench.lines()).toEqual(['tcp 482', 'tcp 482']);
    expect(bench.layer.size).toBe(1);
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
    expect(bench.left()).toEqual({});
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
    expect(bench.left()).toEqual({});
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
    expect(bench.left()).toEqual({});
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
    expect(bench.left()).toEqual({});
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
