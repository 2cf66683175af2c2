import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { password, remoteApi } from './access.testing.ts';

/** What the app of a telephone shows. */
const codeAt = (secret: string, now: number) =>
  new TOTP({ secret: Secret.fromBase32(secret), period: 30, digits: 6, algorithm: 'SHA1' }).generate({
    timestamp: now,
  });

async function withTotp() {
  const api = await remoteApi();
  await api.account('ann');
  const cookie = await api.signedIn('ann');
  const offer = (await api.ask('POST', '/me/totp', { body: { password }, cookie })).body;
  const code = (ahead = 0) => codeAt(offer.secret, api.clock.now + ahead);
  return { ...api, cookie, offer, code };
}

test('is asked for once the app has shown that it has the secret, and proves it that anybody scans', async () => {
  const { ask, signIn, cookie, offer, code, clock } = await withTotp();
  expect(offer.uri).toBe(
    `otpauth://totp/Tandem:ann?issuer=Tandem&secret=${offer.secret}&algorithm=SHA1&digits=6&period=30`,
  );
  expect((await signIn('ann')).status).toBe(200);
  expect((await ask('PUT', '/me/totp', { body: { code: '000000' }, cookie })).status).toBe(422);
  expect((await ask('PUT', '/me/totp', { body: { code: code() }, cookie })).status).toBe(204);
  expect((await ask('GET', '/me', { cookie })).body.totp).toBe(true);
  expect((await signIn('ann')).body).toMatchObject({ status: 401, errors: [{ place: 'code' }] });
  clock.now += 30_000;
  expect((await signIn('ann', { code: code() })).status).toBe(200);
});

test('each code is good once, and codes of other times are not', async () => {
  const { ask, signIn, cookie, code, clock } = await withTotp();
  const used = code();
  await ask('PUT', '/me/totp', { body: { code: used }, cookie });
  expect((await signIn('ann', { code: used })).status).toBe(401);
  clock.now += 30_000;
  expect((await signIn('ann', { code: code(90_000) })).status).toBe(401);
  expect((await signIn('ann', { code: code() })).status).toBe(200);
  expect((await signIn('ann', { code: code() })).status).toBe(401);
  // A clock that is ahead.
  expect((await signIn('ann', { code: code(30_000) })).status).toBe(200);
});

test('who knows the password cannot try codes for ever, whatever he sends between', async () => {
  const { ask, signIn, cookie, code, clock } = await withTotp();
  await ask('PUT', '/me/totp', { body: { code: code() }, cookie });
  clock.now += 30_000;
  const answers: number[] = [];
  for (let n = 0; n < 12; n++) {
    answers.push((await signIn('ann', { code: '123456' })).status);
    answers.push((await signIn('ann')).status);
  }
  expect(answers.filter((status) => status === 429).length).toBeGreaterThan(8);
  expect((await signIn('ann', { code: code() })).status).toBe(429);
});

test('the secret is not in the audit log, nor are codes', async () => {
  const { ask, cookie, offer, code, store } = await withTotp();
  const used = code();
  await ask('PUT', '/me/totp', { body: { code: used }, cookie });
  const rows = JSON.stringify(store.audit.list({}, 100));
  expect(rows).toContain('/api/v1/me/totp');
  for (const secret of [offer.secret, used, password]) expect(rows).not.toContain(secret);
});

test('an administrator lets in who has lost his telephone; he himself proves that it is he', async () => {
  const { ask, account, signIn, signedIn, cookie, code } = await withTotp();
  await ask('PUT', '/me/totp', { body: { code: code() }, cookie });
  expect((await ask('DELETE', '/me/totp', { body: { password: 'wrong' }, cookie })).status).toBe(403);
  await account('bob');
  const bob = await signedIn('bob');
  expect((await ask('DELETE', '/accounts/ann/totp', { cookie: bob })).status).toBe(204);
  expect((await signIn('ann')).status).toBe(200);
});
