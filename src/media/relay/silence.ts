import type { Deadline, Deadlines } from '#kernel';

/**
 * Notices that nothing comes any more from any peer of a session that should send. A packet only leaves its time
 * here; the deadline is moved when it fires, so that the packet path does not touch the heap.
 */
export class SilenceWatch {
  readonly session: string;
  readonly #deadlines: Deadlines<SilenceWatch>;
  #deadline: Deadline<SilenceWatch> | undefined;
  /** Ms; 0 = nobody is expected to send. */
  #limit = 0;
  #last = 0;
  #silent = false;

  constructor(session: string, deadlines: Deadlines<SilenceWatch>) {
    this.session = session;
    this.#deadlines = deadlines;
  }

  /** `limit` in ms, 0 = do not watch. Watching anew counts from `now`: before, nobody was expected to speak. */
  watch(limit: number, now: number): void {
    if (limit === this.#limit) return;
    const unwatched = this.#limit === 0;
    this.#limit = limit;
    if (unwatched) this.#last = now;
    this.#silent = false;
    this.#arm();
  }

  /** A packet came from a peer that may send. */
  heard(now: number): void {
    this.#last = now;
    if (this.#silent) {
      this.#silent = false;
      this.#arm();
    }
  }

  /** The deadline has come: how long it has been silent in ms when that is worth a notice, else undefined. */
  due(now: number): number | undefined {
    this.#deadline = undefined;
    const silentMs = now - this.#last;
    if (silentMs < this.#limit) {
      this.#arm();
      return undefined;
    }
    this.#silent = true;
    return silentMs;
  }

  /** How long the silence that was given notice of has lasted, in ms. */
  silentMs(now: number): number | undefined {
    return this.#silent ? now - this.#last : undefined;
  }

  end(): void {
    this.#deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.#limit = 0;
  }

  #arm(): void {
    this.#deadlines.clear(this.#deadline);
    this.#deadline = this.#limit > 0 ? this.#deadlines.set('silence', this, this.#last + this.#limit) : undefined;
  }
}
