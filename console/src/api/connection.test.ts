import { expect, test } from 'vitest';
import { after, type Connection, isAway, type Sign } from './connection.ts';
import { ApiProblem } from './problem.ts';

const there: Connection = { server: 'there', signalling: 'heard', stream: 'open', since: 0 };
const so = (...signs: Sign[]) => signs.reduce((was, sign, at) => after(was, sign, at + 1), there);

test('who answers is there, who does not is away, since when is kept', () => {
  expect(so({ kind: 'answered' })).toBe(there);
  expect(so({ kind: 'failed' }, { kind: 'failed' }, { kind: 'failed' })).toEqual({
    ...there,
    server: 'away',
    since: 1,
  });
  expect(so({ kind: 'failed' }, { kind: 'answered' })).toEqual({ ...there, since: 2 });
});

test('signalling is heard again when all of it is read, and not a moment before', () => {
  const lost = { kind: 'told', state: 'lost' } as const;
  expect(so(lost, { kind: 'told', state: 'reading' })).toEqual({ ...there, signalling: 'lost', since: 1 });
  expect(so(lost, { kind: 'told', state: 'current' })).toEqual({ ...there, since: 2 });
  // That a stream breaks says of nobody that he is away; it is open again when it tells something.
  expect(so({ kind: 'broken' })).toEqual({ ...there, stream: 'broken', since: 1 });
  expect(so({ kind: 'broken' }, { kind: 'failed' }, { kind: 'told', state: 'current' })).toEqual({
    ...there,
    since: 3,
  });
  // An answer says nothing of signalling.
  expect(so(lost, { kind: 'failed' }, { kind: 'answered' }).signalling).toBe('lost');
});

test('which errors say that nobody is there', () => {
  expect([new TypeError('Failed to fetch'), new ApiProblem(502, {}), new ApiProblem(504, {})].map(isAway)).toEqual([
    ...[true, true, true],
  ]);
  // 503 is said by who is there, of who is not.
  expect([new ApiProblem(503, {}), new ApiProblem(404, {}), new Error('x')].map(isAway)).toEqual([false, false, false]);
});
