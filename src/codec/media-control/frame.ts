import { toOctets, toText } from '#kernel';
import type { MediaNotification, MediaRequest, MediaResponse } from './messages.ts';

/** Largest frame body in octets. `list` and `counters` of ten thousand sessions fit. */
const maxFrame = 16 * 1024 * 1024;

/** One message as it goes on the socket: its length (4 octets, big-endian), then that many octets of UTF-8 JSON. */
export function encodeFrame(message: MediaRequest | MediaResponse | MediaNotification): Uint8Array {
  const body = toOctets(JSON.stringify(message));
  const length = body.length;
  const frame = new Uint8Array(4 + length);
  frame[0] = length >>> 24;
  frame[1] = length >>> 16;
  frame[2] = length >>> 8;
  frame[3] = length;
  for (let i = 0; i < length; i++) frame[4 + i] = body.charCodeAt(i);
  return frame;
}

/** A frame that can not be read. The connection has lost its place and must be closed. */
export type FrameFault = 'too-long' | 'not-json';

/**
 * Cuts a byte stream into messages, however the network sliced it. Total: anything may be pushed.
 * After a fault every further push gives the same fault.
 */
export class FrameDecoder {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  /** Octets of the frame's body, -1 while its header is awaited. */
  #expected = -1;
  #fault: FrameFault | undefined;

  constructor(limit = maxFrame) {
    this.#limit = limit;
  }

  /** Hands each complete message (parsed JSON of unknown shape) to `onMessage`, in order. Keeps `chunk`. */
  push(chunk: Uint8Array, onMessage: (message: unknown) => void): FrameFault | undefined {
    if (this.#fault) return this.#fault;
    if (chunk.length > 0) {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
    }
    for (;;) {
      if (this.#expected < 0) {
        if (this.#buffered < 4) return undefined;
        const header = this.#take(4);
        this.#expected = ((header[0]! << 24) | (header[1]! << 16) | (header[2]! << 8) | header[3]!) >>> 0;
        if (this.#expected > this.#limit) return this.#fail('too-long');
      }
      if (this.#buffered < this.#expected) return undefined;
      const body = this.#take(this.#expected);
      this.#expected = -1;
      let message: unknown;
      try {
        message = JSON.parse(textOf(body));
      } catch {
        return this.#fail('not-json');
      }
      onMessage(message);
    }
  }

  #fail(fault: FrameFault): FrameFault {
    this.#fault = fault;
    this.#chunks = [];
    this.#buffered = 0;
    return fault;
  }

  /** The next `count` octets, which are there: a view where they lie in one chunk, else a copy. */
  #take(count: number): Uint8Array {
    this.#buffered -= count;
    const first = this.#chunks[0];
    if (first && first.length > count) {
      this.#chunks[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const taken = new Uint8Array(count);
    let at = 0;
    let used = 0;
    while (at < count) {
      const chunk = this.#chunks[used]!;
      const part = chunk.length <= count - at ? chunk : chunk.subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      if (part.length < chunk.length) this.#chunks[used] = chunk.subarray(part.length);
      else used++;
    }
    this.#chunks.splice(0, used);
    return taken;
  }
}

function textOf(bytes: Uint8Array): string {
  let octets = '';
  // In slices: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) octets += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return toText(octets);
}
