import { describe, expect, test } from 'vitest';
import { arranged, type Call, type CallFilter, CallTable } from './call-table.ts';

function call(id: string, more: Partial<Call> = {}): Call {
  const startedAt = '2026-11-23T10:00:00.000Z';
  return { call: id, phase: 'setup', caller: '1', called: '2', from: { trunk: 'pbx' }, startedAt, ...more };
}

describe('calls that are read page by page and told of meanwhile', () => {
  test('what was told is newer than any page', () => {
    const table = new CallTable();
    table.begin();
    table.page([call('a'), call('b')]);
    table.tell([call('b', { phase: 'answered' }), call('d')], ['c']);
    // This page was made before that was told.
    table.page([call('b'), call('c'), call('e')]);
    table.complete();
    expect(table.all().map(({ call: id, phase }) => [id, phase])).toEqual([
      ['a', 'setup'],
      ['b', 'answered'],
      ['d', 'setup'],
      ['e', 'setup'],
    ]);
  });

  test('what is known stays while all is read anew, and goes when it was not there', () => {
    const table = new CallTable();
    table.page([call('a'), call('b')]);
    table.begin();
    expect(table.size).toBe(2);
    table.page([call('b')]);
    table.complete();
    expect(table.all().map(({ call: id }) => id)).toEqual(['b']);
    table.tell([], ['b', 'never-heard-of']);
    expect(table.size).toBe(0);
  });
});

describe('calls in order', () => {
  const every: CallFilter = { text: '', trunk: '', site: '', which: 'every' };
  const byLength = { column: 'length', descending: true } as const;
  const ids = (calls: readonly Call[]) => calls.map(({ call: id }) => id).join('');
  const calls = [
    call('a', { caller: '+4930', answeredAt: '2026-11-23T10:05:00.000Z', phase: 'answered', site: 'berlin' }),
    call('b', { caller: '+4989', startedAt: '2026-11-23T09:00:00.000Z', to: { trunk: 'itsp' }, silent: ['callee'] }),
    call('c', { caller: '+4930', startedAt: '2026-11-23T10:06:00.000Z', emergency: '112', hold: [] }),
  ];

  test('by how long they are there, and by anything else; of equals the newest first', () => {
    expect(ids(arranged(calls, every, byLength))).toBe('bac');
    expect(ids(arranged(calls, every, { ...byLength, descending: false }))).toBe('cab');
    expect(ids(arranged(calls, every, { column: 'caller', descending: false }))).toBe('cab');
    expect(ids(arranged(calls, every, { column: 'caller', descending: true }))).toBe('bca');
  });

  test.each([
    [{ text: '4989' }, 'b'],
    [{ text: 'ITSP' }, 'b'],
    [{ trunk: 'pbx' }, 'bac'],
    [{ trunk: 'itsp' }, 'b'],
    [{ site: 'berlin' }, 'a'],
    [{ which: 'setup' }, 'bc'],
    [{ which: 'silent' }, 'b'],
    [{ which: 'hold' }, ''],
    [{ which: 'emergency' }, 'c'],
    [{ which: 'answered', text: '+4989' }, ''],
  ] as const)('%o', (filter, expected) => {
    expect(ids(arranged(calls, { ...every, ...filter }, byLength))).toBe(expected);
  });
});
