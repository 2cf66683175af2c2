import { type Command, Option } from 'commander';
import type { SheetFormat } from './sheet-formats.ts';

const help = `
The sheet has what the provider has to say, and what it has to be told: addresses, names, ports, certificates, media, numbers. What the
configuration and the trunk's profile do not know stands there as "to be agreed". No password is on it.`;

/** Adds `tandem trunk sheet`. */
export function registerSheet(trunk: Command): void {
  trunk
    .command('sheet')
    .description('the data sheet that one exchanges with the provider')
    .argument('<name>', 'of the trunk')
    .argument('<file>', 'the configuration (YAML)')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'markdown']).default('text'))
    .addHelpText('after', help)
    .action(async (name: string, file: string, { format }: { format: SheetFormat }) => {
      const { printSheet } = await import('./sheet-print.ts');
      printSheet(name, file, format, process.stdout);
    });
}
