import { expect, test } from 'vitest';
import { hour, remoteApi } from './access.testing.ts';

async function withToken(role: 'viewer' | 'operator' | 'administrator', body: object = {}) {
  const api = await remoteApi();
  await api.account('root');
  await api.account('ann', role);
  const cookie = await api.signedIn('ann');
  const made = await api.ask('POST', '/tokens', { body: { name: 'ci', ...body }, cookie });
  return { ...api, cookie, made, token: made.body.secret as string };
}

test('proves who asks; its secret is told once, and nowhere kept', async () => {
  const { ask, made, token, cookie, store } = await withToken('operator', { role: 'operator' });
  expect(made.status).toBe(201);
  expect(token).toMatch(/^tdm_[\w-]{43}$/);
  expect((await ask('GET', '/me', { token, headers: {} })).body).toEqual({
    name: 'ann/ci',
    role: 'operator',
    via: 'token',
  });
  // No browser sends it by itself, so no page elsewhere has one do it.
  expect((await ask('POST', '/trunks/itsp/probe', { token, headers: { origin: 'https://evil.example' } })).status).toBe(
    202,
  );
  const kept = JSON.stringify([
    store.tokens.list(),
    store.audit.list({}, 100),
    (await ask('GET', '/tokens', { cookie })).body,
  ]);
  expect(kept).toContain('"ci"');
  expect(kept).not.toContain(token.slice(4));
});

test('one that is revoked or has expired is out at once', async () => {
  const { ask, made, token, cookie, clock } = await withToken('operator', { hours: 2 });
  clock.now += 2 * hour - 1;
  expect((await ask('GET', '/me', { token })).status).toBe(200);
  clock.now += 1;
  expect((await ask('GET', '/me', { token })).status).toBe(401);
  clock.now -= 2;
  expect((await ask('GET', '/me', { token })).status).toBe(200);
  const { id } = made.body.token;
  const again = (await ask('POST', '/session', { body: { name: 'ann', password: 'correct horse battery' } })).cookie!;
  expect((await ask('DELETE', `/tokens/${id}`, { cookie: again })).status).toBe(204);
  expect((await ask('GET', '/me', { token })).status).toBe(401);
  expect((await ask('GET', '/me', { cookie })).status).toBe(401);
});

test('may never more than he whose it is, nor longer than he', async () => {
  const { ask, token, store } = await withToken('operator', { role: 'operator' });
  const { id } = store.accounts.byName('ann')!;
  const probe = async () => (await ask('POST', '/trunks/itsp/probe', { token })).status;
  expect(await probe()).toBe(202);
  store.accounts.change(id, { role: 'viewer' });
  expect(await probe()).toBe(403);
  store.accounts.change(id, { role: 'administrator' });
  expect((await ask('GET', '/accounts', { token })).status).toBe(403);
  store.accounts.change(id, { sites: ['berlin'] });
  expect(await probe()).toBe(404);
  store.accounts.change(id, { sites: undefined, disabled: true });
  expect(await probe()).toBe(401);
  store.accounts.change(id, { disabled: false });
  expect(await probe()).toBe(202);
  store.accounts.remove(id);
  expect(await probe()).toBe(401);
});

test('is not made with more than one has, by another token, or for longer than is allowed', async () => {
  const { ask, cookie, token, account, signedIn } = await withToken('operator');
  const make = (body: object, by: object = { cookie }) =>
    ask('POST', '/tokens', { body: { name: 'x', ...body }, ...by });
  expect((await make({ role: 'administrator' })).status).toBe(403);
  expect((await make({}, { token })).status).toBe(403);
  expect((await make({ hours: 1_001 })).body).toMatchObject({ status: 422, errors: [{ place: 'hours' }] });
  expect((await make({ name: 'ci' })).status).toBe(409);
  await account('part', 'operator', ['berlin']);
  const part = { cookie: await signedIn('part') };
  expect((await make({ sites: ['rome'] }, part)).status).toBe(403);
  expect((await make({}, part)).body.token.sites).toEqual(['berlin']);
});

test('nobody makes so many that the others have none', async () => {
  const { ask, cookie, account, signedIn } = await withToken('viewer');
  let made = 1;
  while ((await ask('POST', '/tokens', { body: { name: `x${made}` }, cookie })).status === 201) made++;
  expect(made).toBe(50);
  await account('vera', 'viewer');
  expect((await ask('POST', '/tokens', { body: { name: 'x' }, cookie: await signedIn('vera') })).status).toBe(201);
});

test('one’s own are seen by oneself and by administrators; it is seen when each was used', async () => {
  const { ask, token, made, account, signedIn } = await withToken('viewer');
  await ask('GET', '/me', { token, from: '192.0.2.7' });
  await account('vera', 'viewer');
  const [vera, root] = [await signedIn('vera'), await signedIn('root')];
  expect((await ask('GET', '/tokens', { cookie: vera })).body.items).toEqual([]);
  expect((await ask('DELETE', `/tokens/${made.body.token.id}`, { cookie: vera })).status).toBe(404);
  expect((await ask('GET', '/tokens', { cookie: root })).body.items).toMatchObject([
    { name: 'ci', account: 'ann', role: 'viewer', used: '2026-11-23T12:00:00.000Z', usedFrom: '192.0.2.7' },
  ]);
  expect((await ask('DELETE', `/tokens/${made.body.token.id}`, { cookie: root })).status).toBe(204);
});

test('a wrong one is nobody’s, whatever else is sent', async () => {
  const { ask, cookie } = await withToken('viewer');
  for (const wrong of ['tdm_x', 'x', ''])
    expect((await ask('GET', '/me', { cookie, token: wrong, headers: {} })).status).toBe(401);
});

test('one that is lost ends nobody else’s: itself, and what its rights are for', async () => {
  const { ask, cookie, token, made } = await withToken('administrator', { role: 'viewer' });
  const other = await ask('POST', '/tokens', { body: { name: 'other' }, cookie });
  expect((await ask('DELETE', `/tokens/${other.body.token.id}`, { token })).status).toBe(403);
  const [session] = (await ask('GET', '/sessions', { token })).body.items;
  expect((await ask('DELETE', `/sessions/${session.id}`, { token })).status).toBe(403);
  expect((await ask('GET', '/me', { cookie })).status).toBe(200);
  expect((await ask('DELETE', `/tokens/${made.body.token.id}`, { token })).status).toBe(204);
  expect((await ask('GET', '/me', { token })).status).toBe(401);
});
