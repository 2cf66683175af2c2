import { expect, test } from 'vitest';
import { Deadlines } from '#kernel';
import { defaultTimers, type Sleeper, StateTimers } from './timers.ts';

const nobody: Sleeper = { wake() {} };

function armed(deadlines: Deadlines<Sleeper>): readonly string[] {
  return [...deadlines].map(({ name, at }) => `${name} ${at}`).sort();
}

test('the values of RFC 3261 table 4', () => {
  expect(defaultTimers).toEqual({ t1: 500, t2: 4_000, t4: 5_000 });
});

test('a timer set again takes the place of its former self, whichever of the two it is', () => {
  const deadlines = new Deadlines<Sleeper>();
  const timers = new StateTimers(deadlines, nobody);
  timers.set('Timer B', 32_000);
  timers.set('Timer A', 500);
  timers.set('Timer A', 1_000);
  expect(armed(deadlines)).toEqual(['Timer A 1000', 'Timer B 32000']);
  timers.set('Timer B', 33_000);
  expect(armed(deadlines)).toEqual(['Timer A 1000', 'Timer B 33000']);
});

test('leaving the state clears both, and only its own', () => {
  const deadlines = new Deadlines<Sleeper>();
  const timers = new StateTimers(deadlines, nobody);
  deadlines.set('Timer X', nobody, 1);
  timers.set('Timer B', 32_000);
  timers.set('Timer A', 500);
  timers.clear();
  timers.clear();
  expect(armed(deadlines)).toEqual(['Timer X 1']);
});
