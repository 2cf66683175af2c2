/** Samples a second of G.711. */
export const sampleRate = 8000;
/** 50 ms: the bins are 20 Hz apart, so tones of whole multiples of 20 Hz do not leak into each other. */
const blockLength = 400;
/** How much of a block's power the tone must have. G.711 leaves it over 0.99; a neighbour 20 Hz away has none. */
const leastShare = 0.9;
/** Mean square of a block under which it is silence: about -46 dB of full scale. */
const leastPower = 170 ** 2;
/** A quarter of a second without a break. */
const blocksToHear = 5;

/** A sine that goes on from packet to packet. */
export class ToneSource {
  readonly #step: number;
  readonly #amplitude: number;
  #phase = 0;

  /** `frequency` in Hz; half of full scale. */
  constructor(frequency: number, amplitude = 16_000) {
    this.#step = (2 * Math.PI * frequency) / sampleRate;
    this.#amplitude = amplitude;
  }

  next(): number {
    const sample = Math.round(this.#amplitude * Math.sin(this.#phase));
    this.#phase = (this.#phase + this.#step) % (2 * Math.PI);
    return sample;
  }
}

/** Listens for one tone (Goertzel's algorithm, block by block): the tone must be nearly all there is, for several blocks. */
export class ToneDetector {
  readonly #coefficient: number;
  #one = 0;
  #two = 0;
  #power = 0;
  #count = 0;
  #run = 0;
  #heard = false;
  /** Milliseconds of the tone, whole blocks. */
  heardMs = 0;

  /** `frequency` in Hz, a multiple of 20. */
  constructor(frequency: number) {
    this.#coefficient = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate);
  }

  /** True once the tone was heard without a break for a quarter of a second. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Begins to listen anew, as after a hold; `heardMs` goes on. */
  restart(): void {
    this.#heard = false;
    this.#run = 0;
    this.#clear();
  }

  /** Samples, as they come. */
  add(sample: number): void {
    const sum = sample + this.#coefficient * this.#one - this.#two;
    this.#two = this.#one;
    this.#one = sum;
    this.#power += sample * sample;
    if (++this.#count === blockLength) this.#endBlock();
  }

  #endBlock(): void {
    const one = this.#one;
    const two = this.#two;
    // A pure tone of amplitude A has |X|² = (A·N/2)², and the sum of its squares is A²·N/2.
    const tone = (2 * (one * one + two * two - this.#coefficient * one * two)) / blockLength;
    if (this.#power > leastPower * blockLength && tone > leastShare * this.#power) {
      this.heardMs += (1000 * blockLength) / sampleRate;
      this.#run++;
      if (this.#run >= blocksToHear) this.#heard = true;
    } else this.#run = 0;
    this.#clear();
  }

  #clear(): void {
    this.#one = this.#two = this.#power = this.#count = 0;
  }
}
