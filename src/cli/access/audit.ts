import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { components } from '#client';
import { hashOfRow } from '#shell/management-store';
import { localTime } from '../cdr-text.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { type OutputOptions, printList, printObject, tell } from '../output/output.ts';
import { progress } from '../output/progress.ts';
import { answered, openRemote, type RemoteOptions } from '../rest/remote.ts';

type Options = RemoteOptions & OutputOptions;
interface Times {
  readonly since?: number;
  readonly until?: number;
}
export type AuditOptions = Options &
  Times & {
    readonly who?: string;
    readonly contains?: string;
    readonly limit: number;
  };
export type AuditExportOptions = RemoteOptions & Times;
type AuditEntry = components['schemas']['AuditEntry'];

const { stdout, stderr } = process;

const auditColumns: readonly Column<AuditEntry>[] = [
  { heading: 'TIME', cell: ({ time }) => localTime(Date.parse(time)), spare: 1 },
  { heading: 'WHO', cell: ({ who }) => who || '-', least: 6 },
  { heading: 'FROM', cell: ({ source, via }) => source || via || '-', least: 6, spare: 3 },
  { heading: 'STATUS', cell: ({ status, verified }) => (verified ? String(status) : `${status}, changed since`) },
  { heading: 'WHAT', cell: ({ what, object }) => `${what.split(' ')[0]} ${object.replace('/api/v1', '')}`, least: 16 },
];

export async function auditList(options: AuditOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { who, contains, limit, output } = options;
  const query = {
    limit,
    ...(who !== undefined && { who }),
    ...(contains !== undefined && { contains }),
    ...timesOf(options),
  };
  const { items, verified } = await answered(client.GET('/api/v1/audit', { params: { query } }));
  printList(stdout, output, items, auditColumns, 'Nothing was changed.');
  if (!verified) tell(stderr, 'Some of it is not as it was written: `tandem audit verify`.\n');
}

/** Status 1 where it is not as it was written. */
export async function auditVerify(options: Options): Promise<number> {
  const { client } = await openRemote(options);
  const found = await progress('Looking at every row', answered(client.GET('/api/v1/audit/verification')));
  printObject(stdout, options.output, found, () =>
    found.verified
      ? `All ${found.rows} rows are as they were written${cutText(found.cut)}. The last one's hash: ${found.head}\n`
      : `Row ${found.brokenAt} is not as it was written, or is missing; there were ${found.rows} rows.\n`,
  );
  return found.verified ? exitCodes.ok : exitCodes.failed;
}

function timesOf({ since, until }: Times): { since?: string; until?: string } {
  return {
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  };
}

function cutText(cut: number): string {
  return cut === 0 ? '' : `, of which the first ${cut} were let go since they were old`;
}

/** Each row a line of JSON, as the API has it. */
export async function auditExport(options: AuditExportOptions): Promise<void> {
  const { client } = await openRemote(options);
  let cursor: string | undefined;
  do {
    const query = { oldest: 'true', limit: 500, ...timesOf(options), ...(cursor !== undefined && { cursor }) } as const;
    const page = await answered(client.GET('/api/v1/audit', { params: { query } }));
    const text = page.items.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (!stdout.write(text)) await once(stdout, 'drain');
    cursor = page.next;
  } while (cursor !== undefined);
}

/** What an export says, without any program: that each row stands behind the one before it. Status 1 where one does not. */
export async function fileVerify(file: string, { output }: OutputOptions): Promise<number> {
  let first: number | undefined;
  let last: AuditEntry | undefined;
  let brokenAt: number | undefined;
  for await (const row of rowsOf(file)) {
    const isNext = last === undefined || row.id === last.id + 1;
    // What the first one stands behind is not in the file, unless it is the first of all.
    const before = last?.hash ?? (row.id === 1 ? '' : undefined);
    if (!isNext || (before !== undefined && hashOfRow(before, { ...row, at: Date.parse(row.time) }) !== row.hash))
      brokenAt ??= row.id;
    first ??= row.id;
    last = row;
  }
  if (!last) throw new Failure(`there is no row in ${file}`);
  const found = { verified: brokenAt === undefined, from: first, to: last.id, head: last.hash, brokenAt };
  printObject(stdout, output, found, () =>
    found.verified
      ? `Rows ${first} to ${last.id} are as they were written. The last one's hash: ${last.hash}\n`
      : `Row ${brokenAt} is not as it was written, or the one before it is missing.\n`,
  );
  return found.verified ? exitCodes.ok : exitCodes.failed;
}

async function* rowsOf(file: string): AsyncGenerator<AuditEntry> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      number++;
      if (line !== '') yield JSON.parse(line) as AuditEntry;
    }
  } catch (error) {
    const where = error instanceof SyntaxError ? `line ${number}: ` : '';
    throw new Failure(`${file} cannot be read: ${where}${(error as Error).message}`);
  }
}
