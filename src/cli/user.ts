import type { Command } from 'commander';
import { type OutputOptions, outputOption } from './output/output.ts';

const examples = `
Examples:
  tandem user list tandem.yaml
  tandem user list tandem.yaml --all

The file says where the running program is found. Without one, the file alone is told.`;

/** Adds `tandem user` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const user = program.command('user').description('see who is there').addHelpText('after', examples);

  outputOption(user.command('list'))
    .description('users whose devices are registered, or who are in a call')
    .argument('<file>', 'the configuration (YAML)')
    .option('--all', 'those as well of whom nothing is there')
    .action(async (file: string, options: OutputOptions & { all?: boolean }) => {
      const { list } = await import('./user-list.ts');
      await list(file, options, process.stdout, process.stderr);
    });
}
