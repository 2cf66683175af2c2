import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWav, toneShare, writeTone } from './wav.ts';

test('a written tone is read back, and found at its own frequency only', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-wav-'));
  try {
    const file = join(directory, 'tone.wav');
    writeTone(file, 697, 2);
    const { rate, samples } = readWav(file);
    expect(rate).toBe(8_000);
    expect(samples.length).toBe(16_000);
    expect(toneShare(samples, rate, 697)).toBeGreaterThan(0.99);
    expect(toneShare(samples, rate, 1477)).toBeLessThan(0.01);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('silence has no tone, and half a tone is half the power', () => {
  expect(toneShare(new Float64Array(8_000), 8_000, 697)).toBe(0);
  const two = Float64Array.from(
    { length: 8_000 },
    (_, at) => Math.sin((2 * Math.PI * 700 * at) / 8_000) + Math.sin((2 * Math.PI * 1_500 * at) / 8_000),
  );
  expect(toneShare(two, 8_000, 700)).toBeCloseTo(0.5, 2);
});
