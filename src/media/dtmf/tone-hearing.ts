import { eventOfTones, toneFrequencies } from '#codec/dtmf';
import { sampleRate } from './dual-tone.ts';

/** Whoever wants to know what keys are heard. */
export interface ToneListener {
  began(event: number): void;
  ended(event: number): void;
}

/** 12.75 ms: two of them, wherever they begin, are within 40 ms of tone, and in 40 ms of pause. */
const blockLength = 102;
const blockMs = (1000 * blockLength) / sampleRate;
/** -36 dBm0, of each tone alone: ITU-T Q.24 has exchanges hear down to -25 and be deaf somewhere below -29. */
const leastAmplitude = 32_767 * 10 ** ((-36 - 3.17) / 20);
/** As |X|² of Goertzel's algorithm gives it for a block of a sine. */
const leastPower = ((leastAmplitude * blockLength) / 2) ** 2;
/**
 * Of all that is in a block, the share of the two tones. Speech has more beside them. A tone that is off its frequency seems
 * weaker by up to 1.5 dB, until two blocks have told by how much.
 */
const leastSeemingShare = 10 ** -0.2;
const leastShare = 10 ** -0.05;
/** The tones of one group that are not the key's are weaker by 8 dB at least. */
const leastLead = 10 ** 0.8;
/** Q.24, table A-1: the high tone is louder by 4 dB at most, the low one by 8; a little more is let pass. */
const mostHigh = 10 ** 0.6;
const mostLow = 10 ** 0.85;
/** Two blocks that begin a key are alike: 2 dB. */
const mostChange = 10 ** 0.2;
/** A key goes on while it is not weaker by more than 6 dB than it began. */
const leastLeft = 10 ** -0.6;
/** Q.24: 1.5 per cent is right and 3.5 wrong. */
const mostDeviation = 0.02;

const coefficients = toneFrequencies.map((frequency) => 2 * Math.cos((2 * Math.PI * frequency) / sampleRate));
const sines = toneFrequencies.map((frequency) => Math.sin((2 * Math.PI * frequency) / sampleRate));

/** Of the block, or the part of one, that is being looked at. */
const samples = new Float64Array(blockLength);

/**
 * Hears the keys in what is said (ITU-T Q.24), by Goertzel's algorithm in blocks of 12.75 ms. Two blocks alike begin a key and two
 * without it end it, so that a break of 10 ms does not divide it, nor 20 ms of tone make one. Against voices that sound like
 * keys: nothing else may be in the block, both tones must be balanced, and their frequencies right, which the phase tells
 * from block to block.
 */
export class ToneHearing {
  readonly #listener: ToneListener;
  readonly #one = new Float64Array(8);
  readonly #two = new Float64Array(8);
  #energy = 0;
  #count = 0;
  /** What the block before sounded like, -1 for nothing, and how: power and phase of both tones. */
  #last = -1;
  #lastLow = 0;
  #lastHigh = 0;
  #lastLowPhase = 0;
  #lastHighPhase = 0;
  /** The strongest tones of the block. */
  #row = 0;
  #column = 0;
  /** The key that is heard, -1 for none, and its tones. */
  #event = -1;
  #keyRow = 0;
  #keyColumn = 0;
  #atBeginning = 0;
  #misses = 0;
  #blocks = 0;

  constructor(listener: ToneListener) {
    this.#listener = listener;
  }

  /** A key is heard, or the last block may have been the first of one. */
  get suspects(): boolean {
    return this.#event >= 0 || this.#last >= 0;
  }

  get active(): boolean {
    return this.#event >= 0;
  }

  /** For how long the key has been heard, in ms, or was. */
  get ms(): number {
    return Math.round(this.#blocks * blockMs);
  }

  /** The samples that the octets from `from` to `to` stand for. */
  add(octets: Uint8Array, from: number, to: number, linear: Int16Array): void {
    const one = this.#one;
    const two = this.#two;
    for (let at = from; at < to; ) {
      const length = Math.min(to - at, blockLength - this.#count);
      for (let i = 0; i < length; i++) {
        const sample = linear[octets[at + i]!]!;
        samples[i] = sample;
        this.#energy += sample * sample;
      }
      for (let tone = 0; tone < 8; tone++) {
        const coefficient = coefficients[tone]!;
        let s1 = one[tone]!;
        let s2 = two[tone]!;
        for (let i = 0; i < length; i++) {
          const s0 = samples[i]! + coefficient * s1 - s2;
          s2 = s1;
          s1 = s0;
        }
        one[tone] = s1;
        two[tone] = s2;
      }
      this.#count += length;
      at += length;
      if (this.#count === blockLength) this.#endBlock();
    }
  }

  /** Nothing comes any more. */
  end(): void {
    this.#clear();
    this.#last = -1;
    if (this.#event >= 0) this.#ended();
  }

  #endBlock(): void {
    const event = this.#eventOfBlock();
    if (this.#event < 0) this.#maybeBegin(event);
    else this.#goOn(event);
    this.#clear();
  }

  #maybeBegin(event: number): void {
    if (event < 0) {
      this.#last = -1;
      return;
    }
    const low = this.#power(this.#row);
    const high = this.#power(4 + this.#column);
    const lowPhase = this.#phase(this.#row);
    const highPhase = this.#phase(4 + this.#column);
    const isAlike =
      event === this.#last &&
      isLike(low, this.#lastLow) &&
      isLike(high, this.#lastHigh) &&
      this.#isPure(low, lowPhase - this.#lastLowPhase, high, highPhase - this.#lastHighPhase);
    if (isAlike) {
      this.#event = event;
      this.#keyRow = this.#row;
      this.#keyColumn = this.#column;
      this.#atBeginning = low + high;
      this.#misses = 0;
      this.#blocks = 2;
      this.#last = -1;
      this.#listener.began(event);
      return;
    }
    this.#last = event;
    this.#lastLow = low;
    this.#lastHigh = high;
    this.#lastLowPhase = lowPhase;
    this.#lastHighPhase = highPhase;
  }

  /** Both tones are near enough to where they should be, as their phases tell, and there is hardly anything else. */
  #isPure(low: number, lowAdvance: number, high: number, highAdvance: number): boolean {
    const lowTone = toneFrequencies[this.#row]!;
    const highTone = toneFrequencies[4 + this.#column]!;
    const lowError = deviation(lowTone, lowAdvance);
    const highError = deviation(highTone, highAdvance);
    if (Math.abs(lowError) > mostDeviation * lowTone || Math.abs(highError) > mostDeviation * highTone) return false;
    const power = low / seeming(lowError) + high / seeming(highError);
    return (2 * power) / blockLength > leastShare * this.#energy;
  }

  #goOn(event: number): void {
    const isOther = event >= 0 && event !== this.#event;
    const power = this.#power(this.#keyRow) + this.#power(4 + this.#keyColumn);
    if (!isOther && power > leastLeft * this.#atBeginning) {
      this.#blocks += 1 + this.#misses;
      this.#misses = 0;
      return;
    }
    if (++this.#misses < 2) return;
    this.#ended();
    this.#maybeBegin(event);
  }

  #ended(): void {
    const event = this.#event;
    this.#event = -1;
    this.#listener.ended(event);
  }

  /** The key that the block sounds like, -1 for none. */
  #eventOfBlock(): number {
    let row = 0;
    let column = 0;
    for (let tone = 1; tone < 4; tone++) {
      if (this.#power(tone) > this.#power(row)) row = tone;
      if (this.#power(4 + tone) > this.#power(4 + column)) column = tone;
    }
    const low = this.#power(row);
    const high = this.#power(4 + column);
    if (low < leastPower || high < leastPower) return -1;
    if (high > mostHigh * low || low > mostLow * high) return -1;
    for (let tone = 0; tone < 4; tone++) {
      if (tone !== row && this.#power(tone) * leastLead > low) return -1;
      if (tone !== column && this.#power(4 + tone) * leastLead > high) return -1;
    }
    // A sine of amplitude A has |X|² = (A·N/2)² and an energy of A²·N/2.
    if ((2 * (low + high)) / blockLength < leastSeemingShare * this.#energy) return -1;
    this.#row = row;
    this.#column = column;
    return eventOfTones(row, column);
  }

  #power(tone: number): number {
    const one = this.#one[tone]!;
    const two = this.#two[tone]!;
    return one * one + two * two - coefficients[tone]! * one * two;
  }

  /** Of the tone at the end of the block, in radians. */
  #phase(tone: number): number {
    const two = this.#two[tone]!;
    return Math.atan2(sines[tone]! * two, this.#one[tone]! - (coefficients[tone]! / 2) * two);
  }

  #clear(): void {
    this.#one.fill(0);
    this.#two.fill(0);
    this.#energy = this.#count = 0;
  }
}

function isLike(one: number, other: number): boolean {
  return one < mostChange * other && other < mostChange * one;
}

/** By how many Hz a tone is off, by how far its phase went in a block; beyond 39 Hz the phase has gone round. */
function deviation(frequency: number, advance: number): number {
  const turns = advance / (2 * Math.PI) - (frequency * blockLength) / sampleRate;
  return ((turns - Math.round(turns)) * sampleRate) / blockLength;
}

/** What share of the power of a tone is seen by a block that is tuned so many Hz beside it. */
function seeming(error: number): number {
  const x = (Math.PI * error * blockLength) / sampleRate;
  return Math.abs(x) < 1e-6 ? 1 : (Math.sin(x) / x) ** 2;
}
