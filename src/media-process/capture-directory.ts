import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptureFile, CaptureFiles } from '#media/capture';

/** Octets of one capture that may wait for the disk: some seconds of a call. */
const mostWaiting = 1024 * 1024;

/** The directory of captures: made, with its files, for our user alone. Nothing here waits for the disk. */
export class CaptureDirectory implements CaptureFiles {
  readonly #path: string | undefined;
  readonly #wake: () => void;

  /** `wake`: Node's loop has something to do. */
  constructor(path: string | undefined, wake: () => void) {
    this.#path = path;
    this.#wake = wake;
  }

  wall(): number {
    return performance.timeOrigin + performance.now();
  }

  open(name: string, onFailed: (detail: string) => void): CaptureFile {
    return new WrittenFile(
      async () => {
        if (this.#path === undefined) throw new Error('no directory for captures was given');
        mkdirSync(this.#path, { recursive: true, mode: 0o700 });
        // One that is there is another's: it is not written over.
        return open(join(this.#path, `${name}.pcapng`), 'wx', 0o600);
      },
      onFailed,
      this.#wake,
    );
  }
}

class WrittenFile implements CaptureFile {
  readonly #onFailed: (detail: string) => void;
  readonly #wake: () => void;
  #waiting: Uint8Array[] = [];
  #octets = 0;
  #ended = false;
  /** Nothing is written any more. */
  #isOver = false;
  #isWriting = false;
  #handle: FileHandle | undefined;
  readonly #open: () => Promise<FileHandle>;

  constructor(open: () => Promise<FileHandle>, onFailed: (detail: string) => void, wake: () => void) {
    this.#open = open;
    this.#onFailed = onFailed;
    this.#wake = wake;
    void this.#write();
  }

  write(octets: Uint8Array): boolean {
    if (this.#isOver || this.#octets + octets.length > mostWaiting) return false;
    this.#waiting.push(octets);
    this.#octets += octets.length;
    void this.#write();
    return true;
  }

  end(): void {
    this.#ended = true;
    void this.#write();
  }

  async #write(): Promise<void> {
    if (this.#isWriting || this.#isOver) return;
    this.#isWriting = true;
    this.#wake();
    try {
      this.#handle ??= await this.#open();
      while (this.#waiting.length > 0) {
        const some = this.#waiting;
        this.#waiting = [];
        await this.#handle.writev(some);
        for (const { length } of some) this.#octets -= length;
      }
      if (!this.#ended) return;
      this.#isOver = true;
      await this.#close();
    } catch (error) {
      this.#isOver = true;
      this.#waiting = [];
      this.#onFailed((error as Error).message);
      await this.#close().catch((second: Error) => this.#onFailed(second.message));
    } finally {
      this.#isWriting = false;
      this.#wake();
    }
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}
