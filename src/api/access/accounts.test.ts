import { describe, expect, test } from 'vitest';
import { hour, password, remoteApi } from './access.testing.ts';

describe('an invitation', () => {
  test('the first administrator chooses name and password at a link that holds once', async () => {
    const { ask, access } = await remoteApi();
    expect((await ask('GET', '/sign-in')).body).toEqual({ methods: ['password'], isNew: true });
    const { url, secret } = access.invite(undefined);
    expect(url).toBe(`http://127.0.0.1:8080/invitation#${secret}`);
    expect((await ask('POST', '/invitation/look', { body: { token: secret } })).body).toEqual({
      role: 'administrator',
    });
    const accept = (body: object) => ask('POST', '/invitation', { body: { token: secret, password, ...body } });
    expect((await accept({})).body).toMatchObject({ status: 422, errors: [{ place: 'name' }] });
    expect((await accept({ name: 'ann', password: 'short' })).status).toBe(422);
    expect((await accept({ name: 'local' })).status).toBe(400);
    const { status, cookie } = await accept({ name: 'ann' });
    expect(status).toBe(200);
    expect((await ask('GET', '/me', { cookie: cookie! })).body).toMatchObject({ name: 'ann', role: 'administrator' });
    expect((await accept({ name: 'eve' })).status).toBe(404);
    expect((await ask('GET', '/sign-in')).body.isNew).toBe(false);
  });

  test('of two who use it at the same time one gets in', async () => {
    const { ask, access, store } = await remoteApi();
    const { secret } = access.invite(undefined);
    const both = await Promise.all(
      ['ann', 'eve'].map((name) => ask('POST', '/invitation', { body: { token: secret, name, password } })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(store.accounts.list()).toHaveLength(1);
  });

  test('somebody else’s, used at the same time and again, sets one password', async () => {
    const { ask, access, store } = await remoteApi();
    const { id } = store.accounts.create({ name: 'vera', role: 'viewer', sites: undefined, createdAt: 0 })!;
    const { secret } = access.invite(id);
    const accept = (chosen: string) => ask('POST', '/invitation', { body: { token: secret, password: chosen } });
    const both = await Promise.all([accept(password), accept('another horse battery')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const { password: kept } = store.accounts.byId(id)!;
    expect((await accept('a third horse battery')).status).toBe(404);
    expect(store.accounts.byId(id)!.password).toBe(kept);
  });

  test('ends after an hour, and with the next one', async () => {
    const { ask, access, clock } = await remoteApi();
    const first = access.invite(undefined).secret;
    const second = access.invite(undefined).secret;
    const status = async (token: string) =>
      (await ask('POST', '/invitation', { body: { token, name: 'ann', password } })).status;
    expect(await status(first)).toBe(404);
    clock.now += hour;
    expect(await status(second)).toBe(404);
  });

  test('one for the first is void once there is one', async () => {
    const { ask, access, account } = await remoteApi();
    const { secret } = access.invite(undefined);
    await account('ann');
    const body = { token: secret, name: 'eve', password };
    expect((await ask('POST', '/invitation', { body })).status).toBe(404);
  });

  test('who was disabled meanwhile is not let in by his', async () => {
    const { ask, account, signedIn, store } = await remoteApi();
    await account('ann');
    const body = { name: 'otto', role: 'operator' };
    const made = await ask('POST', '/accounts', { body, cookie: await signedIn('ann') });
    const { id } = store.accounts.byName('otto')!;
    store.accounts.change(id, { disabled: true });
    const { token } = made.body.invitation;
    const refused = await ask('POST', '/invitation', { body: { token, password } });
    expect([refused.status, refused.cookie]).toEqual([403, undefined]);
    expect(store.accounts.byId(id)!.password).toBeUndefined();
    store.accounts.change(id, { disabled: false });
    expect((await ask('POST', '/invitation', { body: { token, password } })).status).toBe(200);
  });

  test('who forgot his password gets a new one by another; what stood ends', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    await account('vera', 'viewer');
    const [ann, vera] = [await signedIn('ann'), await signedIn('vera')];
    const made = await ask('POST', '/accounts/vera/invitation', { cookie: ann });
    expect(made.status).toBe(201);
    expect((await ask('GET', '/me', { cookie: vera })).status).toBe(200);
    const body = { token: made.body.token, password: 'another horse battery' };
    expect((await ask('POST', '/invitation', { body })).body).toMatchObject({ name: 'vera', role: 'viewer' });
    expect((await ask('GET', '/me', { cookie: vera })).status).toBe(401);
    expect((await ask('POST', '/session', { body: { name: 'vera', password } })).status).toBe(401);
  });
});

describe('accounts', () => {
  test('administrators alone see to them', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    await account('otto', 'operator');
    const otto = await signedIn('otto');
    for (const [method, url] of [
      ['GET', '/accounts'],
      ['DELETE', '/accounts/ann'],
      ['POST', '/accounts/ann/invitation'],
      ['GET', '/audit'],
      ['GET', '/audit/verification'],
    ] as const)
      expect((await ask(method, url, { cookie: otto })).status).toBe(403);
    const body = { name: 'eve', role: 'administrator' };
    expect((await ask('POST', '/accounts', { body, cookie: otto })).status).toBe(403);
    expect((await ask('PATCH', '/accounts/otto', { body: { role: 'administrator' }, cookie: otto })).status).toBe(403);
  });

  test('somebody is invited, changed and removed; it holds at once', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    const ann = await signedIn('ann');
    const body = { name: 'otto', role: 'operator', sites: ['berlin'] };
    const made = await ask('POST', '/accounts', { body, cookie: ann });
    expect(made.status).toBe(201);
    expect(made.body.account).toMatchObject({ ...body, state: 'invited', totp: false });
    expect((await ask('POST', '/accounts', { body: { ...body, name: 'OTTO' }, cookie: ann })).status).toBe(409);
    expect((await ask('POST', '/accounts', { body: { ...body, sites: ['x'] }, cookie: ann })).status).toBe(422);
    const accepted = await ask('POST', '/invitation', { body: { token: made.body.invitation.token, password } });
    const otto = accepted.cookie!;
    const patch = (change: object) => ask('PATCH', '/accounts/otto', { body: change, cookie: ann });
    expect((await patch({ role: 'viewer', sites: null })).body).not.toHaveProperty('sites');
    expect((await ask('GET', '/me', { cookie: otto })).body).toMatchObject({ role: 'viewer' });
    expect((await patch({ disabled: true })).body.state).toBe('disabled');
    expect((await ask('GET', '/me', { cookie: otto })).status).toBe(401);
    await patch({ disabled: false });
    expect((await ask('GET', '/me', { cookie: otto })).status).toBe(401);
    const again = await signedIn('otto');
    expect((await ask('DELETE', '/accounts/otto', { cookie: ann })).status).toBe(204);
    expect((await ask('GET', '/me', { cookie: again })).status).toBe(401);
  });

  test('the last administrator stays', async () => {
    const { ask, account, signedIn, store } = await remoteApi();
    await account('ann');
    await account('vera', 'viewer');
    // Invited, and not here yet.
    store.accounts.create({ name: 'new', role: 'administrator', sites: undefined, createdAt: 0 });
    await account('part', 'administrator', ['berlin']);
    const cookie = await signedIn('ann');
    for (const body of [{ role: 'operator' }, { disabled: true }, { sites: ['berlin'] }])
      expect((await ask('PATCH', '/accounts/ann', { body, cookie })).status).toBe(409);
    expect((await ask('DELETE', '/accounts/ann', { cookie })).status).toBe(409);
    await account('bob');
    expect((await ask('PATCH', '/accounts/ann', { body: { role: 'operator' }, cookie })).status).toBe(200);
  });

  test('who has some sites sees and changes what is of them, and nothing that is of all', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    await account('otto', 'administrator', ['berlin']);
    const cookie = await signedIn('otto');
    expect((await ask('POST', '/trunks/berlin/probe', { cookie })).status).toBe(202);
    expect((await ask('POST', '/trunks/itsp/probe', { cookie })).body).toMatchObject({
      status: 404,
      detail: 'There is no trunk itsp.',
    });
    for (const url of ['/accounts', '/audit', '/configuration'])
      expect((await ask('GET', url, { cookie })).body).toMatchObject({
        status: 403,
        detail: 'This is for who has all sites; otto has berlin.',
      });
    expect((await ask('GET', '/me', { cookie })).body.sites).toEqual(['berlin']);
    expect((await ask('GET', '/sessions', { cookie })).body.items).toHaveLength(1);
  });
});

test('two administrators do not overwrite what each other gave somebody', async () => {
  const { ask, account, signedIn } = await remoteApi();
  await account('ann');
  await account('otto', 'viewer');
  const cookie = await signedIn('ann');
  const seen = (await ask('GET', '/accounts/otto', { cookie })).headers.etag as string;
  const headers = (version?: string) => ({
    'sec-fetch-site': 'same-origin',
    ...(version !== undefined && { 'if-match': version }),
  });
  const patch = (body: object, version?: string) =>
    ask('PATCH', '/accounts/otto', { body, cookie, headers: headers(version) });
  expect((await patch({ role: 'operator' })).status).toBe(428);
  const changed = await patch({ role: 'operator' }, seen);
  expect([changed.status, changed.headers.etag]).toEqual([200, `"${changed.body.version}"`]);
  expect((await patch({ sites: ['berlin'] }, seen)).status).toBe(412);
  expect((await ask('DELETE', '/accounts/otto', { cookie, headers: headers(seen) })).status).toBe(412);
  expect((await ask('GET', '/accounts/otto', { cookie })).body).toMatchObject({ role: 'operator' });
  // That he signed in meanwhile is no change of it.
  await signedIn('otto');
  expect((await patch({ sites: ['berlin'] }, changed.headers.etag as string)).status).toBe(200);
});
