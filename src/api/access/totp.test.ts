import { Secret, TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
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
  expect((await ask('PUT', '/me/totp', { body: { code: code() }, cookie })).status).toBe(200);
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

test('a link for another password does not stand in for the telephone', async () => {
  const { ask, account, signedIn, signIn, cookie, code, clock, store } = await withTotp();
  const { recoveryCodes } = (await ask('PUT', '/me/totp', { body: { code: code() }, cookie })).body;
  await account('bob');
  const bob = await signedIn('bob');
  const invited = async () => (await ask('POST', '/accounts/ann/invitation', { cookie: bob })).body.token as string;
  const token = await invited();
  const take = (of: string, more: object = {}) =>
    ask('POST', '/invitation', { body: { token: of, password: 'another long sentence', ...more } });
  const without = await take(token);
  expect([without.status, without.body.errors[0].place, without.cookie]).toEqual([401, 'code', undefined]);
  expect((await take(token, { code: '000000' })).status).toBe(401);
  // What was refused has changed nothing.
  clock.now += 30_000;
  expect((await signIn('ann', { code: code() })).status).toBe(200);
  clock.now += 30_000;
  expect(await take(token, { code: code() })).toMatchObject({ status: 200, body: { name: 'ann', totp: true } });
  const again = await invited();
  expect(await take(again, { code: recoveryCodes[0] })).toMatchObject({ status: 200, body: { recoveryCodes: 9 } });
  const rows = store.audit.list({ who: 'ann', contains: '/invitation' }, 10);
  expect(JSON.parse(rows[0]!.detail).after).toEqual({ by: 'a recovery code', left: 9 });
  // Who tries codes with it has to wait.
  const other = await invited();
  const answers: number[] = [];
  for (let n = 0; n < 8; n++) answers.push((await take(other, { code: '000000' })).status);
  expect(answers).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
});

describe('a recovery code', () => {
  async function withCodes() {
    const api = await withTotp();
    const { ask, code, cookie } = api;
    const made = await ask('PUT', '/me/totp', { body: { code: code() }, cookie });
    return { ...api, made, codes: made.body.recoveryCodes as string[] };
  }

  test('stands in for the telephone once; how many are left is told, and that it was used is written down', async () => {
    const { ask, signIn, made, codes, store } = await withCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(made.headers['cache-control']).toBe('no-store');
    const first = await signIn('ann', { code: codes[0]! });
    expect(first).toMatchObject({ status: 200, body: { totp: true, recoveryCodes: 9 } });
    expect((await signIn('ann', { code: codes[0]! })).status).toBe(401);
    expect((await ask('GET', '/me', { cookie: first.cookie! })).body.recoveryCodes).toBe(9);
    // As somebody types what he wrote on paper.
    const sloppy = ` ${codes[1]!.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')} `;
    expect((await signIn('ann', { code: sloppy })).body.recoveryCodes).toBe(8);
    const rows = store.audit
      .list({ who: 'ann', contains: '/session' }, 10)
      .map(({ detail }) => JSON.parse(detail).after);
    expect(rows).toContainEqual({ by: 'a recovery code', left: 9 });
  });

  test('is nowhere kept as it is, nor in the audit log', async () => {
    const { signIn, codes, store } = await withCodes();
    await signIn('ann', { code: codes[0]! });
    const kept = JSON.stringify([store.audit.list({}, 100), store.accounts.list()]);
    for (const code of codes) for (const form of [code, code.replaceAll('-', '')]) expect(kept).not.toContain(form);
  });

  test('of somebody else is none, and who tries has to wait', async () => {
    const { ask, account, signIn, signedIn, codes, clock } = await withCodes();
    await account('bob');
    const cookie = await signedIn('bob');
    const offer = (await ask('POST', '/me/totp', { body: { password }, cookie })).body;
    await ask('PUT', '/me/totp', { body: { code: codeAt(offer.secret, clock.now) }, cookie });
    const answers: number[] = [];
    for (const code of codes) answers.push((await signIn('bob', { code })).status);
    expect(answers).toEqual([401, 401, 401, 401, 401, 401, 429, 429, 429, 429]);
    expect((await signIn('ann', { code: codes[0]! })).status).toBe(200);
  });

  test('is void when others are made, which the password is asked for, and when one-time passwords end', async () => {
    const { ask, signIn, codes, cookie } = await withCodes();
    expect((await ask('POST', '/me/recovery-codes', { body: { password: 'wrong' }, cookie })).status).toBe(403);
    const others = await ask('POST', '/me/recovery-codes', { body: { password }, cookie });
    expect(others.body.recoveryCodes).toHaveLength(10);
    expect((await signIn('ann', { code: codes[0]! })).status).toBe(401);
    expect((await signIn('ann', { code: others.body.recoveryCodes[0] })).status).toBe(200);
    expect((await ask('DELETE', '/me/totp', { body: { password }, cookie })).status).toBe(204);
    expect((await ask('POST', '/me/recovery-codes', { body: { password }, cookie })).status).toBe(409);
    const offer = (await ask('POST', '/me/totp', { body: { password }, cookie })).body;
    expect(offer.secret).toBeDefined();
    expect((await signIn('ann', { code: others.body.recoveryCodes[1] })).body).toMatchObject({ totp: false });
  });

  test('does not go without the password', async () => {
    const { ask, codes } = await withCodes();
    expect((await ask('POST', '/session', { body: { name: 'ann', password: 'wrong', code: codes[0]! } })).status).toBe(
      401,
    );
    expect((await ask('POST', '/session', { body: { name: 'ann', password, code: codes[0]! } })).status).toBe(200);
  });
});
