import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes, Failure } from '../failure.ts';
import { outputOption } from '../output/output.ts';
import { remoteOptions } from '../rest/remote.ts';
import type { LadderOptions, TraceOptions } from './acts.ts';
import type { MediaOptions } from './media.ts';

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
  tandem trace 7f3a --no-follow -o json  of one call, once
  tandem trace --kept --trunk itsp-a     calls whose messages are kept on the disk; \`tandem ladder\` draws them

Hear what the caller heard, where tracing.media of the configuration allows it (docs/how-to/hear-a-call.md):
  tandem trace --media 7f3a --reason "echo, ticket 4711" --pcap call.pcapng
  tandem trace --media --number +4930123 --reason "one-way audio" --pcap call.pcapng
  tandem trace --media                   copies on the disk, and what waits for its call
  tandem trace --media 7f3a --stop`;

function seconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is a number from 1 on.');
  return Number(text);
}

/** Octets. */
function size(text: string): number {
  const match = /^(\d{1,9}(?:\.\d+)?) ?(k|M|G)B$/.exec(text);
  const unit = { k: 1e3, M: 1e6, G: 1e9 }[match?.[2] as 'k' | 'M' | 'G'];
  if (!match || !unit) throw new InvalidArgumentError('It is a size: 500kB, 5MB.');
  return Math.round(Number(match[1]) * unit);
}

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
    .option('--kept', 'calls whose messages are kept on the disk (tracing.keep), instead')
    .option('--media', 'what is said in the call, decrypted, instead: have it copied to a file (tracing.media)')
    .option('--reason <text>', 'with --media: why, for the record of the call and the audit log')
    .option('--seconds <n>', 'with --media: how long at most', seconds)
    .option('--size <size>', 'with --media: how large at most, as 5MB', size)
    .option('--keys', 'with --media: with the keys that are pressed (tracing.keys)')
    .option('--minutes <n>', 'with --media and --trunk or --number: how long to wait for the call', seconds)
    .option('--stop', 'with --media: stop it, or wait no longer')
    .option('--pcap <file>', 'with --media: write it for Wireshark (pcapng) when it is over')
    .addOption(new Option('--follow', 'which is what it does').hideHelp())
    .option('--no-follow', 'with a call: only what is there')
    .addHelpText('after', traceHelp)
    .action(
      async (
        call: string | undefined,
        options: TraceOptions & MediaOptions & { readonly media?: true; readonly kept?: true },
      ) => {
        if (options.kept) {
          const { kept } = await import('./kept.ts');
          return kept(options);
        }
        if (options.media) {
          const { media } = await import('./media.ts');
          return media(call, options);
        }
        const only = (['reason', 'seconds', 'size', 'keys', 'minutes', 'stop', 'pcap'] as const).find(
          (name) => options[name] !== undefined,
        );
        if (only)
          throw new Failure(
            only === 'pcap'
              ? '--pcap goes with --media; the messages of a call alone are written by `tandem ladder CALL --pcap FILE`.'
              : `--${only} goes with --media.`,
            exitCodes.usage,
          );
        const { trace } = await import('./acts.ts');
        await trace(call, options);
      },
    );
}
