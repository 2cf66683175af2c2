import type * as nodeFiles from 'node:fs';
import { join } from 'node:path';
import {
  endMark,
  entryHeader,
  type FoundEntry,
  type FrameBuilder,
  frameHeader,
  magic,
  maxName,
  walkSegment,
} from './frame.ts';

/** What the journal asks of the file system. */
export type Files = Pick<
  typeof nodeFiles,
  | 'closeSync'
  | 'fstatSync'
  | 'ftruncateSync'
  | 'openSync'
  | 'readdirSync'
  | 'readSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'writeSync'
>;

export interface Segment {
  readonly number: number;
  readonly path: string;
  readonly fd: number;
  /** Position of its first byte in the journal as a whole. */
  readonly base: number;
  /** Bytes that count: up to the end mark, which the file may go on behind. */
  size: number;
  /** Bytes of them that are some call's last checkpoint: whoever appends keeps the sum. */
  live: number;
}

/** How far the oldest segment is walked. */
interface Walk {
  /** Offset of the next entry, or of the next frame's header when it equals frameEnd. */
  at: number;
  frameEnd: number;
}

type Visit = (
  window: Buffer,
  /** Of the entry in the window. */
  offset: number,
  /** The entry's position in the journal. */
  at: number,
  /** Copies the entry's first `size` bytes into `to`. */
  copy: (to: Buffer, toAt: number, size: number) => void,
) => number;

/** Segment files as one endless row of bytes: appended to at its head, removed at its tail. */
export class Journal {
  readonly #directory: string;
  readonly #files: Files;
  readonly #segmentBytes: number;
  /** Oldest first, never empty once opened; the last one is written to. */
  readonly #segments: Segment[] = [];
  #window = Buffer.alloc(0);
  #walk: Walk = start();
  #nextWalk: Walk = start();
  /** A failed write left bytes behind that could not be cut: that segment takes no more. */
  #spoilt = false;
  /** The file of a removed segment, to be written again. */
  #spare: number | undefined;

  private constructor(directory: string, files: Files, segmentBytes: number) {
    this.#directory = directory;
    this.#files = files;
    this.#segmentBytes = segmentBytes;
  }

  static open(
    directory: string,
    files: Files,
    segmentBytes: number,
    onTorn: (file: string, at: number, bytes: number) => void,
    found: (entry: FoundEntry, segment: Segment) => void,
  ): Journal {
    const journal = new Journal(directory, files, segmentBytes);
    const numbers = files
      .readdirSync(directory)
      .map(numberOf)
      .filter((number) => number !== undefined)
      .sort((a, b) => a - b);
    try {
      for (const number of numbers) journal.#load(number, onTorn, found);
      if (journal.#segments.length === 0) journal.#begin();
    } catch (error) {
      journal.close();
      throw error;
    }
    return journal;
  }

  /** Bytes that count, of all segments. */
  get bytes(): number {
    const last = this.#segments.at(-1)!;
    return last.base + last.size - this.#segments[0]!.base;
  }

  /** What was appended last lies in it. */
  get head(): Segment {
    return this.#segments.at(-1)!;
  }

  /** The oldest segment, when nothing in it counts any more. */
  get dead(): Segment | undefined {
    return this.#segments.length > 1 && this.#segments[0]!.live === 0 ? this.#segments[0] : undefined;
  }

  /** Appends a whole frame and returns its position. Throws the system's error, and then nothing of it counts. */
  append(frame: FrameBuilder): number {
    let head = this.#segments.at(-1)!;
    try {
      if (this.#spoilt || (head.size >= this.#segmentBytes && head.size > magic.length)) head = this.#begin();
      this.#writeAll(head.fd, frame.finish(head.number), head.size);
    } catch (error) {
      this.#cut(head);
      this.#nextWalk = this.#walk;
      throw error;
    }
    const at = head.base + head.size;
    head.size += frame.length;
    return at;
  }

  /** A copy of the bytes at a position. */
  read(at: number, size: number): Buffer {
    const bytes = Buffer.allocUnsafe(size);
    this.#readInto(this.#segmentAt(at), at, bytes, 0, size);
    return bytes;
  }

  /**
   * Walks about `budget` bytes of the oldest segment, entry by entry, from where the last walk came to. Returns the segment
   * when its end is reached. Takes effect with `remove` or `commitWalk`, once what was carried is written.
   */
  walkOldest(budget: number, visit: Visit): Segment | undefined {
    if (this.#segments.length < 2) return undefined;
    const segment = this.#segments[0]!;
    const walk = { ...this.#walk };
    const from = walk.at;
    const length = Math.min(budget, segment.size - from);
    if (this.#window.length < length) this.#window = Buffer.allocUnsafeSlow(length);
    const window = this.#window;
    this.#readInto(segment, segment.base + from, window, 0, length);
    const copy = (to: Buffer, toAt: number, size: number) => {
      const offset = walk.at - from;
      if (offset + size <= length) window.copy(to, toAt, offset, offset + size);
      else this.#readInto(segment, segment.base + walk.at, to, toAt, size);
    };
    while (walk.at < segment.size) {
      const offset = walk.at - from;
      if (walk.at === walk.frameEnd) {
        if (offset + frameHeader > length) break;
        walk.frameEnd = walk.at + frameHeader + window.readUInt32LE(offset);
        walk.at += frameHeader;
      } else {
        // The entry's header and name must lie in the window; the last of a segment may be shorter than the longest name.
        if (offset + Math.min(entryHeader + maxName, segment.size - walk.at) > length) break;
        walk.at += visit(window, offset, segment.base + walk.at, copy);
      }
    }
    this.#nextWalk = walk;
    return walk.at >= segment.size ? segment : undefined;
  }

  /** What the last walk carried is written: go on from there. */
  commitWalk(): void {
    this.#walk = this.#nextWalk;
  }

  /** Nothing in this segment counts any more. */
  remove(segment: Segment): void {
    this.#segments.shift();
    this.#walk = start();
    this.#nextWalk = start();
    try {
      if (this.#spare === undefined && segment.size <= 2 * this.#segmentBytes) {
        this.#files.renameSync(segment.path, this.#sparePath);
        this.#spare = segment.fd;
        return;
      }
      this.#files.unlinkSync(segment.path);
    } catch {
      // It must not be read again: it may hold calls whose end was noted in segments that go later.
      this.#files.ftruncateSync(segment.fd, 0);
    }
    this.#files.closeSync(segment.fd);
  }

  close(): void {
    for (const segment of this.#segments) this.#files.closeSync(segment.fd);
    this.#segments.length = 0;
    if (this.#spare !== undefined) this.#files.closeSync(this.#spare);
    this.#spare = undefined;
  }

  #load(
    number: number,
    onTorn: (file: string, at: number, bytes: number) => void,
    found: (entry: FoundEntry, segment: Segment) => void,
  ): void {
    const path = this.#path(number);
    const fd = this.#files.openSync(path, 'r+');
    const previous = this.#segments.at(-1);
    const base = previous ? previous.base + previous.size : 0;
    const segment: Segment = { number, path, fd, base, size: this.#files.fstatSync(fd).size, live: 0 };
    this.#segments.push(segment);
    const bytes = Buffer.allocUnsafe(segment.size);
    this.#readInto(segment, base, bytes, 0, segment.size);
    if (segment.size >= magic.length && magic.compare(bytes, 0, magic.length) !== 0)
      throw new Error(`${path} is not a journal this version can read: move it away, or run the version that wrote it`);
    const { end, clean } = walkSegment(bytes, number, (entry) => found(entry, segment));
    if (!clean) {
      onTorn(path, end, segment.size - end);
      this.#files.ftruncateSync(fd, end);
    }
    segment.size = end;
    // Killed between creating the file and its first bytes.
    if (end === 0) {
      this.#writeAll(fd, blank, 0);
      segment.size = magic.length;
    }
  }

  #begin(): Segment {
    const last = this.#segments.at(-1);
    const number = (last?.number ?? 0) + 1;
    const path = this.#path(number);
    const spare = this.#spare;
    const fd = spare ?? this.#files.openSync(path, 'w+', 0o600);
    try {
      // A spare file is blank before it gets a segment's name.
      this.#writeAll(fd, blank, 0);
      if (spare !== undefined) this.#files.renameSync(this.#sparePath, path);
    } catch (error) {
      if (spare === undefined) this.#files.closeSync(fd);
      throw error;
    }
    this.#spare = undefined;
    const segment: Segment = { number, path, fd, base: last ? last.base + last.size : 0, size: magic.length, live: 0 };
    this.#segments.push(segment);
    this.#spoilt = false;
    return segment;
  }

  #writeAll(fd: number, bytes: Buffer, at: number): void {
    let done = 0;
    while (done < bytes.length) done += this.#files.writeSync(fd, bytes, done, bytes.length - done, at + done);
  }

  /** Takes back what a failed write left: frames after it would not be found. */
  #cut(segment: Segment): void {
    try {
      this.#files.ftruncateSync(segment.fd, segment.size);
    } catch {
      this.#spoilt = true;
    }
  }

  #segmentAt(at: number): Segment {
    return this.#segments.findLast((segment) => segment.base <= at)!;
  }

  #readInto(segment: Segment, at: number, bytes: Buffer, bytesAt: number, size: number): void {
    let done = 0;
    while (done < size) {
      const read = this.#files.readSync(segment.fd, bytes, bytesAt + done, size - done, at - segment.base + done);
      if (read === 0) throw new Error(`${segment.path} is shorter than it was: something else writes to it`);
      done += read;
    }
  }

  get #sparePath(): string {
    return join(this.#directory, 'spare.journal');
  }

  #path(number: number): string {
    return join(this.#directory, `live-${String(number).padStart(10, '0')}.journal`);
  }
}

/** What a segment begins with: no frame yet. */
const blank = Buffer.concat([magic, endMark]);

function start(): Walk {
  return { at: magic.length, frameEnd: magic.length };
}

function numberOf(name: string): number | undefined {
  if (!name.startsWith('live-') || !name.endsWith('.journal')) return undefined;
  const number = Number(name.slice(5, -8));
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
