import { type Command, InvalidArgumentError } from 'commander';
import { fileOption, outputOption } from './output/output.ts';
import { type RemoteOptions, remoteOptions } from './rest/remote.ts';
import { registerImport } from './trunk-import.ts';
import type { TrunkListOptions } from './trunk-list.ts';
import type { OrderOptions } from './trunk-order.ts';
import { registerSheet } from './trunk-sheet.ts';
import type { TrunkShowOptions } from './trunk-show.ts';
import type { TestOptions } from './trunk-test.ts';

const examples = `
Examples:
  tandem trunk list                     of the program that runs here
  tandem trunk list tandem.yaml         of the one that runs by this file, or the file alone
  tandem trunk list --follow            and then what changes
  tandem trunk show itsp-a tandem.yaml
  tandem trunk probe itsp-a             OPTIONS at once
  tandem trunk test itsp-a tandem.yaml --number +4930123456
  tandem trunk test itsp-a tandem.yaml -o html --file itsp-a.html

The file says where the running program is found. Without one, the file alone is told.`;

/** Adds `tandem trunk` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const trunk = program.command('trunk').description('see how trunks are').addHelpText('after', examples);

  outputOption(remoteOptions(trunk.command('list')))
    .description('how each trunk is now')
    .argument('[file]', 'the configuration (YAML) that the program runs by; without a program it is told')
    .option('--follow', 'and then what changes, until Ctrl-C')
    .action(async (file: string | undefined, options: TrunkListOptions) => {
      const { list } = await import('./trunk-list.ts');
      await list(file, options);
    });

  outputOption(remoteOptions(trunk.command('show')))
    .description('all that is known of one trunk')
    .argument('<name>', 'of the trunk')
    .argument(
      '[file]',
      'the configuration (YAML); with it, its DNS answers, connections and settings too (`details` in JSON)',
    )
    .action(async (name: string, file: string | undefined, options: TrunkShowOptions) => {
      const { show } = await import('./trunk-show.ts');
      await show(name, file, options);
    });

  fileOption(outputOption(trunk.command('test'), 'html'))
    .description('walk a trunk from its configuration to a call, and say what to do where it fails')
    .argument('<name>', 'of the trunk')
    .argument('<file>', 'the configuration (YAML)')
    .option('--number <number>', 'call it over the trunk, dialled as given')
    .option('--caller <number>', 'who calls (default: the user of the identity)')
    .option('--seconds <n>', 'how long to listen', seconds, 5)
    .option('--digits <digits>', "DTMF to send; '' for none", digits, '123')
    .action(async (name: string, file: string, options: TestOptions) => {
      const { test } = await import('./trunk-test.ts');
      process.exitCode = await test(name, file, options);
    });

  outputOption(remoteOptions(trunk.command('register')))
    .description('register a trunk at once, whatever it waits for')
    .argument('<name>', 'of the trunk')
    .argument('[file]', 'the configuration (YAML) that the program runs by')
    .action(async (name: string, file: string | undefined, options: OrderOptions) => {
      const { registerNow } = await import('./trunk-order.ts');
      await registerNow(name, file, options, process.stdout);
    });

  outputOption(remoteOptions(trunk.command('probe')))
    .description('send OPTIONS to each target of a trunk at once')
    .argument('<name>', 'of the trunk')
    .argument('[file]', 'the configuration (YAML) that the program runs by')
    .action(async (name: string, file: string | undefined, options: OrderOptions) => {
      const { probe } = await import('./trunk-order.ts');
      await probe(name, file, options, process.stdout);
    });

  remoteOptions(trunk.command('unban'))
    .description('lift a ban')
    .argument('<source>', 'as `trunk list` shows it')
    .argument('[file]', 'the configuration (YAML) that the program runs by')
    .action(async (source: string, file: string | undefined, options: RemoteOptions) => {
      const { unban } = await import('./trunk-order.ts');
      await unban(source, file, options, process.stdout);
    });

  registerImport(trunk);
  registerSheet(trunk);
}

function seconds(text: string): number {
  const number = Number(text);
  if (text === '' || !(number >= 1 && number <= 60)) throw new InvalidArgumentError('It is a number from 1 to 60.');
  return number;
}

function digits(text: string): string {
  if (text.length > 32 || [...text.toUpperCase()].some((digit) => !'0123456789*#ABCD'.includes(digit)))
    throw new InvalidArgumentError('Digits are 0 to 9, *, #, A to D, 32 at most.');
  return text;
}
