import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import type { CallRecord } from '#engine/ports';
import { NewerRecords, NoRecords, type RecordFilter, RecordReader } from '#shell/store';
import { csvLines, jsonArray, jsonLines, pour, recordJson } from './cdr-export.ts';
import { recordText } from './cdr-show.ts';
import { recordTable } from './cdr-table.ts';
import { harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { type OutputFormat, type OutputOptions, printList, printObject, tell } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { directoryOf, type PlaceOptions } from './place.ts';
import type { ToldQuality } from './quality-text.ts';

interface FilterOptions extends PlaceOptions, RecordFilter {}

export interface ListOptions extends FilterOptions {
  readonly limit: number;
  readonly output: OutputFormat | 'csv';
}

export type ShowOptions = PlaceOptions & OutputOptions;
export type ExportOptions = FilterOptions & { readonly output: 'ndjson' | 'csv' };

/** `tandem cdr list`. */
export function list(options: ListOptions): Promise<void> {
  return withReader(options, (reader) => printNewest(reader, options));
}

/** `tandem cdr show`. */
export function show(call: string, options: ShowOptions): Promise<void> {
  return withReader(options, (reader) => printOne(reader, call, options.output));
}

/** `tandem cdr export`. */
export function exportAll(options: ExportOptions): Promise<void> {
  return withReader(options, (reader) =>
    pour((options.output === 'csv' ? csvLines : jsonLines)(reader.each(options)), process.stdout),
  );
}

async function printNewest(reader: RecordReader, options: ListOptions): Promise<void> {
  const records = reader.list(options, options.limit);
  switch (options.output) {
    case 'json':
      return pour(jsonArray(records), process.stdout);
    case 'ndjson':
      return pour(jsonLines(records), process.stdout);
    case 'yaml':
      return printList(process.stdout, 'yaml', [...records].map(recordJson), []);
    case 'csv':
      return pour(csvLines(records), process.stdout);
    case 'table':
      if (records.length === 0) {
        tell(process.stderr, 'No call matches.\n');
        return;
      }
      return pour([terminalTable(records)], process.stdout);
  }
}

function terminalTable(records: readonly CallRecord[]): string {
  // styleText heeds NO_COLOR and FORCE_COLOR, and whether this is a terminal at all.
  return recordTable(records, columnsOf(process.stdout), (format, text) =>
    styleText(format, text, { stream: process.stdout }),
  );
}

/** What the ends of a call told of its voice. */
function told(reader: RecordReader, { leg, attempts }: CallRecord): ToldQuality[] {
  return reader
    .reports([leg, ...attempts.map((attempt) => attempt.leg)])
    .map(({ receivedAt, source, report: { callId, kind, alert, local } }) => {
      const party = callId === leg.callId ? 'caller' : 'callee';
      return { receivedAt, party, source, kind, local, ...(alert && { alert }) };
    });
}

async function printOne(reader: RecordReader, call: string, output: OutputFormat): Promise<void> {
  const record = theOne(reader, call);
  printObject(process.stdout, output, recordJson(record), () => recordText(record, told(reader, record)));
}

/** The record whose id begins so; a Failure when there is none, or more than one. */
export function theOne(reader: RecordReader, call: string): CallRecord {
  const found = reader.find(call, 6);
  if (found.length === 0)
    throw new Failure(`no record of a call ${harmless(call)}: \`tandem cdr list\` shows the newest.`);
  if (found.length > 1) {
    const some = found.slice(0, 5).map((record) => harmless(record.call));
    throw new Failure(
      `${found.length > 5 ? 'more than 5' : found.length} calls begin with ${harmless(call)}: ${some.join(', ')}${found.length > 5 ? '…' : ''}. Give more of the id.`,
    );
  }
  return found[0]!;
}

export async function withReader(options: PlaceOptions, act: (reader: RecordReader) => Promise<void>): Promise<void> {
  const reader = openReader(await directoryOf(options));
  try {
    await act(reader);
  } finally {
    reader.close();
  }
}

function openReader(directory: string): RecordReader {
  try {
    return RecordReader.open(directory);
  } catch (error) {
    if (error instanceof NewerRecords) throw new Failure(`${error.message}.`);
    if (!(error instanceof NoRecords)) throw error;
    // They are there, and not to be read yet.
    if (existsSync(error.path)) throw new Failure(`${error.message}.`);
    throw new Failure(
      `${error.message}.\n` +
        'The file is made when `tandem run` starts. Is it another directory? Name it with --data DIR,\n' +
        'or give the configuration that names it with --config FILE.',
    );
  }
}
