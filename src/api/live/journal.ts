import { randomBytes } from 'node:crypto';
import type { CallRecord } from '#engine/ports';
import type { LiveCall, LiveHouse, LiveTrunk, MirrorState } from './told.ts';

/** Something that has happened. */
export type LiveEvent =
  | {
      readonly kind: 'calls';
      readonly changed: readonly LiveCall[];
      readonly gone: readonly string[];
      /** As they were until now, those that stood already: who might see one then is told that it is gone. */
      readonly before: readonly LiveCall[];
    }
  | { readonly kind: 'ended'; readonly records: readonly CallRecord[] }
  | { readonly kind: 'trunk'; readonly trunk: LiveTrunk; readonly before: LiveTrunk | undefined }
  | { readonly kind: 'house'; readonly house: LiveHouse }
  | { readonly kind: 'mirror'; readonly state: MirrorState }
  /** What a test of a trunk has come to. */
  | { readonly kind: 'test'; readonly trunk: string; readonly test: string; readonly step: object };

export interface Entry {
  readonly number: number;
  /** Unix ms. */
  readonly at: number;
  readonly event: LiveEvent;
}

/** Calls and records that are kept for who was away for a moment. */
const mostKept = 20_000;

/** What happened last, numbered, for those who follow: who was cut off goes on where he was. */
export class Journal {
  /** Numbers of another process begin anew. */
  readonly epoch = randomBytes(6).toString('base64url');
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<(entry: Entry) => void>();
  #number = 0;
  #weight = 0;

  get number(): number {
    return this.#number;
  }

  /** Those who listen now. */
  get listeners(): number {
    return this.#listeners.size;
  }

  add(event: LiveEvent, at: number): void {
    const entry = { number: ++this.#number, at, event };
    this.#entries.push(entry);
    this.#weight += weightOf(event);
    while (this.#weight > mostKept && this.#entries.length > 1) this.#weight -= weightOf(this.#entries.shift()!.event);
    for (const listener of this.#listeners) listener(entry);
  }

  /** What happened after that one. Undefined: it is not known any more what did. */
  after(number: number): readonly Entry[] | undefined {
    if (number > this.#number) return undefined;
    const first = this.#entries[0]?.number ?? this.#number + 1;
    return number + 1 < first ? undefined : this.#entries.slice(number + 1 - first);
  }

  listen(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function weightOf(event: LiveEvent): number {
  if (event.kind === 'calls') return 1 + event.changed.length;
  return event.kind === 'ended' ? 1 + event.records.length : 1;
}
