import { resolve } from 'node:path';
import { styleText } from 'node:util';
import { checklist } from '#engine/ports';
import { readConfiguration } from '#shell/config';
import { check } from '../check.ts';
import { exitCodes } from '../failure.ts';
import { writeHandOver } from '../hand-over.ts';
import { type Output, type OutputFormat, printObject, tell } from '../output/output.ts';
import { seenFrom } from '../seen-from.ts';
import { StatusClient } from '../status-client.ts';
import { stepText } from '../trunk-test/text.ts';
import { lookAtWorld, type WorldReport } from './run.ts';

export interface CheckOptions {
  readonly live?: true;
  readonly node?: string;
  readonly handOver?: string;
  readonly output: OutputFormat;
}

/** `tandem check FILE` with what was asked beside. Returns the exit status: 1 where the file cannot be used, or the world is not as it says. */
export async function checkWith(file: string, options: CheckOptions, stdout: Output, stderr: Output): Promise<number> {
  const { output } = options;
  if (output === 'table') {
    const status = check(file, stdout, stderr);
    if (status !== exitCodes.ok) return status;
  }
  const loaded = readConfiguration(file);
  if (!loaded.ok) {
    printObject(stdout, output, { sound: false, problems: loaded.problems }, () => '');
    return exitCodes.failed;
  }
  const { configuration, warnings } = loaded;
  if (options.handOver !== undefined) stderr.write(`${writeHandOver(configuration, options.handOver)}\n`);
  let world: WorldReport | undefined;
  if (options.live) {
    const seen = seenFrom(configuration, options.node);
    const program = await StatusClient.open(resolve(seen.records.path));
    try {
      world = await lookAtWorld({ file, configuration: seen, warnings, program });
    } finally {
      program?.close();
    }
  }
  const told = { sound: true, warnings, checklist: checklist(configuration), ...(world && { world }) };
  if (output !== 'table') printObject(stdout, output, told, () => '');
  else if (world) tell(stdout, worldText(world));
  return world && !world.ok ? exitCodes.failed : exitCodes.ok;
}

function worldText({ running, subjects, ok }: WorldReport): string {
  // styleText heeds NO_COLOR and FORCE_COLOR, and whether this is a terminal at all.
  const paint: Parameters<typeof stepText>[1] = (format, text) => styleText(format, text, { stream: process.stdout });
  const out = [`\nThe world${running ? '' : ', without a running program'}\n`];
  for (const { name, steps } of subjects)
    out.push(`\n  ${name}\n${steps.map((step) => stepText(step, paint).replace(/^(?=.)/gm, '    ')).join('')}`);
  const bad = subjects.filter(({ steps }) => steps.some(({ verdict }) => verdict === 'failed')).map(({ name }) => name);
  out.push(ok ? '\nThe world is as the file says.\n' : `\nNot as the file says: ${bad.join(', ')}.\n`);
  return out.join('');
}
