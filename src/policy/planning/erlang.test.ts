import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentsFor, answeredShare, blockedShare, linesFor, meanWait, waitingShare } from './erlang.ts';

describe('Erlang B', () => {
  // Published tables.
  test.each([
    [1, 1, 0.5],
    [10, 10, 0.2146],
    [10, 18, 0.0071],
    [20.3, 30, 0.01],
    [84.1, 100, 0.01],
  ])('%d E on %d lines: %d is lost', (traffic, lines, share) => {
    expect(blockedShare(traffic, lines)).toBeCloseTo(share, 3);
  });

  test.each([
    [10, 0.01, 18],
    [20.3, 0.01, 30],
    [84, 0.01, 100],
    [0.01, 0.01, 1],
    [0, 0.01, 0],
  ])('%d E with %d lost take %d lines', (traffic, share, lines) => {
    expect(linesFor(traffic, share)).toBe(lines);
  });

  test('is the quotient of its definition', () => {
    const traffic = 7;
    let term = 1;
    let sum = 1;
    for (let line = 1; line <= 12; line++) {
      term *= traffic / line;
      sum += term;
    }
    expect(blockedShare(traffic, 12)).toBeCloseTo(term / sum, 12);
  });

  test('lines are as few as they can be', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 500, noNaN: true }),
        fc.constantFrom(0.001, 0.01, 0.05),
        (traffic, share) => {
          const lines = linesFor(traffic, share);
          expect(blockedShare(traffic, lines)).toBeLessThanOrEqual(share);
          expect(blockedShare(traffic, lines - 1)).toBeGreaterThan(share);
        },
      ),
    );
  });
});

describe('Erlang C', () => {
  // 100 calls in half an hour of three minutes each: the worked example of every contact centre's handbook.
  const traffic = (200 * 180) / 3600;

  test('ten erlangs need fourteen agents for 80 % in 20 s', () => {
    expect(traffic).toBe(10);
    expect(agentsFor(traffic, 180, 20, 0.8)).toBe(14);
    expect(waitingShare(10, 14)).toBeCloseTo(0.1741, 4);
    expect(answeredShare(10, 14, 180, 20)).toBeCloseTo(0.8884, 4);
    expect(meanWait(10, 14, 180)).toBeCloseTo(7.8, 1);
  });

  test('too few agents never catch up', () => {
    expect(waitingShare(10, 10)).toBe(1);
    expect(answeredShare(10, 9, 180, 1e6)).toBe(0);
    expect(meanWait(10, 10, 180)).toBe(Number.POSITIVE_INFINITY);
  });

  test('nobody waits where nobody calls', () => {
    expect([waitingShare(0, 0), answeredShare(0, 0, 180, 20), meanWait(0, 0, 180)]).toEqual([0, 1, 0]);
    expect(agentsFor(0, 180, 20, 0.8)).toBe(0);
  });

  test('more wait than would be lost', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 200, noNaN: true }), fc.integer({ min: 1, max: 50 }), (load, spare) => {
        const agents = Math.ceil(load) + spare;
        expect(waitingShare(load, agents)).toBeGreaterThanOrEqual(blockedShare(load, agents));
      }),
    );
  });
});
