import type { CallRecord, TracingConfiguration } from '#engine/ports';
import type { TraceStore } from '#shell/trace-store';
import type { Services } from '../services.ts';
import { isToBeKept, trunksOf } from './keep-rule.ts';
import type { TracedMessage } from './message.ts';
import { tracedOf } from './trace.ts';

export interface KeeperOptions extends Pick<Services, 'ask' | 'live' | 'configuration' | 'wall'> {
  readonly store: TraceStore<TracedMessage>;
  /** What could not be kept, and why; `others`: so many calls more since it was said last, for the same reason. */
  readonly onTrouble: (call: string, why: string, others?: number) => void;
  /** Ms after the end of a call for its last messages to come. */
  readonly patience?: number;
}

/** Ended calls whose messages are to be asked for. */
const mostWaiting = 2_000;
const usualPatience = 2_000;
const hour = 3_600_000;
/** Ms in which a reason is said once: who floods us with calls that fail does not fill the log as well. */
const quiet = 60_000;

/** Keeps the messages of calls on the disk that the configuration wants kept, when they have ended. */
export class TraceKeeper {
  readonly #options: KeeperOptions;
  readonly #waiting: { readonly record: CallRecord; readonly until: number }[] = [];
  readonly #stopListening: () => void;
  readonly #hourly: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #isKeeping = false;
  #said: { readonly why: string; readonly at: number; others: number } | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    const { live, store, wall } = options;
    this.#stopListening = live.journal.listen(({ event }) => {
      if (event.kind === 'ended') this.#ended(event.records);
    });
    this.#hourly = setInterval(() => {
      const tracing = this.#tracing();
      if (tracing) store.prune({ size: tracing.size, lifetime: tracing.lifetime }, wall());
    }, hour);
    this.#hourly.unref();
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#hourly);
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #tracing(): TracingConfiguration | undefined {
    return this.#options.configuration().tracing;
  }

  #ended(records: readonly CallRecord[]): void {
    const { keep = [] } = this.#tracing() ?? {};
    if (keep.length === 0) return;
    const { wall, patience = usualPatience } = this.#options;
    for (const record of records) {
      if (!isToBeKept(record, keep)) continue;
      if (this.#waiting.length >= mostWaiting) this.#lost(record.call, 'too many calls ended at once');
      else this.#waiting.push({ record, until: wall() + patience });
    }
    this.#next();
  }

  #next(): void {
    const [first] = this.#waiting;
    if (!first || this.#isKeeping) return;
    clearTimeout(this.#timer);
    const left = Math.max(0, first.until - this.#options.wall());
    this.#timer = setTimeout(() => void this.#keep(), left);
    this.#timer.unref();
  }

  /** One after the other: who signals is not to be held up by many. */
  async #keep(): Promise<void> {
    const { record } = this.#waiting.shift()!;
    const { store, wall } = this.#options;
    const tracing = this.#tracing();
    this.#isKeeping = true;
    try {
      const messages = await tracedOf(this.#options, record);
      const { call, endedAt: at, caller, called, end } = record;
      const trace = { call, at, caller, called, trunks: trunksOf(record), reason: end.reason, messages };
      if (tracing && messages.length > 0 && !store.keep(trace, tracing, wall()))
        this.#lost(call, 'it alone is more than half of what may be kept');
    } catch (error) {
      this.#lost(record.call, (error as Error).message);
    } finally {
      this.#isKeeping = false;
      this.#next();
    }
  }

  #lost(call: string, why: string): void {
    const now = this.#options.wall();
    const said = this.#said;
    if (said?.why === why && now - said.at < quiet) {
      said.others++;
      return;
    }
    this.#said = { why, at: now, others: 0 };
    const others = said?.why === why ? said.others : 0;
    this.#options.onTrouble(call, why, ...(others > 0 ? [others] : []));
  }
}
