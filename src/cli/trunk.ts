import { type Command, InvalidArgumentError, Option } from 'commander';
import { registerImport } from './trunk-import.ts';
import { registerSheet } from './trunk-sheet.ts';
import type { TestOptions } from './trunk-test.ts';

const examples = `
Examples:
  tandem trunk list tandem.yaml
  tandem trunk show itsp-a tandem.yaml
  tandem trunk test itsp-a tandem.yaml --number +4930123456
  tandem trunk test itsp-a tandem.yaml --format html --output itsp-a.html

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

  trunk
    .command('test')
    .description('walk a trunk from its configuration to a call, and say what to do where it fails')
    .argument('<name>', 'of the trunk')
    .argument('<file>', 'the configuration (YAML)')
    .option('--number <number>', 'call it over the trunk, dialled as given')
    .option('--caller <number>', 'who calls (default: the user of the identity)')
    .option('--seconds <n>', 'how long to listen', seconds, 5)
    .option('--digits <digits>', "DTMF to send; '' for none", digits, '123')
    .addOption(
      new Option('--format <format>', 'of the report').choices(['text', 'json', 'ndjson', 'html']).default('text'),
    )
    .option('--output <file>', 'write the report there')
    .action(async (name: string, file: string, options: TestOptions) => {
      const { test } = await import('./trunk-test.ts');
      process.exitCode = await test(name, file, options);
    });

  trunk
    .command('register')
    .description('register a trunk at once, whatever it waits for')
    .argument('<name>', 'of the trunk')
    .argument('<file>', 'the configuration (YAML)')
    .action(async (name: string, file: string) => {
      const { registerNow } = await import('./trunk-order.ts');
      await registerNow(name, file, process.stdout);
    });

  trunk
    .command('unban')
    .description('lift a ban')
    .argument('<source>', 'as `trunk list` shows it')
    .argument('<file>', 'the configuration (YAML)')
    .action(async (source: string, file: string) => {
      const { unban } = await import('./trunk-order.ts');
      await unban(source, file, process.stdout);
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
