import type { EmergencyNotice, Notify } from '#engine/ports';
import { type Roots, sendMail } from './mail.ts';
import { post } from './webhook.ts';

/** Ms between the tries of one notice: it may be a minute of trouble, or an hour. */
const waits: readonly number[] = [1_000, 5_000, 15_000, 60_000, 300_000, 900_000];
/** Ms for one try. */
const usualPatience = 10_000;
/** Notices under way at once (docs/limits.md): one more is let fall, and said so. */
export const mostUnderWay = 500;

type Outward = Exclude<Notify, { kind: 'message' }>;

interface Limits {
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly roots: Roots;
}

export interface NotifierOptions {
  readonly roots: Roots;
  log(level: 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>): void;
  /** For tests: the ways out, and the pauses between tries. */
  readonly send?: (to: Outward, notice: EmergencyNotice, limits: Limits) => Promise<void>;
  readonly pauses?: readonly number[];
  /** Ms for one try. */
  readonly patience?: number;
}

/**
 * Tells of calls for help, out of the way of all calls: nothing waits for it, what fails is tried again for twenty minutes and is a line in
 * the log then.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #pauses: readonly number[];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #underWay = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#pauses = options.pauses ?? waits;
  }

  /** Never throws, never waits. */
  notify(to: Outward, notice: EmergencyNotice): void {
    if (this.#underWay >= mostUnderWay || this.#closing.signal.aborted)
      return this.#failed(to, notice, 'too many at once');
    this.#underWay++;
    this.#try(to, notice, 0);
  }

  /** Gives up what is not told yet. */
  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #try(to: Outward, notice: EmergencyNotice, tries: number): void {
    const { send, roots, patience = usualPatience } = this.#options;
    const sending = (send ?? sendOut)(to, notice, { patience, signal: this.#closing.signal, roots });
    sending.then(
      () => {
        this.#underWay--;
        this.#options.log('info', 'notice-sent', { call: notice.call, ...whom(to), tries: tries + 1 });
      },
      (error: unknown) => {
        const why = reasonOf(error);
        const pause = this.#pauses[tries];
        if (pause === undefined || this.#closing.signal.aborted) {
          this.#underWay--;
          return this.#failed(to, notice, why);
        }
        if (tries === 0)
          this.#options.log('warn', 'notice-not-sent', { call: notice.call, ...whom(to), reason: why, again: true });
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          this.#try(to, notice, tries + 1);
        }, pause);
        timer.unref();
        this.#timers.add(timer);
      },
    );
  }

  #failed(to: Outward, { call }: EmergencyNotice, reason: string): void {
    this.#options.log('error', 'notice-not-sent', { call, ...whom(to), reason });
  }
}

function sendOut(to: Outward, notice: EmergencyNotice, limits: Limits): Promise<void> {
  if (to.kind === 'webhook') return post(to, notice, { now: Date.now(), ...limits });
  return sendMail(to, notice, limits);
}

/** As the log names it: of a URL only where it is, since the rest of it may be a secret. */
function whom(to: Outward): Record<string, string> {
  return to.kind === 'webhook' ? { webhook: new URL(to.url).origin } : { mail: to.to };
}

/** What fetch throws says little; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
