import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Services, type TracedMessage, TraceKeeper } from '#api';
import type { Log } from '#shell/log';
import { TraceStore } from '#shell/trace-store';

export interface KeptTracesOptions extends Pick<Services, 'ask' | 'live' | 'configuration' | 'wall'> {
  /** Of the records. */
  readonly directory: string;
  readonly log: Log;
}

/** The messages of ended calls on the disk: a file that is there only where somebody wants some kept, or did. */
export class KeptTraces {
  readonly #options: KeptTracesOptions;
  #store: TraceStore<TracedMessage> | undefined;
  #keeper: TraceKeeper | undefined;

  constructor(options: KeptTracesOptions) {
    this.#options = options;
    this.configure();
  }

  /** Another configuration holds. */
  configure(): void {
    const { directory, log, ...rest } = this.#options;
    const isWanted = (rest.configuration().tracing?.keep.length ?? 0) > 0;
    if (!isWanted || this.#keeper) return;
    const store = this.#open();
    if (!store) return;
    this.#keeper = new TraceKeeper({
      ...rest,
      store,
      onTrouble: (call, why, others) =>
        log.write('warn', 'trace-not-kept', { call, why, ...(others !== undefined && { others }) }),
    });
  }

  /** Undefined: there are none. */
  store(): TraceStore<TracedMessage> | undefined {
    if (this.#store || !existsSync(join(this.#options.directory, 'traces.sqlite'))) return this.#store;
    return this.#open();
  }

  close(): void {
    this.#keeper?.close();
    this.#store?.close();
  }

  /** Nobody's call depends on it: what keeps it from being used is said, and no more. */
  #open(): TraceStore<TracedMessage> | undefined {
    try {
      this.#store ??= TraceStore.open<TracedMessage>(this.#options.directory);
    } catch (error) {
      this.#options.log.write('error', 'no-traces', { error });
    }
    return this.#store;
  }
}
