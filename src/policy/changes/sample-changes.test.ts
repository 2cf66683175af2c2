import { describe, expect, test } from 'vitest';
import type { Configuration } from '#policy/configuration';
import { sampleChanges } from './index.ts';

const trunk = (name: string) => ({ name, kind: 'itsp', side: 'external', transport: 'udp', addresses: [] });
const configuration = (routes: object[], samples: object[], trunks = ['pbx', 'a', 'b']) =>
  ({ trunks: trunks.map(trunk), routes, samples, listeners: [], media: {}, records: {} }) as unknown as Configuration;
const route = (name: string, to: string, more: object = {}) => ({ name, from: ['pbx'], to: [to], ...more });
const abroad = { name: 'abroad', from: 'pbx', to: '+4412345', expect: { route: 'out' } };

describe('what becomes of sample calls', () => {
  test('is told of those alone of which something else becomes', () => {
    const before = configuration([route('out', 'a')], [abroad]);
    const renamed = configuration([route('out', 'b')], [abroad]);
    expect(sampleChanges(before, before)).toEqual([]);
    expect(sampleChanges(before, renamed)).toMatchObject([
      {
        sample: { name: 'abroad' },
        was: '+4412345 by route out: a as +4412345',
        is: '+4412345 by route out: b as +4412345',
      },
    ]);
  });

  test('a call that nobody takes any more, one that its file forgets, one that cannot be made', () => {
    const before = configuration([route('out', 'a')], [abroad]);
    expect(sampleChanges(before, configuration([route('out', 'a', { from: ['b'] })], []))).toMatchObject([
      { was: '+4412345 by route out: a as +4412345', is: 'refused with 404' },
    ]);
    const [gone] = sampleChanges(before, configuration([route('out', 'a')], [], ['a', 'b']));
    expect(gone).toMatchObject({ was: '+4412345 by route out: a as +4412345', differences: [] });
    expect(gone!.is).toBeUndefined();
  });

  test('and how that differs from what is expected', () => {
    const before = configuration([route('out', 'a')], [abroad]);
    expect(sampleChanges(before, configuration([route('other', 'a')], [abroad]))[0]!.differences).toEqual([
      'the route is other, not out',
    ]);
  });
});
