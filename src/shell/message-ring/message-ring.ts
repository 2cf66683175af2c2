import type { Flow } from '#engine/ports';
import { detach, type Octets } from '#kernel';
import { callIdOf } from './call-id.ts';

/** A message as it came or went. */
export interface KeptMessage {
  /** Unix ms, with fractions. */
  readonly at: number;
  readonly sent: boolean;
  readonly flow: Flow;
  readonly octets: Octets;
}

export interface RingLimits {
  /** Chars of all messages together. */
  readonly octets: number;
  /** Messages of one Call-ID: a call that lasts for days keeps its newest, and its first. */
  readonly ofOne: number;
}

const usual: RingLimits = { octets: 32 * 1024 * 1024, ofOne: 200 };
/** Chars that a message takes beside its own. */
const overhead = 160;

interface Group {
  readonly callId: string;
  readonly messages: KeptMessage[];
  octets: number;
}

/**
 * The messages of the newest calls, by Call-ID, in memory that is bounded: who has not said anything for longest goes first. What is
 * kept are the strings that were there already.
 */
export class MessageRing {
  readonly #limits: RingLimits;
  readonly #groups = new Map<string, Group>();
  #octets = 0;

  constructor(limits: Partial<RingLimits> = {}) {
    this.#limits = { ...usual, ...limits };
  }

  get octets(): number {
    return this.#octets;
  }

  note(at: number, sent: boolean, flow: Flow, octets: Octets): void {
    const found = callIdOf(octets);
    if (found === undefined) return;
    let group = this.#groups.get(found);
    // The order of the map is that of the last word. A key that is a slice would keep its whole message.
    if (group) this.#groups.delete(group.callId);
    else group = { callId: detach(found), messages: [], octets: 0 };
    this.#groups.set(group.callId, group);
    group.messages.push({ at, sent, flow, octets });
    this.#grow(group, octets.length + overhead);
    // The INVITE that it began with says most.
    if (group.messages.length > this.#limits.ofOne)
      this.#grow(group, -(group.messages.splice(1, 1)[0]!.octets.length + overhead));
    if (this.#octets > this.#limits.octets) this.#makeRoom();
  }

  /** All messages with one of these Call-IDs, in the order in which they came and went. */
  find(callIds: Iterable<string>): readonly KeptMessage[] {
    const found = [...new Set(callIds)].flatMap((callId) => this.#groups.get(callId)?.messages ?? []);
    return found.sort((a, b) => a.at - b.at);
  }

  #makeRoom(): void {
    for (const [callId, group] of this.#groups) {
      this.#groups.delete(callId);
      this.#octets -= group.octets;
      if (this.#octets <= this.#limits.octets) return;
    }
  }

  #grow(group: Group, by: number): void {
    group.octets += by;
    this.#octets += by;
  }
}
