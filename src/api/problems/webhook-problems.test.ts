import { expect, test } from 'vitest';
import { ofWebhooks } from './webhook-problems.ts';

const now = 1_700_000_000_000;
const minute = 60_000;
const well = { failures: 0, failingSince: 0, error: undefined, droppedAt: undefined, dropped: 0 };
const hook = (health: object, more = {}) => ({
  id: 'w1',
  name: 'chat',
  enabled: true,
  endedBy: undefined,
  health: { ...well, ...health },
  ...more,
});
const said = (...hooks: ReturnType<typeof hook>[]) =>
  [...ofWebhooks(hooks, now)].map(({ id, what, since }) => [id, what, since]);

test('a webhook that is taken, or fails for a moment, is nothing wrong', () => {
  expect(said(hook({}))).toEqual([]);
  expect(said(hook({ failures: 9, failingSince: now - 9 * minute }))).toEqual([]);
  // Long ago, and once: nothing was to be told since.
  expect(said(hook({ failures: 2, failingSince: now - 600 * minute }))).toEqual([]);
  expect(said(hook({ failures: 9, failingSince: now - 60 * minute }, { enabled: false }))).toEqual([]);
});

test('one that fails, does not keep up, or was disabled by ourselves is', () => {
  const failing = { failures: 5, failingSince: now - 10 * minute, error: 'it answers 500' };
  expect(said(hook(failing))).toEqual([
    ['webhook-failing chat', 'The webhook chat is not taken: it answers 500.', failing.failingSince],
  ]);
  expect(said(hook(failing, { enabled: false, endedBy: 'failing' }))).toEqual([
    [
      'webhook-ended chat',
      'The webhook chat was disabled: its receiver has taken nothing for three days (it answers 500).',
      undefined,
    ],
  ]);
  expect(said(hook({ dropped: 7, droppedAt: now - minute }))).toEqual([
    [
      'webhook-dropped chat',
      'The webhook chat does not keep up: messages that waited for longest were dropped (7 ever).',
      now - minute,
    ],
  ]);
  expect(said(hook({ dropped: 7, droppedAt: now - 25 * 60 * minute }))).toEqual([]);
});
