import { describe, expect, test } from 'vitest';
import { pcma, pcmu } from '#codec/g711';
import { seeded } from '#kernel';
import { sampleRate, ToneDetector, ToneSource } from './tone.ts';

function listen(detector: ToneDetector, seconds: number, sample: (n: number) => number): ToneDetector {
  for (let n = 0; n < seconds * sampleRate; n++) detector.add(sample(n));
  return detector;
}

const tone = (frequency: number, amplitude?: number) => {
  const source = new ToneSource(frequency, amplitude);
  return () => source.next();
};
const white = (amplitude: number) => {
  const random = seeded(1);
  return () => random.integer(2 * amplitude) - amplitude;
};

describe('what is heard', () => {
  test.each([pcmu, pcma])('the tone through $name, from its first quarter second on', (law) => {
    const source = new ToneSource(620);
    const through = () => law.linear[law.code(source.next())]!;
    const detector = new ToneDetector(620);
    expect(listen(detector, 0.2, through).heard).toBe(false);
    expect(listen(detector, 0.05, through).heard).toBe(true);
    expect(listen(detector, 0.75, through).heardMs).toBe(1000);
  });

  test('a tone 40 dB below full scale', () => {
    expect(listen(new ToneDetector(440), 1, tone(440, 330)).heard).toBe(true);
  });

  test('a tone with noise 20 dB below it', () => {
    const pure = tone(440);
    const noise = white(2000);
    expect(listen(new ToneDetector(440), 1, () => pure() + noise()).heard).toBe(true);
  });
});

describe('what is not', () => {
  const silence = () => 0;
  test('silence, and what the laws make of it', () => {
    expect(listen(new ToneDetector(440), 2, silence).heardMs).toBe(0);
    for (const law of [pcmu, pcma]) {
      const detector = new ToneDetector(440);
      expect(listen(detector, 2, () => law.linear[law.code(0)]!).heardMs).toBe(0);
    }
  });

  test('noise', () => {
    expect(listen(new ToneDetector(440), 2, white(16_000)).heardMs).toBe(0);
  });

  test("one's own tone, and every other tone a call of the lab may have", () => {
    for (let frequency = 400; frequency <= 1300; frequency += 20) {
      if (frequency === 620) continue;
      expect(listen(new ToneDetector(620), 1, tone(frequency)).heardMs, `${frequency} Hz`).toBe(0);
    }
  });

  test('the tone as loud as another one', () => {
    const [a, b] = [tone(440, 8000), tone(620, 8000)];
    expect(listen(new ToneDetector(440), 2, () => a() + b()).heardMs).toBe(0);
  });

  test('a tone with gaps', () => {
    const source = tone(440);
    const gapped = (n: number) => source() * (n % 1600 < 400 ? 0 : 1);
    const detector = listen(new ToneDetector(440), 2, gapped);
    expect(detector).toMatchObject({ heard: false, heardMs: 1500 });
  });
});

test('after a restart it has to be heard again', () => {
  const source = tone(440);
  const detector = listen(new ToneDetector(440), 1, source);
  detector.restart();
  expect(detector).toMatchObject({ heard: false, heardMs: 1000 });
  expect(listen(detector, 1, () => 0).heard).toBe(false);
  expect(listen(detector, 1, source)).toMatchObject({ heard: true, heardMs: 2000 });
});
