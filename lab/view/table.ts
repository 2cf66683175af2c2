import type { LabCall } from '../lab-call.ts';
import type { PartyReport, PartyState } from '../messages.ts';
import { type End, otherEnd } from '../plan.ts';
import { clock, type Paint, type Style } from './text.ts';

type Cell = readonly [text: string, style?: Style | undefined];

interface Column {
  readonly title: string;
  /** Below the title, where there is a figure for each way. */
  readonly ways?: string;
  readonly width: number;
  /** Of columns that do not fit the terminal the highest goes first; without a number it stays. */
  readonly goes?: number;
  readonly cells: (call: LabCall, now: number) => readonly Cell[];
}

const endNames = { pbx: 'PBX ', itsp: 'ITSP' } as const;

const states: Record<PartyState, Cell> = {
  waiting: ['', 'dim'],
  dialling: ['dialling', 'yellow'],
  ringing: ['ringing', 'yellow'],
  talking: ['talking', 'green'],
  holding: ['on hold', 'cyan'],
  held: ['on hold', 'cyan'],
  ended: ['ended', 'dim'],
};

/** The state of a call in a word. */
export function stateOf(call: LabCall): string {
  return states[call.state][0];
}

const columns: readonly Column[] = [
  { title: '   #', width: 4, cells: ({ plan }) => [[`${plan.number}`.padStart(4)]] },
  { title: 'caller', width: 18, cells: ({ plan }) => [party(plan.from, plan.caller)] },
  { title: 'called', width: 18, cells: ({ plan }) => [party(otherEnd(plan.from), plan.called)] },
  { title: 'state', width: 12, cells: state },
  { title: 'codec', width: 5, goes: 3, cells: ({ caller }) => [[caller?.law ?? '']] },
  { title: '  packets', ways: '   →    ←', width: 9, cells: both(4, ({ received }) => [`${received}`]) },
  { title: ' lost', ways: ' →  ←', width: 5, goes: 1, cells: both(2, lost) },
  { title: 'jitter ms', ways: '   →    ←', width: 9, goes: 2, cells: both(4, ({ jitterMs }) => [jitterMs.toFixed(1)]) },
  {
    title: '  heard',
    ways: '  →   ←',
    width: 7,
    cells: both(3, ({ heard }) => (heard ? ['yes', 'green'] : ['no', 'dim'])),
  },
];
const gap = '  ';

/** The running calls. → is what the caller sends and the callee receives. `now`: Unix ms; `width`: of the terminal. */
export function liveTable(calls: Iterable<LabCall>, now: number, width: number, paint: Paint): string[] {
  const shown = fitting(width);
  const head = (text: (column: Column) => string) =>
    paint(
      'dim',
      shown
        .map((column) => text(column).padEnd(column.width))
        .join(gap)
        .trimEnd(),
    );
  const lines = [head(({ title }) => title), head(({ ways = '' }) => ways)];
  for (const call of calls) {
    const cells = shown.map((column) => {
      const parts = column.cells(call, now);
      const length = parts.reduce((sum, [text]) => sum + text.length, 0);
      const text = parts.map(([text, style]) => (style === undefined ? text : paint(style, text))).join('');
      return text + ' '.repeat(Math.max(0, column.width - length));
    });
    lines.push(cells.join(gap).trimEnd());
  }
  return lines;
}

function fitting(width: number): readonly Column[] {
  let shown = columns;
  const needed = () => shown.reduce((sum, column) => sum + column.width + gap.length, -gap.length);
  for (let goes = 3; goes > 0 && needed() >= width; goes--) {
    shown = shown.filter((column) => column.goes !== goes);
  }
  return shown;
}

function party(end: End, number: string): Cell {
  return [`${endNames[end]} ${number}`];
}

function state(call: LabCall, now: number): readonly Cell[] {
  const [text, style] = states[call.state];
  const since = call.caller?.answeredAt;
  const talks = since !== undefined && call.state !== 'ended';
  return [[talks ? `${text} ${clock(now - since)}` : text, style]];
}

/** What the callee received, then what the caller did; nothing before they talk. */
function both(width: number, cell: (party: PartyReport) => Cell): Column['cells'] {
  const padded = (party: PartyReport | undefined): Cell => {
    const [text, style]: Cell = party?.law === undefined ? [''] : cell(party);
    return [text.padStart(width), style];
  };
  return ({ caller, callee }) => [padded(callee), [' '], padded(caller)];
}

function lost({ lost }: PartyReport): Cell {
  return lost > 0 ? [`${lost}`, 'yellow'] : [`${lost}`];
}
