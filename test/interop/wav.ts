import { readFileSync, writeFileSync } from 'node:fs';

/** A WAV file's samples, of its first channel, from -1 to 1. 16-bit PCM only. */
export function readWav(file: string): { readonly rate: number; readonly samples: Float64Array } {
  const bytes = readFileSync(file);
  let rate = 0;
  let channels = 1;
  // Chunks after "RIFF" size "WAVE"; the sizes of a file still being written may be 0 or too large.
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === 'fmt ') {
      channels = bytes.readUInt16LE(at + 10);
      rate = bytes.readUInt32LE(at + 12);
    } else if (name === 'data') {
      const start = at + 8;
      const end = size === 0 ? bytes.length : Math.min(bytes.length, start + size);
      const samples = new Float64Array(Math.floor((end - start) / 2 / channels));
      for (const index of samples.keys()) samples[index] = bytes.readInt16LE(start + 2 * channels * index) / 32_768;
      return { rate, samples };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${file} has no samples`);
}

/** The share of the power of `samples` that lies at `frequency` Hz, 0 to 1 (Goertzel's algorithm). */
export function toneShare(samples: Float64Array, rate: number, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let one = 0;
  let two = 0;
  let power = 0;
  for (const sample of samples) {
    [one, two] = [sample + coefficient * one - two, one];
    power += sample * sample;
  }
  // A pure tone of amplitude A has |X|² = (A·N/2)² and power A²·N/2.
  return power === 0 ? 0 : (2 * (one * one + two * two - coefficient * one * two)) / (samples.length * power);
}

/** Writes a tone of half amplitude: 8 kHz, one channel, 16-bit PCM. */
export function writeTone(file: string, frequency: number, seconds: number): void {
  const rate = 8_000;
  const samples = rate * seconds;
  const bytes = Buffer.alloc(44 + 2 * samples);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + 2 * samples, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * samples, 40);
  for (let at = 0; at < samples; at++) {
    bytes.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * frequency * at) / rate)), 44 + 2 * at);
  }
  writeFileSync(file, bytes);
}
