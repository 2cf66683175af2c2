import { connect, type Socket } from 'node:net';

/** Chars of one line: a page of calls, or of records. */
const longestLine = 16 * 1024 * 1024;
/** Ms without a line after which nobody is there: some come four times a second. */
const patience = 15_000;

export interface FollowHandlers {
  readonly onLine: (line: Readonly<Record<string, unknown>>) => void;
  /** Once: it ended, or could not be opened. */
  readonly onClose: () => void;
}

/** What happens in a running program, line by line (docs/status-socket.md), until either side ends it. */
export class FollowLink {
  readonly #socket: Socket;

  constructor(path: string, { onLine, onClose }: FollowHandlers) {
    const socket = connect(path);
    this.#socket = socket;
    let parts: string[] = [];
    let length = 0;
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('connect', () => socket.write('{"query":"follow"}\n'));
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', onClose);
    socket.on('data', (chunk: string) => {
      let rest = chunk;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        const line = parts.length === 0 ? rest.slice(0, end) : [...parts, rest.slice(0, end)].join('');
        rest = rest.slice(end + 1);
        parts = [];
        length = 0;
        const told = JSON.parse(line);
        // Too many follow already: another time there may be room.
        if (told.error !== undefined) return void socket.destroy();
        onLine(told);
      }
      if (rest === '') return;
      parts.push(rest);
      length += rest.length;
      if (length > longestLine) socket.destroy();
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
