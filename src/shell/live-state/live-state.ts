import * as nodeFiles from 'node:fs';
import { FrameBuilder, maxNameLength, readEntry, stateOf } from './frame.ts';
import { type Files, Journal, type Segment } from './journal.ts';
import { DirectoryLock } from './lock.ts';

export interface LiveStateOptions {
  /** Told once when writing begins to fail, once when it works again, and of whatever had to be cut at opening. */
  readonly onTrouble?: (problem: LiveStateTrouble) => void;
  /** A segment file is closed when it is this large. Bytes. */
  readonly segmentBytes?: number;
  /** Dead bytes are let lie below this. */
  readonly slackBytes?: number;
  /** What the journal does to the disk: for tests that kill it half way. */
  readonly files?: Files;
  /** Monotonic ms, for the pause between attempts on a broken disk. */
  readonly now?: () => number;
}

export type LiveStateTrouble =
  /** The process died while writing: what it had not finished is cut away. Nothing that a flush completed is lost. */
  | { readonly kind: 'torn'; readonly file: string; readonly at: number; readonly bytes: number }
  /** Flushes fail: calls go on, but would not outlive the process now. */
  | { readonly kind: 'unwritable'; readonly detail: string; readonly waiting: number }
  | { readonly kind: 'recovered' };

/** Where a call's last checkpoint lies: the only thing held in memory of it. */
interface Location {
  /** Position in the journal as a whole: the segment's base and the offset in it. */
  at: number;
  size: number;
  segment: Segment;
}

const forgotten = Symbol('forgotten');
type Change = string | typeof forgotten;

/** After a failed flush the next attempt waits this long, so that a broken disk does not cost a write per turn. Ms. */
const retryAfter = 1000;

/**
 * The journal that lets confirmed calls outlive the signalling process.
 *
 * `checkpoint` and `forget` collect what one turn of the engine changed; `flush` appends it as one frame with one write to
 * the page cache, so that it survives the death of the process (not of the machine: the calls would not survive that
 * either, their media and their sockets are gone). The shell flushes before it sends what the same turn asked to send.
 *
 * Compaction is a circular log: when dead bytes outweigh live ones, the oldest segment goes: at once when nothing in it counts; else
 * each flush walks a piece of it, carries what still counts to the head within the same frame, and removes it at its end. It never copies the
 * whole and has no moment in which a kill loses anything: a segment goes only after what it held stands elsewhere. Its file
 * is written again as a later segment: to overwrite pages costs a third of what new ones cost.
 */
export class LiveState {
  readonly #lock: DirectoryLock;
  readonly #journal: Journal;
  readonly #index: Map<string, Location>;
  readonly #slack: number;
  readonly #onTrouble: (problem: LiveStateTrouble) => void;
  readonly #now: () => number;
  readonly #frame = new FrameBuilder();
  /** What this turn changed; what could not be written stays in it, one entry a call. */
  readonly #turn = new Map<string, Change>();
  /** Calls carried over from the oldest segment in this frame. */
  #carried: { call: string; at: number; size: number }[] = [];
  #liveBytes = 0;
  #retryAt = 0;
  #failing = false;

  private constructor(lock: DirectoryLock, journal: Journal, index: Map<string, Location>, options: LiveStateOptions) {
    this.#lock = lock;
    this.#journal = journal;
    this.#index = index;
    this.#slack = options.slackBytes ?? 16 * 1024 * 1024;
    this.#onTrouble = options.onTrouble ?? (() => {});
    this.#now = options.now ?? (() => performance.now());
    for (const location of index.values()) this.#count(location, location.size);
  }

  /**
   * Opens or creates the journal in `directory` and reads every call's state as last checkpointed and not forgotten.
   * Throws DirectoryInUse when another process has it, and the system's error when the directory cannot be used.
   */
  static open(directory: string, options: LiveStateOptions = {}): { state: LiveState; calls: Map<string, string> } {
    const files = options.files ?? nodeFiles;
    nodeFiles.mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = DirectoryLock.take(directory);
    try {
      const index = new Map<string, Location>();
      const onTorn = (file: string, at: number, bytes: number) =>
        options.onTrouble?.({ kind: 'torn', file, at, bytes });
      const journal = Journal.open(
        directory,
        files,
        options.segmentBytes ?? 4 * 1024 * 1024,
        onTorn,
        (entry, segment) => {
          // Delete first: the map's order is then the order of the last checkpoints, oldest first.
          index.delete(entry.call);
          if (entry.checkpoint) index.set(entry.call, { at: segment.base + entry.at, size: entry.size, segment });
        },
      );
      const calls = new Map<string, string>();
      for (const [call, { at, size }] of index) calls.set(call, stateOf(journal.read(at, size)));
      return { state: new LiveState(lock, journal, index, options), calls };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Calls that have a checkpoint or will have one at the next flush. */
  get size(): number {
    let size = this.#index.size;
    for (const [call, change] of this.#turn) {
      if (change === forgotten) size--;
      else if (!this.#index.has(call)) size++;
    }
    return size;
  }

  /** Bytes on the disk, and how many of them count. */
  get bytes(): { readonly total: number; readonly live: number } {
    return { total: this.#journal.bytes, live: this.#liveBytes };
  }

  /** From the next flush on, `state` is what `open` gives for the call. */
  checkpoint(call: string, state: string): void {
    if (call.length === 0 || call.length > maxNameLength) throw new RangeError(`a call's name of ${call.length} chars`);
    this.#turn.set(call, state);
  }

  /** From the next flush on, the call is gone. A call that was never checkpointed may be forgotten too. */
  forget(call: string): void {
    if (this.#index.has(call)) this.#turn.set(call, forgotten);
    else this.#turn.delete(call);
  }

  /** Writes what this turn changed, with one write. Never throws on trouble with the disk: see onTrouble. */
  flush(): void {
    if (this.#turn.size === 0) return;
    if (this.#failing && this.#now() < this.#retryAt) return;
    try {
      this.#write();
    } catch (error) {
      this.#retryAt = this.#now() + retryAfter;
      if (this.#failing) return;
      this.#failing = true;
      this.#onTrouble({ kind: 'unwritable', detail: (error as Error).message, waiting: this.#turn.size });
      return;
    }
    if (this.#failing) {
      this.#failing = false;
      this.#onTrouble({ kind: 'recovered' });
    }
  }

  /** Flushes, and gives the directory free. What was checkpointed stays for the next `open`. */
  close(): void {
    this.#retryAt = Number.NEGATIVE_INFINITY;
    this.flush();
    this.abandon();
  }

  /** Gives the directory free without flushing: what a kill would leave. */
  abandon(): void {
    this.#journal.close();
    this.#lock.release();
  }

  #write(): void {
    const frame = this.#frame;
    frame.reset();
    this.#carried = [];
    // What is carried goes first: should a call be in both, the turn's word is the last.
    const isCrowded = this.#journal.bytes > this.#slack + 2 * this.#liveBytes;
    const spent = isCrowded ? (this.#journal.dead ?? this.#carry()) : undefined;

    const locations: { call: string; at: number; end: number }[] = [];
    for (const [call, change] of this.#turn) {
      if (change === forgotten) frame.add(call, undefined);
      else locations.push({ call, at: frame.add(call, change), end: frame.length });
    }

    const base = this.#journal.append(frame);
    for (const { call, at, size } of this.#carried) this.#place(call, base + at, size);
    for (const [call, change] of this.#turn) if (change === forgotten) this.#drop(call);
    for (const { call, at, end } of locations) this.#place(call, base + at, end - at);
    this.#turn.clear();
    if (spent) this.#journal.remove(spent);
    else this.#journal.commitWalk();
  }

  /** Carries a piece of the oldest segment's live entries into the frame. Returns the segment when none is left in it. */
  #carry(): Segment | undefined {
    const frame = this.#frame;
    // Four times what the turn itself writes keeps pace by law: of four bytes walked, at most two are carried.
    let turnBytes = 0;
    for (const [call, change] of this.#turn) turnBytes += call.length + (change === forgotten ? 0 : change.length);
    return this.#journal.walkOldest(Math.max(64 * 1024, 4 * turnBytes), (window, offset, at, copy) => {
      const entry = readEntry(window, offset);
      const location = this.#index.get(entry.call);
      if (entry.checkpoint && location?.at === at && !this.#turn.has(entry.call)) {
        const room = frame.room(entry.size);
        copy(room.bytes, room.at, entry.size);
        this.#carried.push({ call: entry.call, at: room.at, size: entry.size });
      }
      return entry.size;
    });
  }

  /** A call's last checkpoint lies in what was appended last. */
  #place(call: string, at: number, size: number): void {
    const { head: segment } = this.#journal;
    const location = this.#index.get(call);
    if (location) {
      this.#count(location, -location.size);
      location.at = at;
      location.size = size;
      location.segment = segment;
      this.#count(location, size);
    } else {
      const fresh = { at, size, segment };
      this.#index.set(call, fresh);
      this.#count(fresh, size);
    }
  }

  #drop(call: string): void {
    const location = this.#index.get(call);
    if (location === undefined) return;
    this.#count(location, -location.size);
    this.#index.delete(call);
  }

  #count({ segment }: Location, bytes: number): void {
    this.#liveBytes += bytes;
    segment.live += bytes;
  }
}
