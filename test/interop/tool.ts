import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithUs } from '../perf/children.ts';

/** Runs a program until it ends, or is ended after so many ms; what it printed. */
export async function runTool(
  command: string,
  options: readonly string[],
  milliseconds: number,
  directory?: string,
): Promise<string> {
  const child = spawn(command, options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(directory === undefined ? {} : { cwd: directory, env: { ...process.env, HOME: directory } }),
  });
  endWithUs(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('latin1')).slice(-20_000);
    });
  }
  const late = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await once(child, 'exit');
  clearTimeout(late);
  return said;
}
