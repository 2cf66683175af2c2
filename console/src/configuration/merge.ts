import { kept } from './line-diff.ts';

/** What of two texts that were made from one stands at a place. */
export type Region =
  /** Nobody changed it, one alone did, or both did the same. */
  | {
      readonly kind: 'same' | 'mine' | 'theirs' | 'alike';
      readonly lines: readonly string[];
      readonly was: readonly string[];
    }
  /** Both changed it, and not alike. */
  | Conflict;
export interface Conflict {
  readonly kind: 'conflict';
  readonly was: readonly string[];
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

/** What becomes of a conflict: one of both, or both, one after the other. */
export const takes = ['mine', 'theirs', 'mine-theirs', 'theirs-mine'] as const;
export type Take = (typeof takes)[number];

/**
 * Two texts laid over the one that both began with: what one alone changed is taken, what both changed is asked for. Changes that touch each other are one, but for
 * lines that were changed and stayed as many.
 * Where it is not known what they began with (`base` undefined), all that differs is asked for.
 */
export function merge(base: string | undefined, mine: string, theirs: string): Region[] {
  const [one, other] = [mine.split('\n'), theirs.split('\n')];
  const was = base === undefined ? alike(one, other) : base.split('\n');
  const inMine = kept(was, one);
  const inTheirs = kept(was, other);
  const regions: Region[] = [];
  let [b, m, t] = [0, 0, 0];
  while (b < was.length || m < one.length || t < other.length) {
    let end = b;
    while (end < was.length && inMine[end] === m + end - b && inTheirs[end] === t + end - b) end++;
    if (end > b) {
      const lines = was.slice(b, end);
      regions.push({ kind: 'same', lines, was: lines });
      [b, m, t] = [end, m + end - b, t + end - b];
      continue;
    }
    // To the next line that both left.
    while (end < was.length && (inMine[end] === undefined || inTheirs[end] === undefined)) end++;
    const [nextMine, nextTheirs] = [inMine[end] ?? one.length, inTheirs[end] ?? other.length];
    const [old, my, their] = [was.slice(b, end), one.slice(m, nextMine), other.slice(t, nextTheirs)];
    regions.push(...(base === undefined ? [between(false, old, my, their)] : byLine(old, my, their)));
    [b, m, t] = [end, nextMine, nextTheirs];
  }
  return regions;
}

/** As many lines on all sides are the same lines, changed: what each side did to them is told line by line, and lines alike in kind stay together. */
function byLine(was: readonly string[], mine: readonly string[], theirs: readonly string[]): Region[] {
  if (was.length !== mine.length || was.length !== theirs.length) return [between(true, was, mine, theirs)];
  const kinds = was.map((line, at) => between(true, [line], [mine[at]!], [theirs[at]!]).kind);
  const regions: Region[] = [];
  for (let from = 0, to = 0; from < was.length; from = to) {
    while (to < was.length && kinds[to] === kinds[from]) to++;
    regions.push(between(true, was.slice(from, to), mine.slice(from, to), theirs.slice(from, to)));
  }
  return regions;
}

function between(isKnown: boolean, was: readonly string[], mine: readonly string[], theirs: readonly string[]): Region {
  if (same(mine, theirs)) return { kind: 'alike', lines: mine, was };
  if (isKnown && same(mine, was)) return { kind: 'theirs', lines: theirs, was };
  if (isKnown && same(theirs, was)) return { kind: 'mine', lines: mine, was };
  return { kind: 'conflict', was, mine, theirs };
}

/** The text of it; undefined while a conflict has no answer. `taken`: by the place of its region. */
export function merged(regions: readonly Region[], taken: ReadonlyMap<number, Take>): string | undefined {
  const lines: string[] = [];
  for (const [at, region] of regions.entries()) {
    if (region.kind !== 'conflict') {
      lines.push(...region.lines);
      continue;
    }
    const take = taken.get(at);
    if (take === undefined) return undefined;
    for (const side of take.split('-') as ('mine' | 'theirs')[]) lines.push(...region[side]);
  }
  return lines.join('\n');
}

function alike(one: readonly string[], other: readonly string[]): string[] {
  return kept(one, other).flatMap((at, from) => (at === undefined ? [] : [one[from]!]));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}
