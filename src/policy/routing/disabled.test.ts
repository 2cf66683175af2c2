import { describe, expect, test } from 'vitest';
import type { Configuration, Disabled } from '#policy/configuration';
import { disabledNow } from './disabled.ts';
import { Router } from './route.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const until: Disabled = { until: noon };

test('until a time, or till somebody says so; where the time does not count nothing ends', () => {
  expect(disabledNow(undefined, noon)).toBeUndefined();
  expect(disabledNow({}, noon)).toBe('it is disabled');
  expect(disabledNow(until, noon - 1)).toBe('it is disabled until 2026-11-23T12:00:00.000Z');
  expect(disabledNow(until, noon)).toBeUndefined();
  expect(disabledNow(until, undefined)).toBeUndefined();
});

describe('a call', () => {
  const routerOf = (off: Record<string, Disabled>) => {
    const trunk = (name: string, kind: string) => ({
      name,
      kind,
      addresses: [],
      capacity: {},
      ...(off[name] && { disabled: off[name] }),
    });
    const route = (name: string, to: string[]) => ({ name, from: [], to, ...(off[name] && { disabled: off[name] }) });
    return new Router({
      trunks: [trunk('pbx', 'ip-pbx'), trunk('a', 'itsp'), trunk('b', 'itsp')],
      routes: [route('first', ['a', 'b']), route('second', ['b'])],
    } as unknown as Configuration);
  };
  const planned = (off: Record<string, Disabled>, at = noon - 1) => {
    const plan = routerOf(off).plan({ source: 'pbx', called: '+4930123', at });
    return { ...plan, trunks: plan.trunks.map(({ trunk }) => trunk.name) };
  };

  test('passes a trunk by that is disabled, and says so', () => {
    const plan = planned({ a: until });
    expect(plan.trunks).toEqual(['b']);
    expect(plan.decisions).toContainEqual({
      rule: 'trunk a',
      outcome: 'left out: it is disabled until 2026-11-23T12:00:00.000Z',
    });
    expect(planned({ a: until }, noon).trunks).toEqual(['a', 'b']);
  });

  test('goes by the next route where one is disabled', () => {
    const plan = planned({ first: {} });
    expect(plan).toMatchObject({ route: 'second', trunks: ['b'] });
    expect(plan.decisions[0]).toEqual({ rule: 'first', outcome: 'no: it is disabled' });
  });

  test('is refused for now where all that could take it is disabled, or who makes it', () => {
    expect(planned({ a: {}, b: {} })).toMatchObject({ refuse: 503, trunks: [] });
    const plan = planned({ pbx: {} });
    expect(plan).toMatchObject({ route: undefined, refuse: 503, trunks: [] });
    expect(plan.decisions).toEqual([{ rule: 'trunk pbx', outcome: 'takes no calls: it is disabled' }]);
  });
});
