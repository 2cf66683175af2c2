import { expect, test } from 'vitest';
import { apiOf } from '../api.testing.ts';

test('who is kept out, with what he did', async () => {
  const since = '2026-11-23T12:00:00.000Z';
  const ban = { source: '203.0.113.9', reason: 'scanner', detail: 'friendly-scanner', since, until: since, times: 2 };
  const { app } = await apiOf({ answers: { bans: () => ({ bans: [ban] }) } });
  expect((await app.inject('/api/v1/bans')).json()).toEqual({ items: [ban] });
});

test('users are asked for a page at a time, and no more is told of each than there is', async () => {
  const user = (name: string) => ({ user: name, devices: [], calls: 1, inCall: true });
  const { app, asked } = await apiOf({
    answers: { users: () => ({ users: [user('ann'), user('bob')], total: 3, more: true }) },
  });
  const page = (await app.inject('/api/v1/registered-users?limit=2&text=a')).json();
  expect(page).toEqual({ items: [user('ann'), user('bob')], next: 'bob', total: 3 });
  await app.inject('/api/v1/registered-users?limit=2&text=a&cursor=bob');
  expect(asked).toEqual([
    ['users', { limit: 2, text: 'a' }],
    ['users', { limit: 2, text: 'a', after: 'bob' }],
  ]);
});
