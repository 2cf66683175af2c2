import { describe, expect, test } from 'vitest';
import { apiServer } from '../server.ts';
import type { Services } from '../services.ts';
import { hour, password, remoteApi } from './access.testing.ts';
import { Delays } from './delays.ts';
import { remoteUser } from './identify.ts';

const minute = 60_000;

describe('signing in', () => {
  test('a right password begins a session, by a cookie that no script and no other site gets', async () => {
    const { ask, account } = await remoteApi();
    await account('ann');
    const { status, body, headers, cookie } = await ask('POST', '/session', { body: { name: 'Ann', password } });
    expect([status, body]).toEqual([
      200,
      { name: 'ann', role: 'administrator', via: 'session', method: 'password', totp: false },
    ]);
    expect(String(headers['set-cookie'])).toMatch(/^tandem=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask('GET', '/me', { cookie: cookie! })).body).toMatchObject({ name: 'ann', via: 'session' });
  });

  test('who has no account waits as long as who has one, and is told the same', async () => {
    const { ask, account, passwords, store } = await remoteApi();
    await account('ann');
    const off = await account('off');
    store.accounts.change(off.id, { disabled: true });
    store.accounts.create({ name: 'new', role: 'viewer', sites: undefined, createdAt: 0 });
    const wrong = { status: 401, detail: 'The name or the password is wrong.' };
    for (const [name, tried] of [
      ['ann', 'wrong'],
      ['nobody', password],
      ['off', password],
      ['new', password],
    ] as const) {
      const before = passwords.verified;
      expect((await ask('POST', '/session', { body: { name, password: tried } })).body).toMatchObject(wrong);
      expect(passwords.verified).toBe(before + 1);
    }
  });

  test('a session that the browser brought is not taken over: it ends, and another begins', async () => {
    const { ask, account, signIn, signedIn } = await remoteApi();
    await account('ann');
    await account('eve');
    const planted = await signedIn('eve');
    const { cookie } = await signIn('ann', { cookie: planted });
    expect(cookie).not.toBe(planted);
    expect((await ask('GET', '/me', { cookie: planted })).status).toBe(401);
    expect((await ask('GET', '/me', { cookie: cookie! })).body.name).toBe('ann');
    // One that never was is nobody's either.
    const made = 'A'.repeat(43);
    expect((await signIn('ann', { cookie: made })).cookie).not.toBe(made);
    expect((await ask('GET', '/me', { cookie: made })).status).toBe(401);
  });

  test('who fails waits, longer each time; another source and another account do not', async () => {
    const { ask, account, signIn, clock } = await remoteApi();
    await account('ann');
    await account('bob');
    const guess = (from: string) => ask('POST', '/session', { body: { name: 'ann', password: 'guess' }, from });
    for (let n = 1; n <= 6; n++) expect((await guess('192.0.2.9')).status).toBe(401);
    const { status, headers } = await signIn('ann', { from: '192.0.2.9' });
    expect([status, headers['retry-after']]).toEqual([429, '1']);
    expect((await signIn('bob', { from: '192.0.2.9' })).status).toBe(200);
    expect((await signIn('ann', { from: '192.0.2.10' })).status).toBe(200);
    clock.now += 1_001;
    expect((await guess('192.0.2.9')).status).toBe(401);
    expect((await guess('192.0.2.9')).headers['retry-after']).toBe('2');
    clock.now += 2_001;
    expect((await signIn('ann', { from: '192.0.2.9' })).status).toBe(200);
    // He proved himself: it begins anew.
    expect((await guess('192.0.2.9')).status).toBe(401);
    expect((await signIn('ann', { from: '192.0.2.9' })).status).toBe(200);
  });

  test('who signs in from where he did before does not wait for what strangers do in his name', async () => {
    const { ask, account, signIn } = await remoteApi();
    await account('ann');
    await signIn('ann', { from: '192.0.2.9' });
    for (let n = 0; n < 40; n++)
      await ask('POST', '/session', { body: { name: 'ann', password: 'guess' }, from: `198.51.100.${n}` });
    expect((await signIn('ann', { from: '203.0.113.5' })).status).toBe(429);
    expect((await signIn('ann', { from: '192.0.2.9' })).status).toBe(200);
  });

  test('by HTTPS its cookie is one that no other host can set', async () => {
    const { access, account } = await remoteApi();
    await account('ann');
    const app = await apiServer({
      services: { access } as Services,
      identify: remoteUser(access),
      onFault: () => {},
      believes: () => true,
    });
    const secure = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.9', 'sec-fetch-site': 'same-origin' };
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { name: 'ann', password },
      headers: secure,
    });
    const [name, value] = String(answer.headers['set-cookie']).split(/[=;]/);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-tandem=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const me = async (cookie: string) =>
      (await app.inject({ url: '/api/v1/me', headers: { ...secure, cookie } })).statusCode;
    expect(await me(`${name}=${value}`)).toBe(200);
    expect(await me(`tandem=${value}`)).toBe(401);
  });

  test('many attempts at once are no way around the wait', async () => {
    const { ask, account } = await remoteApi();
    await account('ann');
    const all = await Promise.all(
      Array.from({ length: 20 }, () => ask('POST', '/session', { body: { name: 'ann', password: 'guess' } })),
    );
    expect(all.filter(({ status }) => status === 401)).toHaveLength(6);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(14);
  });

  test('many names from one place make it wait, with all addresses of its network', async () => {
    const { ask } = await remoteApi();
    for (let n = 1; n <= 21; n++)
      expect(
        (await ask('POST', '/session', { body: { name: `n${n}`, password: 'x' }, from: `2001:db8:1:2::${n}` })).status,
      ).toBe(401);
    const other = { body: { name: 'x', password: 'x' } };
    expect((await ask('POST', '/session', { ...other, from: '2001:db8:1:2:ffff::1' })).status).toBe(429);
    expect((await ask('POST', '/session', { ...other, from: '2001:db8:1:3::1' })).status).toBe(401);
  });

  test('waits grow to a longest, are forgotten in time, and do not fill the memory', () => {
    const delays = new Delays({ free: 1, longest: 10_000 });
    const waits = Array.from({ length: 7 }, () => {
      delays.failed('a', 0);
      return delays.wait('a', 0);
    });
    expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    delays.failed('a', 2 * hour);
    expect(delays.wait('a', 2 * hour)).toBe(0);
    delays.failed('old', 0);
    delays.failed('old', 0);
    for (let n = 0; n < 20_000; n++) delays.failed(`n${n}`, 0);
    expect(delays.wait('old', 0)).toBe(0);
  });
});

describe('a session', () => {
  test('ends when it is not used, and after its time in any case', async () => {
    const { ask, account, signedIn, clock } = await remoteApi();
    await account('ann');
    const cookie = await signedIn('ann');
    const me = async () => (await ask('GET', '/me', { cookie })).status;
    for (let n = 0; n < 24; n++) {
      clock.now += 29 * minute;
      expect(await me()).toBe(200);
    }
    clock.now += 29 * minute;
    expect(await me()).toBe(401);
    const other = await signedIn('ann');
    clock.now += 31 * minute;
    expect((await ask('GET', '/me', { cookie: other })).status).toBe(401);
    clock.now -= 31 * minute;
    expect((await ask('GET', '/me', { cookie: other })).status).toBe(401);
  });

  test('what a page asks by itself does not keep it', async () => {
    const { ask, account, signedIn, clock } = await remoteApi();
    await account('ann');
    const cookie = await signedIn('ann');
    clock.now += 29 * minute;
    const headers = { 'tandem-background': '1' };
    expect((await ask('GET', '/me', { cookie, headers })).status).toBe(200);
    clock.now += 2 * minute;
    expect((await ask('GET', '/me', { cookie, headers })).status).toBe(401);
  });

  test('ends by signing out, at the server as well', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    const cookie = await signedIn('ann');
    const out = await ask('DELETE', '/session', { cookie });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(/^tandem=; .*Expires=Thu, 01 Jan 1970/);
    expect((await ask('GET', '/me', { cookie })).status).toBe(401);
  });

  test('is seen and ended by whose it is and by administrators, and by nobody else', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    await account('vera', 'viewer');
    await account('otto', 'operator');
    const [ann, vera, otto] = [await signedIn('ann'), await signedIn('vera'), await signedIn('otto')];
    expect((await ask('GET', '/sessions', { cookie: ann })).body.items).toHaveLength(3);
    const own = (await ask('GET', '/sessions', { cookie: vera })).body.items;
    expect(own).toMatchObject([{ account: 'vera', current: true, source: '127.0.0.1' }]);
    expect((await ask('DELETE', `/sessions/${own[0].id}`, { cookie: otto })).status).toBe(404);
    expect((await ask('DELETE', `/sessions/${own[0].id}`, { cookie: ann })).status).toBe(204);
    expect((await ask('GET', '/me', { cookie: vera })).status).toBe(401);
  });

  test('one more than twenty ends the oldest', async () => {
    const { account, signedIn, clock, ask } = await remoteApi();
    await account('ann');
    const first = await signedIn('ann');
    for (let n = 0; n < 20; n++) {
      clock.now += 1_000;
      await signedIn('ann');
    }
    expect((await ask('GET', '/me', { cookie: first })).status).toBe(401);
    expect((await ask('GET', '/sessions', { cookie: await signedIn('ann') })).body.items).toHaveLength(20);
  });
});

describe('what one signs in by', () => {
  test('another password ends the other sessions; it takes the old one, and is worth something', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    const [here, there] = [await signedIn('ann'), await signedIn('ann')];
    const change = (body: object) => ask('PUT', '/me/password', { body, cookie: here });
    for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'abababababababab', 'ann-ann'])
      expect((await change({ old: password, new: weak })).body).toMatchObject({ status: 422 });
    expect((await change({ old: 'wrong', new: 'another horse battery' })).status).toBe(403);
    expect((await change({ old: password, new: 'another horse battery' })).status).toBe(204);
    expect((await ask('GET', '/me', { cookie: here })).status).toBe(200);
    expect((await ask('GET', '/me', { cookie: there })).status).toBe(401);
    expect((await ask('POST', '/session', { body: { name: 'ann', password } })).status).toBe(401);
  });

  test('who has taken over a session cannot try passwords by it', async () => {
    const { ask, account, signedIn } = await remoteApi();
    await account('ann');
    const cookie = await signedIn('ann');
    const body = { old: 'guess', new: 'another horse battery' };
    for (let n = 1; n <= 6; n++) expect((await ask('PUT', '/me/password', { body, cookie })).status).toBe(403);
    expect((await ask('PUT', '/me/password', { body, cookie })).status).toBe(429);
  });
});
