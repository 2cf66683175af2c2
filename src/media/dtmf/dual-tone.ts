import { tonesOf } from '#codec/dtmf';
import type { G711 } from '#codec/g711';
import { assert } from '#kernel';

/** Samples a second of G.711. */
export const sampleRate = 8000;
/** Amplitudes of -10 and -8 dBm0: the high tone a little louder, as cables weaken it more. 3.17 dBm0 is full scale. */
const lowAmplitude = 32_767 * 10 ** ((-10 - 3.17) / 20);
const highAmplitude = 32_767 * 10 ** ((-8 - 3.17) / 20);

/** The two tones of a key, going on from packet to packet (ITU-T Q.23). */
export class DualTone {
  readonly #low: number;
  readonly #high: number;
  #at = 0;

  /** `event` is one that has tones. */
  constructor(event: number) {
    const tones = tonesOf(event);
    assert(tones, 'an event that has tones');
    this.#low = (2 * Math.PI * tones[0]) / sampleRate;
    this.#high = (2 * Math.PI * tones[1]) / sampleRate;
  }

  write(into: Uint8Array, from: number, to: number, law: G711): void {
    for (let i = from; i < to; i++, this.#at++) {
      const sample = lowAmplitude * Math.sin(this.#low * this.#at) + highAmplitude * Math.sin(this.#high * this.#at);
      into[i] = law.code(Math.round(sample));
    }
  }
}
