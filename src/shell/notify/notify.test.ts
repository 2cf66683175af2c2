import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { signature, signatureHeader, timestampHeader } from '#codec/signed-post';
import { Sensitive } from '#kernel';
import { notice } from '../../../test/support/emergency-notice.ts';
import { mostUnderWay, Notifier } from './notifier.ts';
import { post } from './webhook.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening<S extends Server>(server: S): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const patience = { patience: 2_000, signal: new AbortController().signal };

describe('a webhook', () => {
  async function posted(secret?: string): Promise<{ request: IncomingMessage; body: string }> {
    let heard: { request: IncomingMessage; body: string } | undefined;
    const server = createServer(async (request, response) => {
      heard = { request, body: await text(request) };
      response.end();
    });
    const url = `http://127.0.0.1:${await listening(server)}/alarm`;
    const to = { kind: 'webhook' as const, url, ...(secret === undefined ? {} : { secret: new Sensitive(secret) }) };
    await post(to, notice, { ...patience, now: 1_700_000_000_000 });
    return heard!;
  }

  test('is JSON that tells all, signed with its time', async () => {
    const { request, body } = await posted('hush');
    expect(JSON.parse(body)).toMatchObject({ event: 'emergency-call', ...notice });
    expect(request.headers[timestampHeader.toLowerCase()]).toBe('1700000000');
    expect(request.headers[signatureHeader.toLowerCase()]).toBe(signature('hush', '1700000000', body));
    expect(request.headers['idempotency-key']).toBe('0198a');
  });

  test('without a secret bears no signature', async () => {
    const { request } = await posted();
    expect(request.headers[signatureHeader.toLowerCase()]).toBeUndefined();
  });

  test('is not taken where it is answered by anything but success', async () => {
    const server = createServer(
      (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
    );
    const url = `http://127.0.0.1:${await listening(server)}/`;
    await expect(post({ kind: 'webhook', url }, notice, { ...patience, now: 0 })).rejects.toThrow();
  });
});

describe('who tells', () => {
  type Line = readonly [level: string, event: string, fields: Record<string, unknown>];
  const to = { kind: 'webhook' as const, url: 'https://alarm.example.com/secret-path' };

  function notifier(outcomes: ('taken' | 'not')[], pauses: readonly number[]) {
    const lines: Line[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const one = new Notifier({
      roots: (own) => [...own],
      log: (level, event, fields) => {
        lines.push([level, event, fields]);
        if (outcomes.length === 0) resolve();
      },
      pauses,
      send: () => (outcomes.shift() === 'taken' ? Promise.resolve() : Promise.reject(new Error('not there'))),
    });
    return { one, lines, done: promise };
  }

  test('tries again, and says so once; a URL may hold a secret', async () => {
    const { one, lines, done } = notifier(['not', 'not', 'taken'], [1, 1]);
    one.notify(to, notice);
    await done;
    expect(lines).toEqual([
      [
        'warn',
        'notice-not-sent',
        { call: '0198a', webhook: 'https://alarm.example.com', reason: 'not there', again: true },
      ],
      ['info', 'notice-sent', { call: '0198a', webhook: 'https://alarm.example.com', tries: 3 }],
    ]);
  });

  test('gives up in the end, loudly', async () => {
    const { one, lines, done } = notifier(['not', 'not'], [1]);
    one.notify(to, notice);
    await done;
    await new Promise(setImmediate);
    expect(lines.at(-1)).toMatchObject(['error', 'notice-not-sent', { reason: 'not there' }]);
  });

  test('has a limit', () => {
    const lines: Line[] = [];
    const one = new Notifier({
      roots: (own) => [...own],
      log: (...line) => void lines.push(line),
      send: () => new Promise(() => {}),
    });
    for (let i = 0; i <= mostUnderWay; i++) one.notify(to, notice);
    expect(lines).toMatchObject([['error', 'notice-not-sent', { reason: 'too many at once' }]]);
    one.close();
  });
});
