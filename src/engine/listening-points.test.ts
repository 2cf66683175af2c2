import { expect, test } from 'vitest';
import type { Listener, Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import { configuration, Desk, pbx, requests, statuses, trunk } from './desk.testing.ts';

/** The provider is joined to us four times: two ports of ours, two of its own (TRK-1, TRK-2). */
const peer = '203.0.113.1';
const at = (port: number) => ({ addresses: [{ host: peer, port, matchPort: true }] });
const trunks = [
  trunk('a1', '', { ...at(5060), listeners: ['a'] }),
  trunk('a2', '', { ...at(5070), listeners: ['a'] }),
  trunk('b1', '', { ...at(5060), listeners: ['b'] }),
  trunk('b2', '', { ...at(5070), listeners: ['b'] }),
];
const listener = (name: string, side: Listener['side'], host: string, port: number): Listener => ({
  id: `${name}/udp`,
  name,
  side,
  transport: 'udp',
  bind: { host, port },
  advertise: { host, port },
});
const listeners = [
  listener('lan', 'internal', '10.0.0.1', 5060),
  listener('a', 'external', '192.0.2.1', 5060),
  listener('b', 'external', '192.0.2.1', 5080),
];
const flow = (name: string, host: string, port = 5060): Flow => ({
  transport: 'udp',
  listener: `${name}/udp`,
  remote: { host, port },
});

function desk(to: readonly string[], of: readonly Trunk[] = trunks): Desk {
  return new Desk(
    configuration(of, {
      listeners,
      routes: [
        { name: 'out', from: ['pbx'], to },
        { name: 'in', from: [], to: ['pbx'] },
      ],
    }),
  );
}

test.each([
  ['a1', 'a/udp', 5060, '192.0.2.1:5060'],
  ['a2', 'a/udp', 5070, '192.0.2.1:5060'],
  ['b1', 'b/udp', 5060, '192.0.2.1:5080'],
  ['b2', 'b/udp', 5070, '192.0.2.1:5080'],
])('a call to %s leaves by its own listening point to its own port', (name, by, port, via) => {
  const it = desk([name]);
  it.request(flow('lan', '10.0.0.2'), 'INVITE');
  const [invite] = requests(it.take(), 'INVITE');
  expect(invite?.flow).toEqual({ transport: 'udp', listener: by, remote: { host: peer, port } });
  expect(invite?.message.get('via')).toContain(`UDP ${via};`);
  expect(invite?.message.get('contact')).toContain(via);
});

test.each([
  ['a', 5060, 'a1'],
  ['a', 5070, 'a2'],
  ['b', 5060, 'b1'],
  ['b', 5070, 'b2'],
])('a call that comes by %s from port %i is of trunk %s', (by, port, name) => {
  const it = desk(['a1']);
  it.request(flow(by, peer, port), 'INVITE');
  const [call] = it.engine.inspect().calls as { a: { trunk: string } }[];
  expect(JSON.stringify(call)).toContain(`"${name}"`);
});

test('what comes by a listening point that its trunk is not joined to is refused, and told', () => {
  const it = desk(['a1'], trunks.slice(0, 2));
  it.request(flow('b', peer), 'INVITE');
  expect([statuses(it.take()), it.drops()]).toEqual([[403], []]);
  it.request(flow('lan', peer), 'INVITE');
  expect(it.drops()).toEqual(['wrong-side']);
});

test('a dialog stays with the listening point that it was begun by', () => {
  const both = trunk('both', peer, { listeners: ['a', 'b'] });
  const it = desk(['both'], [both]);
  const said = it.request(flow('b', peer), 'INVITE');
  const [out] = requests(it.take(), 'INVITE');
  expect(out?.flow.remote.host).toBe(pbx.addresses[0]!.host);
  it.respond(out!, 200);
  const answer = it.take().find(({ message, flow: { listener: by } }) => message.kind === 'response' && by === 'b/udp');
  const to = answer!.message.get('to')!;
  it.request(flow('b', peer), 'ACK', { ...said, to, branch: 'z9hG4bKack' });
  it.request({ ...out!.flow }, 'BYE', {
    from: `${out!.message.get('to')};tag=b`,
    to: out!.message.get('from')!,
    callId: out!.message.callId,
    cseq: 9,
  });
  const [bye] = requests(it.take(), 'BYE');
  expect(bye?.flow.listener).toBe('b/udp');
});
