import { describe, expect, test } from 'vitest';
import { describeFlow, type Flow } from './flow.ts';
import { FlowTable, type Socket } from './flow-table.ts';

const sockets: readonly Socket[] = [
  { id: 'u', transport: 'udp', advertise: { host: '192.0.2.1', port: 5060 } },
  { id: 't', transport: 'tcp', advertise: { host: '192.0.2.1', port: 5060 } },
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

test.each<[Flow, string]>([
  [{ transport: 'udp', listener: 'u', remote: peer }, 'udp 192.0.2.9:5060'],
  [incoming('c', { host: '2001:db8::9', port: 5060 }), 'tcp [2001:db8::9]:5060'],
])('described: %#', (flow, text) => {
  expect(describeFlow(flow)).toBe(text);
});
