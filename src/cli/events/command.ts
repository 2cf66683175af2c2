import { type Command, Option } from 'commander';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { EventsOptions } from './events.ts';

const help = `
Examples:
  tandem events                              all that happens, until Ctrl-C
  tandem events --kinds trunk,mirror         trunks that come and go alone
  tandem events --trunk itsp-a -o ndjson     of one trunk, for a program`;

/** Adds `tandem events` and `tandem status`. */
export function register(program: Command): void {
  outputOption(remoteOptions(program.command('events')))
    .description('follow what happens: calls, trunks, limits, bans')
    .option('--kinds <kinds>', 'which, with commas between: calls, ended, trunk, house, mirror, test (default: all)')
    .option('--trunk <name>', 'of this trunk')
    .option('--number <number>', 'calls from or to numbers that begin so')
    .option('--call <id>', 'of one call')
    .addOption(new Option('--follow', 'which is what it does').hideHelp())
    .addHelpText('after', help)
    .action(async (options: EventsOptions) => {
      const { events } = await import('./events.ts');
      await events(options);
    });
}
