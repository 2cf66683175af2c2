import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestOf, type FailedAttempt } from './best.ts';

const said = (status: number): FailedAttempt => ({ status, answered: true });
const silent = (status: number): FailedAttempt => ({ status, answered: false });

describe('the caller is told what says most of the number called', () => {
  test.each<[string, FailedAttempt[], FailedAttempt | undefined]>([
    ['no attempt', [], undefined],
    ['the only one', [said(503)], said(503)],
    ['a 503 after a 404 does not hide it', [said(404), said(503)], said(404)],
    ['a 503 before a 486 does not either', [said(503), said(486)], said(486)],
    ['a dead trunk after a 404', [said(404), silent(408)], said(404)],
    ['a refused connection after a 486', [said(486), silent(503)], said(486)],
    ['busy there, unknown here', [said(404), said(486)], said(486)],
    ['unknown there after busy here', [said(486), said(404)], said(486)],
    ['decline holds everywhere', [said(603), said(486), said(503)], said(603)],
    ['what somebody said before what nobody said', [said(500), silent(408)], said(500)],
    ['a trunk that wants credentials is like one that fails', [said(401), said(503)], said(503)],
    ['the same, the other way round', [said(503), said(401)], said(401)],
    ["a 408 from somebody is no answer of the number's", [said(408), said(503)], said(503)],
    ['among equals the last', [said(503), said(500)], said(500)],
    ['nobody at all: the last', [silent(408), silent(503)], silent(503)],
    ['nobody at all, the other way round', [silent(503), silent(408)], silent(408)],
    ['forbidden before a redirection', [said(302), said(403)], said(403)],
  ])('%s', (_, attempts, best) => {
    expect(bestOf(attempts)).toEqual(best);
  });
});

const attempt = fc.record({ status: fc.integer({ min: 300, max: 699 }), answered: fc.boolean() });

test('it may be folded', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 8 }), (attempts) => {
      expect(attempts.reduce((best, next) => bestOf([best, next])!)).toBe(bestOf(attempts));
    }),
  );
});

test('a 503 only when nobody said anything of the number', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 8 }), (attempts) => {
      const ofTheNumber = attempts.some(
        ({ status, answered }) => answered && (status >= 600 || [404, 410, 480, 484, 486].includes(status)),
      );
      if (ofTheNumber) expect(bestOf(attempts)!.status).not.toBe(503);
    }),
  );
});
