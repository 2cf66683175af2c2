import type { components } from '#client';
import type { Configuration, Trunk as Configured } from '#engine/ports';
import { duration, localTime } from './cdr-text.ts';
import { formatAddress } from './check-trunk.ts';
import { followEvents, queryOf } from './events/follow.ts';
import { type Column, fittedTable, type Painter } from './output/fitted-table.ts';
import { type OutputOptions, painterOf, printList } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { answered, openRemote, type RemoteOptions } from './rest/remote.ts';
import { withoutApi } from './trunk-json.ts';
import type { TargetView } from './trunk-view.ts';

type Trunk = components['schemas']['Trunk'];
type Ban = components['schemas']['Ban'];
export type TrunkListOptions = RemoteOptions & OutputOptions & { readonly follow?: true };

/** `tandem trunk list [FILE]`: how each trunk is now; by the file alone where no program runs by it. */
export async function list(file: string | undefined, options: TrunkListOptions): Promise<void> {
  const { stdout } = process;
  const { output, follow } = options;
  const remote = await openRemote(file === undefined ? options : { ...options, config: file });
  const { client } = remote;
  let items: readonly Trunk[];
  try {
    ({ items } = await answered(client.GET('/api/v1/trunks')));
  } catch (error) {
    const { placeAlone } = await import('./trunk-place.ts');
    const { configuration } = await placeAlone(file, error);
    return printStill(configuration, options);
  }
  if (output !== 'table') printList(stdout, output, items, []);
  else {
    const bans = await answered(client.GET('/api/v1/bans'));
    stdout.write(trunkTable(items, columnsOf(stdout), painterOf(stdout)));
    stdout.write(banText(bans.items));
  }
  if (follow) await followEvents(remote, queryOf({ kinds: 'trunk' }), output);
}

const stateColours = {
  up: 'green',
  'partly-down': 'yellow',
  down: 'red',
  unknown: undefined,
  disabled: 'dim',
} as const;

const columns: readonly Column<Trunk>[] = [
  { heading: 'TRUNK', cell: ({ name }) => name, least: 6 },
  { heading: 'KIND', cell: ({ kind }) => kind, least: 4, spare: 8 },
  { heading: 'TRANSPORT', cell: ({ transport }) => transport, least: 5, spare: 7 },
  { heading: 'STATE', cell: ({ state }) => state, colour: ({ state }) => stateColours[state] },
  {
    heading: 'SINCE',
    cell: ({ since }) => (since === undefined ? '-' : localTime(Date.parse(since))),
    least: 10,
    spare: 6,
  },
  {
    heading: 'CALLS',
    cell: ({ active, limit }) => (limit === undefined ? `${active}` : `${active} of ${limit}`),
    spare: 1,
  },
  { heading: 'SUCCESS', cell: successText, right: true, spare: 3 },
  { heading: 'REGISTRATION', cell: registrationText, least: 12, spare: 4 },
  {
    heading: 'CERTIFICATE',
    cell: ({ certificate }) => (certificate ? daysText(certificate.daysLeft) : '-'),
    colour: ({ certificate }) => (certificate && certificate.daysLeft < 14 ? 'red' : undefined),
    least: 7,
    spare: 5,
  },
];

/** One row a trunk, and a line below it for each of its targets. */
export function trunkTable(trunks: readonly Trunk[], width: number, paint: Painter): string {
  return trunks.length === 0 ? 'There is no trunk.\n' : fittedTable(trunks, columns, width, paint, detailLines);
}

/** Of the calls that were offered to it in the last hour, those that the network did not fail (NER). */
function successText({ hour }: Trunk): string {
  const { ner } = hour.to;
  return ner === undefined ? '-' : `${(100 * ner).toFixed(ner === 1 ? 0 : 1)} %`;
}

/** `registered, next in 4 min 05 s` */
function registrationText({ registration }: Trunk): string {
  if (!registration) return '-';
  const { stage, nextSeconds } = registration;
  return nextSeconds === undefined ? stage : `${stage}, next in ${duration(nextSeconds * 1000)}`;
}

export function daysText(days: number): string {
  if (days < 0) return 'expired';
  return days === 1 ? '1 day' : `${days} days`;
}

function detailLines({ targets, state, because, registration, lastFailure }: Trunk): readonly string[] {
  const lines = targets.map(({ target, state: how, because: why, roundTripMs }) => {
    const trip = roundTripMs === undefined ? '' : `, ${Math.round(roundTripMs)} ms`;
    return `  ${target}: ${how}${trip}${why === '' ? '' : ` (${why})`}`;
  });
  // What is wrong with the trunk as a whole its targets do not tell.
  if (because !== '' && (targets.length === 0 || (state !== 'up' && targets.every((one) => one.because !== because))))
    lines.push(`  ${because}`);
  if (registration?.lastError && registration.stage !== 'registered')
    lines.push(`  ${registration.stage}: ${registration.lastError.text}`);
  if (lastFailure) lines.push(`  last failure ${localTime(Date.parse(lastFailure.at))}: ${lastFailure.text}`);
  return lines;
}

/** Bans that are told one by one: under attack there are thousands. */
const mostBans = 10;

/** Who is kept out, the newest ban first. */
export function banText(bans: readonly Ban[]): string {
  if (bans.length === 0) return '';
  const told = bans.toSorted((a, b) => Date.parse(b.since) - Date.parse(a.since)).slice(0, mostBans);
  const rows = fittedTable(told, banColumns, columnsOf(process.stdout), (_format, text) => text);
  return `\nBanned, and none of them a trunk\n${rows}${bans.length > told.length ? `and ${bans.length - told.length} more\n` : ''}`;
}

const banColumns: readonly Column<Ban>[] = [
  { heading: 'SOURCE', cell: ({ source }) => source },
  { heading: 'UNTIL', cell: ({ until }) => localTime(Date.parse(until)), spare: 1 },
  { heading: 'WHY', cell: ({ reason, detail }) => `${reason}: ${detail}`, least: 10 },
];

export function targetText(name: string, target: TargetView | undefined): string {
  if (!target) return `${name}: nothing is known`;
  const { state, because, roundTrip } = target;
  const trip = roundTrip === undefined ? '' : `, ${Math.round(roundTrip)} ms`;
  return `${name}: ${state}${trip}${because === '' ? '' : ` (${because})`}`;
}

const stillColumns: readonly Column<Configured>[] = [
  { heading: 'TRUNK', cell: ({ name }) => name, least: 6 },
  { heading: 'KIND', cell: ({ kind }) => kind, spare: 8 },
  { heading: 'TRANSPORT', cell: ({ naptr, transport }) => (naptr ? 'by the DNS' : transport), least: 5, spare: 7 },
  {
    heading: 'REQUESTS GO TO',
    cell: ({ nextHops, addresses }) => (nextHops ?? addresses).map(formatAddress).join(', '),
    least: 14,
  },
  {
    heading: 'CALLS',
    cell: ({ capacity }) => (capacity.calls === undefined ? 'no limit' : `at most ${capacity.calls}`),
    spare: 1,
  },
  {
    heading: 'REGISTERS',
    cell: ({ registration }) => registration?.registrars.map(({ host }) => host).join(', ') ?? '-',
    least: 9,
    spare: 5,
  },
];

function printStill({ trunks }: Pick<Configuration, 'trunks'>, { output }: OutputOptions): void {
  if (output === 'table') return printList(process.stdout, output, trunks, stillColumns);
  printList(
    process.stdout,
    output,
    trunks.map((trunk) => withoutApi(trunk)),
    [],
  );
}
