import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxAt, layoutOf, nearest, onGrid, sizes } from './layout.ts';
import { capacityNameOf, type MapTrunk, siteAt, type Topology, topologyIn } from './topology.ts';

const trunk = (name: string, isInside: boolean, site?: string): MapTrunk => ({
  ...{ name, isInside, site },
  kind: isInside ? 'ip-pbx' : 'itsp',
  isDisabled: false,
});
const house: Topology = {
  sites: [
    { name: 'muenchen', kind: 'branch', region: 'south' },
    { name: 'berlin', kind: 'central', region: 'north' },
    { name: 'empty', kind: 'branch', region: 'south' },
  ],
  trunks: [
    trunk('itsp', false),
    trunk('telekom', false, 'berlin'),
    trunk('pbx-b', true, 'muenchen'),
    trunk('pbx-a', true, 'muenchen'),
    trunk('gone', true, 'nowhere'),
  ],
  links: [],
};

describe('the map', () => {
  test('has what is inside on the left, outside on the right; sites by name, those without trunks last', () => {
    const { boxes } = layoutOf(house);
    expect(boxes.map(({ key, isInside, trunks }) => [isInside, key, trunks.map((one) => one.trunk.name)])).toEqual([
      [false, 'site berlin', ['telekom']],
      [true, 'site muenchen', ['pbx-a', 'pbx-b']],
      [true, 'trunks inside', ['gone']],
      [false, 'trunks outside', ['itsp']],
      [true, 'site empty', []],
    ]);
    expect(boxes.find(({ key }) => key === 'site berlin')!.x).toBeGreaterThan(boxes[1]!.x);
  });

  test('keeps what somebody placed where he put it, its trunks within', () => {
    const { boxes, us, view } = layoutOf(house, { 'site muenchen': { x: -400, y: 900 }, tandem: { x: 5, y: 6 } });
    const moved = boxes.find(({ key }) => key === 'site muenchen')!;
    expect([moved.x, moved.y, us]).toEqual([-400, 900, { x: 5, y: 6 }]);
    expect(moved.trunks.map(({ y }) => y)).toEqual([900 + sizes.head, 900 + sizes.head + sizes.trunk + sizes.gap]);
    expect(view.x).toBeLessThan(-400);
    expect(view.y + view.height).toBeGreaterThan(900 + moved.height);
    expect(boxAt(boxes, { x: -390, y: 905 })).toBe(moved);
    expect(boxAt(boxes, { x: -1000, y: 0 })).toBeUndefined();
    expect(onGrid({ x: 14, y: -16 })).toEqual({ x: 10, y: -20 });
  });

  test('draws links between sites, and between regions by their central site, within what is seen', () => {
    const links = [
      { between: ['berlin', 'muenchen'] as const, at: 0 },
      { between: ['north', 'south'] as const, at: 1 },
      { between: ['muenchen', 'empty'] as const, at: 2 },
      { between: ['muenchen', 'nowhere'] as const, at: 3 },
    ];
    const { lines, view } = layoutOf({ ...house, links });
    expect(lines.map(({ link }) => link.at)).toEqual([0, 1, 2]);
    for (const { middle } of lines) expect(middle.x).toBeGreaterThan(view.x);
    expect(lines[2]!.middle.x).toBeLessThan(0);
  });

  test('overlaps nowhere of itself, and leaves nothing out', () => {
    const any = fc.record({
      name: fc.string({ minLength: 1, maxLength: 4 }),
      isInside: fc.boolean(),
      site: fc.option(fc.constantFrom('berlin', 'muenchen', 'other'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (some) => {
        const { boxes, view } = layoutOf({
          ...house,
          trunks: some.map(({ name, isInside, site }) => trunk(name, isInside, site)),
        });
        expect(boxes.flatMap((box) => box.trunks)).toHaveLength(some.length);
        for (const x of new Set(boxes.map((box) => box.x))) {
          let below = view.y;
          for (const box of boxes.filter((one) => one.x === x)) {
            expect(box.y).toBeGreaterThanOrEqual(below);
            for (const { y } of box.trunks) {
              expect(y).toBeGreaterThanOrEqual(box.y);
              expect(y + sizes.trunk).toBeLessThanOrEqual(box.y + box.height);
            }
            below = box.y + box.height;
          }
          expect(below).toBeLessThanOrEqual(view.y + view.height);
        }
      }),
    );
  });

  test('of many sites stands in columns, the first next to us', () => {
    const sites = Array.from({ length: 60 }, (_, i) => ({ name: `s${String(i).padStart(2, '0')}`, kind: 'branch' }));
    const { boxes, us, view } = layoutOf({ ...house, sites, trunks: [] });
    expect(view.height).toBeLessThan(1_100);
    expect(new Set(boxes.map(({ x }) => x)).size).toBeGreaterThan(3);
    expect(boxes[0]!.x).toBe(Math.max(...boxes.map(({ x }) => x)));
    expect(boxes.every(({ x, width }) => x + width < us.x)).toBe(true);
  });

  test('is walked by arrow keys to what is nearest that way', () => {
    const at = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
    const all = [at(0, 0), at(0, 50), at(100, 0), at(100, 400)];
    expect(nearest(all[0]!, all, 0, 1)).toBe(all[1]);
    expect(nearest(all[0]!, all, 1, 0)).toBe(all[2]);
    expect(nearest(all[3]!, all, 0, -1)).toBe(all[2]);
    expect(nearest(all[0]!, all, -1, 0)).toBeUndefined();
  });
});

test('what a file says as a picture', () => {
  const topology = topologyIn({
    trunks: [
      { name: 'a', kind: 'itsp', site: 'berlin', disabled: 'until 2026' },
      { name: 'b', kind: 'pstn-gateway' },
      { name: 'c', kind: 'itsp', side: 'internal', disabled: 'false' },
    ],
    sites: [
      { name: 'berlin', region: 'north', bandwidth: { audio: '2 Mbit/s' } },
      { name: 'graz', centre: 'berlin', bandwidth: '500 kbit/s' },
    ],
    links: [{ between: ['north', 'south'] }, { between: 'x' }, { between: ['berlin', 'graz'], bandwidth: '1 Mbit/s' }],
  });
  expect(topology.trunks.map(({ name, isInside, isDisabled, site }) => [name, isInside, isDisabled, site])).toEqual([
    ['a', false, true, 'berlin'],
    ['b', true, false, undefined],
    ['c', true, false, undefined],
  ]);
  expect(topology.sites.map(({ kind, bandwidth }) => [kind, bandwidth])).toEqual([
    ['central', '2 Mbit/s'],
    ['branch', '500 kbit/s'],
  ]);
  expect(topology.links).toEqual([
    { between: ['north', 'south'], bandwidth: undefined, at: 0 },
    { between: ['berlin', 'graz'], bandwidth: '1 Mbit/s', at: 2 },
  ]);
  expect([siteAt(topology, 'north')?.name, siteAt(topology, 'graz')?.name, siteAt(topology, 'south')]).toEqual([
    ...['berlin', 'graz', undefined],
  ]);
  expect(capacityNameOf(topology.links[1]!)).toContain('the link between berlin and graz');
});
