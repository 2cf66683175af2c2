import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Configuration, type PackedConfiguration, pack } from '#engine/ports';
import { Problem } from '../problem.ts';
import type { Examination, Question } from './examined.ts';

export interface ToExaminer extends Question {
  readonly running?: PackedConfiguration;
}

/** Texts that wait: each may be of somebody who is not there any more. */
const mostWaiting = 8;
/** Ms for one text; MB that it may take. A text of either size is nobody's. */
const patience = 120_000;
const mostMemory = 2_048;
/** Ms without a text after which the thread goes: what it read of the program takes memory. */
const rest = 60_000;

/** Has texts examined in a thread, one after the other: one of a megabyte takes a second, one of faults alone several, and everybody who asks anything meanwhile would wait. */
export class Examiner {
  #thread: Worker | undefined;
  /** What the thread knows to run. */
  #known: Configuration | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #rest: NodeJS.Timeout | undefined;

  /** Rejects with a Problem where there is too much to do, or the thread does not come back. */
  async examine(question: Question, running: Configuration): Promise<Examination> {
    if (this.#waiting >= mostWaiting)
      throw new Problem(503, 'Other configurations are being examined: try again in a few seconds.', undefined, 5);
    this.#waiting++;
    const mine = this.#last.then(() => this.#ask(question, running));
    this.#last = mine.catch(() => {}); // Who asked hears of it; the next one begins either way.
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }

  async #ask(question: Question, running: Configuration): Promise<Examination> {
    clearTimeout(this.#rest);
    this.#thread ??= started();
    const thread = this.#thread;
    const isNews = this.#known !== running;
    this.#known = running;
    try {
      thread.postMessage({ ...question, ...(isNews && { running: pack(running) }) } satisfies ToExaminer);
      const [answer] = await once(thread, 'message', { signal: AbortSignal.timeout(patience) });
      return answer as Examination;
    } catch (error) {
      this.#end();
      throw new Problem(503, `This configuration cannot be examined: ${(error as Error).message}.`);
    } finally {
      this.#rest = setTimeout(() => this.#end(), rest);
      this.#rest.unref();
    }
  }

  #end(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
    this.#known = undefined;
  }
}

function started(): Worker {
  // The built program runs from .js.
  const isSource = import.meta.url.endsWith('.ts');
  const thread = new Worker(new URL(isSource ? './examiner-thread.ts' : './examiner-thread.js', import.meta.url), {
    execArgv: isSource ? ['--conditions=source'] : [],
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });
  // Who waits for it hears of it.
  thread.on('error', () => {});
  // Nobody's end waits for it.
  thread.unref();
  return thread;
}
