import type { Command } from 'commander';
import { outputOption } from './output/output.ts';
import { remoteOptions } from './rest/remote.ts';
import type { UserListOptions } from './user-list.ts';

const examples = `
Examples:
  tandem user list                      of the program that runs here
  tandem user list tandem.yaml          with names, numbers and sites; of the file alone, where no program runs by it
  tandem user list tandem.yaml --all    those as well of whom nothing is there`;

/** Adds `tandem user` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const user = program.command('user').description('see who is there').addHelpText('after', examples);

  outputOption(remoteOptions(user.command('list')))
    .description('users whose devices are registered, or who are in a call')
    .argument('[file]', 'the configuration (YAML) that the program runs by')
    .option('--all', 'those of the file as well of whom nothing is there')
    .action(async (file: string | undefined, options: UserListOptions) => {
      const { list } = await import('./user-list.ts');
      await list(file, options);
    });
}
