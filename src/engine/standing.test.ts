import { expect, test } from 'vitest';
import { configuration, Desk, requests, trunk, udp } from './desk.testing.ts';

test('a turn tells which call it had to do with: none, one, or several', () => {
  const desk = new Desk(configuration([trunk('acme', '203.0.113.1')]));
  const flow = udp('wan', '203.0.113.1');
  const { standing } = desk.engine;
  const begin = () => {
    desk.request(flow, 'INVITE');
    const invite = requests(desk.take(), 'INVITE')[0]!;
    return { invite, call: standing.ofTurn };
  };
  const [one, other] = [begin(), begin()];
  expect(one.call).toBeDefined();
  expect(other.call).toBeDefined();
  expect(one.call).not.toBe(other.call);
  desk.respond(one.invite, 180);
  expect(standing.ofTurn).toBe(one.call);
  desk.request(flow, 'OPTIONS');
  expect(standing.ofTurn).toBeUndefined();
  desk.respond(other.invite, 180);
  expect(standing.ofTurn).toBe(other.call);
  desk.handle({ kind: 'stop' });
  expect(standing.ofTurn).toBeUndefined();
  expect(standing.counts()).toMatchObject({ calls: 2, transactions: { server: 3 } });
});
