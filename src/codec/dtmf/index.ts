export {
  durationAt,
  eventAt,
  eventPayloadLength,
  isEndAt,
  longestSegment,
  writeEvent,
} from './event.ts';
export { type Digit, type DigitBody, digitBodyOf, readDigit, writeDigit } from './info.ts';
export { eventOf, eventOfTones, keyOf, toneEvents, toneFrequencies, tonesOf } from './keys.ts';
export { TwoWays } from './two-ways.ts';
