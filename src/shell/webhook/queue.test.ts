import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Message, queueLimits, WebhookQueue } from './queue.ts';

const message = (id: string, subject = id, at = 0): Message => ({ id, type: 't', at, subject, body: `{"id":"${id}"}` });
const taken = { at: 5, ms: 2, status: 204, error: undefined, answer: undefined };
const refused = { at: 5, ms: 2, status: 500, error: 'it answers 500', answer: 'no' };

function queueOf(...messages: readonly Message[]): WebhookQueue {
  const queue = WebhookQueue.open();
  queue.put(
    messages.map((one) => ({ message: one, webhooks: ['a'] })),
    { now: 0, expiresAt: 1_000 },
  );
  return queue;
}
const ids = (deliveries: readonly { readonly message: Message }[]) => deliveries.map(({ message: { id } }) => id);

describe('the queue', () => {
  test('of one subject gives the first alone, until that is taken or given up', () => {
    const queue = queueOf(message('1', 'x'), message('2', 'x'), message('3', 'y'), message('4', 'x'));
    const [first] = queue.ready('a', 0, 10);
    expect(ids(queue.ready('a', 0, 10))).toEqual(['1', '3']);
    queue.tried(first!, refused, { state: 'waiting', dueAt: 100 });
    expect(ids(queue.ready('a', 99, 10))).toEqual(['3']);
    expect(ids(queue.ready('a', 100, 10))).toEqual(['1', '3']);
    queue.tried(queue.ready('a', 100, 1)[0]!, taken, { state: 'taken' });
    expect(ids(queue.ready('a', 100, 10))).toEqual(['2', '3']);
    queue.tried(queue.ready('a', 100, 1)[0]!, refused, { state: 'failed' });
    expect(ids(queue.ready('a', 100, 10))).toEqual(['3', '4']);
  });

  test('whatever comes of tries, never gives two of a subject, and each of them in its order', () => {
    const script = fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('taken', 'waiting')), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(script, (steps) => {
        const queue = WebhookQueue.open();
        const told: Record<string, number[]> = { x: [], y: [], z: [] };
        let now = 0;
        for (const [index, [subject, outcome]] of steps.entries()) {
          queue.put([{ message: message(String(index), subject), webhooks: ['a'] }], { now, expiresAt: 1e9 });
          const ready = queue.ready('a', ++now, 10);
          expect(new Set(ready.map((one) => one.message.subject)).size).toBe(ready.length);
          const [one] = ready;
          if (!one) continue;
          if (outcome === 'taken') told[one.message.subject]!.push(Number(one.message.id));
          queue.tried(one, taken, outcome === 'taken' ? { state: 'taken' } : { state: 'waiting', dueAt: now + 3 });
        }
        for (const numbers of Object.values(told)) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        queue.close();
      }),
      { numRuns: 50 },
    );
  });

  test('takes a message once, whoever tells it twice', () => {
    const queue = queueOf(message('1'), message('1'));
    queue.put([{ message: message('1'), webhooks: ['a', 'b'] }], { now: 0, expiresAt: 1_000 });
    expect(queue.waiting('a').count).toBe(1);
    expect(queue.waiting('b').count).toBe(1);
  });

  test('drops the oldest beyond its limit, and none that is under way', () => {
    const queue = queueOf(message('1'), message('2'), message('3'), message('4'), message('5'));
    const [first] = queue.ready('a', 0, 1);
    expect(queue.dropBeyond('a', 3, new Set([first!.id]), 7)).toBe(2);
    expect(ids(queue.ready('a', 0, 10))).toEqual(['1', '4', '5']);
    expect(queue.list('a', 10, { state: 'dropped' })).toMatchObject([{ endedAt: 7 }, { endedAt: 7 }]);
  });

  test('gives up what is too old, takes it again when somebody wants it, and hurries when all is well', () => {
    const queue = queueOf(message('1'), message('2'));
    const [first, second] = queue.ready('a', 0, 2);
    queue.tried(second!, refused, { state: 'waiting', dueAt: 900 });
    expect(queue.expire(999)).toEqual([]);
    queue.hurry('a', 10);
    expect(ids(queue.ready('a', 10, 10))).toEqual(['1', '2']);
    expect(queue.expire(1_000)).toEqual([{ webhook: 'a', count: 2 }]);
    expect(queue.ready('a', 5_000, 10)).toEqual([]);
    expect(queue.again('a', first!.id, 2_000, 9_000)).toBe(true);
    expect(queue.again('b', first!.id, 2_000, 9_000)).toBe(false);
    expect(ids(queue.ready('a', 2_000, 10))).toEqual(['1']);
    expect(queue.expire(8_000)).toEqual([]);
  });

  test('keeps the last that are over, and nothing of who is not there any more', () => {
    const queue = queueOf(...Array.from({ length: queueLimits.shown + 50 }, (_, n) => message(String(n))));
    queue.put([{ message: message('of b'), webhooks: ['b'] }], { now: 0, expiresAt: 1_000 });
    for (const one of queue.ready('a', 0, 1_000).slice(0, queueLimits.shown + 10))
      queue.tried(one, taken, { state: 'taken' });
    queue.prune(['a']);
    expect(queue.list('a', 1_000, { state: 'taken' })).toHaveLength(queueLimits.shown);
    expect(queue.waiting('a').count).toBe(40);
    expect(queue.list('b', 10)).toEqual([]);
    // What both were told of is gone with the last of them.
    queue.put([{ message: message('of b'), webhooks: ['a'] }], { now: 0, expiresAt: 1_000 });
    expect(queue.of('a', 'of b')).toMatchObject({ state: 'waiting' });
  });

  test('outlives its process: what waits, what is known, and how receivers are', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-webhooks-'));
    const first = WebhookQueue.open(directory);
    first.put([{ message: message('1'), webhooks: ['a'] }], {
      now: 0,
      expiresAt: 1_000,
      known: [
        ['trunk x', '{"state":"down"}'],
        ['trunk y', undefined],
      ],
    });
    first.tried(first.ready('a', 0, 1)[0]!, refused, {
      state: 'waiting',
      dueAt: 3,
      health: { ...first.health('a'), failures: 1, failingSince: 5, error: 'it answers 500' },
    });
    // Killed: nothing was closed.
    const second = WebhookQueue.open(directory);
    expect(ids(second.ready('a', 3, 10))).toEqual(['1']);
    expect(second.tries(second.ready('a', 3, 1)[0]!.id)).toEqual([{ number: 1, ...refused }]);
    expect(second.known()).toEqual(new Map([['trunk x', '{"state":"down"}']]));
    expect(second.health('a')).toMatchObject({ failures: 1, failingSince: 5, error: 'it answers 500' });
    expect(statSync(join(directory, 'webhooks.sqlite')).mode & 0o777).toBe(0o600);
    first.close();
    second.close();
    rmSync(directory, { recursive: true });
  });
});
