import { describe, expect, test } from 'vitest';
import { hour, remoteApi } from './access/access.testing.ts';

async function withTokens() {
  const api = await remoteApi();
  await api.account('ann');
  const cookie = await api.signedIn('ann');
  const make = (key: string | undefined, name: string, by = cookie) =>
    api.ask('POST', '/tokens', {
      body: { name },
      cookie: by,
      headers: { 'sec-fetch-site': 'same-origin', ...(key !== undefined && { 'idempotency-key': key }) },
    });
  return { ...api, make };
}

describe('Idempotency-Key', () => {
  test('who sends it again gets the answer of the first, and nothing is done twice', async () => {
    const { make, store } = await withTokens();
    const first = await make('k1', 'ci');
    const again = await make('k1', 'ci');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(store.tokens.list()).toHaveLength(1);
    // Without one, or with another, it is another request.
    expect((await make(undefined, 'ci')).status).toBe(409);
    expect((await make('k2', 'ci')).status).toBe(409);
  });

  test('with it comes which version it is, for who goes on to change it', async () => {
    const { ask, signedIn } = await withTokens();
    const cookie = await signedIn('ann');
    const body = { name: 'pager', url: 'https://hooks.example.com/', events: ['trunk.down'] };
    const headers = { 'sec-fetch-site': 'same-origin', 'idempotency-key': 'k1' };
    const [first, again] = [
      await ask('POST', '/webhooks', { body, cookie, headers }),
      await ask('POST', '/webhooks', { body, cookie, headers }),
    ];
    expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([201, 201, 'true']);
    expect(again.headers.etag).toBe(first.headers.etag);
    const change = { 'sec-fetch-site': 'same-origin', 'if-match': String(again.headers.etag) };
    const id = again.body.webhook.id;
    expect((await ask('PATCH', `/webhooks/${id}`, { body: { name: 'pagers' }, cookie, headers: change })).status).toBe(
      200,
    );
  });

  test('the same key with something else is a mistake', async () => {
    const { make } = await withTokens();
    await make('k1', 'ci');
    expect((await make('k1', 'other')).body).toMatchObject({ status: 422, detail: expect.stringContaining('another') });
    expect((await make('', 'other')).status).toBe(400);
    expect((await make('x'.repeat(256), 'other')).status).toBe(400);
  });

  test('of two at once one is done, and the other is told to wait', async () => {
    const { ask, signedIn } = await withTokens();
    const cookie = await signedIn('ann');
    // Each link makes the one before it void.
    const invite = () =>
      ask('POST', '/accounts/ann/invitation', {
        cookie,
        headers: { 'sec-fetch-site': 'same-origin', 'idempotency-key': 'k1' },
      });
    const answers = [...(await Promise.all([invite(), invite()])), await invite()];
    expect(new Set(answers.flatMap(({ body }) => body.token ?? [])).size).toBe(1);
    for (const { status, body } of answers)
      if (status !== 201) expect(body).toMatchObject({ status: 409, detail: 'The same request is under way still.' });
    expect(answers[2]!.status).toBe(201);
  });

  test('what was refused may be tried again', async () => {
    const { make, store } = await withTokens();
    await make(undefined, 'ci');
    expect((await make('k1', 'ci')).status).toBe(409);
    store.tokens.revoke(store.tokens.list()[0]!.id);
    expect((await make('k1', 'ci')).status).toBe(201);
  });

  test('it is of who sent it, for a day', async () => {
    const { make, account, signedIn, clock, store } = await withTokens();
    const { body } = await make('k1', 'ci');
    await account('bob');
    const other = await make('k1', 'ci', await signedIn('bob'));
    expect(other.body.secret).not.toBe(body.secret);
    expect(store.tokens.list()).toHaveLength(2);
    clock.now += 24 * hour;
    expect((await make('k1', 'ci', await signedIn('ann'))).status).toBe(409);
  });
});
