import type { Schemas } from '../../api/client.ts';

export type Line = Schemas['CallRecordLine'];

const columns: readonly (readonly [name: string, value: (line: Line) => string | number | undefined])[] = [
  ['call', ({ call }) => call],
  ['startedAt', ({ startedAt }) => startedAt],
  ['ringingAt', ({ ringingAt }) => ringingAt],
  ['answeredAt', ({ answeredAt }) => answeredAt],
  ['endedAt', ({ endedAt }) => endedAt],
  ['caller', ({ caller }) => caller],
  ['called', ({ called }) => called],
  ['from', ({ from }) => from],
  ['to', ({ to }) => to],
  ['route', ({ route }) => route],
  ['site', ({ site }) => site],
  ['user', ({ user }) => user],
  ['talkMs', ({ talkMs }) => talkMs],
  ['attempts', ({ attempts }) => attempts],
  ['endedBy', ({ end }) => end.by],
  ['reason', ({ end }) => end.reason],
  ['sipStatus', ({ end }) => end.sip?.status],
  ['q850', ({ end }) => end.q850?.cause],
  ['emergency', ({ emergency }) => emergency],
];

/** Names as the API has them (RFC 4180 with a head). */
export const csvHead = `${columns.map(([name]) => name).join(',')}\r\n`;

export function csvLine(line: Line): string {
  return `${columns.map(([, value]) => cell(value(line))).join(',')}\r\n`;
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // What a caller wrote is no formula of ours: spreadsheets take these for one, white space before it or not, wide signs too. A number with its + is none.
  const bare = value.trimStart().normalize('NFKC');
  const text = /^[=@-]/.test(bare) || /^\+(?!\d*$)/.test(bare) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
