import type { G711 } from '#codec/g711';
import type { Cadence } from './tone.ts';

/** Samples a second of G.711. */
const rate = 8000;
/** All frequencies together are as loud as one sine of this amplitude: -10 dBm0 (E.180 6), where 3.14 dBm0 is the loudest of G.711. */
const amplitude = 32_767 * 10 ** (-13.14 / 20);

interface Part {
  /** One cycle of it in the law's codes: it comes again after so many samples. */
  readonly cycle: Uint8Array;
  readonly samples: number;
}

/** A cadence in G.711, sample after sample without end: nothing is reckoned but once, when it begins. */
export class ToneSource {
  readonly #parts: readonly Part[];
  #part = 0;
  /** Sample of the part that comes next. */
  #at = 0;

  /** `cadence` has a tone at least, and each lasts. */
  constructor(law: G711, cadence: Cadence) {
    this.#parts = cadence.map(({ hz, ms }) => ({
      cycle: hz.length === 0 ? Uint8Array.of(law.code(0)) : cycleOf(law, hz),
      samples: Math.max(1, Math.round((ms * rate) / 1000)),
    }));
  }

  /** Writes the next `samples` codes into `out` from `start` on. */
  fill(out: Uint8Array, start: number, samples: number): void {
    for (let to = start; to < start + samples; ) {
      const { cycle, samples: length } = this.#parts[this.#part]!;
      const end = Math.min(start + samples, to + length - this.#at);
      let phase = this.#at % cycle.length;
      this.#advance(end - to);
      while (to < end) {
        out[to++] = cycle[phase]!;
        if (++phase === cycle.length) phase = 0;
      }
    }
  }

  /** Passes over so many samples, as if they had been heard. */
  skip(samples: number): void {
    for (let left = samples; left > 0; ) {
      const step = Math.min(left, this.#parts[this.#part]!.samples - this.#at);
      this.#advance(step);
      left -= step;
    }
  }

  /** Within its part, or to the beginning of the next. */
  #advance(samples: number): void {
    this.#at += samples;
    if (this.#at < this.#parts[this.#part]!.samples) return;
    this.#at = 0;
    this.#part = (this.#part + 1) % this.#parts.length;
  }
}

/** Frequencies of whole Hz come again together after the greatest common divisor's period: a second at most. */
function cycleOf(law: G711, hz: readonly number[]): Uint8Array {
  const length = rate / hz.reduce(commonDivisor, rate);
  const cycle = new Uint8Array(length);
  const each = amplitude / Math.sqrt(hz.length);
  for (let i = 0; i < length; i++) {
    let sample = 0;
    for (const frequency of hz) sample += Math.sin((2 * Math.PI * frequency * i) / rate);
    cycle[i] = law.code(Math.round(each * sample));
  }
  return cycle;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
