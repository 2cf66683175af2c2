import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DecisionOutcome, DecisionQuestion } from '#engine/ports';
import { Sensitive } from '#kernel';
import { DecisionClient } from '#shell/decision';
import { rootsOf } from '#shell/tls';

const question: DecisionQuestion = {
  version: 1,
  call: 'c1',
  source: 'pbx',
  kind: 'trunk',
  caller: '+4930',
  dialled: '0123',
  number: '+49123',
  at: '2026-01-01T00:00:00.000Z',
  routes: { trunks: ['acme'] },
};

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let connections: number;
let client: DecisionClient;
const outcomes = new Map<number, DecisionOutcome>();
let told: () => void = () => {};

beforeEach(async () => {
  outcomes.clear();
  connections = 0;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`;
  client = new DecisionClient({
    roots: rootsOf,
    service: { url, secret: new Sensitive('swordfish'), when: 'first', otherwise: 'routes', timeout: 300 },
    wall: () => 1_700_000_000_500,
    onOutcome: (id, outcome) => {
      outcomes.set(id, outcome);
      told();
    },
  });
});

afterEach(() => {
  client.close();
  server.closeAllConnections();
  server.close();
});

const heard = (count: number) =>
  new Promise<void>((resolve) => {
    told = () => {
      if (outcomes.size >= count) resolve();
    };
    told();
  });

describe('the owner’s service is asked', () => {
  test('by POST, signed, over a connection that is kept', async () => {
    let seen: { headers: IncomingMessage['headers']; body: string } | undefined;
    answer = (request, response, body) => {
      seen = { headers: request.headers, body };
      response.end('{"trunks":["acme"]}');
    };
    for (let id = 1; id <= 5; id++) {
      client.ask(id, question);
      await heard(id);
    }
    expect(outcomes.get(5)).toEqual({ kind: 'answered', text: '{"trunks":["acme"]}' });
    expect(connections).toBe(1);
    expect(JSON.parse(seen!.body)).toEqual(question);
    const expected = createHmac('sha256', 'swordfish').update(`1700000000.${seen!.body}`).digest('hex');
    expect(seen!.headers).toMatchObject({
      'content-type': 'application/json',
      'x-tandem-timestamp': '1700000000',
      'x-tandem-signature': expected,
    });
  });

  test('a hundred questions at once take no more than 32 connections, and each has its own answer', async () => {
    answer = (_request, response, body) => response.end(JSON.parse(body).call);
    for (let id = 1; id <= 100; id++) client.ask(id, { ...question, call: `c${id}` });
    await heard(100);
    for (let id = 1; id <= 100; id++) expect(outcomes.get(id)).toEqual({ kind: 'answered', text: `c${id}` });
    expect(connections).toBeLessThanOrEqual(32);
  });

  test.each<[string, typeof answer, DecisionOutcome]>([
    ['nothing to say', (_, response) => response.writeHead(204).end(), { kind: 'answered', text: '' }],
    ['an error', (_, response) => response.writeHead(500).end('no'), { kind: 'failed', reason: 'it answers 500' }],
    [
      'another place',
      (_, response) => response.writeHead(302, { Location: 'http://192.0.2.1/' }).end(),
      { kind: 'failed', reason: 'it answers 302' },
    ],
    ['no end', (_, response) => response.end('x'.repeat(70_000)), { kind: 'failed', reason: 'its answer is too long' }],
    ['silence', () => {}, { kind: 'failed', reason: 'it does not answer' }],
    ['a closed door', (request) => request.socket.destroy(), { kind: 'failed', reason: 'ECONNRESET' }],
  ])('%s is told as it is', async (_, act, outcome) => {
    answer = act;
    client.ask(1, question);
    await heard(1);
    expect(outcomes.get(1)).toEqual(outcome);
  });

  test('nothing is told after the end', async () => {
    let arrived = () => {};
    const asked = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    answer = () => arrived();
    client.ask(1, question);
    await asked;
    client.close();
    await new Promise(setImmediate);
    expect(outcomes.size).toBe(0);
  });
});
