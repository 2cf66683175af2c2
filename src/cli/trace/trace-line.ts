import { harmless, localTime } from '../cdr-text.ts';
import type { Painter } from '../output/fitted-table.ts';
import { cut, padEnd, widthOf } from '../output/width.ts';
import { colourOf, type Message, shortLine } from './ladder.ts';

/** Columns of a call's id: as much of its beginning as tells it from others, and as other commands take it. */
const idWidth = 12;
const timeWidth = 12;
const partyWidth = 34;
/** The fewest that are left for the message itself. */
const leastMessage = 16;

/** A message on a line of a terminal of so many columns: when, of which call, with whom, what. A narrow one has no addresses. */
export function traceLine(call: string, message: Message, width: number, paint: Painter): string {
  const { leg, remote, sent, atMs, firstLine } = message;
  const time = `${localTime(atMs).slice(11)}.${String(Math.floor(atMs % 1000)).padStart(3, '0')}`;
  const left = width - timeWidth - idWidth - 3;
  const isNarrow = left < partyWidth + leastMessage;
  const party = `${sent ? '->' : '<-'} ${isNarrow ? leg : `${leg} ${remote}`}`;
  const name = harmless(party);
  const most = isNarrow ? Math.max(8, Math.min(16, left - leastMessage)) : partyWidth;
  // Who reads it by a program gets it whole.
  const room = Number.isFinite(width) ? most : Math.max(most, widthOf(name));
  const shown = padEnd(cut(name, room), room);
  const text = cut(harmless(shortLine(message)), Math.max(8, left - room));
  return `${paint('dim', time)} ${harmless(call.slice(0, idWidth))} ${shown} ${paint(colourOf(firstLine), text)}`;
}
