import { beforeEach, describe, expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { ManagementStore, Passwords } from '#shell/management-store';
import type { Posted } from '#shell/webhook';
import { Authority } from '../../../test/support/certificates.ts';
import { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';
import type { Api } from '../api.ts';
import { senderOf } from './webhooks.testing.ts';

/** What administrators do with webhooks, by the API. */
let app: Api;
let store: ManagementStore;
let principal: Principal;
let outcome: Posted;

beforeEach(async () => {
  store = ManagementStore.open();
  principal = { name: 'ann', role: 'administrator', via: 'token' };
  outcome = { status: 204 };
  const access = new Access({
    store,
    configuration: () => undefined,
    wall: () => 1_700_000_000_000,
    passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
  });
  ({ app } = await apiOf(
    {
      access,
      webhooks: senderOf(store, { post: async () => outcome }),
      configuration: () => ({ trunks: [{ name: 'itsp' }], sites: [{ name: 'berlin' }] }) as unknown as Configuration,
    },
    async () => principal,
  ));
});

const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, headers = {}) => {
  const answer = await app.inject({ method, url: `/api/v1${path}`, headers, ...(body && { payload: body }) });
  return { status: answer.statusCode, etag: answer.headers.etag, body: answer.body === '' ? {} : answer.json() };
};
const chat = { name: 'chat', url: 'https://hooks.example.com/T0/secret-path', events: ['trunk.down', 'call.ended'] };

async function made(): Promise<{ id: string; secret: string; etag: string }> {
  const { body, etag } = await ask('POST', '/webhooks', chat);
  return { id: body.webhook.id, secret: body.secret, etag: String(etag) };
}

describe('webhooks', () => {
  test('are made, with a secret that is told once and never again', async () => {
    const { status, body, etag } = await ask('POST', '/webhooks', { ...chat, trunks: ['itsp'] });
    expect(status).toBe(201);
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(etag).toBe('"1"');
    expect(body.webhook).toMatchObject({ ...chat, trunks: ['itsp'], enabled: true, state: 'new', waiting: 0 });
    for (const path of ['/webhooks', `/webhooks/${body.webhook.id}`, '/audit'])
      expect(JSON.stringify((await ask('GET', path)).body)).not.toContain(body.secret);
    // What is behind the host of a URL often lets in who knows it.
    const audit = JSON.stringify((await ask('GET', '/audit')).body);
    expect(audit).toContain('https://hooks.example.com');
    expect(audit).not.toContain('secret-path');
  });

  test.each([
    [{ url: 'http://hooks.example.com/' }, 400, 'use https://'],
    [{ url: 'https://a:b@hooks.example.com/' }, 400, 'do not belong in a URL'],
    [{ url: 'https://169.254.169.254/' }, 400, '169.254.169.254'],
    [{ events: [] }, 400, ''],
    [{ events: ['call.started'] }, 400, ''],
    [{ events: ['webhook.test'] }, 400, ''],
    [{ name: 'a b' }, 400, 'Letters'],
    [{ trunks: ['itps'] }, 422, 'There is no trunk itps.'],
    [{ sites: ['bonn'] }, 422, 'There is no site bonn.'],
    [{ ca: 'x' }, 422, 'not a certificate of an authority'],
  ])('%j is not taken', async (change, status, why) => {
    const { status: was, body } = await ask('POST', '/webhooks', { ...chat, ...change });
    expect(was).toBe(status);
    expect(JSON.stringify(body)).toContain(why);
    expect(store.webhooks.list()).toEqual([]);
  });

  test('are changed by who has seen what they are, and by nobody else', async () => {
    const { id, etag } = await made();
    const seen = { 'if-match': etag };
    expect((await ask('PATCH', `/webhooks/${id}`, { enabled: false })).status).toBe(428);
    const changed = await ask('PATCH', `/webhooks/${id}`, { enabled: false, sites: ['berlin'] }, seen);
    expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { state: 'disabled', sites: ['berlin'] } });
    expect((await ask('PATCH', `/webhooks/${id}`, { enabled: true }, seen)).status).toBe(412);
    expect((await ask('DELETE', `/webhooks/${id}`, undefined, seen)).status).toBe(412);
    expect((await ask('GET', `/webhooks/${id}`)).etag).toBe('"2"');
    const all = await ask('PATCH', `/webhooks/${id}`, { sites: null }, { 'if-match': 'W/"x", "2"' });
    expect(all.body).not.toHaveProperty('sites');
    expect((await ask('DELETE', `/webhooks/${id}`, undefined, { 'if-match': '"3"' })).status).toBe(204);
    expect((await ask('GET', `/webhooks/${id}`)).status).toBe(404);
  });

  test('have names of their own, and are made once however often it is asked for', async () => {
    const key = { 'idempotency-key': 'k' };
    const first = await ask('POST', '/webhooks', chat, key);
    expect((await ask('POST', '/webhooks', chat, key)).body).toEqual(first.body);
    expect((await ask('POST', '/webhooks', chat)).status).toBe(409);
    expect((await ask('POST', '/webhooks', { ...chat, name: 'CHAT' })).status).toBe(409);
    const other = await ask('POST', '/webhooks', { ...chat, name: 'other' });
    const taken = { 'if-match': '*' };
    expect((await ask('PATCH', `/webhooks/${other.body.webhook.id}`, { name: 'chat' }, taken)).status).toBe(409);
    for (let n = 2; n < 32; n++) expect((await ask('POST', '/webhooks', { ...chat, name: `n${n}` })).status).toBe(201);
    expect((await ask('POST', '/webhooks', { ...chat, name: 'n32' })).status).toBe(409);
  });

  test('get another secret, beside which the old one holds for a time', async () => {
    const { id, secret } = await made();
    const { body } = await ask('POST', `/webhooks/${id}/secret`, { hours: 2 });
    expect(body.secret).not.toBe(secret);
    expect(body.webhook.oldSecretUntil).toBe(new Date(1_700_000_000_000 + 2 * 3_600_000).toISOString());
    expect(store.webhooks.get(id)!.oldSecret!.secret.reveal()).toBe(secret);
    const { body: at } = await ask('POST', `/webhooks/${id}/secret`, { hours: 0 });
    expect(at.webhook).not.toHaveProperty('oldSecretUntil');
  });

  test('believe authorities of their own', async () => {
    const { pem } = await Authority.root('Ours');
    const { body } = await ask('POST', '/webhooks', { ...chat, ca: pem });
    expect(body.webhook.ca).toBe(pem);
    // The certificate of a server is no authority.
    const { certificate } = await (await Authority.root('Ours')).issue({ dns: ['a.example'] });
    expect((await ask('POST', '/webhooks', { ...chat, name: 'b', ca: certificate })).status).toBe(422);
  });

  test('are for administrators of all sites', async () => {
    const { id } = await made();
    for (const who of [
      { role: 'operator' },
      { role: 'viewer' },
      { role: 'administrator', sites: ['berlin'] },
    ] as const) {
      principal = { name: 'otto', via: 'token', ...who };
      for (const path of ['/webhooks', `/webhooks/${id}`, `/webhooks/${id}/deliveries`])
        expect((await ask('GET', path)).status).toBe(403);
      expect((await ask('POST', '/webhooks', chat)).status).toBe(403);
      expect((await ask('POST', `/webhooks/${id}/test`)).status).toBe(403);
    }
  });

  test('what they may be told of has the schema of what is posted', async () => {
    const { body } = await ask('GET', '/webhook-events');
    expect(body.items.map(({ name }: { name: string }) => name)).toContain('trunk.down');
    const { schema } = body.items.find(({ name }: { name: string }) => name === 'trunk.down');
    expect(schema.$ref).toBe('#/$defs/TrunkDownMessage');
    expect(schema.$defs.TrunkDownMessage).toMatchObject({
      properties: { type: { const: 'trunk.down' }, data: { properties: { trunk: { type: 'string' } } } },
    });
    // Properties may come: who checks shall not refuse them.
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    const description = (await ask('GET', '/openapi.json')).body;
    const { $ref } = description.webhooks['trunk.down'].post.requestBody.content['application/json'].schema;
    expect(description.components.schemas[$ref.split('/').at(-1)]).toMatchObject({
      properties: { type: { const: 'trunk.down' } },
    });
  });
});

describe('deliveries', () => {
  test('are listed in pages, looked at, and sent again', async () => {
    const { id } = await made();
    outcome = { status: 500, error: 'it answers 500', answer: 'no room' };
    for (let n = 0; n < 3; n++) await ask('POST', `/webhooks/${id}/test`);
    const { body } = await ask('GET', `/webhooks/${id}/deliveries?limit=2`);
    expect(body.items).toMatchObject([
      { event: 'webhook.test', state: 'failed', tries: 1, last: { status: 500, error: 'it answers 500' } },
      {},
    ]);
    const rest = await ask('GET', `/webhooks/${id}/deliveries?limit=2&cursor=${body.next}`);
    expect(rest.body.items).toHaveLength(1);
    expect(rest.body).not.toHaveProperty('next');
    const [one] = body.items;
    const { body: detail } = await ask('GET', `/webhooks/${id}/deliveries/${one.id}`);
    expect(JSON.parse(detail.body)).toMatchObject({ type: 'webhook.test', data: { by: 'ann' } });
    expect(detail.attempts).toMatchObject([{ number: 1, status: 500, answer: 'no room' }]);
    outcome = { status: 204 };
    expect((await ask('POST', `/webhooks/${id}/deliveries/${one.id}/resend`)).status).toBe(202);
    await new Promise((done) => setImmediate(done));
    expect((await ask('GET', `/webhooks/${id}/deliveries?state=taken`)).body.items).toMatchObject([
      { id: one.id, message: one.message, tries: 2 },
    ]);
    expect((await ask('GET', `/webhooks/${id}/deliveries/999`)).status).toBe(404);
    expect((await ask('POST', `/webhooks/${id}/deliveries/999/resend`)).status).toBe(404);
    expect((await ask('GET', '/webhooks/none/deliveries')).status).toBe(404);
  });

  test('of one that is disabled are not sent again', async () => {
    const { id } = await made();
    await ask('POST', `/webhooks/${id}/test`);
    await ask('PATCH', `/webhooks/${id}`, { enabled: false }, { 'if-match': '*' });
    const { body } = await ask('GET', `/webhooks/${id}/deliveries`);
    expect((await ask('POST', `/webhooks/${id}/deliveries/${body.items[0].id}/resend`)).status).toBe(409);
  });

  test('that are not taken stand among what is wrong now', async () => {
    const { id } = await made();
    store.webhooks.end(id, 'gone', 1_700_000_000_000);
    const wrong = async () =>
      (await ask('GET', '/problems')).body.items.filter((one: { webhook?: string }) => one.webhook === id);
    // It is read anew when something was changed.
    await ask('POST', '/webhooks', { ...chat, name: 'other' });
    expect(await wrong()).toMatchObject([
      { id: 'webhook-ended chat', severity: 'warning', said: { code: 'webhook-ended-gone' } },
    ]);
    principal = { name: 'otto', role: 'viewer', via: 'token', sites: ['berlin'] };
    expect(await wrong()).toEqual([]);
  });
});
