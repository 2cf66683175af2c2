import type { Flow } from '#engine/ports';
import type { Octets } from '#kernel';
import { callIdAt, callIdOf } from './call-id.ts';
import { Order } from './order.ts';

/** A message as it came or went. */
export interface KeptMessage {
  /** Unix ms, with fractions. */
  readonly at: number;
  readonly sent: boolean;
  readonly flow: Flow;
  readonly octets: Octets;
}

export interface RingLimits {
  /** Of all messages together. */
  readonly octets: number;
  /** Messages of one Call-ID: a call that lasts for days keeps its newest, and its first. */
  readonly ofOne: number;
}

const usual: RingLimits = { octets: 32 * 1024 * 1024, ofOne: 200 };
/** Octets of a block: most messages without a body take one, an INVITE two or three. */
const blockSize = 512;
const none = -1;

/**
 * The messages of the newest calls, by Call-ID, in memory of one size: who has not said anything for longest goes first. They stand in
 * blocks of one buffer, and not as strings, each of which the garbage collector copies twice before it leaves it alone: that was a tenth of what a call costs.
 *
 * A group is all messages of one Call-ID; messages and groups are known by the number of the first block of the message, or of the group's first message.
 */
export class MessageRing {
  readonly #ofOne: number;
  readonly #bytes: Buffer;
  /** Block to the next one: of its message, or of those that are free. */
  readonly #nextBlock: Int32Array;
  #free = 0;
  #freeBlocks: number;
  /** Of messages. */
  readonly #ats: Float64Array;
  readonly #lengths: Uint32Array;
  readonly #sent: Uint8Array;
  readonly #flows: (Flow | undefined)[];
  readonly #nextMessage: Int32Array;
  /** Of groups. */
  readonly #groups = new Map<number, number>();
  readonly #hashes: Int32Array;
  readonly #lastMessage: Int32Array;
  readonly #counts: Uint32Array;
  /** Groups, from the one that has been silent for longest on. */
  readonly #order: Order;
  #octets = 0;

  constructor(limits: Partial<RingLimits> = {}) {
    const { octets, ofOne } = { ...usual, ...limits };
    const blocks = Math.floor(octets / blockSize);
    this.#ofOne = ofOne;
    // Not of the pool; the system gives its pages when they are first written to.
    this.#bytes = Buffer.allocUnsafeSlow(blocks * blockSize);
    this.#nextBlock = Int32Array.from({ length: blocks }, (_, block) => (block + 1 < blocks ? block + 1 : none));
    this.#freeBlocks = blocks;
    this.#ats = new Float64Array(blocks);
    this.#lengths = new Uint32Array(blocks);
    this.#sent = new Uint8Array(blocks);
    this.#flows = new Array<Flow | undefined>(blocks).fill(undefined);
    this.#nextMessage = new Int32Array(blocks);
    this.#hashes = new Int32Array(blocks);
    this.#lastMessage = new Int32Array(blocks);
    this.#counts = new Uint32Array(blocks);
    this.#order = new Order(blocks);
  }

  /** Of all messages that are in it. */
  get octets(): number {
    return this.#octets;
  }

  note(at: number, sent: boolean, flow: Flow, octets: Octets): void {
    const start = callIdAt(octets);
    if (start < 0) return;
    const blocks = Math.ceil(octets.length / blockSize);
    // What takes the room of all others tells less than they.
    if (blocks > this.#nextBlock.length >> 2) return;
    // Two Call-IDs may have one hash: they share a group, and are told apart when they are looked for.
    const hash = hashOf(octets, start);
    this.#touch(this.#groups.get(hash));
    while (this.#freeBlocks < blocks) this.#dropGroup(this.#order.first);
    const message = this.#write(octets);
    this.#ats[message] = at;
    this.#lengths[message] = octets.length;
    this.#sent[message] = sent ? 1 : 0;
    this.#flows[message] = flow;
    this.#nextMessage[message] = none;
    this.#octets += octets.length;
    const group = this.#groups.get(hash);
    if (group === undefined) this.#begin(message, hash);
    else this.#add(message, group);
  }

  /** All messages with one of these Call-IDs, in the order in which they came and went. */
  find(callIds: Iterable<string>): readonly KeptMessage[] {
    const found: KeptMessage[] = [];
    for (const callId of new Set(callIds)) {
      for (
        let message = this.#groups.get(hashOf(callId, 0)) ?? none;
        message !== none;
        message = this.#nextMessage[message]!
      ) {
        const octets = this.#read(message);
        if (callIdOf(octets) !== callId) continue;
        found.push({ at: this.#ats[message]!, sent: this.#sent[message] === 1, flow: this.#flows[message]!, octets });
      }
    }
    return found.sort((a, b) => a.at - b.at);
  }

  #touch(group: number | undefined): void {
    if (group === undefined) return;
    this.#order.remove(group);
    this.#order.append(group);
  }

  #begin(group: number, hash: number): void {
    this.#groups.set(hash, group);
    this.#hashes[group] = hash;
    this.#lastMessage[group] = group;
    this.#counts[group] = 1;
    this.#order.append(group);
  }

  #add(message: number, group: number): void {
    this.#nextMessage[this.#lastMessage[group]!] = message;
    this.#lastMessage[group] = message;
    if (++this.#counts[group]! <= this.#ofOne) return;
    // The INVITE that it began with says most.
    const second = this.#nextMessage[group]!;
    this.#nextMessage[group] = this.#nextMessage[second]!;
    this.#counts[group]!--;
    this.#dropMessage(second);
  }

  #dropGroup(group: number): void {
    this.#groups.delete(this.#hashes[group]!);
    this.#order.remove(group);
    for (let message = group; message !== none; ) {
      const next = this.#nextMessage[message]!;
      this.#dropMessage(message);
      message = next;
    }
  }

  #dropMessage(message: number): void {
    this.#octets -= this.#lengths[message]!;
    this.#flows[message] = undefined;
    let last = message;
    for (this.#freeBlocks++; this.#nextBlock[last] !== none; this.#freeBlocks++) last = this.#nextBlock[last]!;
    this.#nextBlock[last] = this.#free;
    this.#free = message;
  }

  /** Takes as many free blocks as it needs, which there are; gives the first. */
  #write(octets: Octets): number {
    const first = this.#free;
    let last = first;
    for (let at = 0; at < octets.length; at += blockSize) {
      last = this.#free;
      this.#free = this.#nextBlock[last]!;
      this.#freeBlocks--;
      // It would not begin anywhere but at the beginning of the text.
      const part = at === 0 ? octets : octets.slice(at, at + blockSize);
      this.#bytes.write(part, last * blockSize, Math.min(blockSize, octets.length - at), 'latin1');
    }
    this.#nextBlock[last] = none;
    return first;
  }

  #read(message: number): Octets {
    let octets = '';
    const length = this.#lengths[message]!;
    for (let block = message; block !== none; block = this.#nextBlock[block]!) {
      const start = block * blockSize;
      octets += this.#bytes.toString('latin1', start, start + Math.min(blockSize, length - octets.length));
    }
    return octets;
  }
}

/** FNV-1a of the Call-ID that begins here, up to a blank, the end of the line or of the text. */
function hashOf(octets: Octets, start: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < octets.length; at++) {
    const code = octets.charCodeAt(at);
    if (code <= 0x20) break;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash;
}
