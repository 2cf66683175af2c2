import { expect, test } from 'vitest';
import { configuration, Desk, requests, statuses, trunk, udp } from './desk.testing.ts';

const caller = udp('lan', '10.0.0.2');
const named = trunk('acme', 'sip.acme.test');
const leads = { 'sip.acme.test': ['203.0.113.1'] };

/** What is left when a call that waited for the DNS is over, its record durable and all timers run out. */
function rest(desk: Desk): Record<string, unknown> {
  for (let n = 0; n < 3; n++) {
    for (const { record } of desk.of('record')) desk.handle({ kind: 'recorded', calls: [record.call] });
    desk.take();
    desk.pass(40_000);
  }
  const { calls, dialogs, transactions } = desk.engine.inspect();
  return { calls, dialogs, transactions };
}

const nothing = { calls: [], dialogs: 0, transactions: {} };

test('a call that waits for the DNS is cancelled: what the DNS says then calls nobody', () => {
  const desk = new Desk(configuration([named]));
  const said = desk.request(caller, 'INVITE');
  desk.request(caller, 'CANCEL', said);
  expect(statuses(desk.take())).toEqual([100, 200, 487]);
  desk.request(caller, 'ACK', { ...said, to: '<sip:+49301@192.0.2.1>;tag=x' });
  desk.answer(leads);
  expect(requests(desk.take(), 'INVITE')).toEqual([]);
  expect(rest(desk)).toEqual(nothing);
});

test('the process that takes it up refuses it, so that it comes again', () => {
  const before = new Desk(configuration([named]));
  before.request(caller, 'INVITE');
  const desk = new Desk(before.configuration, before.kept());
  const [refusal] = desk.take().filter(({ message }) => message.kind === 'response');
  expect([statuses([refusal!]), refusal!.message.get('retry-after')]).toEqual([[503], '5']);
  desk.answer(leads);
  expect(requests(desk.take(), 'INVITE')).toEqual([]);
});

test('the DNS says nothing: the next trunk is tried in time, and a late answer changes nothing', () => {
  const desk = new Desk(configuration([named, trunk('other', '203.0.113.9')]));
  desk.request(caller, 'INVITE');
  desk.take();
  desk.pass(5_000);
  const [invite] = requests(desk.take(), 'INVITE');
  expect(invite?.flow.remote.host).toBe('203.0.113.9');
  desk.answer(leads);
  expect(requests(desk.take(), 'INVITE').filter(({ flow }) => flow.remote.host === '203.0.113.1')).toEqual([]);
  desk.respond(invite!, 486);
  expect(rest(desk)).toEqual(nothing);
});
