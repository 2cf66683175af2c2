import { sampleRate } from './tone.ts';

/** 20 ms. */
const blockLength = sampleRate / 50;
/** Amplitude of the loudest sine that G.711 carries, by definition 3.17 dBm0 (mu-law; ITU-T G.711 table 5). */
const loudestAmplitude = 32_124;
const loudestLevel = 3.17;
/** dBm0 under which it is taken for silence: idle codes and comfort noise lie below. */
const leastLevel = -50;

/** The amplitude of a sine of that level in dBm0. */
export function amplitudeOf(level: number): number {
  return loudestAmplitude * 10 ** ((level - loudestLevel) / 20);
}

/** How loud it is that comes, whatever it is. */
export class LevelMeter {
  /** Ms of sound, whole blocks. */
  soundMs = 0;
  /** Sum of the mean squares of the blocks with sound. */
  #power = 0;
  #sum = 0;
  #count = 0;

  add(sample: number): void {
    this.#sum += sample * sample;
    if (++this.#count < blockLength) return;
    const power = this.#sum / blockLength;
    if (levelOf(power) >= leastLevel) {
      this.#power += power;
      this.soundMs += 20;
    }
    this.#sum = this.#count = 0;
  }

  /** dBm0 on average while there was sound; undefined where there was none. */
  get level(): number | undefined {
    return this.soundMs === 0 ? undefined : levelOf((this.#power * 20) / this.soundMs);
  }
}

function levelOf(meanSquare: number): number {
  return 10 * Math.log10(meanSquare / (loudestAmplitude ** 2 / 2)) + loudestLevel;
}
