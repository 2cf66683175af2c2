import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '#client';
import { recordText, streamLines } from '../cdr-show.ts';
import { duration, exactTime, harmless, localTime } from '../cdr-text.ts';
import { followEvents, queryOf } from '../events/follow.ts';
import { Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { type OutputOptions, printList, printObject, tell } from '../output/output.ts';
import { toldLines } from '../quality-text.ts';
import { answered, openRemote, type Remote, type RemoteOptions } from '../rest/remote.ts';
import { recordOf, streamsOf, toldOf } from './record-of.ts';

type Call = components['schemas']['Call'];
export type EndOptions = RemoteOptions;
export type ShowOptions = RemoteOptions & OutputOptions;
export type ListOptions = ShowOptions & {
  readonly trunk?: string;
  readonly number?: string;
  readonly site?: string;
  readonly phase?: 'setup' | 'answered';
  readonly state?: 'hold' | 'silent';
  readonly emergency?: true;
  readonly sort: string;
  readonly limit: number;
  readonly follow?: true;
};

const { stdout, stderr } = process;

/** How long a call has lasted, and how far it is. */
export function standing({ phase, answeredAt, startedAt, ringingAt, hold, silent, fax }: Call, now: number): string {
  const since = (at: string) => duration(Math.max(0, now - Date.parse(at)));
  if (phase === 'setup') return ringingAt === undefined ? `tried ${since(startedAt)}` : `rings ${since(ringingAt)}`;
  const what = silent?.length ? 'SILENT' : hold?.length ? 'held' : fax ? 'fax' : 'talks';
  return `${what} ${since(answeredAt ?? startedAt)}`;
}

export function callColumns(now: number): readonly Column<Call>[] {
  return [
    { heading: 'CALL', cell: ({ call }) => call, least: 13, spare: 1 },
    { heading: 'STARTED', cell: ({ startedAt }) => localTime(Date.parse(startedAt)).slice(11), spare: 4 },
    { heading: 'FROM', cell: ({ from }) => from.trunk, least: 6, spare: 3 },
    { heading: 'CALLER', cell: ({ caller }) => caller, least: 10 },
    { heading: 'TO', cell: ({ to }) => to?.trunk ?? '-', least: 6, spare: 2 },
    {
      heading: 'CALLED',
      cell: ({ called, emergency }) => (emergency === undefined ? called : `${called} (help)`),
      least: 6,
    },
    { heading: 'CODEC', cell: codecOf, least: 5, spare: 5 },
    {
      heading: 'STATE',
      cell: (call) => standing(call, now),
      colour: ({ phase, silent }) => (silent?.length ? 'red' : phase === 'setup' ? 'yellow' : 'green'),
    },
  ];
}

/** One where both sides speak the same. */
function codecOf({ codecs }: Call): string {
  const { caller, callee } = codecs ?? {};
  if (caller === callee || callee === undefined) return caller ?? '-';
  return `${caller ?? '-'}/${callee}`;
}

/** Ms that a program which has just begun has to know what stands. */
const patience = 3_000;

export async function list(options: ListOptions): Promise<void> {
  const remote = await openRemote(options);
  const { trunk, number, site, phase, state, emergency, sort, limit, output, follow } = options;
  const filter = {
    ...(trunk !== undefined && { trunk }),
    ...(number !== undefined && { number }),
    ...(site !== undefined && { site }),
  };
  const query = {
    ...filter,
    ...(phase && { phase }),
    ...(state && { state }),
    ...(emergency && { emergency: true }),
    sort,
    limit: Math.min(1000, limit),
  };
  const items: Call[] = [];
  const until = performance.now() + patience;
  for (let cursor: string | undefined; ; ) {
    const page = await answered(
      remote.client.GET('/api/v1/calls', {
        params: { query: { ...query, ...(cursor !== undefined && { cursor }) } as never },
      }),
    );
    if (cursor === undefined && page.state !== 'current' && performance.now() < until) {
      await sleep(100);
      continue;
    }
    items.push(...page.items.slice(0, limit - items.length));
    cursor = page.next;
    if (cursor === undefined || items.length >= limit) {
      if (page.state === 'lost')
        tell(stderr, `The signalling process is not heard: this is ${duration(page.lagMs)} old.\n`);
      if (page.state === 'reading') tell(stderr, 'What stands is being read still: this is not all of it.\n');
      if (page.total > items.length) tell(stderr, `${items.length} of ${page.total}: --limit shows more.\n`);
      break;
    }
  }
  printList(stdout, output, items, callColumns(Date.now()), 'No call stands.');
  if (follow) await followEvents(remote, queryOf({ ...filter, kinds: 'calls,ended' }), output);
}

export async function show(call: string, options: ShowOptions): Promise<void> {
  const remote = await openRemote(options);
  const id = await wholeId(remote, call);
  const whole = await answered(remote.client.GET('/api/v1/calls/{call}', { params: { path: { call: id } } }));
  printObject(stdout, options.output, whole, () => wholeText(whole));
}

export async function end(calls: readonly string[], options: EndOptions): Promise<void> {
  const remote = await openRemote(options);
  for (const call of calls) {
    const id = await wholeId(remote, call);
    await answered(remote.client.DELETE('/api/v1/calls/{call}', { params: { path: { call: id } } }));
    tell(stdout, `${harmless(id)} is being ended.\n`);
  }
}

/** The id of the one call whose id begins so, of those that stand before those that have ended; what was given where there is none. */
export async function wholeId({ client }: Remote, start: string): Promise<string> {
  const query = { text: start.slice(0, 100), limit: 50 } as never;
  const { items } = await answered(client.GET('/api/v1/calls', { params: { query } }));
  let found: readonly { readonly call: string }[] = items.filter(({ call }) => call.startsWith(start));
  if (found.length === 0 && start !== '') {
    const ended = await client.GET('/api/v1/records', {
      params: { query: { call: start.slice(0, 100), limit: 50 } as never },
    });
    // None has ended yet: there are no records.
    found = ended.data?.items ?? [];
  }
  if (found.length > 1 && !found.some(({ call }) => call === start)) {
    const some = found.slice(0, 5).map(({ call }) => harmless(call));
    throw new Failure(`${found.length} calls begin with ${harmless(start)}: ${some.join(', ')}. Give more of the id.`);
  }
  return found.some(({ call }) => call === start) ? start : (found[0]?.call ?? start);
}

export function wholeText({ live, record, reports }: components['schemas']['WholeCall']): string {
  if (record) return recordText(recordOf(record), toldOf(reports));
  const lines: string[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined) lines.push(`  ${label.padEnd(14)}  ${harmless(value)}`);
  };
  lines.push(`Call ${harmless(live?.call.call ?? '')}`);
  if (live) {
    const { call } = live;
    add('state', standing(call, Date.now()));
    add(
      'from',
      `${call.caller} by ${call.from.trunk}${call.from.remote === undefined ? '' : ` (${call.from.remote})`}`,
    );
    add(
      'to',
      `${call.called}${call.to ? ` by ${call.to.trunk}${call.to.remote === undefined ? '' : ` (${call.to.remote})`}` : ''}`,
    );
    const time = (at: string | undefined) => (at === undefined ? undefined : exactTime(Date.parse(at)));
    for (const key of ['route', 'user', 'site', 'emergency'] as const) add(key, call[key]);
    add('began', time(call.startedAt));
    add('rang', time(call.ringingAt));
    add('answered', time(call.answeredAt));
    add('media', call.media);
    if (call.codecs) add('codec', codecOf(call));
    for (const key of ['encrypted', 'hold', 'silent'] as const) add(key, call[key]?.join(', '));
    for (const { by, reason, why } of call.captures ?? [])
      add('copied', `${why === undefined ? 'now, ' : ''}for ${by}: ${reason}`);
    lines.push('', 'Decisions');
    for (const { rule, outcome } of live.decisions) lines.push(`  ${harmless(rule)}  ${harmless(outcome)}`);
  }
  const streams = live?.media ? streamsOf(live.media, Date.now()) : [];
  if (streams.length > 0) lines.push('', 'Media', ...streams.flatMap(streamLines));
  if (reports) lines.push('', 'Told by its ends', ...toldLines(toldOf(reports)).map(harmless));
  return `${lines.join('\n')}\n`;
}
