import { styleText } from 'node:util';
import type { Paint } from './text.ts';

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const clearBelow = '\x1b[J';

/** Lines that stay, and below them, on a terminal, some that are drawn anew again and again. */
export class Screen {
  readonly isTerminal: boolean;
  readonly paint: Paint;
  readonly #out: NodeJS.WriteStream;
  /** Lines of the live part that stand on the terminal. */
  #drawn = 0;
  #live: readonly string[] = [];
  #closed = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
    this.isTerminal = out.isTTY === true;
    this.paint = (style, text) => styleText(style, text, { stream: out });
    out.on('error', () => undefined); // Whoever read it has gone: `npm start | head`.
    if (this.isTerminal) out.write(hideCursor);
  }

  /** Prints lines that stay. */
  print(lines: readonly string[]): void {
    this.#draw(lines, this.#live);
  }

  /** Draws the live part; nothing where there is no terminal. */
  draw(lines: readonly string[]): void {
    if (this.isTerminal && !this.#closed) this.#draw([], lines);
  }

  /** The live part goes; what was printed stays. */
  close(): void {
    if (this.#closed) return;
    this.draw([]);
    this.#closed = true;
    if (this.isTerminal) this.#out.write(showCursor);
  }

  /** One write, so that nothing flickers. */
  #draw(stay: readonly string[], live: readonly string[]): void {
    if (!this.isTerminal) {
      for (const line of stay) this.#out.write(`${line}\n`);
      return;
    }
    const { columns = 80, rows = 24 } = this.#out;
    // More than fits could not be taken back.
    const shown = live.slice(0, rows - 1).map((line) => cut(line, columns - 1));
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : '';
    const text = [...stay, ...shown].map((line) => `${line}\n`).join('');
    this.#out.write(`${up}\r${clearBelow}${text}`);
    this.#drawn = shown.length;
    this.#live = live;
  }
}

/** The line's first `width` characters; colours do not count. */
export function cut(line: string, width: number): string {
  let seen = 0;
  let out = '';
  for (let i = 0; i < line.length; ) {
    if (line.charCodeAt(i) === 0x1b) {
      const end = line.indexOf('m', i) + 1;
      out += line.slice(i, end);
      i = end;
      continue;
    }
    if (seen++ < width) out += line[i];
    i++;
  }
  return out;
}
