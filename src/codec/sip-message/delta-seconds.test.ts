import { expect, test } from 'vitest';
import { parseDeltaSeconds } from './delta-seconds.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['0', 0],
  ['30', 30],
  ['18000;duration=3600', 18000], // RFC 3261 20.33
  ["120 (I'm in a meeting)", 120],
  ['120(now)', 120],
  ['5\t;duration=1', 5],
  ['99999999999999999999', 4294967295],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['Fri, 01 Jan 2027 00:00:00 GMT', undefined], // HTTP's form, which SIP has not.
])('%j is %j seconds', (value, seconds) => {
  expect(parseDeltaSeconds(value)).toBe(seconds);
});
