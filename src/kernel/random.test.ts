import { describe, expect, test } from 'vitest';
import { seeded } from './random.ts';

describe('the seeded generator', () => {
  // From the authors' C of xoshiro128**, its state filled by a 32-bit splitmix.
  test.each([
    [0, '6ab0372002ae349e96495024e5671339'],
    [1, '177119d481962de5e3609ab37cbcc17a'],
    [42, '275d943dd9b9aab404a1304e36411021'],
    [0xffffffff, 'f4a116776cd45b5744ad51ec90b14815'],
  ])('seed %i is the same everywhere and for ever', (seed, expected) => {
    expect(seeded(seed).token(128)).toBe(expected);
  });

  test('the same seed goes the same way, whatever is asked of it', () => {
    const [a, b] = [seeded(9), seeded(9)];
    for (let i = 1; i < 200; i++) {
      expect(a.integer(i)).toBe(b.integer(i));
      expect(a.token(64)).toBe(b.token(64));
    }
  });

  test.each([1, 2, 3, 10, 97])('integers below %i: all of them, about equally often', (below) => {
    const random = seeded(below);
    const each = 1_000;
    const counts = new Array<number>(below).fill(0);
    for (let i = 0; i < each * below; i++) {
      const n = random.integer(below);
      expect(Number.isInteger(n) && n >= 0 && n < below).toBe(true);
      counts[n]!++;
    }
    // Six standard deviations of a count: a fair generator is outside once in a thousand million.
    for (const count of counts) expect(Math.abs(count - each)).toBeLessThan(6 * Math.sqrt(each));
  });

  test('integers below 2^32 use all 32 bits', () => {
    const random = seeded(3);
    let seen = 0;
    for (let i = 0; i < 200; i++) seen |= random.integer(2 ** 32);
    expect(seen >>> 0).toBe(0xffffffff);
  });

  test.each([4, 32, 36, 64, 96, 128])('a token of %i bits is that long, and hexadecimal', (bits) => {
    const tokens = new Set<string>();
    const random = seeded(5);
    for (let i = 0; i < 100; i++) {
      const token = random.token(bits);
      expect(token).toMatch(/^[0-9a-f]+$/);
      expect(token.length).toBe(bits / 4);
      tokens.add(token);
    }
    if (bits >= 32) expect(tokens.size).toBe(100);
  });
});
