import type { Cadence } from './tone.ts';

const beep = (hz: number | readonly number[], ...ms: readonly number[]): Cadence =>
  ms.map((length, at) => ({ hz: at % 2 === 1 ? [] : typeof hz === 'number' ? [hz] : hz, ms: length }));

const british = beep([400, 450], 400, 200, 400, 2000);
const american = beep([440, 480], 2000, 4000);

/**
 * The ringing tones that callers know, by country (ISO 3166-1, lower case): ITU-T E.180 supplement 2. `itu` is what E.180 recommends,
 * and what goes for whoever has no tone of its own here. A tone modulated by another is given as the two that this comes to.
 */
export const ringbackTones: Readonly<Record<string, Cadence>> = {
  itu: beep(425, 1000, 4000),
  at: beep(420, 1000, 5000),
  au: beep([413, 438], 400, 200, 400, 2000),
  be: beep(425, 1000, 3000),
  bg: beep(425, 1000, 4000),
  br: beep(425, 1000, 4000),
  ca: american,
  ch: beep(425, 1000, 4000),
  cl: beep(400, 1000, 3000),
  cn: beep(450, 1000, 4000),
  cz: beep(425, 1000, 4000),
  de: beep(425, 1000, 4000),
  dk: beep(425, 1000, 4000),
  ee: beep(425, 1000, 4000),
  es: beep(425, 1500, 3000),
  fi: beep(425, 1000, 4000),
  fr: beep(440, 1500, 3500),
  gb: british,
  gr: beep(425, 1000, 4000),
  hk: beep([440, 480], 400, 200, 400, 3000),
  hu: beep(425, 1250, 3750),
  id: beep(425, 1000, 4000),
  ie: british,
  il: beep(414, 1000, 3000),
  in: beep([375, 425], 400, 200, 400, 2000),
  it: beep(425, 1000, 4000),
  jp: beep([384, 416], 1000, 2000),
  lt: beep(425, 1000, 4000),
  mx: beep(425, 1000, 4000),
  my: beep(425, 400, 200, 400, 2000),
  nl: beep(425, 1000, 4000),
  no: beep(425, 1000, 4000),
  nz: british,
  pl: beep(425, 1000, 4000),
  pt: beep(425, 1000, 5000),
  ru: beep(425, 800, 3200),
  se: beep(425, 1000, 5000),
  sg: beep([401, 449], 400, 200, 400, 2000),
  th: beep(420, 1000, 4000),
  tr: beep(450, 2000, 4000),
  us: american,
  za: beep([367, 433], 400, 200, 400, 2000),
};
