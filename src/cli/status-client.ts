import { connect, type Socket } from 'node:net';
import { statusSocket } from '#app';
import { Failure } from './failure.ts';

/** Ms that the running program has for an answer. */
const patience = 5_000;
/** Chars of one answer: those of thousands of trunks. */
const longestAnswer = 256 * 1024 * 1024;

interface Waiting {
  resolve(answer: Record<string, unknown>): void;
  reject(error: Error): void;
}

/** Questions to a running program on its status socket (docs/status-socket.md), one connection for all. */
export class StatusClient {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#heard(chunk));
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => {
      for (const one of this.#waiting.splice(0)) one.reject(new Failure('the program has ended, or does not answer.'));
    });
  }

  /**
   * Undefined when no program runs on this directory of records. Rejects with a Failure when one does, and is somebody else's.
   */
  static open(dataDirectory: string): Promise<StatusClient | undefined> {
    const path = statusSocket(dataDirectory);
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('connect', () => resolve(new StatusClient(socket)));
      socket.once('error', ({ code, message }: NodeJS.ErrnoException) => {
        if (code === 'ENOENT' || code === 'ECONNREFUSED') resolve(undefined);
        else if (code === 'EACCES')
          reject(new Failure(`${path} belongs to another user: ask as the one that runs the program.`));
        else reject(new Failure(`the running program cannot be asked at ${path}: ${message}`));
      });
    });
  }

  /** The answer; rejects with a Failure when it is `{"error": …}` or none comes. */
  async ask(query: string, more: object = {}): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    if (this.#socket.destroyed) throw new Failure('the program has ended.');
    this.#waiting.push({ resolve, reject });
    this.#socket.write(`${JSON.stringify({ query, ...more })}\n`);
    const timer = setTimeout(() => this.#socket.destroy(), patience);
    try {
      const answer = await promise;
      if (typeof answer.error === 'string') throw new Failure(`the running program says: ${answer.error}.`);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #heard(chunk: string): void {
    this.#text += chunk;
    if (this.#text.length > longestAnswer) this.#socket.destroy();
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      this.#waiting.shift()?.resolve(JSON.parse(line));
    }
  }
}
