import { writeSync } from 'node:fs';

const levels = { debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;
export type Level = keyof typeof levels;
/** From the one with most lines on. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly Level[];
export type LogLevel = (typeof logLevels)[number];
const usual = 'info';
export type Fields = Readonly<Record<string, unknown>>;

/** Characters that may wait to be written. */
const maxWaiting = 1 << 20;

/**
 * One JSON object a line: `{"level":"info","time":"…Z","process":"signalling","event":"call-ended", …fields}`.
 * Lines of one turn of the event loop leave in one write. Who cannot read as fast as we write loses lines, and is told how many.
 */
export class Log {
  readonly #process: string;
  #level: LogLevel;
  readonly #write: (text: string) => void;
  #waiting = '';
  #lost = 0;
  #scheduled = false;

  /** `least`: the word of TANDEM_LOG (debug, info, warn, error); anything else is `info`. */
  constructor(process: string, least: string | undefined, write: (text: string) => void = toStderr) {
    this.#process = JSON.stringify(process);
    this.#level = logLevels.find((level) => level === least) ?? usual;
    this.#write = write;
  }

  /** The least of what is written. */
  get level(): LogLevel {
    return this.#level;
  }

  /** From here on. It says so, whatever is written. */
  set level(level: LogLevel) {
    if (level === this.#level) return;
    const was = this.#level;
    this.#level = 'debug';
    this.write('info', 'log-level', { to: level, from: was });
    this.#level = level;
  }

  takes(level: Level): boolean {
    return levels[level] >= levels[this.#level];
  }

  write(level: Level, event: string, fields: Fields = {}): void {
    if (!this.takes(level)) return;
    if (this.#waiting.length > maxWaiting) {
      this.#lost++;
      return;
    }
    let rest: string;
    try {
      rest = JSON.stringify(fields, errorsAsText);
    } catch (error) {
      rest = JSON.stringify({ unprintable: String(error) });
    }
    const tail = rest.length > 2 ? `,${rest.slice(1)}` : '}';
    const time = new Date().toISOString();
    this.#waiting += `{"level":"${level}","time":"${time}","process":${this.#process},"event":${JSON.stringify(event)}${tail}\n`;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes what waits now: before the process ends. */
  flush(): void {
    this.#scheduled = false;
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') this.#write(text);
    if (this.#lost > 0) {
      const lines = this.#lost;
      this.#lost = 0;
      this.write('warn', 'log-lines-lost', { lines });
    }
  }
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}

/** Nobody is left to hear of a failure here. A reader that lags holds us up no longer than the pipe is full: EAGAIN drops. */
function toStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // There is nobody to tell.
  }
}
