import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** Octets of one file: a bundle of all the world's roots has a quarter of a million. */
const maxSize = 2 * 1024 * 1024;

/** What is made of some files, and made anew when they change. What is in force stays so until something good replaces it. */
export class Watched<T> {
  readonly paths: readonly string[];
  readonly #make: (texts: readonly string[], isFirst: boolean) => T;
  #value: T | undefined;
  #problem: string | undefined;
  #loaded: number | undefined;
  /** How the files looked at the last look, and when they were last read. */
  #looked: string;
  #read: string;

  /** Reads at once. `make` is told whether anything is in force yet; it throws where nothing can be made of the texts; the message is for people. */
  constructor(paths: readonly string[], make: (texts: readonly string[], isFirst: boolean) => T, wall: number) {
    this.paths = paths;
    this.#make = make;
    this.#looked = paths.map((path) => signature(statOf(path))).join(' ');
    this.#read = this.#looked;
    this.#take(() => paths.map(readNow), wall);
  }

  get value(): T | undefined {
    return this.#value;
  }

  /** Why the files as they are now do not serve. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Wall time of when what is in force was read. */
  get loaded(): number | undefined {
    return this.#loaded;
  }

  /**
   * Looks whether the files have changed since they were read, and reads them once they look the same at two looks in a row: whoever
   * writes two files is given time to come to the end. A problem is looked into again at each look, as a date may come. True when value
   * or problem changed.
   */
  async look(wall: number): Promise<boolean> {
    const looks = (await Promise.all(this.paths.map(async (path) => signature(await statLater(path))))).join(' ');
    const isSettled = looks === this.#looked;
    this.#looked = looks;
    if (!isSettled || (looks === this.#read && this.#problem === undefined)) return false;
    const texts = await Promise.all(this.paths.map(readLater));
    const [value, problem] = [this.#value, this.#problem];
    this.#read = looks;
    this.#take(() => texts.map((text) => text()), wall);
    return value !== this.#value || problem !== this.#problem;
  }

  /** Reads what has changed at once: who wrote has come to the end. */
  readNow(wall: number): void {
    const looks = this.paths.map((path) => signature(statOf(path))).join(' ');
    if (looks === this.#read && this.#problem === undefined) return;
    this.#looked = looks;
    this.#read = looks;
    this.#take(() => this.paths.map(readNow), wall);
  }

  #take(texts: () => readonly string[], wall: number): void {
    try {
      this.#value = this.#make(texts(), this.#value === undefined);
      this.#problem = undefined;
      this.#loaded = wall;
    } catch (error) {
      this.#problem = (error as Error).message;
    }
  }
}

/** Follows symbolic links: an ACME client swaps those. */
function signature(found: BigIntStats | undefined): string {
  return found ? `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : 'none';
}

function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

async function statLater(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function readNow(path: string): string {
  try {
    return bounded(path, readFileSync(path));
  } catch (error) {
    throw new Error(whyUnreadable(path, error as NodeJS.ErrnoException));
  }
}

async function readLater(path: string): Promise<() => string> {
  try {
    const text = bounded(path, await readFile(path));
    return () => text;
  } catch (error) {
    return () => {
      throw new Error(whyUnreadable(path, error as NodeJS.ErrnoException));
    };
  }
}

function bounded(path: string, octets: Buffer): string {
  if (octets.length > maxSize) throw new Error(`${path} is larger than any certificate file`);
  return octets.toString('latin1');
}

function whyUnreadable(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `${path} is not there`;
  if (code === 'EACCES' || code === 'EPERM') return `${path} may not be read by the user that runs the program`;
  return code === undefined ? message : `${path} cannot be read (${code})`;
}
