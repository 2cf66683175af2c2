import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../api.testing.ts';
import { apiServer } from '../server.ts';
import type { Services } from '../services.ts';
import { password, remoteApi } from './access.testing.ts';
import { demandRights } from './guard.ts';
import { isWithin } from './network.ts';

describe('a page elsewhere', () => {
  const origin = (text: string) => ({ origin: text });
  test.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 202],
    [{ 'sec-fetch-site': 'cross-site', ...origin('http://localhost:80') }, 403],
    [origin('https://evil.example'), 403],
    [origin('null'), 403],
    [origin('https://localhost'), 403],
    [origin('http://localhost'), 202],
    [origin('https://tandem.example.com'), 202],
    [{}, 403],
  ])('%j cannot have a browser change anything', async (headers, status) => {
    const { ask, account, signedIn } = await remoteApi({
      management: { url: 'https://tandem.example.com', behindProxy: [] },
    });
    await account('ann');
    const cookie = await signedIn('ann');
    const host = { host: 'localhost' };
    const answer = await ask('POST', '/trunks/itsp/probe', { cookie, headers: { ...host, ...(headers as object) } });
    expect(answer.status).toBe(status);
    // What only shows something is kept from it by the browser.
    expect((await ask('GET', '/me', { cookie, headers: { ...host, ...(headers as object) } })).status).toBe(200);
  });

  test('cannot sign a browser in as somebody else', async () => {
    const { ask, account } = await remoteApi();
    await account('eve');
    const body = { name: 'eve', password };
    const foreign = await ask('POST', '/session', { body, headers: origin('https://evil.example') });
    expect([foreign.status, foreign.cookie]).toEqual([403, undefined]);
    // Whoever is no browser says nothing of it.
    expect((await ask('POST', '/session', { body, headers: {} })).status).toBe(200);
  });
});

describe('every answer', () => {
  test('tells browsers to take nothing from elsewhere, and to keep nothing', async () => {
    const { ask } = await remoteApi();
    for (const url of ['/me', '/sign-in', '/nowhere']) {
      const { headers } = await ask('GET', url);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers['content-security-policy']).not.toMatch(/unsafe|http|\*/);
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  test('is given to who asks a thousand times a minute, not more; others have theirs', async () => {
    const { ask } = await remoteApi();
    const first = await ask('GET', '/healthz', { from: '192.0.2.1' });
    for (let n = 1; n < 1_200; n++) await ask('GET', '/healthz', { from: '192.0.2.1' });
    const { status, body, headers } = await ask('GET', '/me', { from: '192.0.2.1' });
    expect([status, body.title]).toEqual([429, 'Too many requests']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    for (const told of [first.headers, headers])
      expect(Object.keys(told).filter((name) => name.includes('ratelimit'))).toEqual([]);
    expect((await ask('GET', '/me', { from: '192.0.2.2' })).status).toBe(401);
  });
});

test('a route that does not say who may use it cannot be made', async () => {
  const app = fastify();
  demandRights(app);
  const handler = async () => 'anything';
  expect(() => app.get('/api/v1/anything', handler)).toThrow('GET /api/v1/anything does not say who may use it');
  expect(() => app.get('/api/v1/anything', { config: { right: 'viewer' } }, handler)).not.toThrow();
});

test('what a proxy writes of who asks is no fault of ours, whatever it is', async () => {
  const metrics = { from: [{ host: '10.0.0.0', bits: 8 }] };
  const { access, faults } = await remoteApi({ management: { metrics } });
  const app = await apiServer({
    services: { access, metrics: { text: async () => '' } } as unknown as Services,
    identify: async () => undefined,
    onFault: (error) => faults.push(error),
    believes: (address) => isWithin(address, [{ host: '192.0.2.0', bits: 24 }]),
  });
  for (const asked of [
    'garbage',
    '203.0.113.1:5678',
    '10.0.0.1, 192.0.2.1',
    '::ffff:203.0.113.1',
    ',,',
    '10.0.0.1, x',
  ]) {
    const answer = await app.inject({
      url: '/metrics',
      remoteAddress: '192.0.2.1',
      headers: { 'x-forwarded-for': asked },
    });
    expect([asked, answer.statusCode]).toEqual([asked, asked === '10.0.0.1, 192.0.2.1' ? 200 : 401]);
  }
});

test('who has not signed in can send little', async () => {
  const { ask } = await remoteApi();
  const body = { name: 'ann', password: 'x'.repeat(20_000) };
  expect((await ask('POST', '/session', { body })).status).toBe(413);
  expect((await ask('POST', '/invitation', { body })).status).toBe(413);
  expect((await ask('POST', '/invitation/look', { body })).status).toBe(413);
  // Before it was read it is known that he may not.
  expect((await ask('POST', '/accounts', { body })).status).toBe(401);
  // Nothing is there, and nothing of it is read.
  expect((await ask('POST', '/nowhere', { body })).status).toBe(413);
});

test('who sends no configurations cannot have us read for long', async () => {
  const { ask, account, signedIn } = await remoteApi();
  const body = { name: 'x'.repeat(1_100_000), password };
  for (const [role, status] of [
    ['operator', 413],
    ['administrator', 400],
  ] as const) {
    await account(role, role);
    expect([role, (await ask('POST', '/tokens', { body, cookie: await signedIn(role) })).status]).toEqual([
      role,
      status,
    ]);
  }
});

test('what is no URL is refused as everything else is', async () => {
  const { app } = await apiOf();
  for (const [url, status] of [
    ['/api/v1/trunks/%zz', 400],
    ['/%', 400],
    [`/api/v1/trunks/${'x'.repeat(300)}/probe`, 414],
  ] as const) {
    const answer = await app.inject({ method: 'POST', url });
    expect(answer.json()).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  }
});

test('metrics are for networks that are named; at the Unix socket nobody has an address', async () => {
  const metrics = { from: [{ host: '10.0.0.0', bits: 8 }] };
  const { app, access } = await remoteApi({ management: { metrics } });
  const status = async (remoteAddress: string) => (await app.inject({ url: '/metrics', remoteAddress })).statusCode;
  expect(await status('192.0.2.1')).toBe(401);
  expect(await status('10.0.0.9')).not.toBe(401);
  const local = await apiOf({ access });
  const folder = mkdtempSync(join(tmpdir(), 'tandem-api-'));
  const socketPath = join(folder, 'api.sock');
  await local.app.listen({ path: socketPath });
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  request({ socketPath, path: '/metrics' }, (answer) => resolve(answer.resume().statusCode))
    .once('error', reject)
    .end();
  expect(await promise).not.toBe(500);
  expect(local.faults).toEqual([]);
  await local.app.close();
  rmSync(folder, { recursive: true });
});

test('in clear nobody is served but proxies', async () => {
  const services = { version: '1.2.3' } as Services;
  const takes = (address: string) => address === '192.0.2.1';
  const app = await apiServer({ services, identify: async () => undefined, onFault: () => {}, takes });
  const ask = async (remoteAddress: string) =>
    (await app.inject({ url: '/api/v1/version', remoteAddress, headers: { 'x-forwarded-for': '192.0.2.1' } }))
      .statusCode;
  expect(await ask('192.0.2.1')).toBe(200);
  expect(await ask('192.0.2.2')).toBe(403);
});

test.each([
  ['localhost:8080', 401],
  ['127.0.0.1:8080', 401],
  ['[::1]:8080', 401],
  ['Tandem.Example.com', 401],
  ['evil.example', 421],
  ['evil.example:8080', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example', 421],
  ['tandem.example.com.evil.example', 421],
])('in clear it is asked by a name that is its own: %s', async (host, status) => {
  const { app, access } = await remoteApi({ management: { url: 'https://tandem.example.com' } });
  for (const url of ['/api/v1/me', '/metrics'])
    expect([url, (await app.inject({ url, headers: { host } })).statusCode]).toEqual([url, status]);
  // A proxy has looked already.
  const behind = await apiServer({
    services: { version: '1.2.3', access } as Services,
    identify: async () => undefined,
    onFault: () => {},
    believes: () => true,
  });
  expect((await behind.inject({ url: '/api/v1/version', headers: { host } })).statusCode).toBe(200);
});

test('too many passwords at once are no fault of ours, wherever one is looked at or chosen', async () => {
  const { access, ask, account, signedIn, faults, store, clock } = await remoteApi();
  const ann = await account('ann');
  const cookie = await signedIn('ann');
  store.accounts.change(ann.id, { password: await access.passwords.hash(password) });
  const { secret } = access.invite(
    store.accounts.create({ name: 'bea', role: 'viewer', sites: undefined, createdAt: clock.now })!.id,
  );
  const strangers = Array.from({ length: 66 }, () => access.passwords.hash('x').catch(() => {}));
  const invited = ask('POST', '/invitation', { body: { token: secret, password: 'another long one' } });
  const first = ask('POST', '/session', { body: { name: 'bea', password }, from: '192.0.2.1' });
  const changed = ask('PUT', '/me/password', { body: { old: password, new: 'another long one' }, cookie });
  expect((await invited).status).toBe(503);
  expect((await first).status).toBe(503);
  // Whom we know does not wait behind strangers.
  expect([204, 503]).toContain((await changed).status);
  await Promise.all(strangers);
  expect(faults).toEqual([]);
});

test('who asks on the Unix socket is who runs the program, and needs nothing', async () => {
  const { app } = await apiOf();
  expect((await app.inject('/api/v1/me')).json()).toEqual({ name: 'local', role: 'administrator', via: 'socket' });
  const invited = await app.inject({
    method: 'POST',
    url: '/api/v1/accounts',
    payload: { name: 'ann', role: 'administrator' },
  });
  expect(invited.statusCode).toBe(201);
  // There is no address to come to.
  expect(invited.json().invitation).toEqual({ token: expect.any(String), expires: '2023-11-14T23:13:20.000Z' });
  const me = { method: 'PUT' as const, url: '/api/v1/me/password', payload: { old: 'x', new: password } };
  expect((await app.inject(me)).statusCode).toBe(403);
});
