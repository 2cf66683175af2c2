import type { Command } from 'commander';
import { fileOption, outputOption } from './output/output.ts';
import type { SheetOptions } from './sheet-print.ts';

const help = `
The sheet has what the provider has to say, and what it has to be told: addresses, names, ports, certificates, media, numbers. What the
configuration and the trunk's profile do not know stands there as "to be agreed". No password is on it.`;

/** Adds `tandem trunk sheet`. */
export function registerSheet(trunk: Command): void {
  fileOption(outputOption(trunk.command('sheet'), 'markdown'))
    .description('the data sheet that one exchanges with the provider')
    .argument('<name>', 'of the trunk')
    .argument('<file>', 'the configuration (YAML)')
    .addHelpText('after', help)
    .action(async (name: string, file: string, options: SheetOptions) => {
      const { printSheet } = await import('./sheet-print.ts');
      printSheet(name, file, options, process.stdout);
    });
}
