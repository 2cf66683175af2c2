import { expect, test } from 'vitest';
import { CryptoRandom } from './random.ts';

test('tokens have their length, are hexadecimal and never the same', () => {
  const random = new CryptoRandom();
  for (const bits of [4, 12, 32, 64, 128, 256]) {
    const token = random.token(bits);
    expect(token).toHaveLength(bits / 4);
    expect(token).toMatch(/^[0-9a-f]+$/);
  }
  // Across many refills of the pool.
  expect(new Set(Array.from({ length: 5000 }, () => random.token(64))).size).toBe(5000);
});

test('integers stay below, take every value, and none more often than another', () => {
  const random = new CryptoRandom();
  expect(random.integer(1)).toBe(0);
  const seen = new Array<number>(6).fill(0);
  for (let i = 0; i < 12_000; i++) {
    const value = random.integer(6);
    seen[value] = seen[value]! + 1;
  }
  expect(seen).toHaveLength(6);
  // 2000 each; six standard deviations are 245.
  for (const count of seen) expect(Math.abs(count - 2000)).toBeLessThan(245);
  expect(random.integer(2 ** 32)).toBeLessThan(2 ** 32);
});
