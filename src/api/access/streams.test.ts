import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventLimits } from '../events/routes.ts';
import { remoteApi } from './access.testing.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Of somebody who follows what happens; whether he does still. */
async function following() {
  const api = await remoteApi();
  const account = await api.account('otto', 'operator');
  const cookie = await api.signedIn('otto');
  let ended = false;
  const stream = api.ask('GET', '/events', { cookie }).then(() => {
    ended = true;
  });
  const beat = async () => {
    for (let n = 0; n < 20; n++) await new Promise(setImmediate);
    vi.advanceTimersByTime(eventLimits.heartbeat);
    for (let n = 0; n < 200 && !ended; n++) await new Promise(setImmediate);
    return ended;
  };
  return { ...api, account, cookie, beat, stream };
}

test.each<[string, (api: Awaited<ReturnType<typeof following>>) => unknown]>([
  ['who signs out', ({ ask, cookie }) => ask('DELETE', '/session', { cookie })],
  ['who is disabled', ({ store, account }) => store.accounts.change(account.id, { disabled: true })],
  ['who may less', ({ store, account }) => store.accounts.change(account.id, { role: 'viewer' })],
  ['who is given fewer sites', ({ store, account }) => store.accounts.change(account.id, { sites: ['berlin'] })],
])('%s hears no more of what happens', async (_who, change) => {
  const api = await following();
  expect(await api.beat()).toBe(false);
  await change(api);
  expect(await api.beat()).toBe(true);
});

test('a stream that stands is no use of a session: it ends when nobody does anything', async () => {
  const { beat, clock } = await following();
  await beat();
  for (let n = 0; n < 3; n++) {
    clock.now += 10 * 60_000;
    expect(await beat()).toBe(false);
  }
  clock.now += 1;
  expect(await beat()).toBe(true);
});
