import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResponseRule } from '#policy/configuration';
import { longestCooling } from '#policy/health';
import { type FinalResponse, judge } from './judge.ts';

const plain = {};
const one = (from: number, to = from): { from: number; to: number } => ({ from, to });
const stop = verdict('final');
const goOn = verdict('next');

function verdict(verdict: 'next' | 'final'): ResponseRule {
  return { verdict };
}

describe('without rules the status decides', () => {
  test.each([
    [300, 'final'],
    [302, 'final'],
    [380, 'final'],
    [400, 'final'],
    [401, 'next'],
    [403, 'final'],
    [404, 'final'],
    [407, 'next'],
    [408, 'next'],
    [410, 'final'],
    [415, 'final'],
    [480, 'final'],
    [481, 'final'],
    [482, 'final'],
    [484, 'final'],
    [486, 'final'],
    [487, 'final'],
    [488, 'final'],
    [491, 'final'],
    [500, 'next'],
    [502, 'next'],
    [503, 'next'],
    [504, 'next'],
    [580, 'next'],
    [599, 'next'],
    [600, 'final'],
    [603, 'final'],
    [604, 'final'],
    [606, 'final'],
    [699, 'final'],
  ] as const)('%i: %s', (status, verdict) => {
    expect(judge(plain, { status })).toEqual({ status, verdict, rule: '' });
    // No cause of Q.850 changes that.
    for (const q850 of [1, 17, 34, 38, 41, 42, 127])
      expect(judge(plain, { status, q850 })).toEqual({ status, verdict, rule: '' });
  });
});

describe('response rules: the first that fits', () => {
  const rules: readonly ResponseRule[] = [
    { status: one(434), as: 404 },
    { status: one(486), q850: 34, as: 503 },
    { status: one(500, 599), q850: 1, as: 404 },
    { status: one(404), ...goOn },
    { q850: 21, ...stop },
    { status: one(503), as: 486, ...stop },
    { status: one(480, 488), as: 503, ...stop },
    { status: one(603), as: 503 },
  ];

  test.each<[FinalResponse, number, string, string]>([
    // The vectors of the response code translation of Lync Server 2013.
    [{ status: 486, q850: 34 }, 503, 'next', 'response rule 2: 486 with Q.850 34 is taken for 503'],
    [{ status: 434 }, 404, 'final', 'response rule 1: 434 is taken for 404'],
    [{ status: 486 }, 503, 'final', 'response rule 7: 486 is taken for 503 and is final'],
    [{ status: 486, q850: 17 }, 503, 'final', 'response rule 7: 486 is taken for 503 and is final'],
    [{ status: 502, q850: 1 }, 404, 'final', 'response rule 3: 502 with Q.850 1 is taken for 404'],
    [{ status: 404 }, 404, 'next', 'response rule 4: 404 goes on to the next'],
    [{ status: 500, q850: 21 }, 500, 'final', 'response rule 5: 500 with Q.850 21 is final'],
    [{ status: 503 }, 486, 'final', 'response rule 6: 503 is taken for 486 and is final'],
    [{ status: 603 }, 503, 'next', 'response rule 8: 603 is taken for 503'],
    [{ status: 504 }, 504, 'next', ''],
    [{ status: 479 }, 479, 'final', ''],
    [{ status: 489 }, 489, 'final', ''],
  ])('%j', (response, status, verdict, rule) => {
    expect(judge({ responses: rules }, response)).toEqual({ status, verdict, rule });
  });

  test('a rule that changes nothing ends the search', () => {
    const responses: ResponseRule[] = [{ status: one(486) }, { as: 503 }];
    expect(judge({ responses }, { status: 486 })).toEqual({
      status: 486,
      verdict: 'final',
      rule: 'response rule 1: 486 is taken as it is',
    });
  });
});

describe('503 with Retry-After cools the target', () => {
  test.each([
    [30, 30_000],
    [1, 1_000],
    [3_600, 3_600_000],
    [86_400, longestCooling],
    [4_294_967_295, longestCooling],
    [0, undefined],
    [undefined, undefined],
  ])('Retry-After %j: %j ms', (retryAfter, coolFor) => {
    expect(judge(plain, { status: 503, retryAfter }).coolFor).toBe(coolFor);
  });

  test.each([480, 486, 404, 413, 500, 600, 603])('a %i does not: it may speak of the called party', (status) => {
    expect(judge(plain, { status, retryAfter: 30 })).not.toHaveProperty('coolFor');
  });

  test('nor does a 503 that is taken for something else, or something else that is taken for a 503', () => {
    expect(judge({ responses: [{ as: 486 }] }, { status: 503, retryAfter: 30 })).not.toHaveProperty('coolFor');
    expect(judge({ responses: [{ as: 503 }] }, { status: 486, retryAfter: 30 })).not.toHaveProperty('coolFor');
    expect(judge({ responses: [stop] }, { status: 503, retryAfter: 30 }).coolFor).toBe(30_000);
  });
});

test('any rules, any response: a verdict, and a status that comes from the response or a rule', () => {
  const status = fc.integer({ min: 300, max: 699 });
  const rule = fc.record(
    {
      status: fc.tuple(status, status).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      q850: fc.integer({ min: 1, max: 127 }),
      as: fc.integer({ min: 400, max: 699 }),
    },
    { requiredKeys: [] },
  );
  const rules = fc.array(
    fc.tuple(rule, fc.constantFrom({}, stop, goOn)).map(([some, told]): ResponseRule => ({ ...some, ...told })),
    { maxLength: 5 },
  );
  const response = fc.record(
    { status, q850: fc.integer({ min: 1, max: 127 }), retryAfter: fc.nat() },
    { requiredKeys: ['status'] },
  );
  fc.assert(
    fc.property(rules, response, (responses, said) => {
      const { status: taken, verdict, coolFor } = judge({ responses }, said);
      expect(['next', 'final']).toContain(verdict);
      expect([said.status, ...responses.map(({ as }) => as)]).toContain(taken);
      expect(coolFor ?? 1).toBeGreaterThan(0);
      expect(coolFor ?? 0).toBeLessThanOrEqual(longestCooling);
      // What no rule touches is judged as if there were none.
      const touched = responses.some(
        (each) =>
          (!each.status || (said.status >= each.status.from && said.status <= each.status.to)) &&
          (each.q850 === undefined || each.q850 === said.q850),
      );
      if (!touched) expect(judge({ responses }, said)).toEqual(judge(plain, said));
    }),
  );
});
