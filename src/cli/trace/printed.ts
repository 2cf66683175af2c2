import type { Message } from './ladder.ts';

/**
 * Which messages of each call were printed. They cannot be counted: a leg that becomes known has messages older than those that were
 * there, and old ones go from the ring.
 */
export class Printed {
  readonly #calls = new Map<string, Set<string>>();

  /** Those that were not printed yet, and are from now on. */
  news(call: string, messages: readonly Message[]): readonly Message[] {
    const known = this.#calls.get(call) ?? new Set();
    const news = messages.filter((message) => !known.has(keyOf(message)));
    // What the ring has let go does not come back.
    this.#calls.set(call, new Set(messages.map(keyOf)));
    return news;
  }

  forget(call: string): void {
    this.#calls.delete(call);
  }
}

function keyOf({ atMs, sent, callId, firstLine }: Message): string {
  return `${atMs} ${sent} ${callId} ${firstLine}`;
}
