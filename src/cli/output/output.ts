import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { stringify } from 'yaml';
import { harmless, harmlessJson } from '../cdr-text.ts';
import { type Column, fittedTable, type Painter } from './fitted-table.ts';
import { columnsOf } from './width.ts';

/** `table` is what people read, of one thing as well. */
export type OutputFormat = 'table' | 'json' | 'yaml' | 'ndjson';

export interface OutputOptions {
  readonly output: OutputFormat;
}

const formats = ['table', 'json', 'yaml', 'ndjson'] as const;

/** Adds `-o`; and `--json`, as what it was once called. */
export function outputOption(command: Command): Command {
  return command
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(formats)
        .default('table')
        .argParser((text: string): OutputFormat => {
          // What the form for people was once called.
          if (text === 'text') return 'table';
          const format = formats.find((one) => one === text);
          if (!format) throw new InvalidArgumentError(`It is one of ${formats.join(', ')}.`);
          return format;
        }),
    )
    .addOption(new Option('--json').implies({ output: 'json' }).hideHelp());
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

/** A list. `text` in place of a table of `columns`. */
export function printList<Row>(
  stdout: Output,
  format: OutputFormat,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  none = 'There is none.',
): void {
  if (format === 'table')
    stdout.write(rows.length === 0 ? `${none}\n` : fittedTable(rows, columns, columnsOf(stdout), painterOf(stdout)));
  else if (format === 'ndjson') for (const row of rows) stdout.write(`${harmlessJson(row)}\n`);
  else stdout.write(data(format, rows));
}

/** One thing. `text`: for people. */
export function printObject(stdout: Output, format: OutputFormat, value: unknown, text: () => string): void {
  stdout.write(format === 'table' ? text() : data(format, value));
}

/** One of many that come one after the other: a line, or a document. */
export function printNext(stdout: Output, format: OutputFormat, value: unknown, text: () => string): void {
  if (format === 'table') stdout.write(text());
  else stdout.write(format === 'yaml' ? `---\n${data(format, value)}` : `${harmlessJson(value)}\n`);
}

function data(format: 'json' | 'yaml' | 'ndjson', value: unknown): string {
  if (format === 'ndjson') return `${harmlessJson(value)}\n`;
  if (format === 'json') return `${harmlessJson(value, 2)}\n`;
  return harmlessLines(stringify(value, { lineWidth: 0 }));
}

/** Nothing in it steers a terminal: what YAML itself does not escape stands in strings of strangers. */
function harmlessLines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}
