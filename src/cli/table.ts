import { foldedLine } from './output/folded.ts';
import { padEnd, widthOf } from './output/width.ts';

/** Columns that a cell has at least, be it folded. */
const least = 8;

/**
 * Columns of text, two spaces apart, headings above; nothing behind the last word of a line. `width` is the terminal's: what does not fit goes on
 * below in its column, the widest column first, and nothing is lost.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string {
  const all = headings.length === 0 ? rows : [headings, ...rows];
  const columns = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ''))));
  const sum = () => widths.reduce((total, each) => total + each + 2, -2);
  for (let over = sum() - width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= least) break;
    widths[widest]!--;
  }
  // Too many columns even so: a row is a line that goes on below.
  if (sum() > width)
    return all.map((row) => `${foldedLine(row.filter(Boolean).join('  '), width, 4).join('\n')}\n`).join('');
  return all.map((row) => lineOf(row, widths)).join('');
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, i) => foldedLine(cell, widths[i]!, 0));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  let out = '';
  for (let at = 0; at < height; at++)
    out += `${cells
      .map((lines, i) => padEnd(lines[at] ?? '', widths[i]!))
      .join('  ')
      .trimEnd()}\n`;
  return out;
}
