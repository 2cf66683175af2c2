import { connect, type Socket } from 'node:net';
import type { StreamCounters } from '#codec/media-control';

/** What the program says of itself, in a few figures. */
export interface ProgramStatus {
  readonly calls: number;
  readonly dialogs: number;
  /** SIP messages since it began. */
  readonly received: number;
  readonly sent: number;
  /** RTP packets relayed, and not relayed, in the calls that stand. */
  readonly packets: number;
  readonly dropped: number;
}

interface Answer {
  readonly calls?: readonly unknown[];
  readonly dialogs?: number;
  readonly counters?: { readonly received?: number; readonly sent?: number };
  /** By call. */
  readonly media?: Readonly<Record<string, readonly StreamCounters[]>>;
}

const askEvery = 500;

/** Asks the running program what stands (`tandem.sock`), again and again. */
export class StatusWatch {
  /** The last answer; undefined before the first, and while the program does not answer. */
  last: ProgramStatus | undefined;
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | undefined;
  #text = '';
  #asked = false;

  constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => this.#ask(), askEvery);
    this.#ask();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }

  #ask(): void {
    if (this.#socket === undefined) this.#connect();
    if (this.#asked) return;
    this.#asked = true;
    this.#socket?.write('{"query":"inspect"}\n');
  }

  #connect(): void {
    const socket = connect(this.#path);
    this.#socket = socket;
    this.#text = '';
    this.#asked = false;
    socket.setEncoding('utf8');
    socket.on('error', () => undefined); // `close` follows.
    socket.on('close', () => {
      this.#socket = undefined;
      this.last = undefined;
    });
    socket.on('data', (chunk: string) => {
      this.#text += chunk;
      const end = this.#text.indexOf('\n');
      if (end < 0) return;
      this.last = readStatus(this.#text.slice(0, end)) ?? this.last;
      this.#text = this.#text.slice(end + 1);
      this.#asked = false;
    });
  }
}

/** Undefined when it is not an answer of the program. */
export function readStatus(line: string): ProgramStatus | undefined {
  let answer: Answer;
  try {
    answer = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!Array.isArray(answer.calls)) return undefined;
  const sides = Object.values(answer.media ?? {}).flatMap((streams) => streams.flatMap(({ a, b }) => [a, b]));
  return {
    calls: answer.calls.length,
    dialogs: answer.dialogs ?? 0,
    received: answer.counters?.received ?? 0,
    sent: answer.counters?.sent ?? 0,
    packets: sides.reduce((sum, { packets }) => sum + packets, 0),
    dropped: sides.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}
