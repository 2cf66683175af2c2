import { expect, test } from 'vitest';
import { Counters } from './counters.ts';

test('messages are counted by their first line; what nobody knows has one name', () => {
  const counters = new Counters();
  for (const line of ['INVITE sip:a@b SIP/2.0', 'INVITE sip:a@b SIP/2.0', 'SUBSCRIBE sip:a SIP/2.0', 'FROB x SIP/2.0'])
    counters.heard(`${line}\r\n`);
  for (const line of [
    'SIP/2.0 100 Trying',
    'SIP/2.0 183 x',
    'SIP/2.0 200 OK',
    'SIP/2.0 699 x',
    'SIP/2.0 999 x',
    '\r\n\r\n',
  ])
    counters.said(`${line}\r\n`);
  counters.heard('x'.repeat(5_000));
  counters.heard('');
  const { received, sent } = counters.sip();
  expect(received.requests).toMatchObject({ INVITE: 2, SUBSCRIBE: 1, ACK: 0, other: 3 });
  expect(sent.responses).toEqual({ '1xx': 2, '2xx': 1, '3xx': 0, '4xx': 0, '5xx': 0, '6xx': 1 });
  expect([counters.received, counters.sent]).toEqual([6, 6]);
  // Whatever is sent, there are no more names than before.
  expect(Object.keys(received.requests)).toHaveLength(15);
  expect(JSON.stringify(counters)).not.toContain('INVITE');
});
