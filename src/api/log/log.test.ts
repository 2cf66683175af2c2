import { expect, test } from 'vitest';
import type { LogLevel } from '#shell/log';
import { apiOf } from '../api.testing.ts';

async function running() {
  const levels: Record<string, LogLevel> = { signalling: 'info', media: 'info', management: 'warn' };
  const set: unknown[] = [];
  const { app } = await apiOf({ logLevels: () => levels, setLogLevel: (...what) => void set.push(what) });
  const put = (payload: object) => app.inject({ method: 'PUT', url: '/api/v1/log-level', payload });
  return { app, set, put };
}

test('what each process writes is told, and changed for one or for all', async () => {
  const { app, set, put } = await running();
  expect((await app.inject('/api/v1/log-level')).json()).toEqual({
    processes: { signalling: 'info', media: 'info', management: 'warn' },
  });
  const one = await put({ level: 'debug', process: 'media' });
  expect([one.statusCode, one.json().processes]).toEqual([
    202,
    { signalling: 'info', media: 'debug', management: 'warn' },
  ]);
  expect((await put({ level: 'error' })).json().processes.signalling).toBe('error');
  expect(set).toEqual([
    ['debug', 'media'],
    ['error', undefined],
  ]);
});

test('nothing that is no level, and no process that is none', async () => {
  const { set, put } = await running();
  expect((await put({ level: 'loud' })).statusCode).toBe(400);
  expect((await put({ level: 'info', process: 'constructor' })).json()).toMatchObject({
    status: 422,
    detail: 'There is no process constructor: there are signalling, media, management.',
  });
  expect(set).toEqual([]);
});
