import type { LabCall } from '../lab-call.ts';
import type { PartyReport, PartyState } from '../messages.ts';
import { otherEnd } from '../plan.ts';
import { clock, type Paint, type Style, spaced } from './text.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly right?: boolean;
  readonly cell: (call: LabCall, now: number) => readonly [text: string, style?: Style];
}

const endNames = { pbx: 'PBX', itsp: 'ITSP' } as const;

const states: Record<PartyState, readonly [text: string, style: Style]> = {
  waiting: ['', 'dim'],
  dialling: ['dialling', 'yellow'],
  ringing: ['ringing', 'yellow'],
  talking: ['talking', 'green'],
  holding: ['on hold', 'cyan'],
  held: ['on hold', 'cyan'],
  ended: ['ended', 'dim'],
};

const columns: readonly Column[] = [
  { title: '#', width: 4, right: true, cell: ({ plan }) => [`${plan.number}`] },
  {
    title: 'Legs',
    width: 10,
    cell: ({ plan }) => [`${endNames[plan.from].padEnd(4)} → ${endNames[otherEnd(plan.from)]}`],
  },
  { title: 'Caller', width: 17, cell: ({ plan }) => [spaced(plan.caller)] },
  { title: 'Called', width: 17, cell: ({ plan }) => [spaced(plan.called)] },
  {
    title: 'State',
    width: 13,
    cell: (call, now) => {
      const [text, style] = states[call.state];
      const since = call.caller?.answeredAt;
      return [since === undefined || call.state === 'ended' ? text : `${text} ${clock(now - since)}`, style];
    },
  },
  { title: 'Codec', width: 5, cell: ({ caller }) => [caller?.law ?? ''] },
  { title: 'Packets →', width: 9, right: true, cell: ({ callee }) => [packets(callee)] },
  { title: '←', width: 5, right: true, cell: ({ caller }) => [packets(caller)] },
  { title: 'Lost →', width: 6, right: true, cell: ({ callee }) => lost(callee) },
  { title: '←', width: 3, right: true, cell: ({ caller }) => lost(caller) },
  { title: 'Jitter →', width: 8, right: true, cell: ({ callee }) => [jitter(callee)] },
  { title: '← ms', width: 5, right: true, cell: ({ caller }) => [jitter(caller)] },
  { title: 'Heard →', width: 7, right: true, cell: ({ callee }) => heard(callee) },
  { title: '←', width: 3, right: true, cell: ({ caller }) => heard(caller) },
];

/** The running calls. → is what the caller sends and the callee receives. `now`: Unix ms. */
export function liveTable(calls: Iterable<LabCall>, now: number, paint: Paint): string[] {
  const line = (cells: readonly string[]) => cells.join('  ').trimEnd();
  const lines = [paint('dim', line(columns.map(({ title, width, right }) => pad(title, width, right))))];
  for (const call of calls) {
    lines.push(
      line(
        columns.map(({ cell, width, right }) => {
          const [text, style] = cell(call, now);
          const padded = pad(text, width, right);
          return style === undefined ? padded : paint(style, padded);
        }),
      ),
    );
  }
  return lines;
}

function pad(text: string, width: number, right = false): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

function packets(party: PartyReport | undefined): string {
  return party?.law === undefined ? '' : `${party.received}`;
}

function lost(party: PartyReport | undefined): readonly [text: string, style?: Style] {
  if (party?.law === undefined) return [''];
  return party.lost > 0 ? [`${party.lost}`, 'yellow'] : [`${party.lost}`];
}

function jitter(party: PartyReport | undefined): string {
  return party?.law === undefined ? '' : party.jitterMs.toFixed(1);
}

function heard(party: PartyReport | undefined): readonly [text: string, style?: Style] {
  if (party?.answeredAt === undefined) return [''];
  return party.heard ? ['yes', 'green'] : ['no', 'dim'];
}
