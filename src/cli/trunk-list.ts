import type { Configuration, Trunk } from '#engine/ports';
import { duration, harmless, localTime } from './cdr-text.ts';
import { formatAddress } from './check-trunk.ts';
import { table } from './table.ts';
import { notRunning, openPlace } from './trunk-place.ts';
import {
  certificatesOf,
  stateOf,
  successOf,
  type TargetView,
  type TrunksAnswer,
  type TrunkView,
} from './trunk-view.ts';

interface Output {
  write(text: string): unknown;
}

/** `tandem trunk list FILE`: how each trunk is now. */
export async function list(file: string, json: boolean, stdout: Output, stderr: Output): Promise<void> {
  const place = await openPlace(file);
  const { configuration, program } = place;
  if (!program) stderr.write(notRunning(place));
  try {
    const answer = program && ((await program.ask('trunks')) as unknown as TrunksAnswer);
    if (json) stdout.write(`${JSON.stringify(listJson(configuration, answer), undefined, 2)}\n`);
    else stdout.write(answer ? runningList(configuration, answer) : stillList(configuration));
  } finally {
    program?.close();
  }
}

/** One row a trunk, and a line below it for each of its targets. */
export function runningList(configuration: Pick<Configuration, 'listeners' | 'trunks'>, answer: TrunksAnswer): string {
  const rows = answer.trunks.map((view) => rowOf(view, configuration, answer));
  const [head = '', ...lines] = table(
    ['TRUNK', 'KIND', 'TRANSPORT', 'STATE', 'SINCE', 'CALLS', 'SUCCESS', 'REGISTRATION', 'CERTIFICATE'],
    rows,
  ).split('\n');
  const out = [head];
  for (const [at, view] of answer.trunks.entries()) out.push(lines[at]!, ...detailLines(view));
  out.push(...banLines(answer.bans));
  return `${out.join('\n')}\n`;
}

/** Bans that are told one by one: under attack there are thousands. */
const mostBans = 10;

/** Who is kept out, the newest ban first. */
function banLines(bans: TrunksAnswer['bans']): readonly string[] {
  if (bans.length === 0) return [];
  const told = bans.slice(-mostBans).reverse();
  const lines = told.map(
    ({ source, reason, detail, until }) => `  ${source} until ${localTime(Date.parse(until))} (${reason}: ${detail})`,
  );
  const more = bans.length - told.length;
  return ['', 'Banned, and none of them a trunk', ...lines.map(harmless), ...(more > 0 ? [`  and ${more} more`] : [])];
}

function rowOf(
  view: TrunkView,
  { listeners, trunks }: Pick<Configuration, 'listeners' | 'trunks'>,
  answer: TrunksAnswer,
): readonly string[] {
  const { state, since } = stateOf(view);
  const success = successOf(view);
  const side = trunks.find(({ name }) => name === view.trunk)?.side;
  const ids = listeners.filter((one) => one.tls && (one.side === side || one.side === 'both')).map(({ id }) => id);
  const days = certificatesOf(view.trunk, ids, answer.certificates).flatMap(({ daysLeft }) => daysLeft ?? []);
  return [
    view.trunk,
    view.kind,
    view.transport,
    state,
    since === undefined ? '-' : localTime(since),
    view.limit === undefined ? `${view.calls}` : `${view.calls} of ${view.limit}`,
    success === undefined ? '-' : `${success.toFixed(success === 100 ? 0 : 1)} %`,
    registrationText(view, answer.at),
    days.length === 0 ? '-' : daysText(Math.min(...days)),
  ].map(harmless);
}

export function daysText(days: number): string {
  if (days < 0) return 'expired';
  return days === 1 ? '1 day' : `${days} days`;
}

/** `registered, next in 4 min 05 s` */
function registrationText({ registration }: TrunkView, now: number): string {
  if (!registration) return '-';
  const { stage, nextAt } = registration;
  return nextAt === undefined ? stage : `${stage}, next in ${duration(Math.max(0, nextAt - now))}`;
}

function detailLines(view: TrunkView): readonly string[] {
  const { state, because } = stateOf(view);
  const lines: string[] = [];
  const byName = new Map(view.health.targets.map((one) => [one.target, one]));
  const names = view.targets.length > 0 ? view.targets : [...byName.keys()];
  for (const name of names) lines.push(`  ${targetText(name, byName.get(name))}`);
  // What is wrong with the trunk as a whole its targets do not tell.
  if (names.length === 0 || (state !== 'up' && because !== view.health.because)) lines.push(`  ${because}`);
  return lines.map(harmless);
}

export function targetText(name: string, target: TargetView | undefined): string {
  if (!target) return `${name}: nothing is known`;
  const { state, because, roundTrip } = target;
  const trip = roundTrip === undefined ? '' : `, ${Math.round(roundTrip)} ms`;
  return `${name}: ${state}${trip}${because === '' ? '' : ` (${because})`}`;
}

function stillList({ trunks }: Pick<Configuration, 'trunks'>): string {
  return table(['TRUNK', 'KIND', 'TRANSPORT', 'REQUESTS GO TO', 'CALLS', 'REGISTERS'], trunks.map(stillRow));
}

function stillRow(trunk: Trunk): readonly string[] {
  const { name, kind, transport, naptr, capacity, registration, nextHops, addresses } = trunk;
  return [
    name,
    kind,
    naptr ? 'by the DNS' : transport,
    (nextHops ?? addresses).map(formatAddress).join(', '),
    capacity.calls === undefined ? 'no limit' : `at most ${capacity.calls}`,
    registration ? registration.registrars.map(({ host }) => host).join(', ') : '-',
  ];
}

function listJson({ trunks }: Pick<Configuration, 'trunks'>, answer: TrunksAnswer | undefined): object {
  if (!answer) {
    const still = trunks.map(({ name: trunk, kind, side, transport, capacity: { calls: limit } }) => ({
      ...{ trunk, kind, side, transport },
      ...(limit === undefined ? {} : { limit }),
    }));
    return { running: false, trunks: still };
  }
  const { at, bans, certificates } = answer;
  const told = answer.trunks.map((view) => ({ ...view, ...stateOf(view), success: successOf(view) }));
  return { running: true, at, trunks: told, certificates, bans };
}
