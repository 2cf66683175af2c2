import { writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { stringify } from 'yaml';
import { harmless, harmlessJson } from '../cdr-text.ts';
import { Failure } from '../failure.ts';
import { type Column, fittedTable, type Painter } from './fitted-table.ts';
import { folded } from './folded.ts';
import { columnsOf } from './width.ts';

/** `table` is what people read, of one thing as well. */
export type OutputFormat = 'table' | 'json' | 'yaml' | 'ndjson';

export interface OutputOptions {
  readonly output: OutputFormat;
}

const formats = ['table', 'json', 'yaml', 'ndjson'] as const;

/** Adds `-o`, with forms that are of this command alone; and `--json`, as what it was once called. */
export function outputOption(command: Command, ...more: readonly string[]): Command {
  const all: readonly string[] = [...formats, ...more];
  return command
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(all)
        .default('table')
        .argParser((text: string) => {
          // What the form for people was once called.
          if (text === 'text') return 'table';
          if (!all.includes(text)) throw new InvalidArgumentError(`It is one of ${all.join(', ')}.`);
          return text;
        }),
    )
    .addOption(new Option('--json').implies({ output: 'json' }).hideHelp());
}

/** Adds `--file`: what is made goes there. */
export function fileOption(command: Command): Command {
  return command.option('--file <file>', 'write it there');
}

/** Writes what was made into a file; a Failure, where that cannot be. */
export function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
  }
}

/** Where a command writes. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Heeds NO_COLOR and FORCE_COLOR, and whether it is a terminal at all. */
export function painterOf(stream: Output): Painter {
  if (!(stream instanceof Writable)) return (_format, text) => text;
  return (format, text) => styleText(format, text, { stream });
}

/** What is said to people: folded to the terminal. */
export function tell(stream: Output, text: string): void {
  stream.write(folded(text, columnsOf(stream)));
}

/** A list. `text` in place of a table of `columns`. */
export function printList<Row>(
  stdout: Output,
  format: OutputFormat,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  none = 'There is none.',
): void {
  if (format === 'table')
    stdout.write(
      rows.length === 0
        ? folded(`${none}\n`, columnsOf(stdout))
        : fittedTable(rows, columns, columnsOf(stdout), painterOf(stdout)),
    );
  else if (format === 'ndjson') for (const row of rows) stdout.write(`${harmlessJson(row)}\n`);
  else stdout.write(dataText(format, rows));
}

/** One thing. `text`: for people; it is folded to the terminal. */
export function printObject(stdout: Output, format: OutputFormat, value: unknown, text: () => string): void {
  stdout.write(format === 'table' ? folded(text(), columnsOf(stdout)) : dataText(format, value));
}

/** One thing of which people get a text as it is, such as a file: it may be copied. */
export function printText(stdout: Output, format: OutputFormat, value: unknown, text: string): void {
  stdout.write(format === 'table' ? text : dataText(format, value));
}

/** One of many that come one after the other: a line, or a document. */
export function printNext(stdout: Output, format: OutputFormat, value: unknown, text: () => string): void {
  if (format === 'table') stdout.write(folded(text(), columnsOf(stdout)));
  else stdout.write(format === 'yaml' ? `---\n${dataText(format, value)}` : `${harmlessJson(value)}\n`);
}

/** A value in one of the forms for programs, none of which steers a terminal. */
export function dataText(format: 'json' | 'yaml' | 'ndjson', value: unknown): string {
  if (format === 'ndjson') return `${harmlessJson(value)}\n`;
  if (format === 'json') return `${harmlessJson(value, 2)}\n`;
  return harmlessLines(stringify(value, { lineWidth: 0 }));
}

/** Nothing in it steers a terminal: what YAML itself does not escape stands in strings of strangers. */
function harmlessLines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}
