import type { styleText } from 'node:util';
import { harmless } from '../cdr-text.ts';
import { foldedLine } from './folded.ts';
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
  /** The fewest columns of the terminal it may be cut to; without, it is cut where nothing else helps. */
  readonly least?: number;
  /** The higher, the sooner it gives way where the table does not fit: it is cut, then left out. Without, it always stands. */
  readonly spare?: number;
}

/**
 * A line a row under a line of headings. `width` is the terminal's. What does not fit gives way, the least important column first: cut to its
 * least, then left out; a last line names what is not there. `below`: further lines under a row, folded.
 */
export function fittedTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  paint: Painter,
  below: (row: Row) => readonly string[] = () => [],
): string {
  const { lines, without } = fittedLines(rows, columns, width, paint, below);
  if (without.length > 0)
    for (const line of foldedLine(`Wider terminals show ${without.join(', ')} too; so does -o yaml.`, width, 2))
      lines.push(paint('dim', line));
  return `${lines.join('\n')}\n`;
}

/** The same in lines; `without`: the headings of what was left out. */
export function fittedLines<Row>(
  rows: readonly Row[],
  all: readonly Column<Row>[],
  width: number,
  paint: Painter,
  below: (row: Row) => readonly string[] = () => [],
): { readonly lines: string[]; readonly without: readonly string[] } {
  const texts = all.map((column) => rows.map((row) => harmless(column.cell(row))));
  const natural = all.map((column, i) =>
    texts[i]!.reduce((widest, text) => Math.max(widest, widthOf(text)), widthOf(column.heading)),
  );
  const kept = all.map((_, i) => i);
  const without: string[] = [];
  let widths = narrowed(natural, all, kept, width);
  while (!widths) {
    const spared = mostSpare(all, kept);
    if (spared === undefined) {
      widths = squeezed(natural, kept, width);
      break;
    }
    kept.splice(kept.indexOf(spared), 1);
    without.push(all[spared]!.heading);
    widths = narrowed(natural, all, kept, width);
  }
  const last = kept.at(-1);
  const place = (text: string, i: number) => {
    const fits = cut(text, widths[i]!);
    if (all[i]!.right) return padStart(fits, widths[i]!);
    return i === last ? fits : padEnd(fits, widths[i]!);
  };
  const lines = [kept.map((i) => paint('bold', place(all[i]!.heading, i))).join('  ')];
  for (const [at, row] of rows.entries()) {
    const line = kept.map((i) => {
      const text = place(texts[i]![at]!, i);
      const colour = all[i]!.colour?.(row);
      return colour === undefined ? text : paint(colour, text);
    });
    lines.push(line.join('  ').trimEnd(), ...below(row).flatMap((one) => foldedLine(harmless(one), width)));
  }
  return { lines, without };
}

/** Those of the same importance share the loss, the widest first. Undefined: it does not fit even when all that may be is cut. */
function narrowed<Row>(
  natural: readonly number[],
  columns: readonly Column<Row>[],
  kept: readonly number[],
  width: number,
): number[] | undefined {
  const widths = [...natural];
  let over = sumOf(widths, kept) - width;
  const order = [...new Set(kept.map((i) => columns[i]!.spare ?? 0))].sort((a, b) => b - a);
  for (const spare of order)
    while (over > 0) {
      const from = widestOf(
        kept.filter((i) => {
          const { least, spare: own = 0 } = columns[i]!;
          return own === spare && least !== undefined && widths[i]! > least;
        }),
        widths,
      );
      if (from === undefined) break;
      widths[from]!--;
      over--;
    }
  return over > 0 ? undefined : widths;
}

/** What is left is cut all the same, the widest first. */
function squeezed(natural: readonly number[], kept: readonly number[], width: number): number[] {
  const widths = [...natural];
  for (let over = sumOf(widths, kept) - width; over > 0; over--) {
    const from = widestOf(
      kept.filter((i) => widths[i]! > 1),
      widths,
    );
    if (from === undefined) break;
    widths[from]!--;
  }
  return widths;
}

function mostSpare<Row>(columns: readonly Column<Row>[], kept: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const i of kept) {
    const { spare } = columns[i]!;
    if (spare !== undefined && (found === undefined || spare > columns[found]!.spare!)) found = i;
  }
  return found;
}

function widestOf(of: readonly number[], widths: readonly number[]): number | undefined {
  return of.reduce<number | undefined>(
    (widest, i) => (widest === undefined || widths[i]! > widths[widest]! ? i : widest),
    undefined,
  );
}

function sumOf(widths: readonly number[], kept: readonly number[]): number {
  return kept.reduce((sum, i) => sum + widths[i]! + 2, -2);
}
