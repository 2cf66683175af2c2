import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiServer, type Services } from '#api';
import type { ManagementConfiguration } from '#engine/ports';
import { Sensitive } from '#kernel';
import { remoteApi } from '../../src/api/access/access.testing.ts';

/** Signing in at a provider of OpenID Connect: a small one that checks what a real one checks. */

interface Provider {
  readonly issuer: string;
  /** Claims of who signs in there. */
  claims: Record<string, unknown>;
  /** Told by the userinfo endpoint alone. */
  userinfo: Record<string, unknown>;
  /** What is put into the next ID token in place of what should be there. */
  wrong: Record<string, unknown>;
  /** What the next ID token is signed by, which is not what it publishes. */
  forges: 'another key' | 'nothing' | 'the secret' | 'the public key' | undefined;
  close(): void;
}

const client = { id: 'tandem', secret: 's3cret' };

async function provider(): Promise<Provider> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const codes = new Map<string, URLSearchParams>();
  const tokens = new Set<string>();
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, it.issuer);
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer: it.issuer,
          authorization_endpoint: `${it.issuer}/authorize`,
          token_endpoint: `${it.issuer}/token`,
          userinfo_endpoint: `${it.issuer}/userinfo`,
          jwks_uri: `${it.issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          // As many do that could, and none that we take.
          id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
        });
      case '/jwks':
        return json(200, {
          keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: '1', alg: 'ES256', use: 'sig' }],
        });
      case '/authorize': {
        const code = randomBytes(8).toString('hex');
        codes.set(code, url.searchParams);
        const back = new URL(url.searchParams.get('redirect_uri')!);
        back.search = String(new URLSearchParams({ code, state: url.searchParams.get('state')! }));
        return response.writeHead(302, { location: back.href }).end();
      }
      case '/token': {
        const body = new URLSearchParams(await textOf(request));
        const asked = codes.get(body.get('code') ?? '');
        codes.delete(body.get('code') ?? '');
        const challenge = createHash('sha256')
          .update(body.get('code_verifier') ?? '')
          .digest('base64url');
        if (
          !asked ||
          asked.get('code_challenge') !== challenge ||
          asked.get('redirect_uri') !== body.get('redirect_uri') ||
          body.get('client_id') !== client.id ||
          body.get('client_secret') !== client.secret
        )
          return json(400, { error: 'invalid_grant', error_description: 'that was not you' });
        const now = Math.floor(Date.now() / 1000);
        const payload = {
          iss: it.issuer,
          aud: client.id,
          sub: '17',
          iat: now,
          exp: now + 60,
          nonce: asked.get('nonce'),
          ...it.claims,
          ...it.wrong,
        };
        const shared = {
          'the secret': client.secret,
          'the public key': keys.publicKey.export({ type: 'spki', format: 'pem' }),
        };
        const secret = shared[it.forges as keyof typeof shared];
        const alg = it.forges === 'nothing' ? 'none' : secret === undefined ? 'ES256' : 'HS256';
        const text = `${base64({ alg, kid: '1' })}.${base64(payload)}`;
        const key = (it.forges ? others : keys).privateKey;
        const signature =
          alg === 'none'
            ? ''
            : secret === undefined
              ? sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
              : createHmac('sha256', secret).update(text).digest('base64url');
        const token = randomBytes(8).toString('hex');
        tokens.add(`Bearer ${token}`);
        return json(200, { access_token: token, token_type: 'Bearer', id_token: `${text}.${signature}` });
      }
      case '/userinfo':
        if (!tokens.has(request.headers.authorization ?? '')) return json(401, {});
        return json(200, { sub: '17', ...it.userinfo });
      default:
        return json(404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const it: Provider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    claims: { preferred_username: 'ann', groups: ['staff', 'admins'] },
    userinfo: {},
    wrong: {},
    forges: undefined,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return it;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

let there: Provider;
beforeEach(async () => {
  there = await provider();
});
afterEach(() => there.close());

async function withProvider(more: Partial<NonNullable<ManagementConfiguration['oidc']>> = {}) {
  const api = await remoteApi({
    management: {
      url: 'https://tandem.example.com',
      oidc: {
        issuer: there.issuer,
        clientId: client.id,
        clientSecret: new Sensitive(client.secret),
        claim: 'groups',
        scopes: ['openid'],
        roles: [
          { value: 'admins', role: 'administrator' },
          { value: 'staff', role: 'operator', sites: ['berlin'] },
        ],
        ...more,
      },
    },
  });
  /** What a browser does; `tamper` changes what it brings back. */
  const signIn = async (tamper: (back: URL, cookies: Record<string, string>) => void = () => {}) => {
    const begun = await api.app.inject('/api/v1/oidc/sign-in');
    expect(begun.statusCode, begun.body).toBe(302);
    const asked = new URL(begun.headers.location!);
    const answer = await fetch(asked, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location')!);
    expect(back.origin).toBe('https://tandem.example.com');
    const cookies = Object.fromEntries(begun.cookies.map(({ name, value }) => [name, value]));
    tamper(back, cookies);
    const came = await api.app.inject({ url: back.pathname + back.search, cookies });
    const cookie = came.cookies.find(({ name }) => name === 'tandem')?.value;
    const location = decodeURIComponent(came.headers.location!);
    return { asked, begun, came, back, cookie, location };
  };
  return { ...api, signIn };
}

describe('signing in at a provider', () => {
  test('by code and PKCE, with the role that the claim tells; the session is as any other', async () => {
    const { ask, signIn, store } = await withProvider();
    const { asked, begun, cookie, location } = await signIn();
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'tandem',
      redirect_uri: 'https://tandem.example.com/api/v1/oidc/callback',
      scope: 'openid',
      code_challenge_method: 'S256',
      nonce: expect.any(String),
    });
    expect(begun.cookies).toMatchObject([{ name: 'tandem-oidc', httpOnly: true, sameSite: 'Lax', path: '/' }]);
    expect(location).toBe('/');
    expect((await ask('GET', '/me', { cookie: cookie! })).body).toEqual({
      name: 'ann',
      role: 'administrator',
      via: 'session',
      method: 'oidc',
      totp: false,
    });
    expect((await ask('GET', '/sign-in')).body).toEqual({ methods: ['password', 'oidc'], isNew: false });
    expect(store.audit.list({}, 1)).toMatchObject([
      { who: 'ann', what: 'GET /api/v1/oidc/callback', object: '/api/v1/oidc/callback', status: 302 },
    ]);
    // No code and no state of it are kept.
    expect(JSON.stringify(store.audit.list({}, 9))).not.toContain(asked.searchParams.get('state'));
    expect((await ask('POST', '/session', { body: { name: 'ann', password: '' } })).status).toBe(400);
    expect((await ask('POST', '/session', { body: { name: 'ann', password: 'x' } })).status).toBe(401);
  });

  test('what he may do is what the provider says each time', async () => {
    const { ask, signIn, store } = await withProvider();
    await signIn();
    there.claims = { preferred_username: 'ann', groups: 'staff' };
    const { cookie } = await signIn();
    expect((await ask('GET', '/me', { cookie: cookie! })).body).toMatchObject({ role: 'operator', sites: ['berlin'] });
    expect(store.accounts.list()).toHaveLength(1);
    there.claims = { preferred_username: 'ann', groups: ['guests'] };
    const { cookie: none, location } = await signIn();
    expect(none).toBeUndefined();
    expect(location).toBe('/sign-in#ann may do nothing here: no role fits his claim `groups`.');
    expect(store.audit.list({}, 1)).toMatchObject([{ status: 403 }]);
  });

  test('a claim that only the userinfo endpoint tells', async () => {
    const { ask, signIn } = await withProvider();
    there.claims = { preferred_username: 'ann' };
    there.userinfo = { groups: ['staff'] };
    const { cookie } = await signIn();
    expect((await ask('GET', '/me', { cookie: cookie! })).body.role).toBe('operator');
  });

  test.each([
    ['another browser', (_: URL, cookies: Record<string, string>) => delete cookies['tandem-oidc']],
    ['a state of somebody else', (back: URL) => back.searchParams.set('state', 'x')],
    ['a cookie that was made up', (_: URL, cookies: Record<string, string>) => (cookies['tandem-oidc'] = 'x')],
    ['a code that was made up', (back: URL) => back.searchParams.set('code', 'x')],
    ['a provider that refuses', (back: URL) => back.searchParams.set('error', 'access_denied')],
  ])('%s is not let in', async (_what, tamper) => {
    const { signIn, store } = await withProvider();
    const { cookie, location } = await signIn(tamper as (back: URL, cookies: Record<string, string>) => void);
    expect(cookie).toBeUndefined();
    expect(location).toMatch(/^\/sign-in#/);
    expect(store.accounts.list()).toEqual([]);
  });

  test.each([
    ['for another client', { aud: 'other' }],
    ['of another provider', { iss: 'https://evil.example' }],
    ['that has expired', { exp: 1 }],
    ['with the nonce of another sign-in', { nonce: 'x' }],
  ])('an ID token %s is not believed', async (_what, wrong) => {
    const { signIn } = await withProvider();
    there.wrong = wrong;
    const { cookie, location } = await signIn();
    expect(cookie).toBeUndefined();
    expect(location).toMatch(/^\/sign-in#The provider did not vouch for you: /);
  });

  test.each(['another key', 'nothing', 'the secret', 'the public key'] as const)(
    'nor is one that is signed by %s',
    async (by) => {
      const { signIn, store } = await withProvider();
      there.forges = by;
      const { cookie, location } = await signIn();
      expect(cookie).toBeUndefined();
      expect(location).toMatch(/did not vouch for you: .*(signature|alg)/i);
      expect(store.accounts.list()).toEqual([]);
    },
  );

  test('who begins a thousand times has nobody else begin again', async () => {
    const { app, signIn } = await withProvider();
    let others = 0;
    const flood = async () => {
      for (let n = 0; n < 1_100; n++)
        others += Number((await app.inject({ url: '/api/v1/oidc/sign-in', remoteAddress: '192.0.2.66' })).statusCode);
    };
    const begun = await app.inject('/api/v1/oidc/sign-in');
    await flood();
    expect(others).toBe(1_100 * 302);
    const answer = await fetch(begun.headers.location!, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location')!);
    const cookies = Object.fromEntries(begun.cookies.map(({ name, value }) => [name, value]));
    const came = await app.inject({ url: back.pathname + back.search, cookies });
    expect(came.headers.location).toBe('/');
    expect((await signIn()).location).toBe('/');
  });

  test('by HTTPS the cookie is one that no other host of the domain can set', async () => {
    const { access } = await withProvider();
    const app = await apiServer({
      services: { access } as Services,
      identify: async () => undefined,
      onFault: () => {},
      believes: () => true,
    });
    const begun = await app.inject({ url: '/api/v1/oidc/sign-in', headers: { 'x-forwarded-proto': 'https' } });
    expect(String(begun.headers['set-cookie'])).toMatch(
      /^__Host-tandem-oidc=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const state = begun.cookies[0]!.value;
    const back = async (name: string) => {
      const url = `/api/v1/oidc/callback?code=x&state=${state}`;
      const { headers } = await app.inject({
        url,
        cookies: { [name]: state },
        headers: { 'x-forwarded-proto': 'https' },
      });
      return decodeURIComponent(headers.location!);
    };
    expect(await back('tandem-oidc')).toMatch(/did not begin/);
    expect(await back('__Host-tandem-oidc')).toMatch(/did not vouch/);
  });

  test('each way back is walked once', async () => {
    const { app, signIn } = await withProvider();
    const { back, begun } = await signIn();
    const cookies = Object.fromEntries(begun.cookies.map(({ name, value }) => [name, value]));
    const again = await app.inject({ url: back.pathname + back.search, cookies });
    expect(decodeURIComponent(again.headers.location!)).toMatch(/begin again/);
  });

  test('what one provider says is not taken for the word of another that the configuration names meanwhile', async () => {
    const { signIn, state } = await withProvider();
    const oidc = state.management.oidc!;
    const { cookie, location } = await signIn(() => {
      state.management = { ...state.management, oidc: { ...oidc, issuer: 'https://other.example.com' } };
    });
    expect(cookie).toBeUndefined();
    expect(location).toMatch(/begin again/);
  });

  test('nobody there is called as who runs the program here', async () => {
    const { signIn, store } = await withProvider();
    there.claims = { preferred_username: 'Local', groups: 'staff' };
    const { cookie, location } = await signIn();
    expect(cookie).toBeUndefined();
    expect(location).toMatch(/be called otherwise/);
    expect(store.accounts.list()).toEqual([]);
  });

  test('who has a password here is not taken over by one of the same name there', async () => {
    const { account, signIn } = await withProvider();
    await account('ann');
    const { cookie, location } = await signIn();
    expect(cookie).toBeUndefined();
    expect(location).toMatch(/There is another account ann/);
  });

  test('who was disabled here stays out, and all are when it is taken out of the configuration', async () => {
    const { ask, signIn, store, state } = await withProvider();
    const { cookie } = await signIn();
    store.accounts.change(store.accounts.byName('ann')!.id, { disabled: true });
    expect((await ask('GET', '/me', { cookie: cookie! })).status).toBe(401);
    expect((await signIn()).cookie).toBeUndefined();
    store.accounts.change(store.accounts.byName('ann')!.id, { disabled: false });
    const { cookie: again } = await signIn();
    expect((await ask('GET', '/me', { cookie: again! })).status).toBe(200);
    const made = await ask('POST', '/tokens', { body: { name: 'ci' }, cookie: again! });
    const token = made.body.secret as string;
    expect((await ask('GET', '/me', { token })).status).toBe(200);
    const { oidc, ...rest } = state.management;
    // What another provider says of him is not known.
    for (const management of [rest, { ...rest, oidc: { ...oidc!, issuer: 'https://other.example.com' } }]) {
      state.management = management;
      expect((await ask('GET', '/me', { token })).status).toBe(401);
    }
    state.management = rest;
    expect((await ask('GET', '/me', { cookie: again! })).status).toBe(401);
    expect((await ask('GET', '/oidc/sign-in')).status).toBe(404);
  });

  test('a provider that cannot be asked is named, and asked again the next time', async () => {
    const { ask, state } = await withProvider();
    const { oidc } = state.management;
    state.management = { ...state.management, oidc: { ...oidc!, issuer: 'http://127.0.0.1:9' } };
    expect((await ask('GET', '/oidc/sign-in')).body).toMatchObject({
      status: 502,
      detail: expect.stringContaining('http://127.0.0.1:9 cannot be asked'),
    });
    state.management = { ...state.management, oidc: oidc! };
    expect((await ask('GET', '/oidc/sign-in')).status).toBe(302);
  });
});
