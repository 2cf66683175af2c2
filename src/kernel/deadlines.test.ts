import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from './assert.ts';
import { type Deadline, Deadlines } from './deadlines.ts';

/** The same, as plainly as can be: an array sorted by time, then by order of arming. */
class Model {
  armed: { id: number; at: number }[] = [];

  set(id: number, at: number): void {
    const before = this.armed.filter((other) => other.at <= at).length;
    this.armed.splice(before, 0, { id, at });
  }

  clear(id: number): void {
    this.armed = this.armed.filter((other) => other.id !== id);
  }
}

type Command =
  | { readonly kind: 'set'; readonly at: number }
  | { readonly kind: 'clear'; readonly which: number }
  | { readonly kind: 'due'; readonly mono: number };

// Few different times, so that many are equal.
const time = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100_000 }));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), at: time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clear' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('due' as const), mono: time }) },
);

describe('deadlines', () => {
  test('fire as a sorted array would have them, whatever is armed and cleared in between', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200, size: 'max' }), (commands) => {
        const deadlines = new Deadlines<number>();
        const model = new Model();
        const all: Deadline<number>[] = [];
        for (const step of commands) {
          if (step.kind === 'set') {
            const id = all.length;
            all.push(deadlines.set(`d${id % 3}`, id, step.at));
            model.set(id, step.at);
          } else if (step.kind === 'clear') {
            // Also those that fired or were cleared long ago.
            const which = step.which % (all.length + 1);
            deadlines.clear(all[which]);
            model.clear(which);
          } else {
            const first = model.armed[0];
            const expected = first && first.at <= step.mono ? model.armed.shift() : undefined;
            expect(deadlines.due(step.mono)?.owner).toBe(expected?.id);
          }
          expect(deadlines.size).toBe(model.armed.length);
          expect(deadlines.next()).toBe(model.armed[0]?.at);
        }
        expect([...deadlines].map(({ owner }) => owner).sort()).toEqual(model.armed.map(({ id }) => id).sort());
        const rest: number[] = [];
        for (let next = deadlines.due(1e9); next; next = deadlines.due(1e9)) rest.push(next.owner);
        expect(rest).toEqual(model.armed.map(({ id }) => id));
      }),
      { numRuns: 300 },
    );
  });

  test('tells name, owner and time', () => {
    const deadlines = new Deadlines<string>();
    const set = deadlines.set('Timer B', 'call', 32_000);
    expect(set).toMatchObject({ name: 'Timer B', owner: 'call', at: 32_000 });
    expect(deadlines.due(31_999)).toBeUndefined();
    expect(deadlines.due(32_000)).toBe(set);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is no time', (at) => {
    const deadlines = new Deadlines<string>();
    expect(() => deadlines.set('x', 'y', at)).toThrow(AssertionError);
    expect(deadlines.size).toBe(0);
  });

  test('more names than there are rows for come in order too', () => {
    const deadlines = new Deadlines<number>();
    for (let i = 0; i < 200; i++) deadlines.set(`d${i}`, (i * 77) % 200, (i * 77) % 200);
    const fired: number[] = [];
    for (let next = deadlines.due(200); next; next = deadlines.due(200)) fired.push(next.owner);
    expect(fired).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(deadlines.size).toBe(0);
  });

  test('clearing nothing does nothing', () => {
    const deadlines = new Deadlines<string>();
    deadlines.set('x', 'y', 1);
    deadlines.clear(undefined);
    expect(deadlines.size).toBe(1);
  });
});
