import type { styleText } from 'node:util';
import { harmless } from '../cdr-text.ts';
import { cut, padEnd, padStart, widthOf } from './width.ts';

export type Format = Parameters<typeof styleText>[0];
/** Colours a text, or leaves it. */
export type Painter = (format: Format, text: string) => string;

export interface Column<Row> {
  readonly heading: string;
  /** Strangers may have written it. */
  readonly cell: (row: Row) => string;
  readonly colour?: (row: Row) => Format | undefined;
  readonly right?: true;
  /** The fewest columns of the terminal it may be cut to; without, it is never cut. */
  readonly least?: number;
}

/**
 * A line a row under a line of headings. `width` is the terminal's; what does not fit is cut, the widest column first.
 * `below`: further lines under a row.
 */
export function fittedTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  paint: Painter,
  below: (row: Row) => readonly string[] = () => [],
): string {
  const cells = rows.map((row) => columns.map((column) => harmless(column.cell(row))));
  const widths = columns.map((column, i) =>
    cells.reduce((widest, row) => Math.max(widest, widthOf(row[i]!)), column.heading.length),
  );
  narrow(widths, columns, width);
  const last = columns.length - 1;
  const place = (text: string, i: number) => {
    const fits = cut(text, widths[i]!);
    if (columns[i]!.right) return padStart(fits, widths[i]!);
    return i === last ? fits : padEnd(fits, widths[i]!);
  };
  const lines = [columns.map((column, i) => paint('bold', place(column.heading, i))).join('  ')];
  for (const [at, row] of rows.entries()) {
    const line = columns.map((column, i) => {
      const text = place(cells[at]![i]!, i);
      const colour = column.colour?.(row);
      return colour === undefined ? text : paint(colour, text);
    });
    lines.push(line.join('  ').trimEnd(), ...below(row).map((one) => cut(harmless(one), width)));
  }
  return `${lines.join('\n')}\n`;
}

/** Takes one column after the other from what can best spare it. */
function narrow(widths: number[], columns: readonly { readonly least?: number }[], width: number): void {
  let over = widths.reduce((sum, each) => sum + each + 2, -2) - width;
  for (; over > 0; over--) {
    let widest = -1;
    for (const [i, { least }] of columns.entries()) {
      if (least === undefined || widths[i]! <= least) continue;
      if (widest < 0 || widths[i]! > widths[widest]!) widest = i;
    }
    if (widest < 0) return;
    widths[widest]!--;
  }
}
