import { type Command, Option } from 'commander';
import type { PreviewOptions } from './message-preview.ts';
import { outputOption } from './output/output.ts';

const examples = `
Examples:
  tandem message preview --trunk itsp-a --direction out --config tandem.yaml invite.txt
  tandem message preview --trunk itsp-a --direction in < invite.txt
  tandem message preview --trunk itsp-a --direction out -o json invite.txt

The message is as it crosses the wire, head and body; lines may end in LF, and Content-Length is reckoned anew then.
docs/manipulation.md says what rules can do.`;

/** Adds `tandem message` and its commands. What one of them needs is imported when it is called. */
export function register(program: Command): void {
  const message = program
    .command('message')
    .description("see what a trunk's rules make of messages")
    .addHelpText('after', examples);

  outputOption(message.command('preview'))
    .description('show a message before and after the rules of a trunk, and which rule did what')
    .argument('[file]', 'the message; - or nothing for standard input', '-')
    .requiredOption('--trunk <name>', 'whose rules')
    .addOption(
      new Option('--direction <way>', 'whether it comes from the trunk or goes there')
        .choices(['in', 'out'])
        .makeOptionMandatory(),
    )
    .option('--config <file>', 'the configuration (YAML)', 'tandem.yaml')
    .addOption(new Option('--call <whose>', 'which calls it is part of').choices(['from-trunk', 'to-trunk']))
    .addOption(new Option('--dialog <place>', 'where it stands').choices(['outside', 'inside']))
    .option('--caller <number>', 'who calls (default: the user of From)')
    .option('--called <number>', 'who is called (default: the user of the Request-URI)')
    .action(async (file: string, options: PreviewOptions) => {
      const { previewMessage } = await import('./message-preview.ts');
      await previewMessage(file, options, process.stdout, process.stderr);
    });
}
