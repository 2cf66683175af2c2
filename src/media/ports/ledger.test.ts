import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError, seeded } from '#kernel';
import { PortLedger } from './index.ts';

const ledger = (min: number, max: number, seed = 1) => new PortLedger({ min, max }, seeded(seed), 2000);

function takeAll(ports: PortLedger, now: number): number[] {
  const taken: number[] = [];
  for (let port = ports.take(now); port !== undefined; port = ports.take(now)) taken.push(port);
  return taken;
}

describe('the port ledger', () => {
  test.each([
    [20000, 20005, [20000, 20002, 20004]],
    [20001, 20006, [20002, 20004]],
    [20000, 20001, [20000]],
    [20001, 20002, []],
    [65534, 65535, [65534]],
  ])('%d to %d: even ports whose odd neighbour is in the range too', (min, max, expected) => {
    expect(takeAll(ledger(min, max), 0).sort()).toEqual(expected);
  });

  test('the order is not that of the ports, nor the same twice', () => {
    const one = takeAll(ledger(20000, 20199, 1), 0);
    const other = takeAll(ledger(20000, 20199, 2), 0);
    expect(one).not.toEqual(one.toSorted());
    expect(one).not.toEqual(other);
  });

  test('a port given back rests, and the one that rested longest goes first', () => {
    const ports = ledger(20000, 20005);
    const [a, b, c] = takeAll(ports, 0) as [number, number, number];
    ports.giveBack(b, 100);
    ports.giveBack(a, 200);
    ports.giveBack(c, 300);
    expect(ports.inspect(300)).toEqual({ pairs: 3, taken: 0, quarantined: 3 });
    expect(ports.take(2099)).toBeUndefined();
    expect(ports.take(2100)).toBe(b);
    expect(ports.take(2199)).toBeUndefined();
    expect(ports.take(5000)).toBe(a);
    expect(ports.take(5000)).toBe(c);
    expect(ports.inspect(5000)).toEqual({ pairs: 3, taken: 3, quarantined: 0 });
  });

  test('giving back what is not taken is our own error', () => {
    const ports = ledger(20000, 20005);
    const port = ports.take(0)!;
    ports.giveBack(port, 0);
    expect(() => ports.giveBack(port, 0)).toThrow(AssertionError);
    expect(() => ports.giveBack(30000, 0)).toThrow(AssertionError);
  });

  test('never the same port twice, never within its rest, and all are there at the end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ take: fc.boolean(), which: fc.nat(), wait: fc.nat(900) }), { maxLength: 200 }),
        fc.nat(),
        (steps, seed) => {
          const ports = ledger(20000, 20031, seed);
          const taken: number[] = [];
          const restsUntil = new Map<number, number>();
          let now = 0;
          for (const { take, which, wait } of steps) {
            now += wait;
            if (take) {
              const port = ports.take(now);
              if (port === undefined) {
                expect(taken.length + [...restsUntil.values()].filter((until) => until > now).length).toBe(16);
                continue;
              }
              expect(taken).not.toContain(port);
              expect(restsUntil.get(port) ?? 0).toBeLessThanOrEqual(now);
              taken.push(port);
            } else if (taken.length > 0) {
              const [port] = taken.splice(which % taken.length, 1) as [number];
              ports.giveBack(port, now);
              restsUntil.set(port, now + 2000);
            }
          }
          for (const port of taken) ports.giveBack(port, now);
          expect(takeAll(ports, now + 2000)).toHaveLength(16);
        },
      ),
    );
  });
});
