import { type Command, InvalidArgumentError } from 'commander';
import { remoteOptions } from '../rest/remote.ts';
import type { TopOptions } from './top.ts';

const help = `
Examples:
  tandem top                          of the program that runs here
  tandem top --url https://sbc.example --token-file token
  tandem top --once                   one look, for a log

Keys: q quits, s sorts calls by another thing, arrows and pages scroll, space holds it still, ? shows all of them.`;

/** Adds `tandem top`. */
export function register(program: Command): void {
  remoteOptions(program.command('top'))
    .description('watch it live: what is wrong, trunks, calls')
    .option('--seconds <n>', 'between two looks', seconds, 1)
    .option('--once', 'look once, and print it')
    .addHelpText('after', help)
    .action(async (options: TopOptions) => {
      const { top } = await import('./top.ts');
      await top(options);
    });
}

function seconds(text: string): number {
  const number = Number(text);
  if (text === '' || !(number >= 0.2 && number <= 3600))
    throw new InvalidArgumentError('It is a number from 0.2 to 3600.');
  return number;
}
