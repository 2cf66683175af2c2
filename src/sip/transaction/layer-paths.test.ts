import { describe, expect, test } from 'vitest';
import type { Flow } from '#sip/flow';
import { Bench, outgoing, peer, target, tcp, tcpTarget, udp } from './layer.testing.ts';
import { maxUdpRequest } from './layer.ts';
import { receivedRequest } from './table.testing.ts';

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

  test('by how much a request is too long is told beforehand', () => {
    const bench = new Bench();
    const excess = (octets: number, to = target) =>
      bench.layer.excess(
        { ...outgoing('INVITE'), body: 'x'.repeat(maxUdpRequest - overhead + octets) },
        to,
        bench.layer.newBranch(),
      );
    expect([excess(0), excess(1), excess(700)]).toEqual([0, 1, 700]);
    expect(excess(700, tcpTarget)).toBe(0);
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
      expect(bench.left()).toEqual({});
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

  test('TCP leads nowhere: by UDP after two seconds, in the same transaction, and others at once for ten minutes', () => {
    const bench = new Bench();
    bench.request('INVITE', target, 1500);
    bench.runFor(1_999);
    expect(bench.lines()).toEqual(['tcp INVITE']);
    bench.runFor(1);
    expect(bench.lines()).toEqual(['tcp INVITE', 'udp INVITE']);
    bench.answer(486);
    // The connection comes to its end long after.
    bench.runFor(8_000);
    bench.closed(bench.connects[0]!.connection!);
    bench.runFor(32_000);
    bench.expectRest();
    const from = bench.sent.length;
    bench.request('INVITE', target, 1500);
    bench.answer(486);
    bench.runFor(600_000);
    bench.request('INVITE', target, 1500);
    expect(bench.lines(from)).toEqual(['udp INVITE', 'udp ACK', 'tcp INVITE']);
  });

  test('TCP is slow, yet stands in time: nothing goes by UDP', () => {
    const bench = new Bench();
    bench.request('INVITE', target, 1500);
    bench.runFor(1_500);
    bench.flows.opened(bench.connects[0]!);
    bench.runFor(5_000);
    expect(bench.lines()).toEqual(['tcp INVITE']);
    bench.answer(486, bench.sent[0], bench.connects[0]);
    bench.runFor(40_000);
    bench.expectRest();
  });

  test('where the peer knows us by the flow, it stays UDP', () => {
    const bench = new Bench();
    bench.request('INVITE', { ...target, keepsUdp: true }, 1500);
    expect(bench.lines()).toEqual(['udp INVITE']);
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
    expect(bench.left()).toEqual({});
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
    expect(bench.left()).toEqual({});
  });

  test('gone after a 2xx: the 2xx again goes where the client takes connections, not to the port it once called from', () => {
    const bench = new Bench();
    bench.flows.opened(tcp);
    const via = 'SIP/2.0/TCP 10.0.0.1:5070;branch=z9hG4bK1';
    const transaction = bench.opened(receivedRequest('INVITE', { via }), tcp);
    const octets = bench.layer.respond(transaction, { status: 200, toTag: 'us' }, bench.now);
    bench.closed('in-1');
    bench.layer.respondAgain(transaction, 200, octets, bench.now);
    expect(bench.connects.map(({ remote }) => remote)).toEqual([{ host: '192.0.2.9', port: 5070 }]);
    expect(bench.sent[1]).toEqual({ flow: bench.connects[0], octets });
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
    expect(bench.connects.length).toBe(1);
    expect(bench.left()).toEqual({});
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

test('a request of a checkpoint, its connection long gone, is answered by a new one and leaves nothing behind', () => {
  const bench = new Bench();
  const invite = receivedRequest('INVITE', { via: 'SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bK1' });
  const transaction = bench.opened(invite, { ...tcp, connection: 'in-old-1' });
  bench.layer.respond(transaction, { status: 500, toTag: 'us' }, bench.now);
  expect(bench.sent[0]!.flow).toMatchObject({ connection: 'out-1', remote: { host: '192.0.2.9', port: 5070 } });
  bench.receive(receivedRequest('ACK', { via: invite.via.raw, toTag: 'us' }), bench.sent[0]!.flow);
  expect(bench.left()).toEqual({});
});

describe('an INVITE that a process answered before it died', () => {
  const vias = {
    'with rport': { via: 'SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1;rport', port: 40_001 },
    'without rport': { via: 'SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1', port: 5070 },
  };
  const from: Flow = { ...udp, remote: { host: peer.host, port: 40_001 } };

  /** What a process before this one answered. */
  function answered(status: number, via: string, flow = from) {
    const before = new Bench();
    const invite = receivedRequest('INVITE', { via });
    const octets = before.layer.respond(before.opened(invite, flow), { status, toTag: 'us' }, before.now);
    return { invite, octets };
  }

  for (const [what, { via, port }] of Object.entries(vias)) {
    test.each([200, 486])(`%i, Via ${what}: what comes again gets it again, where it went the first time`, (status) => {
      const { invite, octets } = answered(status, via);
      const bench = new Bench();
      bench.layer.resumeAnswered(octets, from, true, bench.now);
      bench.runFor(5_000);
      expect(bench.sent).toEqual([]);
      bench.receive(invite, from);
      bench.receive(invite, from);
      const sent = { flow: { ...from, remote: { host: peer.host, port } }, octets };
      expect([bench.sent, bench.kinds()]).toEqual([[sent, sent], []]);
      bench.runFor(32_000);
      expect(bench.left()).toEqual({});
    });

    test(`200, Via ${what}: sent again without being asked, it goes where it went`, () => {
      const bench = new Bench();
      const { octets } = answered(200, via);
      bench.layer.respondWithout(from, octets);
      expect(bench.sent).toEqual([{ flow: { ...from, remote: { host: peer.host, port } }, octets }]);
    });
  }

  test('is absorbed where somebody else sends the 2xx again', () => {
    const { invite, octets } = answered(200, vias['with rport'].via);
    const bench = new Bench();
    bench.layer.resumeAnswered(octets, from, false, bench.now);
    bench.receive(invite, from);
    expect([bench.sent, bench.kinds()]).toEqual([[], []]);
  });

  test('its refusal is acknowledged as ever, the ACK to its 2xx is passed up', () => {
    for (const [status, kinds] of [
      [486, []],
      [200, ['ack']],
    ] as const) {
      const { invite, octets } = answered(status, vias['with rport'].via);
      const bench = new Bench();
      bench.layer.resumeAnswered(octets, from, true, bench.now);
      bench.receive(receivedRequest('ACK', { via: invite.via.raw, toTag: 'us' }), from);
      expect(bench.kinds()).toEqual(kinds);
      bench.runFor(32_000);
      expect([bench.left(), bench.sent]).toEqual([{}, []]);
    }
  });

  test('by a connection that is gone: it is answered by the one that it comes again by', () => {
    const { invite, octets } = answered(200, 'SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bK1', tcp);
    const bench = new Bench();
    bench.layer.resumeAnswered(octets, { ...tcp, connection: 'in-of-the-dead' }, true, bench.now);
    bench.flows.opened(tcp);
    bench.receive(invite, tcp);
    expect([bench.sent, bench.connects]).toEqual([[{ flow: tcp, octets }], []]);
  });

  test('of an RFC 2543 client can not be told from a new one', () => {
    const { octets } = answered(200, 'SIP/2.0/UDP 192.0.2.9:5070;branch=1');
    const bench = new Bench();
    bench.layer.resumeAnswered(octets, from, true, bench.now);
    expect(bench.left()).toEqual({});
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
    'copies watched for': 2,
  });
});

describe('TLS: by the rules of its trunk', () => {
  const rules = { trunk: 'a', names: ['sip.a.example'] };
  const tlsTarget = { transport: 'tls', remote: peer, listeners: { tls: 's' }, tls: rules } as const;
  const incoming: Flow = { ...tcp, transport: 'tls', listener: 's', connection: 'in-7' };

  test('two trunks at one address do not share a connection', () => {
    const bench = new Bench();
    for (const trunk of ['a', 'b', 'a']) bench.request('OPTIONS', { ...tlsTarget, tls: { ...rules, trunk } });
    expect(bench.connects.map(({ connection }) => connection)).toEqual(['out-1', 'out-2']);
    expect(bench.rules).toEqual([rules, { ...rules, trunk: 'b' }]);
    expect(bench.sent.map(({ flow }) => flow.connection)).toEqual(['out-1', 'out-2', 'out-1']);
  });

  test('new requests leave a connection that retires, its answers still come', () => {
    const bench = new Bench();
    bench.request('OPTIONS', tlsTarget);
    bench.flows.opened(bench.connects[0]!);
    bench.flows.retire('out-1');
    bench.request('OPTIONS', tlsTarget);
    expect(bench.rules).toEqual([rules, rules]);
    bench.answer(200, bench.sent[0], bench.connects[0]);
    expect(bench.kinds()).toEqual(['response']);
  });

  test('CANCEL of an INVITE whose connection is gone opens one by the same rules', () => {
    const bench = new Bench();
    const invite = bench.request('INVITE', tlsTarget);
    bench.flows.opened(bench.connects[0]!);
    bench.answer(180, bench.sent[0], bench.connects[0]);
    bench.flows.closed('out-1');
    bench.layer.cancelInvite(invite, bench.now);
    expect(bench.rules).toEqual([rules, rules]);
    expect(bench.lines()).toEqual(['tls INVITE', 'tls CANCEL']);
  });

  test.each([
    ['the one trunk that its certificate proved', ['a'], { trunk: 'a', names: ['sbc.a.example'] }],
    ['nobody when that is not clear', ['a', 'b'], undefined],
  ] as const)(
    'an answer to what came by a connection that is gone: by the rules of %s',
    (_what, trustedBy, expected) => {
      const bench = new Bench();
      bench.flows.opened(incoming, { names: ['sbc.a.example'], trustedBy });
      const transaction = bench.opened(receivedRequest('OPTIONS'), incoming);
      bench.flows.closed('in-7');
      bench.layer.respond(transaction, { status: 200 }, bench.now);
      expect(bench.rules).toEqual([expected]);
      expect(bench.lines()).toEqual(['tls 200']);
    },
  );
});
