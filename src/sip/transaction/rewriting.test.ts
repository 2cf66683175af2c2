import { expect, test } from 'vitest';
import { parseMessage } from '#codec/sip-message';
import { Bench, outgoing, target } from './layer.testing.ts';
import type { Rewriter } from './outgoing.ts';
import { receivedRequest } from './table.testing.ts';

/** Marks all that is sent, with the method or status that it had. */
const marking: Rewriter = {
  request: (request) => ({ ...request, headers: [...request.headers, ['X-Mark', request.method]] }),
  response: (response) => ({
    ...response,
    status: response.status === 480 ? 486 : response.status,
    headers: [['X-Mark', String(response.status)]],
  }),
  received: (message) => message,
};

const marks = (bench: Bench) =>
  bench.sent.map(({ octets }) => {
    const message = parseMessage(octets);
    if (message.kind === 'fault') throw new Error(message.reason);
    return [message.kind === 'request' ? `${message.method} ${message.uri}` : message.status, message.all('x-mark')];
  });

const invite = () => marking.request({ ...outgoing('INVITE'), uri: 'sip:changed@192.0.2.9', rewriter: marking });

test('what a transaction makes of a request of ours is changed too, once, and its Request-URI is that of the request', () => {
  const bench = new Bench();
  const transaction = bench.layer.request(invite(), target, 'owner', bench.now);
  bench.runFor(500);
  bench.answer(180);
  bench.layer.cancelInvite(transaction, bench.now);
  bench.answer(487, bench.sent[0]);
  bench.answer(487, bench.sent[0]);
  const uri = 'sip:changed@192.0.2.9';
  expect(marks(bench)).toEqual([
    [`INVITE ${uri}`, ['INVITE']],
    [`INVITE ${uri}`, ['INVITE']],
    [`CANCEL ${uri}`, ['CANCEL']],
    [`ACK ${uri}`, ['ACK']],
    [`ACK ${uri}`, ['ACK']],
  ]);
  expect(transaction.rewriter).toBe(marking);
});

test('responses are changed, and the transaction goes by what was sent', () => {
  const bench = new Bench();
  const request = receivedRequest('INVITE');
  const transaction = bench.opened(request);
  transaction.rewriter = marking;
  bench.layer.respond(transaction, { status: 480, toTag: 'us' }, bench.now);
  bench.receive(request);
  expect(marks(bench)).toEqual([
    [486, ['480']],
    [486, ['480']],
  ]);
  expect(transaction.state).toBe('completed');
});
