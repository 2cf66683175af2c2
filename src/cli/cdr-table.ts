import { type CallRecord, partiesOwnEnds } from '#engine/ports';
import { duration, localTime } from './cdr-text.ts';
import { type Column, type Format, fittedTable, type Painter } from './output/fitted-table.ts';

const columns: readonly Column<CallRecord>[] = [
  { heading: 'STARTED', cell: (record) => localTime(record.startedAt), spare: 1 },
  { heading: 'CALL', cell: (record) => record.call, least: 13, spare: 2 },
  { heading: 'FROM', cell: (record) => record.leg.trunk, least: 6, spare: 4 },
  { heading: 'CALLER', cell: (record) => record.caller, least: 10 },
  { heading: 'TO', cell: carrier, least: 6, spare: 3 },
  { heading: 'CALLED', cell: (record) => record.called, least: 10 },
  { heading: 'RANG', cell: rang, right: true, spare: 6 },
  {
    heading: 'TALKED',
    cell: (record) => (record.answeredAt === undefined ? '-' : duration(record.talkMs)),
    right: true,
    spare: 5,
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

/** A line a record; `width` is the terminal's. */
export function recordTable(records: readonly CallRecord[], width: number, paint: Painter): string {
  return fittedTable(records, columns, width, paint);
}
