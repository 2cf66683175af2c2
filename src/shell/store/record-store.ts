import { Worker } from 'node:worker_threads';
import type { CallRecord, ReceivedReport } from '#engine/ports';
import { toReportRow } from './report-rows.ts';
import { Retention } from './retention.ts';
import { toRows } from './rows.ts';
import type { Migration } from './schema.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

export interface RecordStoreOptions {
  /** The directory of `records.sqlite`; created, for its owner only, when missing. */
  readonly path: string;
  /** These calls' records are on the disk, in the order in which they were written. */
  readonly onDurable: (calls: string[]) => void;
  readonly onTrouble: (problem: StoreTrouble) => void;
  /** Tables of an older version are being brought to this one, while records wait; with `tookMs`: they are. */
  readonly onMigration?: (migration: Migration, tookMs?: number) => void;
  /** So many calls are on the disk no more, for they were over before that (Unix ms). */
  readonly onExpired?: (calls: number, before: number) => void;
  /** Records are collected this long and committed together: one sync of the disk for all. Ms. */
  readonly window?: number;
  /** Records that may wait for the disk; beyond it new ones are lost, and said to be. */
  readonly limit?: number;
  /** How long `close` goes on trying when the disk is in trouble. Ms. */
  readonly grace?: number;
  /** How often it is looked for records that are not to be kept any longer. Ms. */
  readonly expiryPause?: number;
}

export type StoreTrouble =
  /** Records cannot be written now: they are kept and tried again. Told when it begins and when its cause changes. */
  | { readonly kind: 'unwritable'; readonly detail: string; readonly pending: number }
  /** It is over; what was pending is on its way to the disk. */
  | { readonly kind: 'recovered'; readonly pending: number }
  /**
   * This record will not be written: too many wait (`full`), the tables cannot hold it (`rejected`), or the store closed
   * under trouble (`closed`). It gets no onDurable: log it whole, it is the only trace of the call.
   */
  | {
      readonly kind: 'lost';
      readonly reason: 'full' | 'rejected' | 'closed';
      readonly detail: string;
      readonly record: CallRecord;
    }
  /** So is this report of a peer: the figures of a call are without it. */
  | { readonly kind: 'report-lost'; readonly reason: 'full' | 'rejected' | 'closed'; readonly detail: string }
  /** Records that are not to be kept any longer cannot be deleted: it is tried again later. */
  | { readonly kind: 'unexpired'; readonly detail: string };

/** What is written: records, and reports of peers beside them. */
type Written = CallRecord | ReceivedReport;

/** Records in one transaction at most: also what one turn of the event loop has to encode (about 1 ms). */
const batchLimit = 250;
const firstPause = 100;
const longestPause = 5_000;

/**
 * Makes call records durable in SQLite, in a thread of its own: the signalling loop only encodes and posts a batch.
 * Every record written ends in exactly one of `onDurable` and `onTrouble` with `lost`.
 *
 * At most one batch is with the thread; what comes meanwhile is the next one, so a slow disk makes batches larger instead
 * of a queue of messages. Records stay here until they are acknowledged, so nothing is lost when the thread dies.
 */
export class RecordStore {
  readonly #options: RecordStoreOptions;
  readonly #limit: number;
  readonly #waiting: Written[] = [];
  #written = 0;
  #inFlight: Written[] = [];
  #thread: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | undefined;
  /** The thread ends by itself, for another to take its place. */
  #isSpent = false;
  #pause = firstPause;
  readonly #retention: Retention;
  /** Set while closing. */
  #closing: { readonly until: number; readonly done: () => void; readonly promise: Promise<void> } | undefined;

  private constructor(options: RecordStoreOptions) {
    this.#options = options;
    this.#limit = options.limit ?? 50_000;
    const { expiryPause: pause, onExpired = () => {}, onTrouble } = options;
    this.#retention = new Retention({
      send: (order) => {
        if (!this.#thread || this.#closing) return false;
        this.#send(order);
        return true;
      },
      onExpired,
      onTrouble: (detail) => onTrouble({ kind: 'unexpired', detail }),
      ...(pause !== undefined && { pause }),
    });
    this.#start();
  }

  /** Never throws on trouble with the directory or the file: calls go on, `onTrouble` tells. */
  static open(options: RecordStoreOptions): RecordStore {
    return new RecordStore(options);
  }

  /** Records not yet durable. */
  get pending(): number {
    return this.#waiting.length + this.#inFlight.length;
  }

  /** Records that are on the disk, since it began. */
  get written(): number {
    return this.#written;
  }

  write(record: Written): void {
    if (this.#closing) {
      this.#lose(record, 'closed', 'the store is closed');
      return;
    }
    if (this.pending >= this.#limit) {
      this.#lose(record, 'full', `${this.#limit} records wait for the disk`);
      return;
    }
    this.#waiting.push(record);
    this.#schedule(this.#options.window ?? 100);
  }

  /** Records of calls that were over this long ago are deleted from now on (ms); undefined: none is. */
  keep(ms: number | undefined): void {
    if (!this.#closing) this.#retention.keep(ms);
  }

  /** Writes what is pending and ends the thread. Under trouble it gives up after the grace time; what is left is lost aloud. */
  close(): Promise<void> {
    if (this.#closing) return this.#closing.promise;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing = { until: performance.now() + (this.#options.grace ?? 5_000), done: resolve, promise };
    this.#retention.close();
    // At once, also when the next attempt of a batch that failed is due later.
    if (this.#inFlight.length === 0 || this.#timer !== undefined) this.#post();
    return promise;
  }

  #start(): void {
    // The built program runs from .js.
    const file = import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js';
    const thread = new Worker(new URL(file, import.meta.url), {
      workerData: { directory: this.#options.path },
      // The thread imports nothing that our own flags are for, and would not start with some of them.
      execArgv: [],
    });
    this.#thread = thread;
    let fault = 'ended unasked';
    thread.on('message', (message: FromThread) => this.#heard(message));
    thread.on('error', (error: Error) => {
      fault = error.message;
    });
    thread.on('exit', () => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#retention.lost();
      if (this.#finished()) return;
      if (this.#isSpent) {
        this.#isSpent = false;
        if (this.#inFlight.length > 0) this.#post();
        else this.#start();
        return;
      }
      this.#failed(`the store's thread: ${fault}`);
    });
  }

  #heard(message: FromThread): void {
    switch (message.kind) {
      case 'migration':
        this.#isSpent = message.tookMs !== undefined;
        this.#options.onMigration?.(message.migration, message.tookMs);
        return;
      case 'unopened':
        this.#tell(message.detail);
        return;
      case 'unwritten':
        this.#failed(message.detail);
        return;
      case 'expired':
        this.#retention.heard(message.expired);
        return;
      case 'unexpired':
        this.#retention.failed(message.detail);
        return;
      case 'written': {
        const batch = this.#inFlight;
        this.#inFlight = [];
        this.#pause = firstPause;
        const rejected = new Map(message.rejected);
        const calls: string[] = [];
        batch.forEach((record, index) => {
          const detail = rejected.get(index);
          if (detail !== undefined) this.#lose(record, 'rejected', detail);
          else if (!('report' in record)) calls.push(record.call);
        });
        if (this.#trouble !== undefined) {
          this.#trouble = undefined;
          this.#options.onTrouble({ kind: 'recovered', pending: this.pending });
        }
        this.#written += calls.length;
        if (calls.length > 0) this.#options.onDurable(calls);
        if (this.#closing || this.#waiting.length >= batchLimit) this.#post();
        else if (this.#waiting.length > 0) this.#schedule(this.#options.window ?? 100);
      }
    }
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#inFlight.length > 0) return;
    this.#timer = setTimeout(() => this.#post(), ms);
  }

  /** Gives the thread its next batch, or the last one again. */
  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#inFlight.length === 0) this.#inFlight = this.#waiting.splice(0, batchLimit);
    if (this.#finished()) return;
    if (this.#thread === undefined) this.#start();
    this.#send(JSON.stringify(this.#inFlight.map((one) => ('report' in one ? toReportRow(one) : toRows(one)))));
  }

  #failed(detail: string): void {
    this.#tell(detail);
    if (this.#closing && performance.now() >= this.#closing.until) {
      for (const record of [...this.#inFlight, ...this.#waiting]) this.#lose(record, 'closed', detail);
      this.#inFlight = [];
      this.#waiting.length = 0;
      this.#finished();
      return;
    }
    const pause = this.#closing ? Math.min(this.#pause, firstPause) : this.#pause;
    this.#timer ??= setTimeout(() => this.#post(), pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }

  /** True when the store is closing and nothing is left: the thread is told to end. */
  #finished(): boolean {
    if (this.#closing === undefined || this.pending > 0) return false;
    const { done } = this.#closing;
    const thread = this.#thread;
    this.#thread = undefined;
    if (thread === undefined) done();
    else {
      thread.once('exit', done);
      thread.postMessage(null satisfies ToThread);
    }
    return true;
  }

  #send(message: ToThread): void {
    this.#thread!.postMessage(message);
  }

  #tell(detail: string): void {
    if (this.#trouble === detail) return;
    this.#trouble = detail;
    this.#options.onTrouble({ kind: 'unwritable', detail, pending: this.pending });
  }

  #lose(record: Written, reason: 'full' | 'rejected' | 'closed', detail: string): void {
    if ('report' in record) return this.#options.onTrouble({ kind: 'report-lost', reason, detail });
    this.#options.onTrouble({ kind: 'lost', reason, detail, record });
  }
}
