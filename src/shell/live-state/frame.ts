import { crc32 } from 'node:zlib';

/*
 * The journal's bytes. A segment file is an 8-byte magic and frames; a frame is what one flush wrote, whole or not at all:
 *
 *   frame   u32 length of the entries, u32 CRC-32 of the entries (begun with the segment's number), entries
 *   entry   u8 type, u8 length of the call's name, u16 zero, u32 length of the state, name, state
 *
 * Integers are little-endian, names and states UTF-8. A frame that is short or fails its checksum was being written when
 * the process died: it and what follows it never counted. Zeroes in the place of a frame's header are the end: each write
 * leaves them behind its frame, and the next one goes over them. A segment's file may be an old one, written anew from its
 * beginning: what lies behind the end then is older, and has another number in its checksums.
 */
export const magic = Buffer.from('TDMLIVE1', 'latin1');
export const frameHeader = 8;
export const entryHeader = 8;
/** What stands behind the last frame. */
export const endMark = Buffer.alloc(frameHeader);
const checkpointType = 1;
const forgetType = 2;
/** A call's name is an id of ours: short. In UTF-8 bytes, and in UTF-16 units such that it always fits. */
export const maxName = 255;
export const maxNameLength = 85;

const initialCapacity = 256 * 1024;
/** A buffer that one huge turn made larger than this is given back after it. */
const keptCapacity = 2 * 1024 * 1024;

/** Builds one frame at a time in a buffer that is used again. */
export class FrameBuilder {
  #bytes = Buffer.allocUnsafeSlow(initialCapacity);
  #length = frameHeader;

  /** Bytes of the frame so far, header included. */
  get length(): number {
    return this.#length;
  }

  get empty(): boolean {
    return this.#length === frameHeader;
  }

  /** Adds an entry (no state: a forget) and returns its offset in the frame. */
  add(call: string, state: string | undefined): number {
    const at = this.#length;
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.#reserve(entryHeader + call.length * 3 + (state === undefined ? 0 : state.length * 3));
    const bytes = this.#bytes;
    const nameLength = bytes.write(call, at + entryHeader, 'utf8');
    const stateAt = at + entryHeader + nameLength;
    const stateLength = state === undefined ? 0 : bytes.write(state, stateAt, 'utf8');
    bytes[at] = state === undefined ? forgetType : checkpointType;
    bytes[at + 1] = nameLength;
    bytes[at + 2] = 0;
    bytes[at + 3] = 0;
    bytes.writeUInt32LE(stateLength, at + 4);
    this.#length = stateAt + stateLength;
    return at;
  }

  /** Room for an entry that is copied as it stands: the caller fills all of it. Returns buffer and offset. */
  room(size: number): { readonly bytes: Buffer; readonly at: number } {
    this.#reserve(size);
    const at = this.#length;
    this.#length += size;
    return { bytes: this.#bytes, at };
  }

  /** Takes back what was added from `at` on. */
  cut(at: number): void {
    this.#length = at;
  }

  /** The finished frame and the end mark, as it goes to a segment: valid until the next `reset`. */
  finish(segment: number): Buffer {
    this.#reserve(endMark.length);
    const bytes = this.#bytes;
    const length = this.#length;
    bytes.writeUInt32LE(length - frameHeader, 0);
    bytes.writeUInt32LE(crc32(bytes.subarray(frameHeader, length), segment), 4);
    bytes.fill(0, length, length + endMark.length);
    return bytes.subarray(0, length + endMark.length);
  }

  reset(): void {
    this.#length = frameHeader;
    if (this.#bytes.length > keptCapacity) this.#bytes = Buffer.allocUnsafeSlow(initialCapacity);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** An entry found in a segment: offsets into the segment's bytes. */
export interface FoundEntry {
  readonly call: string;
  /** False: the call is forgotten. */
  readonly checkpoint: boolean;
  readonly at: number;
  readonly size: number;
}

/**
 * Walks a segment's bytes and hands over every entry of every whole frame, in order. Returns the offset behind the last
 * whole frame, 0 when not even the magic is whole, and whether the segment ends there as it should: else its tail is torn
 * or damaged.
 */
export function walkSegment(
  bytes: Buffer,
  segment: number,
  found: (entry: FoundEntry) => void,
): { readonly end: number; readonly clean: boolean } {
  if (bytes.length < magic.length) return { end: 0, clean: bytes.length === 0 };
  let at = magic.length;
  while (at + frameHeader <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const start = at + frameHeader;
    const end = start + length;
    if (length === 0 || end > bytes.length) break;
    if (crc32(bytes.subarray(start, end), segment) !== bytes.readUInt32LE(at + 4)) break;
    for (let entry = start; entry < end; ) {
      const { call, size, checkpoint } = readEntry(bytes, entry);
      found({ call, checkpoint, at: entry, size });
      entry += size;
    }
    at = end;
  }
  const mark = bytes.subarray(at, at + endMark.length);
  return { end: at, clean: mark.equals(endMark.subarray(0, mark.length)) };
}

/** Reads the entry at an offset; its state need not be within `bytes`, its name must. */
export function readEntry(bytes: Buffer, at: number): { call: string; checkpoint: boolean; size: number } {
  const nameLength = bytes[at + 1]!;
  const name = at + entryHeader;
  return {
    call: bytes.toString('utf8', name, name + nameLength),
    checkpoint: bytes[at] === checkpointType,
    size: entryHeader + nameLength + bytes.readUInt32LE(at + 4),
  };
}

/** The state within an entry's own bytes. */
export function stateOf(entry: Buffer): string {
  return entry.toString('utf8', entryHeader + entry[1]!);
}
