import { describe, expect, test } from 'vitest';
import { livenessOf, readinessOf } from './health.ts';

const well = { trouble: undefined, away: 0 };
const away = (ms: number) => ({ trouble: 'being started again (SIGKILL)', away: ms });
const wrong = ({ checks }: ReturnType<typeof readinessOf>) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe('whether new calls are taken', () => {
  test('by signalling and media, and by nobody who drains', () => {
    expect(readinessOf({ signalling: well, media: well }, false)).toMatchObject({ ok: true, status: 'ready' });
    expect(wrong(readinessOf({ signalling: away(1), media: well }, false))).toEqual(['signalling']);
    expect(wrong(readinessOf({ signalling: well, media: away(1) }, false))).toEqual(['media']);
    expect(readinessOf({ signalling: well }, true)).toMatchObject({
      ok: false,
      status: 'not-ready',
      checks: [{ name: 'signalling' }, { name: 'new-calls', ok: false, detail: expect.stringContaining('draining') }],
    });
  });
});

describe('whether it lives', () => {
  test('as long as nobody whom calls need is away for more than a minute', () => {
    expect(livenessOf({ signalling: away(60_000), media: away(60_000) })).toMatchObject({ ok: true, status: 'alive' });
    const dead = livenessOf({ signalling: well, media: away(60_001) });
    expect(dead).toMatchObject({ ok: false, status: 'not-alive' });
    expect(wrong(dead)).toEqual(['media']);
  });
});
