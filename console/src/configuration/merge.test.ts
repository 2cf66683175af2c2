import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge, merged, type Take } from './merge.ts';

const base = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\n');
const text = (lines: string) => lines.split(' ').join('\n');
const kinds = (regions: ReturnType<typeof merge>) => regions.map(({ kind }) => kind).filter((kind) => kind !== 'same');

describe('two texts that were made from one', () => {
  test('are one where each changed something else', () => {
    const regions = merge(base, text('a B c d e f g'), text('a b c d e f new g'));
    expect(kinds(regions)).toEqual(['mine', 'theirs']);
    expect(merged(regions, new Map())).toBe(text('a B c d e f new g'));
  });

  test('are asked about where both changed the same, and neither is lost', () => {
    const regions = merge(base, text('a b MINE d e f g'), text('a b THEIRS d e f'));
    expect(regions.filter(({ kind }) => kind === 'conflict')).toEqual([
      { kind: 'conflict', was: ['c'], mine: ['MINE'], theirs: ['THEIRS'] },
    ]);
    expect(merged(regions, new Map())).toBeUndefined();
    const at = regions.findIndex(({ kind }) => kind === 'conflict');
    const of = (take: Take) => merged(regions, new Map([[at, take]]));
    expect(of('mine')).toBe(text('a b MINE d e f'));
    expect(of('theirs')).toBe(text('a b THEIRS d e f'));
    expect(of('mine-theirs')).toBe(text('a b MINE THEIRS d e f'));
    expect(of('theirs-mine')).toBe(text('a b THEIRS MINE d e f'));
  });

  test('are not asked about where both did the same', () => {
    const regions = merge(base, text('a X c d e f g'), text('a X c d e f g h'));
    expect(kinds(regions)).toEqual(['alike', 'theirs']);
    expect(merged(regions, new Map())).toBe(text('a X c d e f g h'));
  });

  test('changes that touch each other are one: nobody knows which of them comes first', () => {
    expect(kinds(merge(base, text('a B c d e f g'), text('a b 1 C d e f g')))).toEqual(['conflict']);
    expect(kinds(merge(base, text('a b 1 c d e f g'), text('a b 2 c d e f g')))).toEqual(['conflict']);
  });

  test('lines beside each other that each changed one of are told apart', () => {
    const regions = merge(base, text('a B X d e f g'), text('a b Y D e f g'));
    expect(kinds(regions)).toEqual(['mine', 'conflict', 'theirs']);
    expect(merged(regions, new Map(regions.map((_, at) => [at, 'theirs'])))).toBe(text('a B Y D e f g'));
  });

  test('of which it is not known what they began with are asked about wherever they differ', () => {
    const regions = merge(undefined, text('a b c'), text('a c d'));
    expect(kinds(regions)).toEqual(['conflict', 'conflict']);
    expect(regions.filter(({ kind }) => kind === 'conflict')).toMatchObject([
      { mine: ['b'], theirs: [] },
      { mine: [], theirs: ['d'] },
    ]);
  });

  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((all) => all.join('\n'));
  test('whatever they are: taking one side of all that is asked gives what that side did, and what only the other did', () => {
    fc.assert(
      fc.property(lines, lines, lines, (was, mine, theirs) => {
        const whole = (take: Take, regions = merge(was, mine, theirs)) =>
          merged(regions, new Map(regions.map((_, at) => [at, take])));
        // Each region as one side has it is that side's text.
        const side = (of: 'mine' | 'theirs') =>
          merge(was, mine, theirs).flatMap((region) =>
            region.kind === 'conflict'
              ? region[of]
              : ['same', 'alike', of].includes(region.kind)
                ? region.lines
                : region.was,
          );
        expect(side('mine').join('\n')).toBe(mine);
        expect(side('theirs').join('\n')).toBe(theirs);
        if (was === theirs) expect(whole('theirs')).toBe(mine);
        if (was === mine) expect(whole('mine')).toBe(theirs);
        expect(whole('mine', merge(undefined, mine, theirs))).toBe(mine);
        expect(whole('theirs', merge(undefined, mine, theirs))).toBe(theirs);
      }),
    );
  });
});
