import { type Command, InvalidArgumentError, Option } from 'commander';
import { type EndReason, endReasons } from '#cdr';
import type { ExportOptions, ListOptions, ShowOptions } from './cdr-acts.ts';
import { timeOf } from './cdr-text.ts';
import { outputOption } from './output/output.ts';

const examples = `
Examples:
  tandem cdr list --since 1h --failed
  tandem cdr list --number '+4930*' --limit 100
  tandem cdr show 7f3a
  tandem cdr export --since 2026-11-01 --until 2026-12-01 -o csv > november.csv

Numbers, trunks and reasons are compared as they were received and sent; docs/records.md explains every field.`;

/** Adds `tandem cdr` and its commands. What they do is imported when one is called. */
export function register(program: Command): void {
  const cdr = program.command('cdr').description('read the call records').addHelpText('after', examples);
  const acts = () => import('./cdr-acts.ts');

  filters(place(cdr.command('list').description('the newest calls')))
    .option('--limit <n>', 'how many calls', positive, 20)
    .addOption(
      new Option('-o, --output <format>', 'how to print them')
        .choices(['table', 'json', 'yaml', 'ndjson', 'csv'])
        .default('table'),
    )
    .action(async (options: ListOptions) => (await acts()).list(options));

  outputOption(place(cdr.command('show').description('everything about one call')))
    .argument('<call>', 'its id, or as much of its beginning as no other call has')
    .action(async (call: string, options: ShowOptions) => (await acts()).show(call, options));

  filters(place(cdr.command('export').description('any range of calls, oldest first, to standard output')))
    .addOption(new Option('-o, --output <format>', 'how to print them').choices(['ndjson', 'csv']).default('ndjson'))
    .action(async (options: ExportOptions) => (await acts()).exportAll(options));
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
