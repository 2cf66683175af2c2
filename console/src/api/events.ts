import { useEffect, useRef } from 'react';
import type { Schemas } from './client.ts';
import { tellConnection } from './connection.ts';

/** What `/events` tells (docs/openapi.json), by kind. */
export interface Told {
  readonly calls: { readonly changed: readonly Schemas['Call'][]; readonly gone: readonly string[] };
  readonly ended: { readonly records: readonly Schemas['CallRecordLine'][] };
  readonly trunk: { readonly trunk: Schemas['Trunk']; readonly before?: string };
  readonly house: object;
  readonly mirror: { readonly state: string };
  readonly test: { readonly trunk: string; readonly test: string; readonly step: object };
}
export type Kind = keyof Told;
export type Listener = { readonly [K in Kind]?: (data: Told[K]) => void } & {
  /** What happened meanwhile is not known: read all again. */
  readonly reset?: () => void;
};

const shortest = 1_000;
const longest = 15_000;

/**
 * One stream for all that is on the page: browsers open few connections to one server, and a page that nobody looks at needs none.
 * Who comes or goes has it opened anew where it was left.
 */
class Events {
  readonly #listeners = new Set<Listener>();
  #source: EventSource | undefined;
  #kinds = '';
  #last: string | undefined;
  #opening = false;
  /** Ms until the next try, where the server did not just go away but refused. */
  #wait = shortest;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.addEventListener('visibilitychange', () => this.#later());
  }

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#later();
    return () => {
      this.#listeners.delete(listener);
      this.#later();
    };
  }

  /** A page that changes takes its listeners away and brings others: one opening for both. */
  #later(): void {
    if (this.#opening) return;
    this.#opening = true;
    setTimeout(() => {
      this.#opening = false;
      this.#open();
    });
  }

  #open(): void {
    const wanted = new Set([...this.#listeners].flatMap((one) => Object.keys(one)));
    wanted.delete('reset');
    const kinds = document.hidden ? '' : [...wanted].sort().join(',');
    if (kinds === this.#kinds) return;
    // Of a kind that was not told, what happened meanwhile is not known.
    const isMore = kinds.split(',').some((kind) => !this.#kinds.split(',').includes(kind));
    const after = this.#last !== undefined && (this.#kinds === '' || !isMore) ? `&after=${this.#last}` : '';
    this.#close();
    this.#kinds = kinds;
    if (kinds === '') return;
    const source = new EventSource(`/api/v1/events?kinds=${kinds}${after}`);
    this.#source = source;
    source.addEventListener('error', () => {
      tellConnection({ kind: 'broken' });
      // A browser tries again by itself where the connection broke, and gives up where it was answered with something else.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#close();
      this.#again = setTimeout(() => this.#open(), this.#wait);
      this.#wait = Math.min(longest, this.#wait * 2);
    });
    source.addEventListener('reset', ({ lastEventId }) => {
      this.#last = lastEventId;
      for (const listener of this.#listeners) listener.reset?.();
    });
    for (const kind of [...kinds.split(','), 'hello'])
      source.addEventListener(kind, (event: MessageEvent<string>) => {
        if (event.lastEventId !== '') this.#last = event.lastEventId;
        const data = JSON.parse(event.data);
        if (kind === 'hello') this.#wait = shortest;
        if (kind === 'hello' || kind === 'mirror') tellConnection({ kind: 'told', state: data.state });
        if (kind === 'hello') return;
        for (const listener of this.#listeners)
          (listener[kind as Kind] as ((data: unknown) => void) | undefined)?.(data);
      });
  }

  #close(): void {
    clearTimeout(this.#again);
    this.#source?.close();
    this.#source = undefined;
    this.#kinds = '';
  }
}

const events = new Events();

/** Hears what happens while it is shown. `listener` may be a new object each time; its kinds stay. */
export function useEvents(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  const kinds = Object.keys(listener).join(',');
  useEffect(() => {
    const through = Object.fromEntries(
      kinds
        .split(',')
        .map((kind) => [
          kind,
          (data: never) => (latest.current[kind as Kind] as ((data: unknown) => void) | undefined)?.(data),
        ]),
    );
    return events.add(through as Listener);
  }, [kinds]);
}
