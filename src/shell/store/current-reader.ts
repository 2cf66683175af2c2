import { NoRecords, RecordReader } from './reader.ts';

/** The records that are there now: who moves the file away and has another begun is not shown the old one. */
export class CurrentReader {
  readonly #directory: () => string;
  #reader: RecordReader | undefined;

  constructor(directory: () => string) {
    this.#directory = directory;
  }

  /** Undefined: there are none yet. Throws on trouble with the file. */
  get(): RecordReader | undefined {
    // The log beside it belongs to the new file: whoever is in the middle of the old one would read parts of both.
    if (this.#reader?.isMoved) this.close();
    try {
      this.#reader ??= RecordReader.open(this.#directory());
    } catch (error) {
      if (!(error instanceof NoRecords)) throw error;
    }
    return this.#reader;
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }
}
