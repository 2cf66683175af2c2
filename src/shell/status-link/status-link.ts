import { connect, type Socket } from 'node:net';

/** Ms that the running program has for an answer. */
const patience = 5_000;
/** Chars of one answer: those of thousands of trunks. */
const longestAnswer = 256 * 1024 * 1024;

export type StatusAnswer = Readonly<Record<string, unknown>>;

/** The program cannot be asked, or says no; the message goes on with what was asked: "… belongs to another user". */
export class StatusFailure extends Error {
  override readonly name = 'StatusFailure';
  /** `gone`: nobody is there any more; `refused`: it was asked something that it cannot do as it stands. */
  readonly kind: 'gone' | 'refused' | 'foreign';

  constructor(kind: StatusFailure['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

interface Waiting {
  resolve(answer: StatusAnswer): void;
  reject(error: Error): void;
}

/** Questions to a running program on its status socket (docs/status-socket.md), one connection for all. */
export class StatusLink {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#heard(chunk));
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => {
      for (const one of this.#waiting.splice(0))
        one.reject(new StatusFailure('gone', 'the program has ended, or does not answer'));
    });
  }

  /** Undefined when no program runs that has this socket. Rejects with a StatusFailure when one does, and is somebody else's. */
  static open(path: string): Promise<StatusLink | undefined> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('connect', () => resolve(new StatusLink(socket)));
      socket.once('error', ({ code, message }: NodeJS.ErrnoException) => {
        if (code === 'ENOENT' || code === 'ECONNREFUSED') resolve(undefined);
        else if (code === 'EACCES')
          reject(new StatusFailure('foreign', `${path} belongs to another user: ask as the one that runs the program`));
        else reject(new StatusFailure('foreign', `the running program cannot be asked at ${path}: ${message}`));
      });
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** The answer; rejects with a StatusFailure when it is `{"error": …}` or none comes. */
  async ask(query: string, more: object = {}): Promise<StatusAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<StatusAnswer>();
    if (this.#socket.destroyed) throw new StatusFailure('gone', 'the program has ended');
    this.#waiting.push({ resolve, reject });
    this.#socket.write(`${JSON.stringify({ query, ...more })}\n`);
    const timer = setTimeout(() => this.#socket.destroy(), patience);
    try {
      const answer = await promise;
      if (typeof answer.error === 'string')
        throw new StatusFailure('refused', `the running program says: ${answer.error}`);
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
