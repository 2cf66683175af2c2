import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiClient } from '#client';
import { eventsOf } from './events.ts';
import { answered, openRemote, refusal } from './remote.ts';
import { unixFetch } from './unix-fetch.ts';

test('events are told as they are complete, whatever the pieces', async () => {
  const text =
    'retry: 50\nid: e.1\nevent: hello\ndata: {"state":"current"}\n\n: 17\n\nid: e.2\nevent: calls\ndata: {"gone":["ü"],\ndata: "changed":[]}\n\n';
  const octets = new TextEncoder().encode(text);
  async function* pieces() {
    for (let i = 0; i < octets.length; i += 7) yield octets.subarray(i, i + 7);
  }
  const got = [];
  for await (const one of eventsOf(pieces())) got.push(one);
  expect(got).toEqual([
    { id: 'e.1', event: 'hello', data: { state: 'current' }, retry: 50 },
    {},
    { id: 'e.2', event: 'calls', data: { gone: ['ü'], changed: [] } },
  ]);
});

test.each([
  [401, 4],
  [403, 4],
  [404, 1],
  [409, 5],
  [412, 5],
  [422, 1],
  [503, 3],
])('HTTP %i is exit status %i', (status, exitCode) => {
  expect(refusal(status, { detail: 'x' })).toMatchObject({ exitCode });
});

test('a refusal says each thing that is wrong, and steers no terminal', () => {
  const { message } = refusal(422, {
    detail: 'The configuration has a fault.',
    errors: [{ place: 'line 3', code: 'TDM-1104', detail: 'no\u001b[2J' }],
  });
  expect(message).toBe('The configuration has a fault.\n  line 3: no\\x1b[2J (TDM-1104)');
});

test('what the program said on several lines stays so', () => {
  expect(refusal(409, { detail: 'a.yaml:1:1: TDM-1002\n  Correct the line.\u001b[2J' }).message).toBe(
    'a.yaml:1:1: TDM-1002\n  Correct the line.\\x1b[2J',
  );
});

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-rest-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  rmSync(folder, { recursive: true });
});
const listen = (listener: RequestListener): Promise<void> =>
  new Promise((ready) => {
    server = createServer(listener).listen(join(folder, 'api.sock'), ready);
  });

test('the client asks by a Unix socket: path, query, body, and what comes back', async () => {
  const asked: unknown[] = [];
  await listen((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push([request.method, request.url, body]);
      if (request.method === 'DELETE') {
        response.writeHead(204).end();
        return;
      }
      response.writeHead(request.method === 'PATCH' ? 409 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ items: [], detail: 'busy' }));
    });
  });
  const client = apiClient('http://tandem', unixFetch(join(folder, 'api.sock')));
  expect(
    await answered(client.GET('/api/v1/configuration/versions', { params: { query: { limit: 2 } } })),
  ).toMatchObject({
    items: [],
  });
  await answered(client.DELETE('/api/v1/configuration/draft'));
  const edits = [{ path: ['a'], value: 'ü' }];
  await expect(answered(client.PATCH('/api/v1/configuration/draft', { body: { edits } }))).rejects.toMatchObject({
    message: 'busy',
    exitCode: 5,
  });
  expect(asked).toEqual([
    ['GET', '/api/v1/configuration/versions?limit=2', ''],
    ['DELETE', '/api/v1/configuration/draft', ''],
    ['PATCH', '/api/v1/configuration/draft', JSON.stringify({ edits })],
  ]);
});

test('a program that runs is given time to begin its API; one whose API does not begin is told as it is', {
  timeout: 20_000,
}, async () => {
  const health = createServer();
  await new Promise<void>((resolve) => health.listen(join(folder, 'health.sock'), resolve));
  const { client } = await openRemote({ data: folder });
  const asking = client.GET('/api/v1/version');
  await new Promise((resolve) => setTimeout(resolve, 250));
  await listen((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  expect((await asking).response.status).toBe(200);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(client.GET('/api/v1/version')).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^a program runs on .* its management process does not answer/),
  });
  await new Promise((resolve) => health.close(resolve));
});

test('where nobody is, it says what to do; status 3', async () => {
  const { client } = await openRemote({ data: folder });
  await expect(client.GET('/api/v1/version')).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^no program runs on .*--config FILE/s),
  });
  await expect(openRemote({ url: 'ftp://x' })).rejects.toMatchObject({ exitCode: 2 });
});

test('a process that is put in place of one that stood still is asked again', async () => {
  const health = createServer().listen(join(folder, 'health.sock'));
  let asked = 0;
  await listen((request, response) => {
    if (++asked === 1) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end('{"version":"1"}');
  });
  const { client } = await openRemote({ data: folder });
  expect(await answered(client.GET('/api/v1/version'))).toMatchObject({ version: '1' });
  // What changes something is done once, or said not to be known.
  asked = 0;
  await expect(answered(client.POST('/api/v1/configuration/reload', { body: { restart: false } }))).rejects.toThrow(
    /does not answer/,
  );
  expect(asked).toBe(1);
  await new Promise((done) => health.close(done));
});

test.each([
  ['http://127.0.0.1:1', /that port belongs to another protocol/],
  ['https://127.0.0.1:PORT', /it speaks no TLS there/],
])('%s does not answer, and it is said why', async (url, why) => {
  server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const { client } = await openRemote({ url: url.replace('PORT', String(port)) });
  const failure = await answered(client.GET('/api/v1/version')).catch((error: Error) => error.message);
  expect(failure).toMatch(why);
  expect(failure).not.toContain('openssl');
});
