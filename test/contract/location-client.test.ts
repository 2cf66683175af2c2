import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlaceOutcome } from '#engine/ports';
import { LocationClient } from '#shell/location';
import { rootsOf } from '#shell/tls';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let client: LocationClient;
const outcomes = new Map<number, PlaceOutcome>();
let told: () => void = () => {};

beforeEach(async () => {
  outcomes.clear();
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/loc/k7?x=1`;
  client = new LocationClient({
    roots: rootsOf,
    dereference: { hosts: [], timeout: 200 },
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

const heard = (id: number) =>
  new Promise<PlaceOutcome>((resolve) => {
    told = () => {
      const outcome = outcomes.get(id);
      if (outcome) resolve(outcome);
    };
    told();
  });

describe('a location server is asked', () => {
  test('by GET, for what it can say, and its octets are told as they are', async () => {
    let seen: IncomingMessage | undefined;
    answer = (request, response) => {
      seen = request;
      response.end(Buffer.from([0x3c, 0xc3, 0xa9, 0x3e]));
    };
    client.ask(1, url);
    expect(await heard(1)).toEqual({ kind: 'answered', octets: '<\xc3\xa9>' });
    expect(seen).toMatchObject({ method: 'GET', url: '/loc/k7?x=1' });
    expect(seen!.headers.accept).toBe('application/held+xml, application/pidf+xml;q=0.5');
  });

  test.each<[string, typeof answer, string]>([
    ['an error', (_, response) => response.writeHead(404).end('no'), 'it answers 404'],
    ['another place', (_, response) => response.writeHead(302, { Location: url }).end(), 'it answers 302'],
    ['no end', (_, response) => response.end('x'.repeat(70_000)), 'its answer is too long'],
    ['silence', () => {}, 'it does not answer'],
    ['a closed door', (request) => request.socket.destroy(), 'ECONNRESET'],
  ])('%s is told as it is', async (_, act, reason) => {
    answer = act;
    client.ask(1, url);
    expect(await heard(1)).toEqual({ kind: 'failed', reason });
  });

  test('a URI that is none is a failure, not an end', async () => {
    client.ask(1, 'https://[');
    expect(await heard(1)).toMatchObject({ kind: 'failed' });
  });

  test('in TLS, where the server speaks none: it is a failure', async () => {
    answer = (_, response) => response.end('x');
    client.ask(1, url.replace('http:', 'https:'));
    expect(await heard(1)).toMatchObject({ kind: 'failed' });
  });
});
