import type { RunOptions } from './run.ts';

export { apiSocket, healthSocket, statusSocket } from './socket-path.ts';
export type { RunOptions };

/** `tandem run FILE` (run.ts). What it takes is read when it is called: who asks a running program does not wait for it. */
export async function run(file: string, options?: RunOptions): Promise<number> {
  return (await import('./run.ts')).run(file, options);
}
