import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { endWithUs } from '../perf/children.ts';
import { must, type Peer } from './harness.ts';

/** A command on a terminal of its own (util-linux `script`), and somebody who reads it and types. */
export class Terminal implements Peer {
  readonly name: string;
  readonly #child: ChildProcess;
  #screen = '';
  #read = 0;
  #gone: number | undefined;

  constructor(command: readonly string[], directory: string, environment: NodeJS.ProcessEnv = {}) {
    this.name = command[0]!;
    const line = `stty cols 100 rows 40; exec ${command.map((word) => `'${word}'`).join(' ')}`;
    this.#child = spawn('script', ['-qfec', line, '/dev/null'], {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm', ...environment },
    });
    endWithUs(this.#child);
    this.#child.stdout!.setEncoding('utf8');
    this.#child.stdout!.on('data', (chunk: string) => {
      this.#screen += chunk;
    });
    this.#child.once('exit', (status) => {
      this.#gone = status ?? 128;
    });
  }

  /** All that was on the screen. */
  said(): string {
    return stripVTControlCharacters(this.#screen);
  }

  /** Waits until what was written since the last that was seen fits; all of it until there. */
  async see(fits: RegExp, milliseconds = 20_000): Promise<string> {
    for (const until = performance.now() + milliseconds; ; await sleep(20)) {
      const fresh = this.said().slice(this.#read);
      const found = fits.exec(fresh);
      if (found) {
        const seen = fresh.slice(0, found.index + found[0].length);
        this.#read += seen.length;
        return seen;
      }
      must(
        this.#gone === undefined && performance.now() < until,
        () => `${fits} was not on the screen in ${milliseconds} ms:\n${fresh.slice(-3_000)}`,
      );
    }
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  /** Sees a question, and answers it in the place of what stands there. */
  async answer(question: RegExp, words: string): Promise<void> {
    await this.see(question);
    await sleep(50); // it is drawn before it hears
    this.type(`${'\x7f'.repeat(40)}${words}\r`);
  }

  /** Takes the line of a list that fits: the mark is moved there. */
  async take(fits: RegExp): Promise<void> {
    for (let n = 0; ; n++) {
      const seen = await this.see(/●[^\n]*\n/);
      if (fits.test(seen.slice(seen.lastIndexOf('●')))) break;
      must(n < 12, () => `${fits} is not in the list:\n${this.said().slice(-1_000)}`);
      this.type('\x1b[B');
    }
    this.type('\r');
  }

  async exit(milliseconds = 20_000): Promise<number> {
    for (const until = performance.now() + milliseconds; this.#gone === undefined; await sleep(20))
      must(performance.now() < until, () => `it did not end:\n${this.said().slice(-2_000)}`);
    return this.#gone;
  }

  async stop(): Promise<void> {
    if (this.#gone !== undefined) return;
    this.type('\x03');
    await sleep(500);
    if (this.#gone === undefined) this.#child.kill('SIGKILL');
  }
}
