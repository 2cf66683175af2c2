import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Backup, BackupFault, makeBackup, restoreBackup } from '#shell/backup';
import { DirectoryLock } from '#shell/live-state';
import { Failure } from '../failure.ts';
import { tell } from '../output/output.ts';
import { directoryOf, type PlaceOptions } from '../place.ts';

/** Adds `tandem backup` and `tandem restore`. */
export function register(program: Command): void {
  program
    .command('backup')
    .description('copy records, configurations, accounts and what else is kept, while the program runs')
    .argument('<dir>', 'where the copy shall lie: nothing may be there')
    .option('--config <file>', 'this configuration goes along, and says where the records are')
    .addOption(data())
    .action(async (into: string, options: PlaceOptions) => {
      const { config, data: place } = options;
      // Where the configuration goes along, the directory may be said as well.
      const directory = await directoryOf(place === undefined ? options : { data: place });
      const backup = withFaults(() =>
        makeBackup({
          data: directory,
          ...(config !== undefined && { configuration: config }),
          into: resolve(into),
          version: program.version()!,
          now: Date.now(),
        }),
      );
      tell(process.stdout, `${resolve(into)}: ${contents(backup)}\n`);
    });

  program
    .command('restore')
    .description('put a backup back where no program runs; what is there is kept beside it')
    .argument('<dir>', 'the backup')
    .addOption(new Option('--config <file>', 'take the place of the records from this configuration').conflicts('data'))
    .addOption(data())
    .action(async (from: string, options: PlaceOptions) => {
      const directory = await directoryOf(options);
      const backup = withFaults(() => whileUnused(directory, () => restoreBackup(resolve(from), directory)));
      tell(process.stdout, `${directory}: ${contents(backup)}, as of ${backup.at}\n`);
    });
}

function data(): Option {
  return new Option('--data <dir>', 'the directory of the records (default: $TANDEM_DATA, else ./data)');
}

/** No program can begin on it meanwhile. Throws when one runs. */
function whileUnused<T>(directory: string, act: () => T): T {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = DirectoryLock.take(directory);
  try {
    return act();
  } finally {
    lock.release();
  }
}

function contents({ files }: Backup): string {
  return Object.entries(files)
    .map(([name, { bytes }]) => `${name} ${Math.ceil(bytes / 1024)} kB`)
    .join(', ');
}

function withFaults<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof BackupFault || (error instanceof Error && error.name === 'DirectoryInUse'))
      throw new Failure(`${error.message}.`);
    throw error;
  }
}
