import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CallRecord, type EndReason, endReasons } from '#engine/ports';
import { NewerRecords, NoRecords, type RecordFilter, RecordReader } from '#shell/store';
import { csvLines, jsonArray, jsonLines, pour } from './cdr-export.ts';
import { recordText } from './cdr-show.ts';
import { recordTable } from './cdr-table.ts';
import { harmless, timeOf } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { type OutputFormat, type OutputOptions, outputOption, printList, printObject, tell } from './output/output.ts';
import { directoryOf, type PlaceOptions } from './place.ts';
import type { ToldQuality } from './quality-text.ts';

interface FilterOptions extends PlaceOptions, RecordFilter {}

interface ListOptions extends FilterOptions {
  readonly limit: number;
  readonly output: OutputFormat | 'csv';
}

const examples = `
Examples:
  tandem cdr list --since 1h --failed
  tandem cdr list --number '+4930*' --limit 100
  tandem cdr show 7f3a
  tandem cdr export --since 2026-11-01 --until 2026-12-01 -o csv > november.csv

Numbers, trunks and reasons are compared as they were received and sent; docs/records.md explains every field.`;

/** Adds `tandem cdr` and its commands. */
export function register(program: Command): void {
  const cdr = program.command('cdr').description('read the call records').addHelpText('after', examples);

  filters(place(cdr.command('list').description('the newest calls')))
    .option('--limit <n>', 'how many calls', positive, 20)
    .addOption(
      new Option('-o, --output <format>', 'how to print them')
        .choices(['table', 'json', 'yaml', 'ndjson', 'csv'])
        .default('table'),
    )
    .action((options: ListOptions) => withReader(options, (reader) => list(reader, options)));

  outputOption(place(cdr.command('show').description('everything about one call')))
    .argument('<call>', 'its id, or as much of its beginning as no other call has')
    .action((call: string, options: PlaceOptions & OutputOptions) =>
      withReader(options, (reader) => show(reader, call, options.output)),
    );

  filters(place(cdr.command('export').description('any range of calls, oldest first, to standard output')))
    .addOption(new Option('-o, --output <format>', 'how to print them').choices(['ndjson', 'csv']).default('ndjson'))
    .action((options: FilterOptions & { output: 'ndjson' | 'csv' }) =>
      withReader(options, (reader) =>
        pour((options.output === 'csv' ? csvLines : jsonLines)(reader.each(options)), process.stdout),
      ),
    );
}

function place(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', 'take the place of the records from this configuration').conflicts('data'))
    .addOption(new Option('--data <dir>', 'the directory of the records (default: $TANDEM_DATA, else ./data)'));
}

function filters(command: Command): Command {
  return command
    .option('--since <time>', 'calls that began then or later: 90s, 15m, 1h, 7d ago, or 2026-11-23T08:00', time)
    .option('--until <time>', 'calls that began before then', time)
    .option('--trunk <name>', 'calls from this trunk or offered to it')
    .option('--number <number>', 'calls from or to this number, as received or as sent; * stands for anything')
    .addOption(
      new Option('--reason <reason>', 'calls that ended so').choices(Object.keys(endReasons)).argParser(reasonOf),
    )
    .option('--failed', 'calls that failed: not hung up, cancelled, busy or not answered');
}

async function list(reader: RecordReader, options: ListOptions): Promise<void> {
  const records = reader.list(options, options.limit);
  switch (options.output) {
    case 'json':
      return pour(jsonArray(records), process.stdout);
    case 'ndjson':
      return pour(jsonLines(records), process.stdout);
    case 'yaml':
      return printList(process.stdout, 'yaml', [...records], []);
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
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  // styleText heeds NO_COLOR and FORCE_COLOR, and whether this is a terminal at all.
  return recordTable(records, width, (format, text) => styleText(format, text, { stream: process.stdout }));
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

async function show(reader: RecordReader, call: string, output: OutputFormat): Promise<void> {
  const record = theOne(reader, call);
  if (output === 'yaml') return printObject(process.stdout, output, record, () => '');
  return pour(output === 'table' ? [recordText(record, told(reader, record))] : jsonLines([record]), process.stdout);
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

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return number;
}

function time(text: string): number {
  const found = timeOf(text, Date.now());
  if (found === undefined)
    throw new InvalidArgumentError(
      'It is a time ago (90s, 15m, 1h, 7d, 2w), a day (2026-11-23) or a time (2026-11-23T08:00).',
    );
  return found;
}

function reasonOf(text: string): EndReason {
  if (!Object.hasOwn(endReasons, text))
    throw new InvalidArgumentError(`It is one of ${Object.keys(endReasons).join(', ')}.`);
  return text as EndReason;
}
