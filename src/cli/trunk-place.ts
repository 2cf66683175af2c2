import { resolve } from 'node:path';
import type { Configuration, Trunk } from '#engine/ports';
import { formatProblems, type Problem, readConfiguration } from '#shell/config';
import { harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { tell } from './output/output.ts';
import { StatusClient } from './status-client.ts';

/** The configuration that a file means, and the program that runs by it, if one does. */
export interface Place {
  readonly file: string;
  readonly configuration: Configuration;
  readonly warnings: readonly Problem[];
  /** Undefined: none runs. */
  readonly program: StatusClient | undefined;
}

/** Throws a Failure when the file cannot be used. */
export async function openPlace(file: string): Promise<Place> {
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  const { configuration, warnings } = loaded;
  return { file, configuration, warnings, program: await StatusClient.open(resolve(configuration.records.path)) };
}

/** The file alone, which tells little and says so, where nobody could be asked (`error`). Throws that error where the file would tell less than the truth. */
export async function placeAlone(file: string | undefined, error: unknown): Promise<Place> {
  if (file === undefined || !(error instanceof Failure) || error.exitCode !== exitCodes.unreachable) throw error;
  const place = await openPlace(file);
  place.program?.close();
  // It runs all the same.
  if (place.program) throw error;
  tell(process.stderr, notRunning(place));
  return place;
}

/** Throws a Failure that names those there are. */
export function trunkOf({ configuration, file }: Omit<Place, 'warnings'>, name: string): Trunk {
  const trunk = configuration.trunks.find((one) => one.name === name);
  if (trunk) return trunk;
  const names = configuration.trunks.map((one) => one.name);
  const some = names.length > 20 ? [...names.slice(0, 20), `and ${names.length - 20} more`] : names;
  throw new Failure(`${file} has no trunk ${harmless(name)}: it has ${some.join(', ') || 'none'}.`);
}

/** What a command says first where it has only the file to go by. */
export function notRunning({ configuration }: Place): string {
  return `No program runs on ${resolve(configuration.records.path)}: this is what the file alone tells.\n`;
}
