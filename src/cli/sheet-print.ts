import { formatProblems, profileOf, readConfiguration } from '#shell/config';
import { harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { sheetOf } from './sheet.ts';
import { formatSheet, type SheetFormat } from './sheet-formats.ts';
import { trunkOf } from './trunk-place.ts';

/** `tandem trunk sheet NAME FILE`; throws Failure. */
export function printSheet(
  name: string,
  file: string,
  format: SheetFormat,
  stdout: { write(text: string): unknown },
): void {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${harmless(file)} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  const { configuration } = loaded;
  const trunk = trunkOf({ configuration, file, program: undefined }, name);
  const profile = trunk.profile === undefined ? undefined : profileOf(trunk.profile);
  stdout.write(formatSheet(sheetOf(trunk, configuration, profile ?? {}), format));
}
