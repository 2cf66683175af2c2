import type { styleText } from 'node:util';
import { type CallRecord, partiesOwnEnds } from '#engine/ports';
import { duration, harmless, localTime } from './cdr-text.ts';

type Format = Parameters<typeof styleText>[0];

interface Column {
  readonly heading: string;
  readonly cell: (record: CallRecord) => string;
  readonly colour?: (record: CallRecord) => Format | undefined;
  readonly right?: true;
  /** The fewest characters it may be cut to; without, it is never cut. */
  readonly least?: number;
}

const columns: readonly Column[] = [
  { heading: 'STARTED', cell: (record) => localTime(record.startedAt) },
  { heading: 'CALL', cell: (record) => record.call, least: 8 },
  { heading: 'FROM', cell: (record) => record.leg.trunk, least: 4 },
  { heading: 'CALLER', cell: (record) => record.caller, least: 6 },
  { heading: 'TO', cell: carrier, least: 4 },
  { heading: 'CALLED', cell: (record) => record.called, least: 6 },
  { heading: 'RANG', cell: rang, right: true },
  {
    heading: 'TALKED',
    cell: (record) => (record.answeredAt === undefined ? '-' : duration(record.talkMs)),
    right: true,
  },
  { heading: 'END', cell: ending, colour: endColour, least: 10 },
];

/** The trunk that took the call, or that was tried last. */
function carrier(record: CallRecord): string {
  const last = record.attempts.at(-1);
  if (last === undefined) return '-';
  return record.attempts.length === 1 ? last.leg.trunk : `${last.leg.trunk} (${ordinal(record.attempts.length)} try)`;
}

function ordinal(n: number): string {
  return n === 2 ? '2nd' : n === 3 ? '3rd' : `${n}th`;
}

/** From the first ringing to the answer, or to the end. */
function rang(record: CallRecord): string {
  if (record.ringingAt === undefined) return '-';
  return duration(Math.max(0, (record.answeredAt ?? record.endedAt) - record.ringingAt));
}

function ending({ end }: CallRecord): string {
  const who = end.reason === 'hangup' ? ` by ${end.by}` : '';
  return `${end.reason}${who}${end.sip && end.reason !== 'hangup' ? ` ${end.sip.status}` : ''}`;
}

function endColour({ end }: CallRecord): Format | undefined {
  if (end.reason === 'hangup') return 'green';
  return partiesOwnEnds.has(end.reason) ? 'yellow' : 'red';
}

/**
 * A line a record under a line of headings. `width` is the terminal's, in characters; what does not fit is cut, the widest
 * column first. `paint` colours a text or leaves it.
 */
export function recordTable(
  records: readonly CallRecord[],
  width: number,
  paint: (format: Format, text: string) => string,
): string {
  const cells = records.map((record) => columns.map((column) => harmless(column.cell(record))));
  const widths = columns.map((column, i) =>
    cells.reduce((widest, row) => Math.max(widest, row[i]!.length), column.heading.length),
  );
  narrow(widths, width);
  const last = columns.length - 1;
  const place = (text: string, i: number) => {
    const cut = text.length <= widths[i]! ? text : `${text.slice(0, widths[i]! - 1)}…`;
    if (columns[i]!.right) return cut.padStart(widths[i]!);
    return i === last ? cut : cut.padEnd(widths[i]!);
  };
  const lines = [columns.map((column, i) => paint('bold', place(column.heading, i))).join('  ')];
  for (const [row, record] of records.entries()) {
    const line = columns.map((column, i) => {
      const text = place(cells[row]![i]!, i);
      const colour = column.colour?.(record);
      return colour === undefined ? text : paint(colour, text);
    });
    lines.push(line.join('  '));
  }
  return `${lines.join('\n')}\n`;
}

/** Takes one character after the other from the column that can best spare it. */
function narrow(widths: number[], width: number): void {
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
