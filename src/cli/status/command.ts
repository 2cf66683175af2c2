import type { Command } from 'commander';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { StatusOptions } from './status.ts';

const help = `
Examples:
  tandem status                        is it up, and what is wrong now?
  tandem status --config tandem.yaml   of the program that runs by this file
  tandem status -o json | jq '.troubles[].what'

Exit status: 0 nothing critical; 1 something is; 3 no program runs there.`;

/** Adds `tandem status`. */
export function register(program: Command): void {
  outputOption(remoteOptions(program.command('status')))
    .description('say what is wrong now, and how much of each limit is used')
    .addHelpText('after', help)
    .action(async (options: StatusOptions) => {
      const { status } = await import('./status.ts');
      process.exitCode = await status(options);
    });
}
