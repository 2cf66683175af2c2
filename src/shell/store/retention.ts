/** What the store's thread is told: let go of some of what was over before then (Unix ms). */
export interface ExpiryOrder {
  readonly before: number;
  /**
   * The clock shows this, and nobody knows yet whether it is right: unless a record is of about this time, and not of the last moments, none is
   * let go. Absent: it is known to be.
   */
  readonly unproven?: { readonly since: number; readonly until: number };
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
/** A clock is believed once it has gone on for this long; or by a record of the week before that. */
const trial = 24 * hour;
const evidence = 7 * 24 * hour;

/**
 * When records are to go that nobody wants any longer: looked for now and then, a part at a time. Whoever wants them longer stops it at once.
 *
 * A clock that leaps by years would have all of them go, and for ever. So it is believed when there are records of the days before, or when it has
 * run on like that for a day, which leaves somebody the time to put it right.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #wall: () => number;
  readonly #mono: () => number;
  #keep: number | undefined;
  #look: NodeJS.Timeout | undefined;
  #breath: NodeJS.Timeout | undefined;
  #run: Run | undefined;
  /** The clock has gone on without a leap since then (of `mono`), and was ahead of that by so much when it was looked at last. */
  #steady: { readonly since: number; readonly ahead: number; readonly hasLeapt: boolean };
  #isDoubtTold = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#wall = options.wall ?? Date.now;
    this.#mono = options.mono ?? (() => performance.now());
    const since = this.#mono();
    this.#steady = { since, ahead: this.#wall() - since, hasLeapt: false };
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
    const [now, mono] = [this.#wall(), this.#mono()];
    if (this.#keep === undefined) return;
    this.#follow(now, mono, this.#keep);
    if (this.#run) return;
    const { since, hasLeapt } = this.#steady;
    const isProven = mono - since >= trial;
    if (!isProven && hasLeapt) return;
    // Of a record that was written since the clock went wrong there is nothing to be learned.
    const until = now - Math.min(trial, this.#keep / 2);
    const order = {
      before: now - this.#keep,
      ...(!isProven && { unproven: { since: until - evidence, until } }),
    };
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

  /** Whether the clock has leapt since it was looked at last. One that was put back was wrong before. */
  #follow(now: number, mono: number, keep: number): void {
    const ahead = now - mono;
    const by = ahead - this.#steady.ahead;
    // By less than this nothing is let go much too early.
    if (Math.abs(by) < Math.min(trial, keep / 4)) {
      this.#steady = { ...this.#steady, ahead };
      return;
    }
    this.#steady = { since: mono, ahead, hasLeapt: by > 0 };
    if (by > 0) this.#options.onTrouble(`the clock went ${Math.round(by / hour)} h ahead at once, to ${told(now)}`);
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
