import { describe, expect, test } from 'vitest';
import { type G711, pcma, pcmu } from './index.ts';

/**
 * The decision values of ITU-T G.711 for positive samples, from its segments: `steps` of `size`, one after the other
 * (tables 1a and 2a, columns 1 to 4). In the law's own units: 4096 is the loudest of A-law, 8159 of mu-law.
 */
function decisions(segments: readonly (readonly [steps: number, size: number])[]): number[] {
  const values = [0];
  for (const [steps, size] of segments) for (let i = 0; i < steps; i++) values.push(values.at(-1)! + size);
  return values;
}

interface Case {
  readonly law: G711;
  /** 16-bit samples a unit of the tables. */
  readonly unit: number;
  readonly decisions: readonly number[];
  /** The character signal of the n-th positive value and of its negative. */
  readonly positive: (n: number) => number;
  readonly negative: (n: number) => number;
}

const cases: readonly Case[] = [
  {
    law: pcmu,
    unit: 4,
    // The first step is half a step: the other half is below zero.
    decisions: decisions([
      [1, 1],
      [15, 2],
      [16, 4],
      [16, 8],
      [16, 16],
      [16, 32],
      [16, 64],
      [16, 128],
      [16, 256],
    ]),
    positive: (n) => 0xff - n,
    negative: (n) => 0x7f - n,
  },
  {
    law: pcma,
    unit: 8,
    decisions: decisions([
      [32, 2],
      [16, 4],
      [16, 8],
      [16, 16],
      [16, 32],
      [16, 64],
      [16, 128],
    ]),
    positive: (n) => (0x80 + n) ^ 0x55,
    negative: (n) => n ^ 0x55,
  },
];

describe.each(cases)('$law.name', ({ law, unit, decisions, positive, negative }) => {
  test('has 128 values a sign, and the loudest of G.711', () => {
    expect(decisions).toHaveLength(129);
    expect(decisions.at(-1)).toBe(law === pcmu ? 8159 : 4096);
  });

  test('every code stands for the middle of its decision values', () => {
    for (let n = 0; n < 128; n++) {
      // y0 of mu-law is 0 (table 2a, note 4), every other value (x[n] + x[n+1]) / 2.
      const middle = law === pcmu && n === 0 ? 0 : (decisions[n]! + decisions[n + 1]!) / 2;
      expect(law.linear[positive(n)], `+${n}`).toBe(middle * unit);
      expect(law.linear[negative(n)]! + 0, `-${n}`).toBe(0 - middle * unit);
    }
  });

  test('every 16-bit sample gets the code between whose decision values it lies', () => {
    let n = 0;
    for (let sample = 0; sample < 32768; sample++) {
      while (n < 127 && sample >= decisions[n + 1]! * unit) n++;
      if (law.code(sample) !== positive(n)) expect.fail(`${sample} got ${law.code(sample)}, not ${positive(n)}`);
    }
    n = 0;
    for (let sample = -1; sample >= -32768; sample--) {
      // Which of its neighbours a decision value itself belongs to, below zero, G.711 leaves open; see `code`.
      const magnitude = law === pcma ? -sample - 1 : -sample;
      while (n < 127 && magnitude >= decisions[n + 1]! * unit) n++;
      if (law.code(sample) !== negative(n)) expect.fail(`${sample} got ${law.code(sample)}, not ${negative(n)}`);
    }
  });

  test('every code comes back from its own sample', () => {
    for (let code = 0; code < 256; code++) {
      // mu-law has two zeros; the negative one is never made.
      const same = law === pcmu && code === 0x7f ? 0xff : code;
      expect(law.code(law.linear[code]!)).toBe(same);
    }
  });
});
