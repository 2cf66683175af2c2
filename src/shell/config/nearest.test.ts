import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['itps', 'itsp', 1],
    ['ports', 'port', 1],
  ])('%s, %s: %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test('is symmetric, and zero only between equals', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  const keys = ['name', 'kind', 'side', 'transport', 'addresses', 'capacity', 'setup-timeout', 'ring-timeout'];
  test.each([
    ['adresses', 'addresses'],
    ['address', 'addresses'],
    ['transports', 'transport'],
    ['setup_timeout', 'setup-timeout'],
    ['setupTimeout', 'setup-timeout'],
    ['Ring-Timeout', 'ring-timeout'],
    ['sdie', 'side'],
    ['codec', undefined],
    ['x', undefined],
    ['', undefined],
  ])('%s: %s', (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });
});
