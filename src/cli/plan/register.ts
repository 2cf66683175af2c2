import { type Command, InvalidArgumentError, Option } from 'commander';
import { timeOf } from '../cdr-text.ts';
import { fileOption, outputOption } from '../output/output.ts';
import type { PlanOptions } from './options.ts';

const examples = `
Examples:
  tandem plan --users 400 --profile heavy
  tandem plan tandem.yaml
  tandem plan tandem.yaml --records --since 30d --growth 20 -o html --file plan.html

What sites need, what calls cost from there and who answers calls stands under \`planning\` of the file (docs/planning.md).`;

/** Adds `tandem plan`. */
export function register(program: Command): void {
  fileOption(outputOption(program.command('plan'), 'html'))
    .description('how many lines, how much bandwidth, which connections: each figure with its arithmetic')
    .argument('[file]', 'the configuration (YAML)')
    .option('--users <n>', 'so many users in all, where no file says where they are', whole)
    .addOption(new Option('--profile <profile>', 'how much users call').choices(['light', 'moderate', 'heavy']))
    .option('--hold <seconds>', 'how long a call lasts on average', seconds)
    .option('--blocking <percent>', 'how many calls may find no line', share)
    .option('--growth <percent>', 'by how much traffic will have grown', share)
    .option('--codec <name>', 'in which calls are spoken')
    .option('--ptime <ms>', 'how much of a call a packet carries', packet)
    .option('--srtp', 'media is encrypted')
    .addOption(
      new Option('--tunnel <kind>', 'what calls run through').choices([
        'ipsec',
        'ipsec-nat',
        'wireguard',
        'gre',
        'gre-ipsec',
      ]),
    )
    .option(
      '--records',
      'reckon with the traffic that the call records tell, in place of what users are thought to make',
    )
    .option('--since <time>', 'records from then on: 7d ago, or 2026-11-01', time)
    .option('--until <time>', 'records before then', time)
    .addHelpText('after', examples)
    .action(async (file: string | undefined, options: PlanOptions) => {
      const { printPlan } = await import('./run.ts');
      printPlan(file, options, process.stdout, process.stderr);
    });
}

function between(text: string, least: number, most: number, what: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new InvalidArgumentError(`It is ${what} from ${least} to ${most}.`);
  return value;
}

function whole(text: string): number {
  const value = between(text, 0, 10_000_000, 'a number');
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It is a whole number.');
  return value;
}

function seconds(text: string): number {
  return between(text, 1, 7200, 'a number of seconds') * 1000;
}

function packet(text: string): number {
  return between(text, 5, 120, 'a number of ms');
}

function share(text: string): number {
  return between(text.replace(/ ?%$/, ''), 0, 1000, 'a number of percent') / 100;
}

function time(text: string): number {
  const found = timeOf(text, Date.now());
  if (found === undefined)
    throw new InvalidArgumentError('It is a time ago (7d, 4w), a day (2026-11-23) or a time (2026-11-23T08:00).');
  return found;
}
