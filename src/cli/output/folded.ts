import { widthOf } from './width.ts';

/** The least that is left for a text beside what stands before it. */
const leastRoom = 16;

/**
 * A text whose lines are at most `width` columns wide: broken between words, and within what is longer than a line. What goes on stands under
 * where its text began: behind the label, the bullet or the columns before it. Colours count nothing.
 */
export function folded(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  return text
    .split('\n')
    .flatMap((line) => foldedLine(line, Math.max(1, width)))
    .join('\n');
}

/** The lines of one line. */
export function foldedLine(line: string, width: number, indent = hangingOf(line, width)): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const out: string[] = [];
  const margin = ' '.repeat(indent);
  let current = '';
  let used = 0;
  /** Nothing but the margin stands in it. */
  let isFresh = true;
  const next = () => {
    out.push(current.trimEnd());
    current = margin;
    used = indent;
    isFresh = true;
  };
  for (const [piece] of line.matchAll(/ +|[^ ]+/g)) {
    const wide = widthOf(piece);
    if (piece[0] === ' ') {
      // At the start of a line that goes on there is the margin already.
      if (isFresh && out.length > 0) continue;
      if (used + wide > width) {
        next();
        continue;
      }
      current += piece;
      used += wide;
      continue;
    }
    if (used + wide > width && !isFresh) next();
    for (const part of partsOf(piece, width - used, width - indent)) {
      const takes = widthOf(part);
      if (used + takes > width && !isFresh) next();
      current += part;
      used += takes;
      isFresh = false;
    }
  }
  out.push(current.trimEnd());
  return out;
}

/** A word that fits stays whole; else pieces, the first as wide as what is left of the line. */
function partsOf(word: string, room: number, whole: number): readonly string[] {
  if (widthOf(word) <= room) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const one of unitsOf(word)) {
    const wide = widthOf(one);
    if (used > 0 && used + wide > (parts.length === 0 ? room : whole)) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += one;
    used += wide;
  }
  return [...parts, part];
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const colour = /\x1b\[[\d;]*m/;
const colours = /\x1b\[[\d;]*m/g;

/** Characters as they are seen; a colour goes along whole. */
function* unitsOf(text: string): Generator<string> {
  let rest = text;
  for (let found = colour.exec(rest); found; found = colour.exec(rest)) {
    for (const { segment } of graphemes.segment(rest.slice(0, found.index))) yield segment;
    yield found[0];
    rest = rest.slice(found.index + found[0].length);
  }
  for (const { segment } of graphemes.segment(rest)) yield segment;
}

/** Under the text behind the last gap of two spaces or more that leaves it room; else a step further in than the line itself. */
function hangingOf(line: string, width: number): number {
  const bare = line.replaceAll(colours, '');
  let hanging = 0;
  for (const { index, 0: gap } of bare.matchAll(/(?<=\S) {2,}(?=\S)/g)) {
    const behind = widthOf(bare.slice(0, index)) + gap.length;
    if (width - behind < Math.max(leastRoom, width / 3)) break;
    hanging = behind;
  }
  if (hanging > 0) return hanging;
  const begins = bare.length - bare.trimStart().length;
  const step = begins + (/^\s*(?:=> |- |\* |\d+\. )/.test(bare) ? 3 : 2);
  return width - step < leastRoom ? Math.min(begins, Math.max(0, width - leastRoom)) : step;
}
