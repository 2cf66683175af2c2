import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostSteps, packSteps, type SideSteps, unpackSteps } from './course.ts';

const nothing: SideSteps = { packets: [], lost: [], jitterMs: [], roundTripMs: [], peerLoss: [] };

test('a call in which nothing happens takes next to nothing', () => {
  const same = <T>(value: T) => Array.from({ length: mostSteps }, () => value);
  const steps = { packets: same(250), lost: same(0), jitterMs: same(0.4), roundTripMs: same(undefined), peerLoss: [] };
  expect(packSteps(steps)).toBe('250*120;0*120;0.4*120;-*120;');
});

test('what is packed is unpacked as it was', () => {
  const value = fc.option(
    fc.oneof(
      fc.integer({ min: -10, max: 5000 }),
      fc.nat(9999).map((n) => n / 10),
    ),
    { nil: undefined },
  );
  const column = fc.array(value, { maxLength: mostSteps });
  fc.assert(
    fc.property(column, column, column, (packets, lost, jitterMs) => {
      const steps = { ...nothing, packets, lost, jitterMs };
      expect(unpackSteps(packSteps(steps))).toEqual(steps);
    }),
  );
});

test('whatever text there is gives so many steps and no more, numbers all of them', () => {
  const part = fc.constantFrom('250', '-', '*', ',', ';', '1e9', '*999999999', '0.1', 'x', '', '-5', 'Infinity');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      for (const column of Object.values(unpackSteps(parts.join('')))) {
        expect(column.length).toBeLessThanOrEqual(mostSteps);
        for (const one of column) expect(one === undefined || Number.isFinite(one)).toBe(true);
      }
    }),
  );
});
