import { type Evidence, type Instant, SteadyClock } from '#kernel';

/** What the store's thread is told: let go of some of what was over before then (Unix ms). */
export interface ExpiryOrder {
  readonly before: number;
  /**
   * The clock shows this, and nobody knows yet whether it is right: unless a record is of about this time, and not of the last moments, none is
   * let go. Absent: it is known to be.
   */
  readonly unproven?: Evidence;
}

/** What came of it: so many calls are gone, there may be more; or there would be some, and no record shows that the clock is right. */
export type Expired = { readonly calls: number; readonly more: boolean } | 'doubtful';

export interface RetentionOptions {
  /** To the store's thread, which answers each with `heard` or `failed`. False: there is none now. */
  readonly send: (order: ExpiryOrder) => boolean;
  /** So many calls are on the disk no more, for they were over before that (Unix ms). */
  readonly onExpired: (calls: number, before: number) => void;
  readonly onTrouble: (detail: string) => void;
  /** Unix ms, and ms of a clock that does not jump. */
  readonly wall?: () => number;
  readonly mono?: () => number;
  /** How often it is looked for records that are not to be kept any longer. Ms. */
  readonly pause?: number;
}

/** What is under way. */
interface Run {
  readonly order: ExpiryOrder;
  /** That are gone so far. */
  calls: number;
  /** The thread has a last part of it. */
  isStopped: boolean;
}

/** Ms between two parts of what is let go: records that wait are written first. */
const breath = 50;
const hour = 3_600_000;

/**
 * When records are to go that nobody wants any longer: looked for now and then, a part at a time, and by a clock that may be believed alone. Whoever
 * wants them longer stops it at once.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #wall: () => number;
  readonly #mono: () => number;
  #keep: number | undefined;
  #look: NodeJS.Timeout | undefined;
  #breath: NodeJS.Timeout | undefined;
  #run: Run | undefined;
  readonly #clock: SteadyClock;
  #isDoubtTold = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#wall = options.wall ?? Date.now;
    this.#mono = options.mono ?? (() => performance.now());
    this.#clock = new SteadyClock(this.#now());
  }

  /** Records of calls that were over this long ago are let go from now on (ms); undefined: none is. */
  keep(ms: number | undefined): void {
    clearInterval(this.#look);
    this.#look = undefined;
    this.#keep = ms;
    this.#stop();
    if (ms === undefined) return;
    this.#look = setInterval(() => this.#begin(), this.#options.pause ?? 600_000);
    this.#begin();
  }

  /** What came of the last part. */
  heard(expired: Expired): void {
    const run = this.#run;
    if (!run) return;
    if (expired === 'doubtful') return this.#doubt(run);
    run.calls += expired.calls;
    if (expired.more && !run.isStopped) {
      this.#breath = setTimeout(() => this.#next(run), breath);
      return;
    }
    this.#end(run);
    // Somebody wants others kept, and waited for the last part.
    if (run.isStopped) this.#begin();
  }

  failed(detail: string): void {
    const run = this.#run;
    if (run) this.#end(run);
    this.#options.onTrouble(detail);
  }

  /** The thread is gone; the next one is asked at the next look. */
  lost(): void {
    clearTimeout(this.#breath);
    if (this.#run) this.#end(this.#run);
  }

  close(): void {
    this.keep(undefined);
  }

  #begin(): void {
    if (this.#keep === undefined) return;
    const now = this.#now();
    const leap = this.#clock.look(now, this.#keep);
    if (leap > 0)
      this.#options.onTrouble(`the clock went ${Math.round(leap / hour)} h ahead at once, to ${told(now.wall)}`);
    if (this.#run) return;
    const standing = this.#clock.standing(now, this.#keep);
    if (standing === 'leapt') return;
    const order = { before: now.wall - this.#keep, ...(standing !== 'proven' && { unproven: standing }) };
    const run = { order, calls: 0, isStopped: false };
    this.#run = run;
    this.#next(run);
  }

  #next(run: Run): void {
    this.#breath = undefined;
    if (!this.#options.send(run.order)) this.#end(run);
  }

  #stop(): void {
    const run = this.#run;
    if (!run) return;
    if (this.#breath === undefined) {
      run.isStopped = true;
      return;
    }
    clearTimeout(this.#breath);
    this.#end(run);
  }

  #end(run: Run): void {
    this.#run = undefined;
    this.#breath = undefined;
    if (run.calls > 0) this.#options.onExpired(run.calls, run.order.before);
  }

  #now(): Instant {
    return { wall: this.#wall(), mono: this.#mono() };
  }

  #doubt(run: Run): void {
    this.#end(run);
    if (this.#isDoubtTold) return;
    this.#isDoubtTold = true;
    this.#options.onTrouble(`the clock says ${told(this.#wall())}, and no record is of the week before`);
  }
}

function told(now: number): string {
  return `${new Date(now).toISOString()}: put it right if it is wrong, or records are deleted by it when it has gone on like that for 24 h`;
}
