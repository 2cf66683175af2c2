import { expect, test } from 'vitest';
import type { Effect, Flow, Input } from '#engine/ports';
import { CallMessages } from './index.ts';

const flow: Flow = { transport: 'udp', listener: 'lan/udp', remote: { host: '192.0.2.1', port: 5060 } };
const received = (octets: string): Input => ({ kind: 'received', flow, octets });
const send = (octets: string): Effect => ({ kind: 'send', flow, octets });
const wake: Input = { kind: 'wake' };

function heard(most?: number) {
  const told: string[] = [];
  const messages = new CallMessages({
    callIdOf: (octets) => octets.split(' ')[1],
    onMessage: ({ call, sent, octets }) => void told.push(`${call} ${sent ? '>' : '<'} ${octets}`),
    ...(most !== undefined && { most }),
  });
  return { messages, told };
}

test('both legs are of the call whose turn it was, and stay so in turns of many', () => {
  const { messages, told } = heard();
  messages.turn(received('INVITE a'), [send('100 a'), send('INVITE b')], 'call1');
  messages.turn(received('INVITE c'), [send('INVITE d')], 'call2');
  messages.turn(wake, [send('INVITE b'), send('INVITE d')], undefined);
  messages.turn(received('200 b'), [send('ACK b'), send('200 a')], 'call1');
  expect(told).toEqual([
    'call1 < INVITE a',
    'call1 > 100 a',
    'call1 > INVITE b',
    'call2 < INVITE c',
    'call2 > INVITE d',
    'call1 > INVITE b',
    'call2 > INVITE d',
    'call1 < 200 b',
    'call1 > ACK b',
    'call1 > 200 a',
  ]);
});

test('what is of no call, and what has no Call-ID, is not told', () => {
  const { messages, told } = heard();
  messages.turn(received('OPTIONS x'), [send('200 x')], undefined);
  messages.turn(received(''), [], 'call1');
  messages.turn(wake, [send('OPTIONS y')], undefined);
  expect(told).toEqual([]);
});

test('who was silent for longest is forgotten', () => {
  const { messages, told } = heard(2);
  messages.turn(received('INVITE a'), [], 'call1');
  messages.turn(received('INVITE b'), [], 'call2');
  messages.turn(wake, [send('100 a')], undefined);
  messages.turn(received('INVITE c'), [], 'call3');
  messages.turn(wake, [send('100 a'), send('100 b')], undefined);
  expect(told.slice(-2)).toEqual(['call3 < INVITE c', 'call1 > 100 a']);
});
