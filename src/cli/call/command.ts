import { type Command, InvalidArgumentError, Option } from 'commander';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { EndOptions, ListOptions, ShowOptions } from './acts.ts';

const examples = `
Examples:
  tandem call list                          calls that stand, the newest first
  tandem call list --trunk itsp-a --follow  and what becomes of them
  tandem call list -o ndjson | jq .called
  tandem call show 7f3a                     all about one, its decisions too
  tandem call end 7f3a                      hang up on both sides`;

/** Adds `tandem call` and its commands. What they do is imported when one is called. */
export function register(program: Command): void {
  const call = program.command('call').description('see calls that stand, and end one').addHelpText('after', examples);
  const acts = () => import('./acts.ts');

  outputOption(remoteOptions(call.command('list')))
    .description('calls that stand')
    .option('--trunk <name>', 'of this trunk, on either side')
    .option('--number <number>', "whose caller's or called number begins so")
    .option('--site <name>', 'whose caller is there')
    .addOption(new Option('--phase <phase>', 'how far they are').choices(['setup', 'answered']))
    .addOption(new Option('--state <state>', 'held, or nothing is heard of a side').choices(['hold', 'silent']))
    .option('--emergency', 'for help')
    .option('--sort <order>', 'started, answered, caller, …; with a minus the other way round', '-started')
    .option('--limit <n>', 'how many', count, 100)
    .option('--follow', 'and then what becomes of them, until Ctrl-C')
    .action(async (options: ListOptions) => (await acts()).list(options));
  outputOption(remoteOptions(call.command('show')))
    .description('all about a call that stands or has ended')
    .argument('<call>', 'its id, or how it begins')
    .action(async (id: string, options: ShowOptions) => (await acts()).show(id, options));
  remoteOptions(call.command('end'))
    .description('hang up on both sides')
    .argument('<call...>', 'ids, or how they begin')
    .action(async (ids: string[], options: EndOptions) => (await acts()).end(ids, options));
}

export function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return number;
}
