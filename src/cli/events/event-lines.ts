import type { components } from '#client';
import { duration, harmless, localTime } from '../cdr-text.ts';
import type { Painter } from '../output/fitted-table.ts';

type Call = components['schemas']['Call'];
type Trunk = components['schemas']['Trunk'];

/** What happened, a line each, with its time. */
export function eventLines(event: string, data: unknown, paint: Painter): readonly string[] {
  const { at } = data as { readonly at?: string };
  const time = paint('dim', localTime(at === undefined ? Date.now() : Date.parse(at)).slice(11));
  return texts(event, data, paint).map((text) => `${time} ${text}`);
}

function texts(event: string, data: unknown, paint: Painter): readonly string[] {
  switch (event) {
    case 'calls': {
      const { changed = [] } = data as { readonly changed?: readonly Call[] };
      return changed.map((call) => callLine(call, paint));
    }
    case 'ended': {
      const { records = [] } = data as { readonly records?: readonly EndedCall[] };
      return records.map((record) => endedLine(record, paint));
    }
    case 'trunk':
      return [trunkLine(data as { readonly trunk: Trunk; readonly before?: string }, paint)];
    case 'mirror':
      return [paint('yellow', `program  ${harmless((data as { readonly state: string }).state)}`)];
    case 'test': {
      const { trunk, step } = data as { readonly trunk: string; readonly step: { name: string; verdict?: string } };
      return [harmless(`test     ${trunk}: ${step.name}${step.verdict === undefined ? '' : ` ${step.verdict}`}`)];
    }
    default: {
      const { at: _, ...rest } = data as { readonly at?: string };
      return [harmless(`${event.padEnd(8)} ${Object.keys(rest).join(', ')} changed`)];
    }
  }
}

function callLine({ call, phase, caller, called, from, to, ringingAt, hold, silent }: Call, paint: Painter): string {
  const what = silent?.length
    ? paint('red', 'silent  ')
    : hold?.length
      ? 'held    '
      : phase === 'answered'
        ? paint('green', 'talks   ')
        : ringingAt === undefined
          ? 'tried   '
          : paint('yellow', 'rings   ');
  return `${what} ${harmless(`${call} ${caller} (${from.trunk}) -> ${called}${to ? ` (${to.trunk})` : ''}`)}`;
}

/** As `ended` tells of it (src/api/records/view.ts). */
interface EndedCall {
  readonly call: string;
  readonly caller: string;
  readonly called: string;
  readonly talkMs?: number;
  readonly end?: { readonly text?: string; readonly failure?: boolean; readonly reason?: string };
}

function endedLine({ call, caller, called, talkMs, end }: EndedCall, paint: Painter): string {
  const talked = talkMs === undefined || talkMs === 0 ? '' : ` after ${duration(Math.round(talkMs))}`;
  return `${end?.failure ? paint('red', 'failed  ') : 'ended   '} ${harmless(`${call} ${caller} -> ${called}${talked}: ${end?.text ?? end?.reason ?? ''}`)}`;
}

function trunkLine({ trunk, before }: { readonly trunk: Trunk; readonly before?: string }, paint: Painter): string {
  const colour = trunk.state === 'up' ? 'green' : trunk.state === 'down' ? 'red' : 'yellow';
  const from = before === undefined || before === trunk.state ? '' : `${before} -> `;
  const registered = trunk.registration ? `, ${trunk.registration.stage}` : '';
  return `trunk    ${harmless(trunk.name)}: ${from}${paint(colour, trunk.state)}${harmless(`${registered}${trunk.because === '' ? '' : ` (${trunk.because})`}`)}`;
}
