import type { Octets } from '#kernel';
import { contentLengthId } from './header-names.ts';
import { limits } from './limits.ts';
import { parseMessage, readContentLength } from './parse.ts';
import { scanHead, slotSize, valueAt } from './scan.ts';

/** What a stream brought. */
export type FramedItem =
  /** One whole message, to be parsed. */
  | { readonly kind: 'message'; readonly octets: Octets }
  /** CRLFCRLF: answer with CRLF (RFC 5626 4.4.1). */
  | { readonly kind: 'ping' }
  /** A CRLF alone: the answer to a ping of ours, or nothing (RFC 3261 7.5). */
  | { readonly kind: 'pong' }
  /**
   * Nobody can tell where the next message begins: close the connection. `octets`, when there, is the head of the message
   * that broke it: `parseMessage` makes a fault of it too, and suggests the answer to send before.
   */
  | { readonly kind: 'fault'; readonly reason: string; readonly octets?: Octets };

export interface FramerLimits {
  readonly head: number;
  readonly body: number;
}

/** Small chunks are gathered to this many octets before they are kept, so that a byte at a time costs no more memory. */
const pieceSize = 2048;

/**
 * Cuts a stream into messages (RFC 3261 18.3). After a fault it is dead and takes nothing more. Time and memory are
 * linear in what comes, however small the chunks.
 */
export class StreamFramer {
  readonly #limits: FramerLimits;
  #pieces: Octets[] = [];
  #small: Octets[] = [];
  #smallLength = 0;
  #length = 0;
  /** The last three octets: the end of a head may lie across chunks. */
  #tail = '';
  /** Octets that the message under way has in all; 0 while its head is not complete. */
  #wanted = 0;
  /** A lone CRLF was the last thing told: another one makes it a ping. */
  #half = false;
  #dead = false;

  constructor(options: FramerLimits = limits) {
    this.#limits = options;
  }

  /** Octets held for a message that is not complete. */
  get buffered(): number {
    return this.#length;
  }

  push(chunk: Octets): readonly FramedItem[] {
    const items: FramedItem[] = [];
    if (this.#dead || chunk === '') return items;
    if (!this.#decides(chunk)) {
      this.#keep(chunk);
      if (this.#wanted === 0 && this.#length > this.#limits.head)
        this.#fail(items, 'start line and header fields are too long', undefined);
      return items;
    }
    const text = this.#length === 0 ? chunk : this.#take() + chunk;
    this.#cut(text, items);
    return items;
  }

  /** Whether the chunk completes something: a message, a head, or a line of keep-alive. */
  #decides(chunk: Octets): boolean {
    if (this.#wanted > 0) return this.#length + chunk.length >= this.#wanted;
    // At the start of a message a CR may be a keep-alive.
    if (this.#length < 2) return true;
    return (this.#tail + chunk.slice(0, 3)).includes('\r\n\r\n') || chunk.includes('\r\n\r\n');
  }

  #cut(text: Octets, items: FramedItem[]): void {
    let at = 0;
    while (at < text.length) {
      if (this.#wanted === 0) {
        if (text.charCodeAt(at) === 0x0d && at + 1 === text.length) break;
        if (text.startsWith('\r\n', at)) {
          at += 2;
          if (!this.#half && text.startsWith('\r\n', at)) {
            at += 2;
            this.#half = true;
          }
          items.push({ kind: this.#half ? 'ping' : 'pong' });
          this.#half = !this.#half;
          continue;
        }
        this.#half = false;
        const end = text.indexOf('\r\n\r\n', at);
        const headLength = (end < 0 ? text.length : end + 4) - at;
        if (headLength > this.#limits.head) {
          this.#fail(items, 'start line and header fields are too long', undefined);
          return;
        }
        if (end < 0) break;
        const head = text.slice(at, at + headLength);
        const length = bodyLength(head, this.#limits.body);
        if (typeof length === 'string') {
          // A head that would pass in a datagram is not handed on: it must not be acted on without its body.
          this.#fail(items, length, parseMessage(head).kind === 'fault' ? head : undefined);
          return;
        }
        this.#wanted = headLength + length;
      }
      if (text.length - at < this.#wanted) break;
      items.push({ kind: 'message', octets: text.slice(at, at + this.#wanted) });
      at += this.#wanted;
      this.#wanted = 0;
    }
    if (at < text.length) this.#keep(at === 0 ? text : text.slice(at));
  }

  #keep(chunk: Octets): void {
    this.#length += chunk.length;
    this.#tail = (this.#tail + chunk.slice(-3)).slice(-3);
    if (chunk.length < pieceSize) {
      this.#small.push(chunk);
      this.#smallLength += chunk.length;
      if (this.#smallLength < pieceSize) return;
      chunk = this.#small.join('');
      this.#small = [];
      this.#smallLength = 0;
    } else if (this.#smallLength > 0) {
      this.#pieces.push(this.#small.join(''));
      this.#small = [];
      this.#smallLength = 0;
    }
    this.#pieces.push(chunk);
  }

  #take(): Octets {
    const text = this.#pieces.join('') + this.#small.join('');
    this.#clear();
    return text;
  }

  #clear(): void {
    this.#pieces = [];
    this.#small = [];
    this.#smallLength = 0;
    this.#length = 0;
    this.#tail = '';
  }

  #fail(items: FramedItem[], reason: string, octets: Octets | undefined): void {
    this.#dead = true;
    this.#clear();
    items.push(octets === undefined ? { kind: 'fault', reason } : { kind: 'fault', reason, octets });
  }
}

/** The Content-Length that a head states, which a stream cannot do without (RFC 3261 18.3), or what is wrong with it. */
function bodyLength(octets: Octets, most: number): number | string {
  const head = scanHead(octets);
  if (head.reason !== undefined) return head.reason;
  let length = -1;
  for (let slot = 0; slot < head.slots.length; slot += slotSize) {
    if (head.slots[slot] !== contentLengthId) continue;
    const value = valueAt(octets, head.slots[slot + 2]!, head.slots[slot + 3]!, head.folded);
    const stated = readContentLength(value, 0, value.length);
    if (stated < 0) return 'malformed Content-Length';
    if (length >= 0 && stated !== length) return 'Content-Length twice with different values';
    length = stated;
  }
  if (length < 0) return 'no Content-Length on a stream';
  return length > most ? 'the body is too long' : length;
}
