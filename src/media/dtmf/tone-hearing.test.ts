import { describe, expect, test } from 'vitest';
import { eventOf, keyOf, tonesOf } from '#codec/dtmf';
import { pcma, pcmu } from '#codec/g711';
import { seeded } from '#kernel';
import { DualTone } from './dual-tone.ts';
import { ToneHearing } from './tone-hearing.ts';

interface Sound {
  readonly ms: number;
  /** Each in Hz and dBm0. */
  readonly tones?: readonly (readonly [hz: number, level: number])[];
  readonly noise?: number;
}

const amplitude = (level: number) => 32_767 * 10 ** ((level - 3.17) / 20);

/** What is heard of sounds one after the other: "5:75" is 75 ms of a 5. */
function heard(sounds: readonly Sound[], { skip = 0, law = pcma } = {}): string[] {
  const keys: string[] = [];
  const hearing = new ToneHearing({
    began: (event) => void keys.push(keyOf(event)!),
    ended: () => void keys.push(`${keys.pop()}:${hearing.ms}`),
  });
  const dice = seeded(7);
  const octets: number[] = new Array<number>(skip).fill(law.code(0));
  let at = 0;
  for (const { ms, tones = [], noise } of sounds)
    for (let n = 0; n < ms * 8; n++, at++) {
      let sample = 0;
      for (const [hz, level] of tones) sample += amplitude(level) * Math.sin((2 * Math.PI * hz * at) / 8000);
      // Of even distribution: its power is a third of its square.
      if (noise !== undefined) sample += ((dice.integer(2001) - 1000) / 1000) * amplitude(noise) * Math.sqrt(1.5);
      octets.push(law.code(Math.round(sample)));
    }
  for (let n = 0; n < 800; n++) octets.push(law.code(0));
  // In packets, as they come.
  const all = Uint8Array.from(octets);
  for (let from = 0; from < all.length; from += 160)
    hearing.add(all, from, Math.min(all.length, from + 160), law.linear);
  return keys;
}

const names = (found: readonly string[]) => found.map((one) => one.split(':')[0]).join('');

function pressed(
  key: string,
  ms: number,
  { low = -10, high = -10, off = 0, noise = undefined as number | undefined } = {},
): Sound {
  const [one, two] = tonesOf(eventOf(key)!)!;
  const sound = { ms, tones: [[one * (1 + off), low] as const, [two * (1 + off), high] as const] };
  return noise === undefined ? sound : { ...sound, noise };
}
const pause = (ms: number): Sound => ({ ms });

test.each([pcma, pcmu])('every key, by either law ($name)', (law) => {
  const sounds = [...'0123456789*#ABCD'].flatMap((key) => [pressed(key, 60), pause(60)]);
  expect(names(heard(sounds, { law }))).toBe('0123456789*#ABCD');
});

describe('ITU-T Q.24', () => {
  /** Wherever a block begins. */
  const everywhere = Array.from({ length: 102 }, (_, skip) => skip);

  test('40 ms of tone and 40 ms of pause are enough, wherever they begin', () => {
    for (const skip of everywhere) {
      const sounds = [...'5580#'].flatMap((key) => [pressed(key, 40), pause(40)]);
      expect(names(heard(sounds, { skip }))).toBe('5580#');
    }
  });

  test('20 ms of tone are no key', () => {
    for (const skip of everywhere) expect(heard([pressed('5', 20), pause(100)], { skip })).toEqual([]);
  });

  test('a break of 10 ms does not divide a key', () => {
    for (const skip of everywhere) {
      const found = heard([pressed('7', 60), pause(10), pressed('7', 60)], { skip });
      expect(names(found)).toBe('7');
    }
  });

  test.each([0.015, -0.015])('a frequency that is off by %f is right', (off) => {
    for (const key of '159D*0') expect(names(heard([pressed(key, 50, { off })]))).toBe(key);
  });

  test.each([0.035, -0.035])('a frequency that is off by %f is wrong', (off) => {
    for (const key of '0123456789*#ABCD') expect(heard([pressed(key, 200, { off })])).toEqual([]);
  });

  test.each([
    [-10, -6],
    [-10, -18],
    [-25, -25],
    [-3, -3],
    [-33, -33],
  ])('levels of %i and %i dBm0', (low, high) => {
    for (const key of '18D0') expect(names(heard([pressed(key, 60, { low, high })]))).toBe(key);
  });

  test.each([
    [-10, 0],
    [0, -12],
    [-45, -45],
  ])('not: levels of %i and %i dBm0', (low, high) => {
    for (const key of '18D0') expect(heard([pressed(key, 60, { low, high })])).toEqual([]);
  });

  test('noise of 15 dB under the tones', () => {
    for (const key of '147*0#') expect(names(heard([pressed(key, 80, { low: -13, high: -13, noise: -25 })]))).toBe(key);
  });
});

test('its length is told to within a block or two', () => {
  for (const ms of [50, 100, 250, 1000]) {
    const [found] = heard([pressed('3', ms)]);
    expect(Math.abs(Number(found!.split(':')[1]) - ms)).toBeLessThan(26);
  }
});

test('one key right after the other, without a pause', () => {
  expect(names(heard([pressed('1', 100), pressed('6', 100)]))).toBe('16');
});

describe('what is no key', () => {
  test.each([
    ['silence', [pause(500)]],
    ['noise', [{ ms: 3000, noise: -12 }]],
    ['one tone alone', [{ ms: 500, tones: [[770, -8]] }]],
    [
      'two tones of one group',
      [
        {
          ms: 500,
          tones: [
            [697, -8],
            [941, -8],
          ],
        },
      ],
    ],
    [
      'dial tone',
      [
        {
          ms: 500,
          tones: [
            [350, -13],
            [440, -13],
          ],
        },
      ],
    ],
    ['ringback', [{ ms: 500, tones: [[425, -10]] }]],
    [
      'a key with a third tone',
      [
        {
          ms: 300,
          tones: [
            [770, -10],
            [1336, -10],
            [2100, -10],
          ],
        },
      ],
    ],
    [
      'fax',
      [
        { ms: 500, tones: [[1100, -8]] },
        { ms: 500, tones: [[2100, -8]] },
      ],
    ],
  ] satisfies [string, Sound[]][])('%s', (_, sounds) => expect(heard(sounds)).toEqual([]));

  /** Voices: a buzz of harmonics that glides, through three resonances, and breath. */
  test('voices', () => {
    const dice = seeded(3);
    let found = 0;
    for (let word = 0; word < 100; word++) {
      const [from, to] = [90 + dice.integer(150), 90 + dice.integer(150)];
      const [first, second, third] = [300 + dice.integer(600), 900 + dice.integer(900), 2300 + dice.integer(600)];
      const hearing = new ToneHearing({ began: () => found++, ended: () => {} });
      const octets = new Uint8Array(4000);
      let phase = 0;
      for (let n = 0; n < octets.length; n++) {
        const pitch = from + ((to - from) * n) / octets.length;
        phase += (2 * Math.PI * pitch) / 8000;
        let sample = 0;
        for (let harmonic = 1; harmonic * pitch < 3400; harmonic++) {
          const hz = harmonic * pitch;
          const gain =
            1 / (1 + ((hz - first) / 60) ** 2) +
            0.6 / (1 + ((hz - second) / 80) ** 2) +
            0.3 / (1 + ((hz - third) / 120) ** 2);
          sample += 6000 * gain * Math.sin(phase * harmonic);
        }
        sample += dice.integer(801) - 400;
        octets[n] = pcma.code(Math.max(-32_000, Math.min(32_000, Math.round(sample))));
      }
      hearing.add(octets, 0, octets.length, pcma.linear);
    }
    // A minute of vowels, some of which have hardly more than two harmonics.
    expect(found).toBeLessThan(2);
  });
});

test('what we make is heard', () => {
  const keys: string[] = [];
  const hearing = new ToneHearing({ began: (event) => void keys.push(keyOf(event)!), ended: () => {} });
  const silence = new Uint8Array(400).fill(pcmu.code(0));
  for (const key of '0123456789*#ABCD') {
    const octets = new Uint8Array(400);
    new DualTone(eventOf(key)!).write(octets, 0, 400, pcmu);
    hearing.add(octets, 0, 400, pcmu.linear);
    hearing.add(silence, 0, 400, pcmu.linear);
  }
  expect(keys.join('')).toBe('0123456789*#ABCD');
});
