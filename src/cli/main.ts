import { CommanderError } from 'commander';
import { commandLine } from './command-line.ts';
import { exitCodes, Failure } from './failure.ts';
import { folded } from './output/folded.ts';
import { columnsOf } from './output/width.ts';

/** Who reads has seen enough (`| head`): what is to be done is done, and the exit status says what came of it. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/** Runs one command line (without `node` and the script); sets the exit status. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    const program = await commandLine(argv[0]);
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
    process.stderr.write(folded(`tandem: ${error.message}\n`, columnsOf(process.stderr)));
    return error.exitCode;
  }
  // The operating system refused something: it names the call and the address or path itself.
  const system = error instanceof Error && 'syscall' in error;
  const text = error instanceof Error ? (system ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`tandem: ${system ? '' : 'a fault of our own, please report it: '}${text}\n`);
  return exitCodes.failed;
}

if (import.meta.main) {
  outliveReaders();
  await run(process.argv.slice(2));
}
