import { expect, test } from 'vitest';
import { OwnAsker } from './asker.ts';
import type { CallLeg } from './call-leg.ts';

const now = { mono: 1_000, wall: 1_000 };
const said = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n';

/** What comes of an exchange of ours that `act` ends. */
function outcomes(act: (asker: OwnAsker) => void): string[] {
  const seen: string[] = [];
  const then = {
    again: () => void seen.push('again'),
    refused: () => void seen.push('refused'),
    told: () => void seen.push('told'),
  };
  act(new OwnAsker({ said, heard: said } as CallLeg, undefined, true, then, now));
  return seen;
}

test.each([
  ['what it knows', said, ['told']],
  ['the same, counted up', said.replace('1 1', '1 2'), ['told']],
  ['something new', `${said}m=audio 4000 RTP/AVP 8\r\n`, ['told', 'again']],
  ['nothing at all, and nobody is asked without an offer', '', ['told']],
])('the other leg answers %s', (_what, body, wanted) => {
  expect(outcomes((asker) => asker.accept(body, undefined, now))).toEqual(wanted);
});

test.each([
  [603, ['refused']],
  [488, ['refused']],
  [503, ['refused']],
  [487, []],
  [481, []],
  [408, []],
])('the other leg refuses with %d: it is told again unless its dialog is over', (status, wanted) => {
  expect(outcomes((asker) => asker.refuse(status, undefined, now))).toEqual(wanted);
});
