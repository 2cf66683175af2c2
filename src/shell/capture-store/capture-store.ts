import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArmedCapture } from '#engine/ports';

/** A file that the media process writes, or wrote. */
export interface KeptCapture {
  /** Without directory and ending: the call's id, and which of its captures it is. */
  readonly name: string;
  readonly octets: number;
  /** When it was written to last: Unix ms. */
  readonly at: number;
}

const ending = '.pcapng';
const fileName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Where captures of media lie, below the directory of the records. */
export function capturesDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'captures');
}

/** The captures that are on the disk, and those that wait for their call. Few, and looked at seldom: nothing of it is kept in memory. */
export class CaptureStore {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = capturesDirectory(dataDirectory);
  }

  /** The newest first. */
  list(): readonly KeptCapture[] {
    const found: KeptCapture[] = [];
    for (const file of filesIn(this.#directory)) {
      if (!file.endsWith(ending)) continue;
      const known = statSync(join(this.#directory, file), { throwIfNoEntry: false });
      if (known) found.push({ name: file.slice(0, -ending.length), octets: known.size, at: known.mtimeMs });
    }
    return found.sort((a, b) => b.at - a.at);
  }

  /** As far as it has been written. Undefined: there is none. */
  read(name: string): Uint8Array | undefined {
    if (!fileName.test(name)) return undefined;
    try {
      return readFileSync(this.#pathOf(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** False: there is none. */
  remove(name: string): boolean {
    if (!fileName.test(name) || !statSync(this.#pathOf(name), { throwIfNoEntry: false })) return false;
    rmSync(this.#pathOf(name), { force: true });
    return true;
  }

  /** Lets go those that were written to last more than `lifetime` ms ago. Gives their names. */
  prune(lifetime: number, now: number): readonly string[] {
    const old = this.list().filter(({ at }) => at < now - lifetime);
    for (const { name } of old) this.remove(name);
    return old.map(({ name }) => name);
  }

  armed(): readonly ArmedCapture[] {
    try {
      return JSON.parse(readFileSync(join(this.#directory, 'armed.json'), 'utf8')) as readonly ArmedCapture[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return [];
      throw error;
    }
  }

  arm(list: readonly ArmedCapture[]): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, 'armed.json');
    writeFileSync(`${path}.new`, JSON.stringify(list), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  #pathOf(name: string): string {
    return join(this.#directory, `${name}${ending}`);
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
