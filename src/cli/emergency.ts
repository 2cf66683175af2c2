import type { Command } from 'commander';
import type { EmergencyTestOptions } from './emergency-test.ts';
import { outputOption } from './output/output.ts';

const examples = `
Examples:
  tandem emergency test tandem.yaml                      every site and trunk that may call for help, in a table
  tandem emergency test tandem.yaml --from berlin        what becomes of a call from the site
  tandem emergency test tandem.yaml --from ann --address 10.1.2.9 --dial 9112

Nobody is called, and nobody is told: the code that would do it says what it would do. docs/emergency.md has the rest.`;

/** Adds `tandem emergency` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const emergency = program
    .command('emergency')
    .description('see what becomes of calls for help')
    .addHelpText('after', examples);

  outputOption(emergency.command('test'))
    .description('show what would become of a call for help: its place, who is asked in which order, who is told')
    .argument('<file>', 'the configuration (YAML)')
    .option('--from <name>', 'a user, a site or a trunk; all of them, in short, unless given')
    .option('--dial <number>', 'what is dialled (default: the first number of help)')
    .option('--address <ip>', 'where the telephone is in the network')
    .option('--device <instance>', 'which telephone of a user, urn:uuid:…')
    .option('--caller <number>', 'who calls, where a trunk does')
    .action(async (file: string, options: EmergencyTestOptions) => {
      const { emergencyTest } = await import('./emergency-test.ts');
      process.exitCode = emergencyTest(file, options, process.stdout, process.stderr);
    });
}
