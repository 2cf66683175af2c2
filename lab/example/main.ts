// `npm run example -- NAME`: one of the configurations in examples/topologies, run on loopback, and its sample calls made for real.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatProblems, readConfiguration } from '#shell/config';
import { Example, type SampleOutcome } from './example.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'examples/topologies');

async function main([asked]: readonly string[]): Promise<number> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -5));
  if (asked === undefined || (asked !== 'all' && !names.includes(asked))) {
    process.stderr.write(`Name one of them, or all: npm run example -- ${names.join(' | ')} | all\n`);
    return 2;
  }
  let status = 0;
  for (const name of asked === 'all' ? names : [asked]) status = Math.max(status, await run(name));
  return status;
}

/** Returns the exit status. */
async function run(name: string): Promise<number> {
  process.stdout.write(`${name}\n`);
  const file = resolve(folder, `${name}.yaml`);
  const loaded = readConfiguration(file);
  if (!loaded.ok) {
    process.stderr.write(formatProblems(loaded.problems));
    return 1;
  }
  const { samples = [] } = loaded.configuration;
  let example: Example;
  try {
    example = await Example.start(root, file, loaded.configuration);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
  let faults = 0;
  try {
    for (const [i, sample] of samples.entries()) {
      const outcome = await example.call(sample);
      faults += outcome?.faults.length ?? 0;
      const what = `${i + 1} of ${samples.length}  ${sample.name}: ${sample.from} calls ${sample.to}`;
      process.stdout.write(
        `${outcome === undefined ? '-' : outcome.faults.length === 0 ? '✓' : '✗'}  ${what}: ${cameOf(outcome)}\n`,
      );
      for (const fault of outcome?.faults ?? []) process.stdout.write(`      ${fault}\n`);
    }
  } finally {
    await example.stop();
  }
  return faults === 0 ? 0 : 1;
}

function cameOf(outcome: SampleOutcome | undefined): string {
  if (!outcome) return 'not made, since who calls would have to register';
  const { reached, refused, heard } = outcome;
  if (!reached) return `refused with ${refused}`;
  return `${reached.trunk} is called as ${reached.called} by ${reached.caller}${heard ? ', both hear each other' : ''}`;
}

process.exitCode = await main(process.argv.slice(2));
