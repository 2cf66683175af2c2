import type { Command } from 'commander';
import { outputOption } from '../output/output.ts';
import type { DoctorOptions } from './doctor.ts';

const help = `
Examples:
  tandem doctor                    is this machine fit for it? No configuration is needed
  tandem doctor tandem.yaml        and for this configuration: its ports, names, certificates
  tandem doctor -o json | jq '.[] | select(.verdict == "failed")'

Nothing is changed: each cure is what you can do. Exit status: 1 where something keeps the program from its work.`;

/** Adds `tandem doctor`. */
export function register(program: Command): void {
  outputOption(program.command('doctor'))
    .description(
      'look whether this machine is fit to serve: ports, limits, clock, DNS, certificates, disk; with the cure',
    )
    .argument('[file]', 'the configuration (YAML); without, what anybody would have')
    .option('--data <dir>', 'without a file: the directory of records (default: $TANDEM_DATA, else ./data)')
    .addHelpText('after', help)
    .action(async (file: string | undefined, options: DoctorOptions) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(file, options);
    });
}
