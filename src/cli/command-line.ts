import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { RunOptions } from '#app';
import type { CheckOptions } from './check-world/command.ts';
import { exitMeanings } from './failure.ts';
import { folded } from './output/folded.ts';
import { outputOption } from './output/output.ts';
import { columnsOf } from './output/width.ts';

const description = `Tandem joins your PBX, gateways and sites to internet telephony service providers.

  tandem check tandem.yaml     is the file right, and what does it mean?
  tandem route test            what would become of a call, and why?
  tandem run tandem.yaml       start; SIGTERM or Ctrl-C ends it when the last call has ended`;

const epilogue = `
Exit status:
${exitMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}

Every problem has a code: \`tandem explain TDM-1104\` says what it means and what to do.
docs/cli.md has all of this, and how programs are asked that run elsewhere.`;

const access = () => import('./access/command.ts');
const completion = () => import('./completion/command.ts');
const traces = () => import('./trace/command.ts');
const backups = () => import('./backup/command.ts');

/** Commands with subcommands: each is read from its own file, when one of them, or help, is asked for. */
const families: Readonly<
  Record<string, () => Promise<{ register(program: Command, commands: (asked?: string) => Promise<Command>): void }>>
> = {
  explain: () => import('./explain-command.ts'),
  config: () => import('./configuration/command.ts'),
  trunk: () => import('./trunk.ts'),
  init: () => import('./init/command.ts'),
  doctor: () => import('./doctor/command.ts'),
  top: () => import('./top/command.ts'),
  status: () => import('./status/command.ts'),
  call: () => import('./call/command.ts'),
  events: () => import('./events/command.ts'),
  ladder: traces,
  trace: traces,
  user: () => import('./user.ts'),
  account: access,
  token: access,
  audit: access,
  webhook: () => import('./webhook/command.ts'),
  certificate: () => import('./certificate/command.ts'),
  route: () => import('./route.ts'),
  cdr: () => import('./cdr.ts'),
  backup: backups,
  restore: backups,
  plan: () => import('./plan/register.ts'),
  firewall: () => import('./firewall/register.ts'),
  emergency: () => import('./emergency.ts'),
  message: () => import('./message.ts'),
  completion,
  __complete: completion,
};

/** The command line, as far as it takes to do what is asked; all of it for help and manual. What a command needs is imported when it is called. */
export async function commandLine(asked = 'help'): Promise<Command> {
  const program = new Command('tandem')
    .description(description)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this, or what a command takes')
    .helpCommand('help [command]', 'show what a command takes')
    .addHelpText('after', epilogue)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => process.stdout.write(folded(text, columnsOf(process.stdout))),
      writeErr: (text) => process.stderr.write(folded(text, columnsOf(process.stderr))),
    })
    .exitOverride();

  program
    .command('run')
    .description('start the trunking system')
    .argument('<file>', 'the configuration (YAML)')
    .option('--node <name>', 'the node that this is, where the configuration is for several')
    .option('--watch', 'read the file again whenever it changes; SIGHUP does so once')
    .action(async (file: string, options: RunOptions) => {
      const { run } = await import('#app');
      process.exitCode = await run(file, options);
    });

  outputOption(program.command('check'))
    .description('say everything that is wrong with a configuration, what it means, and what is left to do')
    .argument('<file>', 'the configuration (YAML)')
    .option('--live', 'look at the world as well: names, connections, certificates, OPTIONS, ports; nobody is called')
    .option('--node <name>', 'with --live: the node that this is, where the configuration is for several')
    .option(
      '--hand-over <file>',
      'write what providers are told and asked, all trunks in one document (.md, .json or text)',
    )
    .action(async (file: string, options: CheckOptions) => {
      const { checkWith } = await import('./check-world/command.ts');
      process.exitCode = await checkWith(file, options, process.stdout, process.stderr);
    });

  program
    .command('schema')
    .description('print the JSON Schema of the configuration, for completion in an editor')
    .action(async () => {
      const { printSchema } = await import('./schema.ts');
      printSchema(process.stdout);
    });

  const wanted = ['help', '-h', '--help'].includes(asked) ? Object.keys(families) : [asked];
  for (const load of new Set(wanted.map((name) => (Object.hasOwn(families, name) ? families[name] : undefined))))
    if (load) (await load()).register(program, commandLine);
  pointToHelp(program, program.name());
  return program;
}

/** Who mistypes a command is led to the help of that one. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`Try \`${path} --help\`.`);
  for (const one of command.commands) pointToHelp(one, `${path} ${one.name()}`);
}

/** Both src/cli and dist/cli lie two levels below package.json. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
