import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import type { RunOptions } from '#app';
import type { CheckOptions } from './check-world/command.ts';
import type { ExplainOptions } from './explain-call.ts';
import { exitCodes, Failure } from './failure.ts';

const description = `Tandem joins your PBX, gateways and sites to internet telephony service providers.

  tandem check tandem.yaml     is the file right, and what does it mean?
  tandem route test            what would become of a call, and why?
  tandem run tandem.yaml       start; SIGTERM or Ctrl-C ends it when the last call has ended`;

const epilogue = `
Exit status: 0 done; 1 not done (problems in the file, nothing found, an address in use); 2 the command line is wrong.
Every problem has a code: \`tandem explain TDM-1104\` says what it means and what to do.`;

/** The whole command line. What a command needs is imported when it is called, so that the others stay quick. */
async function commandLine(argv: readonly string[]): Promise<Command> {
  const program = new Command('tandem')
    .description(description)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this, or what a command takes')
    .helpCommand('help [command]', 'show what a command takes')
    .addHelpText('after', epilogue)
    .showSuggestionAfterError()
    .showHelpAfterError('Try `tandem --help`.')
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

  program
    .command('check')
    .description('say everything that is wrong with a configuration, what it means, and what is left to do')
    .argument('<file>', 'the configuration (YAML)')
    .option('--live', 'look at the world as well: names, connections, certificates, OPTIONS, ports; nobody is called')
    .option('--node <name>', 'with --live: the node that this is, where the configuration is for several')
    .option(
      '--hand-over <file>',
      'write what providers are told and asked, all trunks in one document (.md, .json or text)',
    )
    .option('--json', 'the checklist for programs')
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

  program
    .command('explain')
    .description('say what a problem means, and its cure; or why a call went where it went')
    .argument('<what>', 'a code such as TDM-1104, or the id of a call or how it begins, also while it goes on')
    .option('--config <file>', 'take the place of the records from this configuration')
    .option('--data <dir>', 'the directory of the records (default: $TANDEM_DATA, else ./data)')
    .addOption(new Option('-o, --output <format>', 'how to print a call').choices(['text', 'json']).default('text'))
    .action(async (what: string, options: ExplainOptions) => {
      if (/^(TDM.*|\d{4})$/i.test(what)) {
        const { explain } = await import('./explain.ts');
        return explain(what, process.stdout);
      }
      const { explainCall } = await import('./explain-call.ts');
      await explainCall(what, options);
    });

  // Commands with subcommands are read from their own file, when one of them, or help, is asked for.
  const asked = argv[0] ?? 'help';
  const isHelp = ['help', '-h', '--help'].includes(asked);
  if (isHelp || asked === 'trunk') (await import('./trunk.ts')).register(program);
  if (isHelp || asked === 'user') (await import('./user.ts')).register(program);
  if (isHelp || asked === 'route') (await import('./route.ts')).register(program);
  if (isHelp || asked === 'plan') (await import('./plan/register.ts')).register(program);
  if (isHelp || asked === 'firewall') (await import('./firewall/register.ts')).register(program);
  if (isHelp || asked === 'emergency') (await import('./emergency.ts')).register(program);
  if (isHelp || asked === 'message') (await import('./message.ts')).register(program);
  if (isHelp || asked === 'cdr') (await import('./cdr.ts')).register(program);
  if (isHelp || asked === 'config') (await import('./configuration/command.ts')).register(program);
  return program;
}

/** Both src/cli and dist/cli lie two levels below package.json. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Who reads has seen enough (`| head`): what is to be done is done, and the exit status says what came of it. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/** Runs one command line (without `node` and the script); sets the exit status. */
async function main(argv: readonly string[]): Promise<void> {
  outliveReaders();
  try {
    const program = await commandLine(argv);
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      process.exitCode = exitCodes.usage;
      return;
    }
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Prints what went wrong, a stack only where it is our own fault; returns the exit status. */
function report(error: unknown): number {
  // Commander has printed it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof Failure) {
    process.stderr.write(`tandem: ${error.message}\n`);
    return error.exitCode;
  }
  // The operating system refused something: it names the call and the address or path itself.
  const system = error instanceof Error && 'syscall' in error;
  const text = error instanceof Error ? (system ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`tandem: ${system ? '' : 'a fault of our own, please report it: '}${text}\n`);
  return exitCodes.failed;
}

if (import.meta.main) await main(process.argv.slice(2));
