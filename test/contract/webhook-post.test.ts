import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Poster, type Posting } from '#shell/webhook';
import { Authority } from '../support/certificates.ts';

/** One try to deliver a message, against real receivers: those that take it, and those that do what they should not. */
const poster = new Poster();
let servers: { close(): void; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
  servers = [];
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Where somebody answers so. */
const receiver = (answer: RequestListener): Promise<number> => listening(createServer(answer));

function post(url: string, more: Partial<Posting> = {}) {
  return poster.post({
    url,
    headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
    body: '{"text":"grün"}',
    patience: 2_000,
    signal: new AbortController().signal,
    ...more,
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const status = (code: number, headers: Record<string, string> = {}, body = '') => {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    response.writeHead(code, headers).end(body);
  };
};

describe('a message', () => {
  test('arrives as it was signed, and the connection serves the next one', async () => {
    const seen: unknown[] = [];
    const ports = new Set<number | undefined>();
    const port = await receiver(async (request, response) => {
      ports.add(request.socket.remotePort);
      seen.push([request.method, request.url, request.headers['webhook-id'], await bodyOf(request)]);
      response.writeHead(204).end();
    });
    for (let i = 0; i < 3; i++) expect(await post(`http://127.0.0.1:${port}/in?key=1`)).toEqual({ status: 204 });
    expect(seen).toEqual(Array(3).fill(['POST', '/in?key=1', 'msg_1', '{"text":"grün"}']));
    expect(ports.size).toBe(1);
  });

  test('that is refused is so with the status, the beginning of the answer, and when it may come again', async () => {
    const port = await receiver(status(503, { 'retry-after': '7' }, `not now ${'x'.repeat(5_000)}`));
    const { answer, ...rest } = await post(`http://localhost:${port}/`);
    expect(rest).toEqual({ status: 503, error: 'it answers 503', retryAfter: 7_000 });
    expect(answer).toHaveLength(500);
    expect(answer).toMatch(/^not now x+$/);
  });

  test('goes nowhere else by a redirect', async () => {
    let isAsked = false;
    const other = await receiver((_, response) => {
      isAsked = true;
      response.end();
    });
    const port = await receiver(status(307, { location: `http://127.0.0.1:${other}/else?token=secret` }));
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({
      status: 307,
      error: `it answers 307 and points to http://127.0.0.1:${other}/else: redirects are not followed, give the URL itself`,
    });
    expect(isAsked).toBe(false);
  });

  test('nobody takes: it is said why', async () => {
    const server = createPlainServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ error: 'it takes no connection' });
  });

  test.each([
    ['says nothing', () => {}],
    [
      'talks on and on',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(500);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('a receiver that %s is let go when the time is over', async (_, answer) => {
    const port = await receiver(answer);
    const began = performance.now();
    expect(await post(`http://127.0.0.1:${port}/`, { patience: 300 })).toEqual({ error: 'no answer within 0.3 s' });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test('a connection that was closed meanwhile is no failure', async () => {
    let count = 0;
    const port = await receiver((request, response) => {
      request.resume();
      // It says that it keeps the connection, and does not.
      response.writeHead(200, { connection: 'keep-alive' }).end();
      if (++count === 1) setTimeout(() => request.socket.resetAndDestroy(), 0);
    });
    const url = `http://127.0.0.1:${port}/`;
    expect(await post(url)).toEqual({ status: 200 });
    expect(await post(url)).toEqual({ status: 200 });
  });

  test('that is broken off by our end is not taken', async () => {
    const ending = new AbortController();
    const port = await receiver(() => ending.abort());
    expect(await post(`http://127.0.0.1:${port}/`, { signal: ending.signal })).toEqual({
      error: 'we were ended meanwhile',
    });
  });
});

describe('where it may go', () => {
  test.each([
    ['http://hooks.example.com/', 'Only to this machine itself may it go in clear'],
    ['https://ann:pw@hooks.example.com/', 'Names and passwords do not belong in a URL'],
    ['https://169.254.169.254/latest', 'Nothing is sent to 169.254.169.254.'],
    ['ftp://hooks.example.com/', 'It begins with https://.'],
  ])('%s is not asked', async (url, why) => {
    expect((await post(url)).error).toContain(why);
  });

  test('a name that leads to this machine is not taken for it', async () => {
    const port = await receiver(status(204));
    // Names below localhost are its own (RFC 6761 6.3), and no words for it here.
    const { error } = await post(`https://hooks.localhost:${port}/`);
    expect(error).toMatch(/hooks\.localhost(: there is no host of this name| leads to .*, where nothing is sent)/);
  });
});

describe('over TLS', () => {
  test('it is believed by its name and its authority alone', async () => {
    const authority = await Authority.root('Receivers');
    const stranger = await Authority.root('Strangers');
    const { certificate, key } = await authority.issue({ dns: ['localhost'] });
    const port = await listening(createSecureServer({ cert: certificate, key }, status(204)) as unknown as Server);
    const url = `https://localhost:${port}/`;
    expect(await post(url)).toEqual({ error: expect.stringContaining('is of an authority that is not believed') });
    expect(await post(url, { ca: stranger.pem })).toEqual({
      error: expect.stringContaining('is of an authority that is not believed'),
    });
    expect(await post(url, { ca: authority.pem })).toEqual({ status: 204 });
    // Who was believed with another authority is not without it.
    expect((await post(url)).error).toContain('not believed');
    expect(await post(`https://127.0.0.1:${port}/`, { ca: authority.pem })).toEqual({
      error: 'its certificate is for another name',
    });
  });
});
