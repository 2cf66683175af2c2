// `npm run example -- NAME`: one of the configurations in examples/topologies, run for real, its sample calls made, and what happens to it told.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatProblems, readConfiguration } from '#shell/config';
import { enter, isInNetwork, Network, wantsNetwork } from './network.ts';
import { cameOf, make } from './sample.ts';
import { Stage } from './stage.ts';
import { stories } from './stories/index.ts';
import { Teller } from './teller.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'examples/topologies');
/** Examples that run at the same time: they wait most of theirs. */
const together = 3;

async function main([asked]: readonly string[]): Promise<number> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -5));
  if (asked === 'all') return all(names);
  if (asked !== undefined && names.includes(asked)) return one(asked);
  process.stderr.write(`Name one of them, or all: npm run example -- ${names.join(' | ')} | all\n`);
  return 2;
}

/** Each in a process of its own. */
async function all(names: readonly string[]): Promise<number> {
  const left = [...names];
  let status = 0;
  const work = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const { said, code } = await apart(name);
      process.stdout.write(said);
      status = Math.max(status, code);
    }
  };
  await Promise.all(Array.from({ length: together }, work));
  return status;
}

function apart(name: string): Promise<{ readonly said: string; readonly code: number }> {
  const args = [...process.execArgv, import.meta.filename, name];
  return new Promise((done) => {
    const child = execFile(process.execPath, args, (_error, out, err) =>
      done({ said: out + err, code: child.exitCode ?? 1 }),
    );
  });
}

/** Returns the exit status. */
async function one(name: string): Promise<number> {
  const file = resolve(folder, `${name}.yaml`);
  const loaded = readConfiguration(file);
  if (!loaded.ok) {
    process.stderr.write(formatProblems(loaded.problems));
    return 1;
  }
  const { configuration } = loaded;
  const hasNetwork = wantsNetwork(configuration);
  if (hasNetwork && !isInNetwork()) return enter([import.meta.filename, name]);
  process.stdout.write(`${name}\n`);
  const tell = new Teller((line) => process.stdout.write(`${line}\n`));
  let network: Network | undefined;
  let stage: Stage | undefined;
  try {
    network = hasNetwork ? await Network.of(configuration) : undefined;
    stage = await Stage.start(root, file, configuration, network?.nodes);
    await samples(stage, tell);
    await stories[name]?.({ stage, tell, network });
  } catch (error) {
    tell.is(false, (error as Error).message);
  } finally {
    await stage?.stop();
    network?.close();
  }
  return tell.faults === 0 ? 0 : 1;
}

async function samples(stage: Stage, tell: Teller): Promise<void> {
  const { samples = [] } = stage.configuration;
  for (const [i, sample] of samples.entries()) {
    const what = `${i + 1} of ${samples.length}  ${sample.name}: ${sample.from} calls ${sample.to}`;
    const outcome = await make(stage, sample);
    if (!outcome) {
      tell.left(`${what}: not made, since no phone stands for ${sample.from}`);
      continue;
    }
    tell.is(outcome.faults.length === 0, `${what}: ${cameOf(outcome)}`);
    for (const fault of outcome.faults) tell.fault(fault);
  }
}

process.exitCode = await main(process.argv.slice(2));
