import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapOf, mapSizes } from './layout.ts';

test('inside on the left, outside on the right; sites by name, those without one last', () => {
  const { boxes } = mapOf([
    { name: 'itsp', side: 'external' },
    { name: 'telekom', side: 'external', site: 'berlin' },
    { name: 'pbx-b', side: 'internal', site: 'muenchen' },
    { name: 'pbx-a', side: 'internal', site: 'muenchen' },
  ]);
  expect(boxes.map(({ site, isInside, trunks }) => [isInside, site, trunks.map(({ trunk }) => trunk.name)])).toEqual([
    [true, 'muenchen', ['pbx-a', 'pbx-b']],
    [false, 'berlin', ['telekom']],
    [false, '', ['itsp']],
  ]);
});

test('nothing overlaps, nothing is outside', () => {
  const trunk = fc.record({
    name: fc.string({ minLength: 1, maxLength: 4 }),
    side: fc.constantFrom('internal', 'external'),
    site: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(trunk, { maxLength: 20 }), (trunks) => {
      const { boxes, height } = mapOf(trunks);
      expect(boxes.flatMap((box) => box.trunks)).toHaveLength(trunks.length);
      for (const isInside of [true, false]) {
        let below = 0;
        for (const box of boxes.filter((one) => one.isInside === isInside)) {
          expect(box.y).toBeGreaterThanOrEqual(below);
          for (const { y } of box.trunks) {
            expect(y).toBeGreaterThanOrEqual(box.y);
            expect(y + mapSizes.trunk).toBeLessThanOrEqual(box.y + box.height);
          }
          below = box.y + box.height;
        }
        expect(below).toBeLessThanOrEqual(height);
      }
    }),
  );
});
