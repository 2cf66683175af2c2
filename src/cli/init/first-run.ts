import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from '../failure.ts';
import { StatusClient } from '../status-client.ts';

/** Ms that a program may take until calls are taken. */
const patience = 20_000;

/** The program as `tandem init` starts it beside itself. What it says is kept back until there is a place for it on the screen. */
export class FirstRun {
  readonly #child: ChildProcess;
  readonly #said: Buffer[] = [];
  #shown = false;
  readonly exited: Promise<number>;

  private constructor(file: string) {
    this.#child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'run', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A report is to be read: what is no fault can be seen by `tandem events`.
      env: { ...process.env, TANDEM_LOG: process.env.TANDEM_LOG ?? 'error' },
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        if (this.#shown) process.stderr.write(chunk);
        else this.#said.push(chunk);
      });
    this.exited = once(this.#child, 'close').then(([code]) => (code as number | null) ?? exitCodes.failed);
  }

  /** When calls are taken; the exit status, once told why, when it does not come to that. */
  static async start(file: string, data: string): Promise<FirstRun | number> {
    const run = new FirstRun(file);
    const ready = await Promise.race([listens(data), run.exited.then(() => false)]);
    if (ready) return run;
    run.show();
    const status = await run.stop();
    return status === exitCodes.ok ? exitCodes.failed : status;
  }

  /** From here on what it says is heard; what it said so far comes first. */
  show(): void {
    this.#shown = true;
    for (const chunk of this.#said.splice(0)) process.stderr.write(chunk);
  }

  /** Ends it without a word; calls that stand end with it. */
  async stop(): Promise<number> {
    this.#shown = false;
    this.#child.kill('SIGTERM');
    const again = setTimeout(() => this.#child.kill('SIGTERM'), 1_000);
    const status = await this.exited;
    clearTimeout(again);
    return status;
  }
}

async function listens(data: string): Promise<boolean> {
  for (const until = Date.now() + patience; Date.now() < until; await pause(200)) {
    const program = await StatusClient.open(data);
    program?.close();
    if (program) return true;
  }
  return false;
}
