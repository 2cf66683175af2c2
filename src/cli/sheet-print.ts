import { formatProblems, profileOf, readConfiguration } from '#shell/config';
import { harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { dataText, type Output, type OutputFormat, writeOut } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { sheetOf } from './sheet.ts';
import { formatSheet } from './sheet-formats.ts';
import { trunkOf } from './trunk-place.ts';

export interface SheetOptions {
  readonly output: OutputFormat | 'markdown';
  readonly file?: string;
}

/** `tandem trunk sheet NAME FILE`; throws Failure. */
export function printSheet(name: string, file: string, { output, file: into }: SheetOptions, stdout: Output): void {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${harmless(file)} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  const { configuration } = loaded;
  const trunk = trunkOf({ configuration, file, program: undefined }, name);
  const profile = trunk.profile === undefined ? undefined : profileOf(trunk.profile);
  const sheet = sheetOf(trunk, configuration, profile ?? {});
  const width = into === undefined ? columnsOf(stdout) : Number.POSITIVE_INFINITY;
  const text =
    output === 'table'
      ? formatSheet(sheet, 'text', width)
      : output === 'markdown'
        ? formatSheet(sheet, output)
        : dataText(output, sheet);
  if (into === undefined) stdout.write(text);
  else writeOut(into, text);
}
