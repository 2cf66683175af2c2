import { describe, expect, test } from 'vitest';
import { Sensitive } from '#kernel';
import { password, remoteApi } from './access.testing.ts';
import { masked } from './masked.ts';

async function withAnn() {
  const api = await remoteApi();
  await api.account('ann');
  const cookie = await api.signedIn('ann');
  const rows = async (query = '') => (await api.ask('GET', `/audit${query}`, { cookie })).body;
  return { ...api, cookie, rows };
}

describe('the audit log', () => {
  test('has every change with who, from where, what and what came of it, without secrets', async () => {
    const { ask, account, signedIn, cookie, rows } = await withAnn();
    await account('otto', 'operator');
    const otto = await signedIn('otto');
    await ask('POST', '/session', { body: { name: 'otto', password: 'wrong-one' }, from: '192.0.2.9' });
    await ask('GET', '/trunks', { cookie });
    await ask('DELETE', '/accounts/ann', { cookie: otto });
    await ask('PATCH', '/accounts/otto', { body: { role: 'viewer' }, cookie });
    const { items, verified } = await rows();
    expect(verified).toBe(true);
    expect(items.map((row: Record<string, unknown>) => [row.who, row.via, row.what, row.status])).toEqual([
      ['ann', 'session', 'PATCH /api/v1/accounts/:account', 200],
      ['otto', 'session', 'DELETE /api/v1/accounts/:account', 403],
      ['otto', '', 'POST /api/v1/session', 401],
      ['otto', '', 'POST /api/v1/session', 200],
      ['ann', '', 'POST /api/v1/session', 200],
    ]);
    expect(items[0]).toMatchObject({
      object: '/api/v1/accounts/otto',
      time: '2026-11-23T12:00:00.000Z',
      source: '127.0.0.1',
      detail: { sent: { role: 'viewer' }, before: { role: 'operator' }, after: { role: 'viewer' } },
    });
    expect(items[2]).toMatchObject({ source: '192.0.2.9', detail: { sent: { name: 'otto', password: '(secret)' } } });
    expect(JSON.stringify(items)).not.toMatch(new RegExp(`${password}|wrong-one`));
  });

  test('is not filled by what was refused to one, and says that there was more', async () => {
    const { ask, account, signedIn, rows, clock } = await withAnn();
    await account('otto', 'operator');
    const otto = await signedIn('otto');
    const refused = async (times: number) => {
      for (let n = 0; n < times; n++) expect((await ask('DELETE', '/accounts/ann', { cookie: otto })).status).toBe(403);
      return (await rows('?limit=500&who=otto')).items.filter(({ status }: { status: number }) => status === 403);
    };
    const items = await refused(100);
    expect(items).toHaveLength(60);
    expect(items[0].detail.after).toEqual({ refusals: 'no more of them are written in this minute' });
    // What he does is written all the same, and in the next minute that again.
    expect((await ask('POST', '/trunks/itsp/probe', { cookie: otto })).status).toBe(202);
    expect((await rows('?limit=1')).items).toMatchObject([{ who: 'otto', status: 202 }]);
    clock.now += 60_000;
    expect(await refused(1)).toHaveLength(61);
  });

  test('is read in pages, by who and what', async () => {
    const { ask, cookie, rows, clock } = await withAnn();
    for (let n = 0; n < 5; n++) {
      clock.now += 1_000;
      await ask('POST', '/trunks/itsp/probe', { cookie });
    }
    await ask('POST', '/trunks/itsp/register', { cookie });
    const first = await rows('?limit=4');
    expect(first.items.map(({ id }: { id: number }) => id)).toEqual([7, 6, 5, 4]);
    const second = await rows(`?limit=4&cursor=${first.next}`);
    expect(second.items.map(({ id }: { id: number }) => id)).toEqual([3, 2, 1]);
    expect(second.next).toBeUndefined();
    expect((await rows('?contains=register')).items).toHaveLength(1);
    expect((await rows('?who=ANN')).items).toHaveLength(7);
    expect((await rows('?who=bob')).items).toEqual([]);
    expect((await rows('?since=2026-11-23T12:00:05Z')).items).toHaveLength(2);
    expect((await rows('?cursor=x')).status).toBe(400);
  });

  test('strangers who fail do not fill it; those who are somebody are all in it', async () => {
    const { ask, cookie, store } = await withAnn();
    for (let n = 0; n < 60; n++)
      await ask('POST', '/session', { body: { name: `n${n}`, password: 'x' }, from: `192.0.2.${n}` });
    expect(store.audit.list({}, 1_000)).toHaveLength(31);
    for (let n = 0; n < 40; n++) await ask('POST', '/trunks/none/probe', { cookie });
    expect(store.audit.list({}, 1_000)).toHaveLength(71);
    // Whom nobody knows changes nothing, and is not written about.
    await ask('POST', '/trunks/itsp/probe', {});
    expect(store.audit.list({}, 1_000)).toHaveLength(71);
  });

  test('where it cannot be written nothing is changed', async () => {
    const { ask, cookie, store, faults } = await withAnn();
    const { audit } = store;
    const append = audit.append;
    audit.append = () => {
      throw new Error('disk full');
    };
    expect((await ask('POST', '/trunks/itsp/probe', { cookie })).body).toMatchObject({ status: 500 });
    expect(faults).toHaveLength(1);
    expect((await ask('POST', '/accounts', { body: { name: 'x', role: 'viewer' }, cookie })).status).toBe(503);
    expect(store.accounts.byName('x')).toBeUndefined();
    expect((await ask('GET', '/accounts', { cookie })).status).toBe(200);
    audit.append = append;
    expect((await ask('POST', '/accounts', { body: { name: 'x', role: 'viewer' }, cookie })).status).toBe(201);
    expect(audit.list({}, 2).map(({ what }) => what)).toEqual(['POST /api/v1/accounts', 'resumed']);
  });

  test('tells whether it is as it was written', async () => {
    const { ask, cookie } = await withAnn();
    await ask('POST', '/trunks/itsp/probe', { cookie });
    expect((await ask('GET', '/audit/verification', { cookie })).body).toEqual({
      verified: true,
      rows: 2,
      cut: 0,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

test('what is masked: secrets by their keys, pages of text, and what nobody reads to the end', () => {
  expect(
    masked({
      name: 'a',
      Password: 'p',
      nested: [{ clientSecret: 's', 'api-token': 't', old: 'o' }],
      text: 'trunks: [{ password: x }]',
      note: 'line\nline',
      long: 'x'.repeat(301),
      none: null,
      password: null,
      totp: false,
      sensitive: new Sensitive('s'),
      edits: [
        { path: ['trunks', 'itsp', 'credentials', 'password'], value: 'new', was: 'old' },
        { path: ['trunks', 'itsp', 'kind'], value: 'gateway' },
      ],
      many: Array.from({ length: 102 }, (_, n) => n),
    }),
  ).toEqual({
    name: 'a',
    Password: '(secret)',
    nested: [{ clientSecret: '(secret)', 'api-token': '(secret)', old: '(secret)' }],
    text: '(secret)',
    note: '(text of 9 characters)',
    long: '(text of 301 characters)',
    none: null,
    password: null,
    totp: false,
    sensitive: '(secret)',
    edits: [
      { path: ['trunks', 'itsp', 'credentials', 'password'], value: '(secret)', was: '(secret)' },
      { path: ['trunks', 'itsp', 'kind'], value: 'gateway' },
    ],
    many: [...Array.from({ length: 100 }, (_, n) => n), '(2 more)'],
  });
});
