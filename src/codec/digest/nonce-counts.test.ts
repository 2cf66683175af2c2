import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NonceCounts } from './nonce-counts.ts';

const lifetime = 1000;

describe('nonce counts', () => {
  test('each counts once, in any order of a window of 32', () => {
    const counts = new NonceCounts(10, lifetime);
    const use = (nc: number) => counts.use('n', 0, nc, 0);
    expect([1, 3, 2, 3, 2, 1].map(use)).toEqual(['first', 'first', 'first', 'again', 'again', 'again']);
    expect([34, 4, 3, 2].map(use)).toEqual(['first', 'first', 'again', 'again']);
    expect([0xffffffff, 34, 0xfffffffe, 0xffffffff - 31, 0xffffffff - 32].map(use)).toEqual([
      'first',
      'again',
      'first',
      'first',
      'again',
    ]);
  });

  test('nothing counts twice, and what overtakes by less than the window counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 200 }), (uses) => {
        const counts = new NonceCounts(10, lifetime);
        const seen = new Set<number>();
        let highest = 0;
        for (const nc of uses) {
          const expected = !seen.has(nc) && nc > highest - 32 ? 'first' : 'again';
          expect(counts.use('n', 0, nc, 0)).toBe(expected);
          if (expected === 'first') seen.add(nc);
          highest = Math.max(highest, nc);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('without nc a nonce is good once', () => {
    const counts = new NonceCounts(10, lifetime);
    expect([1, 2].map(() => counts.use('n', 0, undefined, 0))).toEqual(['first', 'again']);
    expect(counts.use('n', 0, 1, 0)).toBe('first');
  });

  test('the table does not grow, and forgetting lets nothing be used twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ nonce: fc.nat(30), pass: fc.nat(40) }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 8 }),
        (steps, most) => {
          const counts = new NonceCounts(most, lifetime);
          const used = new Set<number>();
          let now = 0;
          for (const { nonce, pass } of steps) {
            now += pass;
            const madeAt = nonce * 30;
            if (madeAt > now || now - madeAt > lifetime) continue; // the server asks for none of these
            const outcome = counts.use(`n${nonce}`, madeAt, 1, now);
            if (used.has(nonce)) expect(outcome).not.toBe('first');
            if (outcome === 'first') used.add(nonce);
            expect(counts.size).toBeLessThanOrEqual(most);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what is too old makes room first, so that young ones stay', () => {
    const counts = new NonceCounts(2, lifetime);
    counts.use('old', 0, 1, 0);
    counts.use('young', 900, 1, 900);
    counts.use('new', 1500, 1, 1500);
    expect(counts.size).toBe(2);
    expect(counts.use('young', 900, 2, 1500)).toBe('first');
    expect(counts.use('young', 900, 1, 1500)).toBe('again');
  });
});
