import { expect, test } from 'vitest';
import { otherEnd, planCall } from './plan.ts';

const mix = Array.from({ length: 40 }, (_, index) => planCall(index + 1, undefined));

test('the mix goes both ways, is ended by both sides, speaks both laws, holds and hunts', () => {
  for (const from of ['pbx', 'itsp'] as const) {
    const calls = mix.filter((plan) => plan.from === from);
    expect(calls).toHaveLength(20);
    expect(new Set(calls.map(({ hangsUp }) => hangsUp)).size, `${from}: who hangs up`).toBe(2);
    expect(new Set(calls.map(({ law }) => law)).size).toBe(2);
    expect(calls.some(({ hold }) => hold)).toBe(true);
  }
  expect(new Set(mix.map(({ hold }) => hold?.by))).toEqual(new Set(['caller', 'callee', undefined]));
  expect(mix.filter(({ detour }) => detour).map(({ from }) => from)).toEqual(['pbx', 'pbx', 'pbx', 'pbx']);
});

test('numbers are E.164, and no two calls have the same', () => {
  for (const { caller, called } of mix) for (const number of [caller, called]) expect(number).toMatch(/^\+\d{11,13}$/);
  expect(new Set(mix.map(({ caller, called }) => `${caller} ${called}`)).size).toBe(40);
});

test('they talk for 5 to 8 s, or as long as they are told to', () => {
  for (const { talkMs } of mix) {
    expect(talkMs).toBeGreaterThanOrEqual(5_000);
    expect(talkMs).toBeLessThanOrEqual(8_000);
  }
  expect(planCall(3, 1_000)).toMatchObject({ talkMs: 1_000 });
  expect(planCall(3, 1_000).hold, 'no room').toBeUndefined();
});

test('a hold leaves time to be heard before, within and after', () => {
  for (const { hold, talkMs } of mix) {
    if (!hold) continue;
    for (const part of [hold.afterMs, hold.forMs, talkMs - hold.afterMs - hold.forMs])
      expect(part).toBeGreaterThan(1_000);
  }
});

test('calls that run at once have tones of their own, which a block of 50 ms tells apart', () => {
  for (const [index, { callerTone, calleeTone }] of mix.entries()) {
    const tones = [callerTone, calleeTone];
    for (const next of mix.slice(index + 1, index + 8)) tones.push(next.callerTone, next.calleeTone);
    expect(new Set(tones).size).toBe(tones.length);
    for (const tone of tones) expect(tone % 20).toBe(0);
  }
  expect(otherEnd('pbx')).toBe('itsp');
});
