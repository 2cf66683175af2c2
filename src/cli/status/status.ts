import type { components } from '#client';
import { harmless, localTime } from '../cdr-text.ts';
import { exitCodes } from '../failure.ts';
import { type Column, fittedTable, type Painter } from '../output/fitted-table.ts';
import { type OutputOptions, painterOf, printObject } from '../output/output.ts';
import { columnsOf } from '../output/width.ts';
import { answered, openRemote, type RemoteOptions } from '../rest/remote.ts';

type Trouble = components['schemas']['Trouble'];
type Capacity = components['schemas']['Capacity'];
export type StatusOptions = RemoteOptions & OutputOptions;

/** `tandem status`: the exit status is 1 where something is critical. */
export async function status(options: StatusOptions): Promise<number> {
  const { client, name } = await openRemote(options);
  const [version, calls, troubles, capacity] = await Promise.all([
    answered(client.GET('/api/v1/version')),
    answered(client.GET('/api/v1/calls', { params: { query: { limit: 1 } as never } })),
    answered(client.GET('/api/v1/problems')),
    answered(client.GET('/api/v1/capacity')),
  ]);
  const known = {
    where: name,
    version: version.version,
    calls: calls.standing,
    state: calls.state,
    troubles: troubles.items,
    capacity: capacity.items,
  };
  const paint = painterOf(process.stdout);
  printObject(
    process.stdout,
    options.output,
    known,
    () =>
      `Tandem ${known.version}, ${name}: ${known.calls === 1 ? '1 call stands' : `${known.calls} calls stand`}\n\n${troublesText(known.troubles, paint)}${capacityText(known.capacity, paint)}`,
  );
  return known.troubles.some(({ severity }) => severity === 'critical') ? exitCodes.failed : exitCodes.ok;
}

const colours = { critical: 'red', warning: 'yellow', notice: 'cyan' } as const;

/** Each in a sentence, and what to do. */
function troublesText(troubles: readonly Trouble[], paint: Painter): string {
  if (troubles.length === 0) return `${paint('green', 'Nothing is wrong.')}\n`;
  return troubles
    .map(({ severity, what, since, todo }) => {
      const from = since === undefined ? '' : paint('dim', ` (since ${localTime(Date.parse(since))})`);
      return `${paint(colours[severity], severity.padEnd(8))}  ${harmless(what)}${from}\n          ${harmless(todo)}\n`;
    })
    .join('');
}

const columns: readonly Column<Capacity>[] = [
  { heading: 'LIMIT', cell: ({ name }) => name, least: 8 },
  { heading: 'CALLS', cell: ({ calls }) => String(calls), right: true },
  { heading: 'OF', cell: ({ limit }) => (limit === undefined ? '-' : String(limit)), right: true },
  {
    heading: 'USED',
    cell: ({ share }) => (share === undefined ? '-' : `${Math.round(share * 100)} %`),
    colour: ({ share = 0 }) => (share >= 0.9 ? 'red' : undefined),
    right: true,
    spare: 1,
  },
];

function capacityText(capacity: readonly Capacity[], paint: Painter): string {
  return capacity.length === 0 ? '' : `\n${fittedTable(capacity, columns, columnsOf(process.stdout), paint)}`;
}
