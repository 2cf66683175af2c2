import { expect, test } from 'vitest';
import { differ, sampleOf } from './sample.ts';

const outcome = {
  number: '+4412345',
  route: 'abroad',
  trunks: [{ trunk: 'itsp-b', called: '+4412345' }],
  decisions: [{ rule: 'route abroad', outcome: 'taken' }],
};

test('a call that was looked at as a sample call', () => {
  expect(sampleOf('london', { from: 'pbx', to: '004412345' }, outcome)).toEqual({
    name: 'london',
    from: 'pbx',
    to: '004412345',
    expect: { number: '+4412345', route: 'abroad', trunks: ['itsp-b'] },
  });
  const refused = { number: '110', refused: 404, trunks: [], decisions: [] };
  const question = { from: 'itsp', to: '110', caller: '+491', at: '2026-01-01T00:00:00Z' };
  expect(sampleOf('none', question, refused)).toMatchObject({
    caller: '+491',
    at: '2026-01-01T00:00:00Z',
    expect: { refused: 404 },
  });
});

test('two outcomes differ in what becomes of the call, not in how it was found', () => {
  expect(differ(outcome, { ...outcome, decisions: [] })).toBe(false);
  expect(differ(outcome, { ...outcome, trunks: [{ trunk: 'itsp-b', called: '4412345' }] })).toBe(true);
});
