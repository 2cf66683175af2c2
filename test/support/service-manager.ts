import { rmSync } from 'node:fs';
import koffi from 'koffi';

/** What systemd is to a service: a Unix datagram socket at `path` on which it is told how the service is. Node has none of that kind. */
export class NotifySocket {
  readonly path: string;
  readonly #fd: number;
  readonly #library = koffi.load(null);
  readonly #receive = this.#library.func('recv', 'int64_t', ['int', 'void *', 'size_t', 'int']);

  /** `@` begins a name in the abstract namespace. */
  constructor(path: string) {
    this.path = path;
    const socket = this.#library.func('socket', 'int', ['int', 'int', 'int']);
    const bind = this.#library.func('bind', 'int', ['int', 'void *', 'uint']);
    this.#fd = socket(1, 2, 0);
    const address = Buffer.concat([Buffer.of(1, 0), Buffer.from(path.replace(/^@/, '\0'))]);
    if (bind(this.#fd, address, address.length) !== 0) throw new Error(`${path}: errno ${koffi.errno()}`);
  }

  /** What has come since it was asked last: the lines of each datagram. */
  read(): string[][] {
    const all: string[][] = [];
    const buffer = Buffer.alloc(4096);
    for (;;) {
      const size = Number(this.#receive(this.#fd, buffer, buffer.length, 0x40)); // MSG_DONTWAIT
      if (size < 0) return all;
      all.push(buffer.toString('utf8', 0, size).split('\n'));
    }
  }

  close(): void {
    this.#library.func('close', 'int', ['int'])(this.#fd);
    if (!this.path.startsWith('@')) rmSync(this.path, { force: true });
  }
}
