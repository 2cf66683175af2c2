import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the program says when its listeners are open. */
const readyMark = ' ready: listening ';
/** How long it may take to start, and to end after SIGTERM without calls. Ms. */
const patience = 60_000;

/** Which of several it is, and where it runs. */
export interface ProgramPlace {
  /** Of a configuration with nodes. */
  readonly node?: string;
  /** The file of a network namespace. */
  readonly network?: string;
}

/** The real program, as anybody would start it: `bin/tandem run FILE`. */
export class Program {
  readonly logFile: string;
  /** The last lines that it said, for when it does not start. */
  readonly said: string[] = [];
  /** Its exit status or signal, when it ends. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #ready = Promise.withResolvers<void>();

  constructor(root: string, file: string, dataDirectory: string, { node, network }: ProgramPlace = {}) {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    this.logFile = join(dataDirectory, 'tandem.log');
    this.#log = createWriteStream(this.logFile, { mode: 0o600 });
    const there = network === undefined ? [] : ['nsenter', `--net=${network}`];
    const as = node === undefined ? [] : ['--node', node];
    const [command, ...rest] = [...there, process.execPath, join(root, 'bin', 'tandem'), 'run', file, ...as];
    this.#child = spawn(command!, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not in our group: Ctrl-C is for the lab, which ends the program when its calls are over.
      detached: true,
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => this.#line(line));
    }
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('exit', (code, signal) => resolve(signal ?? `status ${code}`));
    });
    void this.ended.then((how) => this.#ready.reject(new Error(`ended with ${how}`)));
    this.#ready.promise.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it listens; rejects when it ends instead, or takes too long. */
  async ready(): Promise<void> {
    const timer = setTimeout(() => this.#ready.reject(new Error(`is not ready after ${patience / 1000} s`)), patience);
    await this.#ready.promise.finally(() => clearTimeout(timer));
  }

  /** Ends it when its last call has ended, or (`hurry`) at once; how it ended. */
  async stop(hurry: boolean): Promise<string> {
    this.#child.kill('SIGTERM');
    // A second one ends the calls that stand; sent at once, the two would be one.
    const again = hurry ? setTimeout(() => this.#child.kill('SIGTERM'), 300) : undefined;
    const atLast = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    const how = await this.ended;
    clearTimeout(again);
    clearTimeout(atLast);
    this.#log.end();
    return how;
  }

  /** For when the lab itself falls: nothing is left behind. The program's parts end with it. */
  kill(): void {
    if (!this.hasEnded) this.#child.kill('SIGKILL');
  }

  #line(line: string): void {
    this.#log.write(`${line}\n`);
    this.said.push(line);
    if (this.said.length > 12) this.said.shift();
    if (line.includes(readyMark)) this.#ready.resolve();
  }
}
