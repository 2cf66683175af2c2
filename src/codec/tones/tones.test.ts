import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type G711, pcma, pcmu } from '#codec/g711';
import {
  type Cadence,
  highestFrequency,
  longestTone,
  lowestFrequency,
  maxFrequencies,
  maxTones,
  ringbackTones,
  shortestTone,
  ToneSource,
} from './index.ts';

function heard(law: G711, cadence: Cadence, samples: number, step = samples): number[] {
  const source = new ToneSource(law, cadence);
  const out = new Uint8Array(samples);
  for (let at = 0; at < samples; at += step) source.fill(out, at, Math.min(step, samples - at));
  return [...out].map((code) => law.linear[code]!);
}

/** The level of a frequency in dBm0: G.711's loudest sine is 3.14. */
function level(samples: readonly number[], hz: number): number {
  let re = 0;
  let im = 0;
  for (const [n, sample] of samples.entries()) {
    re += sample * Math.cos((2 * Math.PI * hz * n) / 8000);
    im += sample * Math.sin((2 * Math.PI * hz * n) / 8000);
  }
  return 3.14 + 20 * Math.log10((2 * Math.hypot(re, im)) / samples.length / 32_767);
}

describe.each([pcma, pcmu])('a tone in $name', (law) => {
  test('of one frequency is at -10 dBm0 (E.180), and there is nothing else', () => {
    const samples = heard(law, [{ hz: [425], ms: 1000 }], 8000);
    expect(level(samples, 425)).toBeCloseTo(-10, 1);
    for (const other of [100, 300, 850, 1275, 2000]) expect(level(samples, other)).toBeLessThan(-45);
  });

  test('of two has half the power in each', () => {
    const samples = heard(law, ringbackTones.us!, 8000);
    expect(level(samples, 440)).toBeCloseTo(-13, 1);
    expect(level(samples, 480)).toBeCloseTo(-13, 1);
  });

  test('comes again with its pauses, to the sample', () => {
    const samples = heard(law, ringbackTones.gb!, 2 * 3 * 8000);
    const loud = (from: number, to: number) => samples.slice(from, to).some((sample) => Math.abs(sample) > 1000);
    const quiet = samples.map((sample, at) => ({ at, sample })).filter(({ sample }) => Math.abs(sample) > 8);
    for (const start of [0, 24_000]) {
      expect(loud(start, start + 3200)).toBe(true);
      expect(loud(start + 4800, start + 8000)).toBe(true);
    }
    expect(quiet.every(({ at }) => at % 24_000 < 3200 || (at % 24_000 >= 4800 && at % 24_000 < 8000))).toBe(true);
  });
});

test('is the same however it is cut into packets, and skipped as if it had been heard', () => {
  const cadence = fc.array(
    fc.record({
      hz: fc.array(fc.integer({ min: lowestFrequency, max: highestFrequency }), { maxLength: maxFrequencies }),
      ms: fc.integer({ min: shortestTone, max: 200 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(cadence, fc.integer({ min: 1, max: 700 }), fc.nat(5000), (tones, step, skipped) => {
      const whole = heard(pcma, tones, 6000);
      expect(heard(pcma, tones, 6000, step)).toEqual(whole);
      const source = new ToneSource(pcma, tones);
      source.skip(skipped);
      const rest = new Uint8Array(6000 - skipped);
      source.fill(rest, 0, rest.length);
      expect([...rest].map((code) => pcma.linear[code])).toEqual(whole.slice(skipped));
    }),
    { numRuns: 50 },
  );
});

test('no ringing tone is beyond the limits, and each begins with sound and has a pause', () => {
  for (const [country, cadence] of Object.entries(ringbackTones)) {
    expect(country).toMatch(/^([a-z]{2}|itu)$/);
    expect(cadence.length).toBeLessThanOrEqual(maxTones);
    expect(cadence.length % 2).toBe(0);
    for (const [at, { hz, ms }] of cadence.entries()) {
      expect(hz.length > 0).toBe(at % 2 === 0);
      expect(hz.length).toBeLessThanOrEqual(maxFrequencies);
      for (const one of hz) expect(one >= lowestFrequency && one <= highestFrequency).toBe(true);
      expect(ms >= shortestTone && ms <= longestTone).toBe(true);
    }
  }
});
