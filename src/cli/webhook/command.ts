import { type Command, InvalidArgumentError, Option } from 'commander';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { CreateOptions, DeliveriesOptions, RotateOptions, SetOptions } from './acts.ts';

const help = `
Examples:
  tandem webhook create chat https://hooks.example.com/tandem --event trunk.down trunk.up > secret
  tandem webhook test chat                  send a message now, and say what came of it
  tandem webhook deliveries chat            what was sent, and why something was not taken
  tandem webhook rotate chat > secret       a new secret; the old one holds for a day

docs/webhooks.md has all events and what is promised, docs/how-to/webhooks.md receivers.`;

const acts = () => import('./acts.ts');

/** Adds `tandem webhook`. */
export function register(program: Command): void {
  const webhook = program
    .command('webhook')
    .description('who elsewhere is told what happens')
    .addHelpText('after', help);
  const add = (name: string, description: string) =>
    outputOption(remoteOptions(webhook.command(name))).description(description);

  add('list', 'all of them, and how they are').action(async (options) => (await acts()).list(options));
  add('events', 'what they may be told of').action(async (options) => (await acts()).events(options));
  what(add('create', 'make one, and print its secret, which is told once'))
    .argument('<name>', 'what it is called')
    .argument('<url>', 'where it is posted to: https://…')
    .option('--disabled', 'it is told nothing yet')
    .action(async (name: string, url: string, options: CreateOptions) => (await acts()).create(name, url, options));
  what(add('set', 'change one'))
    .argument('<name>')
    .option('--to <url>', 'where it is posted to')
    .option('--rename <name>', 'what it is to be called')
    .option('--all', 'it is told of what is of any trunk and site, and of none')
    .option('--usual-authorities', 'certificates of the usual authorities alone are believed')
    .addOption(new Option('--disable', 'it is told nothing').conflicts('enable'))
    .option('--enable', 'it is told again, of what happens from now on')
    .action(async (name: string, options: SetOptions) => (await acts()).set(name, options));
  add('rotate', 'give one a new secret, and print it')
    .argument('<name>')
    .option('--hours <n>', 'how long the old one holds beside it, at most 168', numberFrom(0, 168), 24)
    .action(async (name: string, options: RotateOptions) => (await acts()).rotate(name, options));
  add('test', 'send a message now, and say what came of it; status 1 where it was not taken')
    .argument('<name>')
    .action(async (name: string, options) => {
      process.exitCode = await (await acts()).test(name, options);
    });
  add('deliveries', 'what was sent and what waits, the newest first; with an id, all of one')
    .argument('<name>')
    .argument('[id]')
    .addOption(new Option('--state <state>', 'those alone').choices(['waiting', 'taken', 'failed', 'dropped']))
    .option('--limit <n>', 'how many', numberFrom(1, 200), 20)
    .action(async (name: string, id: string | undefined, options: DeliveriesOptions) =>
      (await acts()).deliveries(name, id, options),
    );
  add('resend', 'send one again')
    .argument('<name>')
    .argument('<id>', 'as `webhook deliveries` has it')
    .action(async (name: string, id: string, options) => (await acts()).resend(name, id, options));
  add('remove', 'remove one, with what waits for it')
    .argument('<name>')
    .action(async (name: string, options) => (await acts()).remove(name, options));
}

function what(command: Command): Command {
  return command
    .option('--event <event...>', 'what it is told of, as `webhook events` has it')
    .option('--site <name...>', 'what is of these sites alone')
    .option('--trunk <name...>', 'what is of these trunks alone')
    .option('--ca-file <file>', 'certificates (PEM) of authorities that are believed beside the usual ones');
}

function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,4}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most) throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
    return value;
  };
}
