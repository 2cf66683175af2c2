import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LiveStatePort, liveStateContract } from './live-state.contract.ts';

/*
 * The owner is a real process, killed with SIGKILL: what the contract says of a death is shown, not imitated.
 */
const owner = `
  import { createInterface } from 'node:readline';
  import { LiveState } from '#shell/live-state';
  let state;
  // readline also splits at U+2028, which JSON leaves as it is.
  const say = (answer) => console.log(JSON.stringify(answer).replaceAll('\\u2028', '\\\\u2028'));
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, ...args] = JSON.parse(line);
    try {
      if (verb === 'open') {
        const opened = LiveState.open(...args);
        state = opened.state;
        say({ calls: [...opened.calls] });
      } else {
        state[verb](...args);
        say({});
      }
    } catch (error) {
      say({ error: error.message });
    }
  }
`;

class Owner {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #last: Promise<Record<string, unknown>> = Promise.resolve({});

  constructor() {
    this.#child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', owner], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  call(...line: unknown[]): Promise<Record<string, unknown>> {
    this.#last = this.#last.then(async () => {
      this.#child.stdin!.write(`${JSON.stringify(line).replaceAll('\u2028', '\\u2028')}\n`);
      const answer = JSON.parse((await this.#lines.next()).value as string);
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    });
    return this.#last;
  }

  /** All that was asked is answered. */
  async settled(): Promise<void> {
    await this.#last.catch(() => {});
  }

  async kill(): Promise<void> {
    await this.settled();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

liveStateContract('journal in files', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-live-'));
  const owners: Owner[] = [];
  return {
    open: async () => {
      for (const earlier of owners) await earlier.settled();
      const own = new Owner();
      owners.push(own);
      const { calls } = (await own.call('open', directory)) as { calls: [string, string][] };
      const quietly = (...line: unknown[]) => {
        own.call(...line).catch(() => {});
      };
      const state: LiveStatePort = {
        checkpoint: (call, text) => quietly('checkpoint', call, text),
        forget: (call) => quietly('forget', call),
        flush: () => quietly('flush'),
        close: () => quietly('close'),
      };
      return { state, calls: new Map(calls) };
    },
    kill: async () => {
      for (const own of owners.splice(0)) await own.kill();
    },
    dispose: async () => {
      for (const own of owners.splice(0)) await own.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
