/** What is heard for a while. */
export interface Tone {
  /** Frequencies in Hz that sound together; none: silence. */
  readonly hz: readonly number[];
  readonly ms: number;
}

/** Tones one after the other, again and again. */
export type Cadence = readonly Tone[];

/** Limits of a cadence: more than any network has, and of a size that can't hurt. */
export const maxTones = 16;
export const maxFrequencies = 4;
/** Hz: what a telephone line carries. */
export const lowestFrequency = 50;
export const highestFrequency = 3400;
/** Ms that one tone of a cadence lasts. */
export const shortestTone = 10;
export const longestTone = 60_000;
