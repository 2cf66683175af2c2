import { describe, expect, test } from 'vitest';
import { shownProgress } from './ringback.ts';

const heard = (status: number, sdp = false, more: { muted?: boolean; before?: boolean } = {}) => ({
  status,
  sdp,
  muted: false,
  before: false,
  ...more,
});
const shown = (status: number, media = false, tone = false) => ({ status, media, tone });

describe('who lets the caller hear that it rings (RFC 3960 3.2)', () => {
  test.each([
    // The far side when media comes, else the caller's phone.
    [undefined, heard(180), shown(180)],
    [undefined, heard(183), shown(183)],
    [undefined, heard(183, true), shown(183, true)],
    ['far', heard(180, true), shown(180, true)],
    ['far', heard(183, true, { muted: true }), shown(183)],
    ['far', heard(182), shown(182)],
    // The phone whatever comes.
    ['phone', heard(180, true), shown(180)],
    ['phone', heard(183, true), shown(180)],
    ['phone', heard(183), shown(180)],
    ['phone', heard(181), shown(181)],
    // We when nobody sends media.
    ['tone', heard(180), shown(183, false, true)],
    ['tone', heard(180, true), shown(180, true, true)],
    ['tone', heard(180, true, { before: true }), shown(180, true)],
    ['tone', heard(180, true, { muted: true }), shown(183, false, true)],
    ['tone', heard(180, false, { before: true }), shown(180)],
    ['tone', heard(183), shown(183)],
    ['tone', heard(183, true), shown(183, true)],
    ['tone', heard(181), shown(181)],
  ] as const)('ringback %s: %j is shown as %j', (rule, came, goes) => {
    expect(shownProgress(rule, came)).toEqual(goes);
  });
});
