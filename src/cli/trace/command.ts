import { type Command, Option } from 'commander';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { LadderOptions, TraceOptions } from './acts.ts';

const ladderHelp = `
Examples:
  tandem ladder 7f3a                     both legs side by side, a line a message
  tandem ladder 7f3a --messages          and each message in full
  tandem ladder 7f3a --pcap call.pcapng  the same for Wireshark
  tandem ladder 7f3a --follow            as it goes on

Messages are kept in a ring in memory: those of the newest calls. Answers to challenges and keys of SRTP are written over.`;

const traceHelp = `
Examples:
  tandem trace                           the messages of all new calls, as they come and go, until Ctrl-C
  tandem trace --trunk itsp-a            of calls of one trunk
  tandem trace --number +4930            of calls from or to numbers that begin so
  tandem trace 7f3a                      of one call, those until now too
  tandem trace 7f3a --no-follow -o json  of one call, once`;

/** Adds `tandem ladder` and `tandem trace`. */
export function register(program: Command): void {
  outputOption(remoteOptions(program.command('ladder')))
    .description('draw the messages of a call: who sent what to whom, on both legs')
    .argument('<call>', 'its id, or how it begins')
    .option('--messages', 'each message in full below')
    .option('--pcap <file>', 'write them for Wireshark (pcapng) instead')
    .option('--follow', 'and those to come, until the call has ended')
    .addHelpText('after', ladderHelp)
    .action(async (call: string, options: LadderOptions) => {
      const { ladder } = await import('./acts.ts');
      await ladder(call, options);
    });
  outputOption(remoteOptions(program.command('trace')))
    .description('follow the messages of calls as they come and go')
    .argument('[call]', 'the id of one, or how it begins; all new ones unless given')
    .option('--trunk <name>', 'calls of this trunk')
    .option('--number <number>', 'calls from or to numbers that begin so')
    .option('--messages', 'each message in full')
    .addOption(new Option('--follow', 'which is what it does').hideHelp())
    .option('--no-follow', 'with a call: only what is there')
    .addHelpText('after', traceHelp)
    .action(async (call: string | undefined, options: TraceOptions) => {
      const { trace } = await import('./acts.ts');
      await trace(call, options);
    });
}
