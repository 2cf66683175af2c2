import { describe, expect, test } from 'vitest';
import type { Effect, Input } from '#engine/ports';
import { AssertionError } from '#kernel';
import { type ActedEffect, type KeptChange, Turns } from './turns.ts';

/** A machine whose answers the test writes, and hands that note what they are given. */
function bench(answer: (input: Input) => readonly Effect[], limit?: number) {
  const handled: Input[] = [];
  const done: (ActedEffect | readonly KeptChange[])[] = [];
  const armed: (number | undefined)[] = [];
  const state = {
    deadline: undefined as number | undefined,
    overloads: 0,
    during: undefined as (() => void) | undefined,
  };
  const turns = new Turns({
    machine: {
      handle: (input) => {
        handled.push(input);
        return answer(input);
      },
      nextDeadline: () => state.deadline,
    },
    hands: {
      keep: (changes) => done.push(changes),
      act: (effect) => {
        done.push(effect);
        state.during?.();
      },
    },
    alarm: { set: (deadline) => armed.push(deadline) },
    now: () => ({ mono: 1000, wall: 0 }),
    ...(limit === undefined ? {} : { limit }),
    onOverload: () => state.overloads++,
  });
  return { turns, handled, done, armed, state };
}

const down: Input = { kind: 'media-down' };
const drain: Input = { kind: 'drain' };
const received = (octets: string): Input => ({
  kind: 'received',
  flow: { transport: 'udp', listener: 'a', remote: { host: '192.0.2.1', port: 5060 } },
  octets,
});
const close = (connection: string) => ({ kind: 'close', connection }) as const;
const checkpoint = (call: string) => ({ kind: 'checkpoint', call, state: '{}' }) as const;
const forget = (call: string) => ({ kind: 'forget', call }) as const;

describe('a turn', () => {
  test('keeps first, once and in order, whatever stands before it; the rest in order after it', () => {
    const { turns, done } = bench(() => [close('1'), checkpoint('x'), close('2'), forget('y'), checkpoint('z')]);
    turns.start([]);
    turns.post(down);
    expect(done).toEqual([[checkpoint('x'), forget('y'), checkpoint('z')], close('1'), close('2')]);
  });

  test('never begins within another: what effects bring waits for its end, in order', () => {
    const { turns, handled, done, state } = bench((input) =>
      input.kind === 'drain' ? [close('1'), close('2')] : [close(input.kind)],
    );
    turns.start([]);
    let brings = [down, received('a')];
    state.during = () => {
      const next = brings;
      brings = [];
      for (const input of next) turns.post(input);
    };
    turns.post(drain);
    expect(handled).toEqual([drain, down, received('a')]);
    expect(done).toEqual([close('1'), close('2'), close('media-down'), close('received')]);
  });

  test('arms the timer when it rests, once for all that waited', () => {
    const { turns, armed, state } = bench(() => [close('1')]);
    turns.start([]);
    expect(armed).toEqual([undefined]);
    state.deadline = 5000;
    let first = true;
    state.during = () => {
      if (first) turns.post(down);
      first = false;
    };
    turns.post(drain);
    expect(armed).toEqual([undefined, 5000]);
  });

  test('a deadline that stays behind is a fault of ours', () => {
    const { turns, state } = bench(() => []);
    turns.start([]);
    state.deadline = 1000;
    expect(() => turns.post({ kind: 'wake' })).toThrow(AssertionError);
  });
});

test('nothing is handled before the start; then first what was kept, then what came', () => {
  const { turns, handled, done } = bench((input) => [close(input.kind)]);
  turns.post(received('early'));
  expect(handled).toEqual([]);
  turns.start([close('restored')]);
  expect(done).toEqual([close('restored'), close('received')]);
});

test('the inbox is bounded for what peers send, not for what we must know', () => {
  const { turns, handled, state } = bench(() => [], 2);
  for (const octets of ['1', '2', '3', '4']) turns.post(received(octets));
  turns.post(down);
  turns.start([]);
  expect(handled).toEqual([received('1'), received('2'), down]);
  expect(state.overloads).toBe(2);
});
