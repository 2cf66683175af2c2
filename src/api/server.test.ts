import { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Principal } from './access/principal.ts';
import { apiOf } from './api.testing.ts';

const viewer: Principal = { name: 'vera', role: 'viewer', via: 'token' };

describe('the API', () => {
  test('whom nobody knows is told to sign in; who may look may not act', async () => {
    const answers = { bans: () => ({ bans: [] }), probe: () => ({ at: 5 }) };
    const nobody = await apiOf({ answers }, async () => undefined);
    expect((await nobody.app.inject('/api/v1/bans')).json()).toMatchObject({ status: 401 });
    const vera = await apiOf({ answers }, async () => viewer);
    expect((await vera.app.inject('/api/v1/bans')).json()).toEqual({ items: [] });
    const refused = await vera.app.inject({ method: 'POST', url: '/api/v1/trunks/itsp/probe' });
    expect(refused.statusCode).toBe(403);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(vera.asked).toEqual([['bans', {}]]);
  });

  test('what is done is said to be taken; what there is none of is named', async () => {
    const { app } = await apiOf({ answers: { register: () => ({ at: 5 }) } });
    const post = (url: string) => app.inject({ method: 'POST', url });
    expect((await post('/api/v1/trunks/itsp/register')).json()).toEqual({ at: '1970-01-01T00:00:00.005Z' });
    expect((await post('/api/v1/trunks/none/register')).json()).toMatchObject({
      status: 404,
      detail: 'There is no trunk none.',
    });
    expect((await app.inject('/nowhere')).json()).toMatchObject({ status: 404, title: 'There is no such thing' });
  });

  test('a signalling process that is away is no fault of the question', async () => {
    const { app, faults } = await apiOf();
    expect((await app.inject('/api/v1/bans')).json()).toMatchObject({ status: 503 });
    // What was told before stays to be seen, and is said to be old.
    expect((await app.inject('/api/v1/calls')).json()).toMatchObject({ state: 'lost', items: [] });
    expect((await app.inject('/api/v1/trunks')).json().items).toMatchObject([{ name: 'itsp', state: 'unknown' }]);
    expect(faults).toEqual([]);
  });

  test.each(['', '/api/v1'])('tells at %s/readyz and healthz what the supervisor says', async (below) => {
    const checks = [{ name: 'signalling', ok: false, detail: 'being started again (SIGKILL)' }];
    const { app } = await apiOf({
      health: async (what) => ({ status: what === 'readyz' ? 'not-ready' : 'alive', checks }),
    });
    const ready = await app.inject(`${below}/readyz`);
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ status: 'not-ready', checks });
    expect((await app.inject(`${below}/healthz`)).statusCode).toBe(200);
  });

  test.each<[string, number, string, string]>([
    ['', 400, 'The request cannot be understood', 'no request of HTTP'],
    ['HPE_HEADER_OVERFLOW', 431, 'Too large', 'header fields'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'It took too long', 'within a minute'],
  ])('what is no request is told so in the same form (%s)', async (code, status, title, detail) => {
    const { app } = await apiOf();
    let sent = '';
    const socket = new Duplex({
      read() {},
      write(part, _encoding, done) {
        sent += part;
        done();
      },
    });
    app.server.emit('clientError', Object.assign(new Error('parse error'), { code }), socket);
    await new Promise((closed) => socket.once('close', closed));
    const [head, body] = sent.split('\r\n\r\n') as [string, string];
    expect(head.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
    expect(head).toContain('Content-Type: application/problem+json');
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body)).toMatchObject({ status, title, detail: expect.stringContaining(detail) });
  });

  test('what is no JSON is told what would be', async () => {
    const { app } = await apiOf();
    const headers = { 'content-type': 'text/xml' };
    const url = '/api/v1/configuration/examine';
    expect((await app.inject({ method: 'POST', url, payload: '<a/>', headers })).json()).toMatchObject({
      status: 415,
      detail: expect.stringContaining('`Content-Type: application/json`'),
    });
  });

  test('a fault of our own is told of without what is inside', async () => {
    const { app, faults, faultsAt } = await apiOf({
      answers: {
        bans: () => {
          throw new Error('the secret is 42');
        },
      },
    });
    const answer = await app.inject('/api/v1/bans?code=of-a-provider');
    expect(answer.json()).toMatchObject({ status: 500, detail: 'It was written to the log.' });
    expect(answer.body).not.toContain('42');
    expect(faults).toHaveLength(1);
    expect(faultsAt).toEqual(['GET /api/v1/bans']);
  });

  test('takes JSON as deep as anybody writes it, whatever texts in it look like', async () => {
    const { app, faults } = await apiOf();
    const ask = async (name: unknown) => {
      const payload = JSON.stringify({ role: 'viewer', name });
      const headers = { 'content-type': 'application/json' };
      return (await app.inject({ method: 'POST', url: '/api/v1/accounts', headers, payload })).json();
    };
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect((await ask(nested(64))).detail).toBe('This is nested more than 64 deep.');
    expect((await ask(nested(63))).errors).toMatchObject([{ place: 'name' }]);
    expect((await ask('[{'.repeat(90))).errors).toMatchObject([{ place: 'name' }]);
    expect((await ask(`"\\"${'['.repeat(90)}`)).errors).toMatchObject([{ place: 'name' }]);
    expect(faults).toEqual([]);
  });

  test('describes itself, and every answer of it', async () => {
    const { app } = await apiOf();
    const description = (await app.inject('/api/v1/openapi.json')).json();
    expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'Tandem', version: '1.2.3' } });
    expect(Object.keys(description.paths)).toContain('/api/v1/trunks/{trunk}/probe');
  });
});
