import type { components } from '#client';
import { callColumns } from '../call/acts.ts';
import { harmless, localTime } from '../cdr-text.ts';
import { type Column, fittedLines, type Painter } from '../output/fitted-table.ts';
import { cut, padEnd, widthOf } from '../output/width.ts';

type Trunk = components['schemas']['Trunk'];
type Call = components['schemas']['Call'];
type Trouble = components['schemas']['Trouble'];

/** What is shown, as it was asked last. */
export interface Seen {
  /** Unix ms. */
  readonly at: number;
  readonly where: string;
  readonly standing: number;
  readonly calls: readonly Call[];
  readonly trunks: readonly Trunk[];
  readonly troubles: readonly Trouble[];
  /** Why nothing newer is known. */
  readonly lost?: string;
}

/** How it is looked at; keys change it. */
export interface View {
  readonly sort: (typeof sorts)[number];
  /** Calls before the first one that is shown. */
  readonly from: number;
  readonly paused: boolean;
  /** The keys are shown in place of it. */
  readonly help?: boolean;
}

/** Calls that can be scrolled to: who looks for one of more sorts them, or asks `tandem call list`. */
export const mostCalls = 1000;

const keys = [
  'q, Ctrl-C      quit',
  's              sort calls by another thing',
  'down, j        a call further down',
  'up, k          a call further up',
  'PgDn, PgUp     a page of them',
  'Home, g        back to the first',
  'space          hold the screen still, or let it go on',
  '?, h           these keys; any key leaves them',
];

export const sorts = ['-started', 'started', 'caller', 'called', 'from', 'to', 'phase'] as const;

const sortNames: Readonly<Record<View['sort'], string>> = {
  '-started': 'newest',
  started: 'longest',
  caller: 'caller',
  called: 'called',
  from: 'from',
  to: 'to',
  phase: 'state',
};

/** One look, for a log or a pipe: no keys, no empty rest of a screen; `rows` is the most that is told. */
export function onceLines(
  seen: Seen,
  view: View,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  paint: Painter,
): readonly string[] {
  // Into a pipe nothing is cut.
  const lines = screen(seen, view, { columns: Math.min(columns, 1000), rows: rows + 1 }, paint).slice(0, -1);
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** Lines of the screen, exactly as many as it has, none wider than it is. */
export function screen(
  seen: Seen,
  view: View,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  paint: Painter,
): readonly string[] {
  const lines: string[] = [headline(seen, view, columns, paint)];
  if (view.help) {
    lines.push('', ...keys.map((line) => cut(line, columns)));
    while (lines.length < rows) lines.push('');
    return lines.slice(0, rows);
  }
  const troubles = seen.troubles.slice(0, Math.max(1, Math.floor(rows / 6)));
  for (const one of troubles) lines.push(troubleLine(one, columns, paint));
  if (seen.troubles.length > troubles.length)
    lines.push(cut(`and ${seen.troubles.length - troubles.length} more: tandem status`, columns));
  if (seen.troubles.length === 0) lines.push(paint('green', cut('Nothing is wrong.', columns)));
  lines.push('');
  // What fails first, then what has the most to do.
  const order = { down: 0, 'partly-down': 1, unknown: 2, up: 2, disabled: 3 } as const;
  const trunks = seen.trunks.toSorted((a, b) => order[a.state] - order[b.state] || b.active - a.active);
  const most = Math.max(2, Math.floor((rows - lines.length) / 2) - 2);
  lines.push(...tableLines(trunks.slice(0, most), trunkColumns, columns, paint));
  if (trunks.length > most) lines.push(cut(`and ${trunks.length - most} more`, columns));
  lines.push('');
  const room = Math.max(0, rows - lines.length - 2);
  const calls = seen.calls.slice(view.from, view.from + room);
  if (room > 0) lines.push(...tableLines(calls, callColumns(seen.at), columns, paint));
  while (lines.length < rows - 1) lines.push('');
  lines.length = Math.max(1, rows - 1);
  lines.push(paint('inverse', padEnd(cut(footer(seen, view), columns), columns)));
  return lines.slice(-rows);
}

function headline(
  { at, where, standing, calls, trunks, lost }: Seen,
  { paused }: View,
  columns: number,
  paint: Painter,
): string {
  const setup = calls.filter(({ phase }) => phase === 'setup').length;
  const silent = calls.filter((call) => call.silent?.length).length;
  const ended = trunks.reduce((sum, { hour }) => sum + hour.from.calls, 0);
  const answered = trunks.reduce((sum, { hour }) => sum + hour.from.answered, 0);
  const parts = [
    `${localTime(at).slice(11)}  ${standing} ${standing === 1 ? 'call' : 'calls'}`,
    ...(setup > 0 ? [`${setup} being set up`] : []),
    ...(silent > 0 ? [`${silent} silent`] : []),
    ended > 0
      ? `${ended} ended in the hour, ${Math.round((100 * answered) / ended)} % answered`
      : 'none ended in the hour',
    where,
  ];
  const text = cut(harmless(parts.join(', ')), columns);
  if (lost !== undefined) return paint('red', cut(harmless(`NOT HEARD: ${lost}`), columns));
  return paint('bold', paused ? cut(`PAUSED  ${text}`, columns) : text);
}

const colours = { critical: 'red', warning: 'yellow', notice: 'cyan' } as const;

function troubleLine({ severity, what }: Trouble, columns: number, paint: Painter): string {
  return paint(
    colours[severity],
    cut(`${severity === 'critical' ? '!!' : severity === 'warning' ? ' !' : '  '} ${harmless(what)}`, columns),
  );
}

const trunkColumns: readonly Column<Trunk>[] = [
  { heading: 'TRUNK', cell: ({ name }) => name, least: 6 },
  {
    heading: 'STATE',
    cell: ({ state }) => state,
    colour: ({ state }) =>
      state === 'up' ? 'green' : state === 'down' ? 'red' : state === 'partly-down' ? 'yellow' : undefined,
  },
  {
    heading: 'CALLS',
    cell: ({ active, limit }) => (limit === undefined ? `${active}` : `${active}/${limit}`),
    right: true,
  },
  { heading: 'USED', cell: ({ active, limit }) => bar(active, limit), least: 4, spare: 3 },
  { heading: 'HOUR', cell: ({ hour }) => String(hour.to.calls + hour.from.calls), right: true, spare: 5 },
  { heading: 'ASR', cell: ({ hour }) => percent(hour.to.asr ?? hour.from.asr), right: true, spare: 6 },
  { heading: 'NER', cell: ({ hour }) => percent(hour.to.ner ?? hour.from.ner), right: true, spare: 2 },
  {
    heading: 'RTT',
    cell: ({ options }) => (options?.roundTripMs === undefined ? '-' : `${Math.round(options.roundTripMs)} ms`),
    right: true,
    spare: 4,
  },
  {
    heading: 'WHY',
    cell: ({ because, registration }) => (registration ? `${registration.stage}; ${because}` : because),
    least: 8,
    spare: 1,
  },
];

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${Math.round(share * 100)} %`;
}

/** Ten places; empty where there is no limit. */
export function bar(used: number, limit: number | undefined): string {
  if (!limit) return '';
  const full = Math.min(10, Math.ceil((10 * used) / limit));
  return '█'.repeat(full) + '░'.repeat(10 - full);
}

function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  paint: Painter,
): readonly string[] {
  // There are too many for the least width: what is over is cut before it is painted.
  const { lines } = fittedLines(rows, columns, width, paint);
  if (widthOf(lines[0]!) <= width) return lines;
  return fittedLines(rows, columns, width, (_format, text) => text).lines.map((line) => cut(line, width));
}

function footer({ standing }: Seen, { sort, from }: View): string {
  const place = from > 0 ? `, from the ${from + 1}th` : '';
  const reach = standing > mostCalls ? `, ${mostCalls} in reach` : '';
  return ` q quit  ? keys  s sort (${sortNames[sort]})  up/down scroll${place} of ${standing}${reach}  space pause `;
}

/** What a key makes of the view; undefined: it is quit. */
export function pressed(key: string, view: View, { standing }: Pick<Seen, 'standing'>, page: number): View | undefined {
  const last = Math.max(0, Math.min(standing, mostCalls) - 1);
  const to = (from: number) => ({ ...view, from: Math.max(0, Math.min(from, last)) });
  if (view.help && !['q', '\x03'].includes(key)) return { ...view, help: false };
  switch (key) {
    case 'q':
    case '\x03':
    case '\x1b':
      return undefined;
    case '?':
    case 'h':
      return { ...view, help: true };
    case 's':
      return { ...view, from: 0, sort: sorts[(sorts.indexOf(view.sort) + 1) % sorts.length]! };
    case ' ':
      return { ...view, paused: !view.paused };
    case '\x1b[B':
    case 'j':
      return to(view.from + 1);
    case '\x1b[A':
    case 'k':
      return to(view.from - 1);
    case '\x1b[6~':
      return to(view.from + page);
    case '\x1b[5~':
      return to(view.from - page);
    case '\x1b[H':
    case 'g':
      return to(0);
    default:
      return view;
  }
}
