import { describe, expect, test } from 'vitest';
import { describeFlow, type Flow, type TlsTarget } from './flow.ts';
import { FlowTable, type Socket } from './flow-table.ts';

const sockets: readonly Socket[] = [
  { id: 'u', transport: 'udp', advertise: { host: '192.0.2.1', port: 5060 } },
  { id: 't', transport: 'tcp', advertise: { host: '192.0.2.1', port: 5060 } },
  { id: 's', transport: 'tls', advertise: { host: '192.0.2.1', port: 5061 } },
];
const peer = { host: '192.0.2.9', port: 5060 };
const incoming = (connection: string, remote = peer): Flow => ({ transport: 'tcp', listener: 't', remote, connection });

describe('flow table', () => {
  test('knows its sockets', () => {
    const table = new FlowTable(sockets);
    expect(table.socket('t')).toBe(sockets[1]);
    expect(table.socket('x')).toBeUndefined();
  });

  test('UDP needs no connection and always stands', () => {
    const table = new FlowTable(sockets);
    const path = table.path('u', 'udp', peer);
    expect(path).toEqual({ flow: { transport: 'udp', listener: 'u', remote: peer }, connect: false });
    expect(table.stands(path.flow)).toBe(true);
    table.opened(path.flow);
    expect(table.size).toBe(0);
  });

  test('asks for one connection to an address, however many want it', () => {
    const table = new FlowTable(sockets);
    const first = table.path('t', 'tcp', peer);
    expect(first).toEqual({ flow: incoming('out-1'), connect: true });
    expect(table.path('t', 'tcp', { ...peer })).toEqual({ flow: first.flow, connect: false });
    expect(table.path('t', 'tcp', { ...peer, port: 5061 })).toMatchObject({
      connect: true,
      flow: { connection: 'out-2' },
    });
    expect(table.path('t2', 'tcp', peer)).toMatchObject({ connect: true, flow: { connection: 'out-3' } });
    expect(table.size).toBe(3);
  });

  test("names its connections apart from another run's", () => {
    const [before, after] = ['a1', 'b2'].map((run) => new FlowTable(sockets, run).path('t', 'tcp', peer).flow);
    expect([before!.connection, after!.connection]).toEqual(['out-a1-1', 'out-b2-1']);
    const table = new FlowTable(sockets, 'b2');
    table.path('t', 'tcp', { host: '192.0.2.66', port: 5060 });
    expect(table.stands(before!)).toBe(false);
  });

  test('is open once it is established, and tells whether it ever was', () => {
    const table = new FlowTable(sockets);
    const refused = table.path('t', 'tcp', peer).flow;
    expect([table.stands(refused), table.isOpen(refused.connection)]).toEqual([true, false]);
    expect(table.closed('out-1')).toEqual({ flow: refused, stood: false });
    expect(table.stands(refused)).toBe(false);
    const flow = table.path('t', 'tcp', peer).flow;
    table.opened(flow);
    expect(table.isOpen(flow.connection)).toBe(true);
    expect(table.closed('out-2')).toEqual({ flow, stood: true });
    expect(table.closed('out-2')).toBeUndefined();
    expect([table.size, table.isOpen('out-2'), table.isOpen(undefined)]).toEqual([0, false, false]);
  });

  test('reuses a connection that the peer opened, the newest first', () => {
    const table = new FlowTable(sockets);
    table.opened(incoming('in-1'));
    table.opened(incoming('in-2'));
    expect(table.isOpen('in-1')).toBe(true);
    expect(table.path('t', 'tcp', peer)).toEqual({ flow: incoming('in-2'), connect: false });
    table.closed('in-1');
    expect(table.to('t', peer)).toBe('in-2');
    table.closed('in-2');
    expect(table.path('t', 'tcp', peer).connect).toBe(true);
  });
});

describe('a connection that retires', () => {
  test('is not offered for new requests, and stands until it is closed', () => {
    const table = new FlowTable(sockets);
    const old = table.path('t', 'tcp', peer).flow;
    table.opened(old);
    table.retire('out-1');
    expect([table.stands(old), table.isOpen('out-1'), table.to('t', peer)]).toEqual([true, true, undefined]);
    const young = table.path('t', 'tcp', peer);
    expect(young).toMatchObject({ connect: true, flow: { connection: 'out-2' } });
    expect(table.closed('out-1')).toEqual({ flow: old, stood: true });
    expect(table.path('t', 'tcp', peer)).toEqual({ flow: young.flow, connect: false });
  });

  test('twice, or unknown, is nothing; and it does not take its successor along', () => {
    const table = new FlowTable(sockets);
    table.path('t', 'tcp', peer);
    table.retire('out-1');
    table.path('t', 'tcp', peer);
    table.retire('out-1');
    table.retire('nobody');
    expect(table.path('t', 'tcp', peer)).toMatchObject({ connect: false, flow: { connection: 'out-2' } });
  });

  test('one that the peer opened too', () => {
    const table = new FlowTable(sockets);
    table.opened(incoming('in-1'));
    table.retire('in-1');
    expect(table.path('t', 'tcp', peer).connect).toBe(true);
    expect(table.stands(incoming('in-1'))).toBe(true);
  });
});

describe('TLS: whose connection it is', () => {
  const rules = (trunk: string, ...names: string[]): TlsTarget => ({ trunk, names });
  const arrived = (connection: string): Flow => ({ transport: 'tls', listener: 's', remote: peer, connection });
  const a = rules('A', 'sip.a.example');

  test('each trunk has its own, and each name that is to be proved', () => {
    const table = new FlowTable(sockets);
    const first = table.path('s', 'tls', peer, a);
    expect(first).toEqual({ flow: arrived('out-1'), connect: true, tls: a });
    expect(table.path('s', 'tls', peer, rules('A', 'sip.a.example'))).toEqual({ flow: first.flow, connect: false });
    expect(table.path('s', 'tls', peer, rules('B', 'sip.a.example')).flow.connection).toBe('out-2');
    expect(table.path('s', 'tls', peer, rules('A', 'sip2.a.example')).flow.connection).toBe('out-3');
    expect(table.path('s', 'tls', peer).flow.connection).toBe('out-4');
    table.retire('out-1');
    expect(table.path('s', 'tls', peer, a).flow.connection).toBe('out-5');
  });

  test.each<[string, readonly string[], readonly string[], TlsTarget, boolean]>([
    ['the trunk and the name', ['sip.a.example'], ['A'], a, true],
    ['another trunk', ['sip.a.example'], ['B'], a, false],
    ['another name', ['else.a.example'], ['A'], a, false],
    ['no trunk', ['sip.a.example'], [], a, false],
    ['an address is not proved by a name', ['192.0.2.9'], ['A'], rules('A', '192.0.2.9'), false],
  ])('a connection that a peer opened serves requests when its certificate proves it: %s', (...row) => {
    const [_what, names, trustedBy, wanted, serves] = row;
    const table = new FlowTable(sockets);
    table.opened(arrived('in-1'), { names, trustedBy });
    expect(table.path('s', 'tls', peer, wanted).connect).toBe(!serves);
  });

  test('nor one without a certificate, nor one that retires', () => {
    const table = new FlowTable(sockets);
    table.opened(arrived('in-1'));
    expect(table.path('s', 'tls', peer, a).connect).toBe(true);
    const other = new FlowTable(sockets);
    other.opened(arrived('in-1'), { names: ['sip.a.example'], trustedBy: ['A'] });
    other.retire('in-1');
    expect(other.path('s', 'tls', peer, a).connect).toBe(true);
  });

  test('its rules are known while it stands, and for a while after: what came by it can be answered', () => {
    const table = new FlowTable(sockets);
    const ours = table.path('s', 'tls', peer, a).flow.connection;
    table.opened(arrived('in-1'), { names: ['x.example'], trustedBy: ['A'] });
    table.opened(arrived('in-2'), { names: ['x.example'], trustedBy: ['A', 'B'] });
    const known = () => [ours, 'in-1', 'in-2', undefined].map((name) => table.rulesOf(name));
    const expected = [a, rules('A', 'x.example'), undefined, undefined];
    expect(known()).toEqual(expected);
    for (const name of [ours!, 'in-1', 'in-2']) table.closed(name);
    expect(table.size).toBe(0);
    expect(known()).toEqual(expected);
    for (let i = 0; i < 5_000; i++) table.closed(table.path('s', 'tls', peer, a).flow.connection!);
    expect(known()).toEqual([undefined, undefined, undefined, undefined]);
  });
});

test.each<[Flow, string]>([
  [{ transport: 'udp', listener: 'u', remote: peer }, 'udp 192.0.2.9:5060'],
  [incoming('c', { host: '2001:db8::9', port: 5060 }), 'tcp [2001:db8::9]:5060'],
])('described: %#', (flow, text) => {
  expect(describeFlow(flow)).toBe(text);
});
