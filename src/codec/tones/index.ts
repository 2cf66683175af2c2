export { ringbackTones } from './ringback.ts';
export {
  type Cadence,
  highestFrequency,
  longestTone,
  lowestFrequency,
  maxFrequencies,
  maxTones,
  shortestTone,
  type Tone,
} from './tone.ts';
export { ToneSource } from './tone-source.ts';
