import { expect, test } from 'vitest';
import type { Configuration } from '#policy/configuration';
import { Limits } from './limits.ts';

const of = (calls: number) => ({ trunks: [{ name: 'east', capacity: { calls } }] }) as unknown as Configuration;
const east = ({ trunks }: Configuration) => trunks[0]?.capacity;

function judge() {
  const limits = new Limits(of(2));
  const turn = (count: number, isAnySetUp = false) => {
    limits.turn(() => isAnySetUp);
    return limits.exceeded('east', count, east);
  };
  return { limits, turn };
}

test('what stands may be more than there may be, and becomes no more', () => {
  const { limits, turn } = judge();
  expect(turn(2)).toBeUndefined();
  expect(turn(3)).toBe(2);
  turn(2);
  limits.changed(of(1));
  turn(2, true);
  expect(turn(2)).toBeUndefined();
  expect(turn(1)).toBeUndefined();
  expect(turn(2)).toBe(1);
});

test('who began before goes on by what he began with', () => {
  const { limits, turn } = judge();
  turn(1, true);
  limits.changed(of(1));
  expect(turn(2, true)).toBeUndefined();
  expect(turn(3, true)).toBe(2);
  expect(turn(1)).toBeUndefined();
  expect(turn(2)).toBe(1);
});

test('what a process takes up is there', () => {
  const { limits, turn } = judge();
  limits.changed(of(1));
  turn(1);
  limits.started();
  expect(turn(2)).toBeUndefined();
  expect(turn(3)).toBe(1);
});

test('what had no limit till now has what it has', () => {
  const none = { trunks: [{ name: 'east', capacity: {} }] } as unknown as Configuration;
  const optional = ({ trunks }: Configuration) =>
    trunks[0]?.capacity.calls === undefined ? undefined : east({ trunks } as Configuration);
  const limits = new Limits(none);
  const turn = (count: number) => {
    limits.turn(() => false);
    return limits.exceeded('east', count, optional);
  };
  turn(0); // Nobody counts it.
  limits.changed(of(2));
  expect(turn(3)).toBeUndefined();
  expect(turn(3)).toBeUndefined();
  expect(turn(4)).toBe(2);
});
