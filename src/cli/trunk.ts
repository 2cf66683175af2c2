import type { Command } from 'commander';
import { registerImport } from './trunk-import.ts';
import { registerSheet } from './trunk-sheet.ts';

const examples = `
Examples:
  tandem trunk list tandem.yaml
  tandem trunk show itsp-a tandem.yaml

The file says where the running program is found. Without one, the file alone is told.`;

/** Adds `tandem trunk` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const trunk = program.command('trunk').description('see how trunks are').addHelpText('after', examples);

  trunk
    .command('list')
    .description('how each trunk is now')
    .argument('<file>', 'the configuration (YAML)')
    .option('--json', 'for programs')
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      const { list } = await import('./trunk-list.ts');
      await list(file, json, process.stdout, process.stderr);
    });

  trunk
    .command('show')
    .description('all that is known of one trunk')
    .argument('<name>', 'of the trunk')
    .argument('<file>', 'the configuration (YAML)')
    .option('--json', 'for programs')
    .action(async (name: string, file: string, { json = false }: { json?: boolean }) => {
      const { show } = await import('./trunk-show.ts');
      await show(name, file, json, process.stdout, process.stderr);
    });

  registerImport(trunk);
  registerSheet(trunk);
}
