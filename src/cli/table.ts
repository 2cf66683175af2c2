import { padEnd, widthOf } from './output/width.ts';

/** Columns of text, two spaces apart, headings above; a line for each row, nothing behind its last word. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = headings.length === 0 ? rows : [headings, ...rows];
  const columns = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ''))));
  const line = (row: readonly string[]) => row.map((cell, i) => padEnd(cell, widths[i]!)).join('  ');
  return all.map((row) => `${line(row).trimEnd()}\n`).join('');
}
