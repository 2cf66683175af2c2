import { resolve } from 'node:path';
import { Failure } from './failure.ts';

/** How a command line says which directory of records is meant. */
export interface PlaceOptions {
  readonly config?: string;
  readonly data?: string;
}

/** The directory of records. Throws a Failure where the configuration that names it cannot be used. */
export async function directoryOf({ config, data }: PlaceOptions): Promise<string> {
  if (config === undefined) return resolve(data ?? process.env.TANDEM_DATA ?? './data');
  // Only now: to read a configuration takes longer than to read the records.
  const { formatProblems, readConfiguration } = await import('#shell/config');
  const loaded = readConfiguration(config, process.env, { withoutSecrets: true });
  if (!loaded.ok)
    throw new Failure(
      `${config} cannot be used, so it does not say where the records are:\n${formatProblems(loaded.problems)}`,
    );
  return resolve(loaded.configuration.records.path);
}
