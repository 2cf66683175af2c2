import { expect, test } from 'vitest';
import { Sensitive } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { configuration, Desk, stream, trunk, udp } from './desk.testing.ts';

const acme = trunk('acme', '203.0.113.1', { transport: 'tcp' });
const far: Trunk = trunk('far', '', {
  authenticate: { realm: 'tandem.test', username: 'far', password: new Sensitive('x'), algorithms: ['MD5'] },
});
const stranger = stream('tcp', 'wan', { host: '198.51.100.9', port: 40_000 }, 'in-1');
const closed = (desk: Desk) => desk.of('close').map(({ connection }) => connection);

test('a stranger’s connection is closed at once where nobody there could be let in', () => {
  const desk = new Desk(configuration([acme], { unknownSource: 'ignore' }));
  desk.handle({ kind: 'flow-opened', flow: stranger });
  expect([desk.drops(), closed(desk)]).toEqual([['unknown-source'], ['in-1']]);
});

test('where he may be asked who he is he has half a minute', () => {
  const desk = new Desk(configuration([acme, far], { unknownSource: 'ignore' }));
  desk.handle({ kind: 'flow-opened', flow: stranger });
  desk.pass(31_000);
  expect(closed(desk)).toEqual([]);
  desk.pass(1_000);
  expect(closed(desk)).toEqual(['in-1']);
  desk.handle({ kind: 'flow-closed', connection: 'in-1', reason: 'closed by us' });
  desk.pass(100_000);
  expect([closed(desk), desk.engine.inspect().deadlines]).toEqual([['in-1'], 0]);
});

test('one that is gone before is not waited for', () => {
  const desk = new Desk(configuration([acme, far]));
  const before = desk.engine.inspect().deadlines;
  desk.handle({ kind: 'flow-opened', flow: stranger });
  desk.handle({ kind: 'flow-closed', connection: 'in-1', reason: 'reset' });
  expect(desk.engine.inspect().deadlines).toBe(before);
});

test.each(['ignore', 'refuse'] as const)(
  'connections of trunks stay, and those that we opened: %s',
  (unknownSource) => {
    const desk = new Desk(configuration([acme], { unknownSource }));
    desk.handle({ kind: 'flow-opened', flow: { ...stranger, remote: { host: '203.0.113.1', port: 40_000 } } });
    const path = desk.engine.flows.path('wan/tcp', 'tcp', { host: '198.51.100.7', port: 5060 });
    desk.handle({ kind: 'flow-opened', flow: path.flow });
    desk.pass(100_000);
    expect(closed(desk)).toEqual([]);
  },
);

test('the ACK of a refusal is no further misdeed', () => {
  const desk = new Desk(configuration([acme]));
  const from = udp('wan', '198.51.100.9');
  const said = desk.request(from, 'INVITE');
  const to = desk.take()[0]!.message.get('to')!;
  desk.request(from, 'ACK', { ...said, to });
  expect(desk.drops()).toEqual(['stray-ack']);
  expect(desk.of('log')).toEqual([]);
  desk.effects = [];
  desk.request(from, 'ACK', { ...said, to: '<sip:x@192.0.2.1>;tag=guess' });
  expect(desk.drops()).toEqual(['unknown-source']);
});
