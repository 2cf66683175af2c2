/** Changes that are remembered for packets that come late. */
const mostChanges = 32;

interface Change {
  /** The first sequence number that it holds for. */
  readonly from: number;
  readonly shift: number;
}

/**
 * Sequence numbers of a stream out of which packets are taken, and into which others are put (RFC 3550 5.1): what goes out
 * has neither gaps of our making nor one number twice. Under SRTP a number that is used twice would give the key away.
 */
export class Sequence {
  #highest = -1;
  #shift = 0;
  /** Oldest first. */
  #changes: Change[] = [];

  /** Nothing has come yet: what is put in begins at `first`. */
  begin(first: number): void {
    this.#highest = (first - 1) & 0xffff;
    this.#shift = 0;
    this.#changes = [];
  }

  get begun(): boolean {
    return this.#highest >= 0;
  }

  /** True when it is the first of its number or later than all before, false when it comes late or again. */
  isNew(sequence: number): boolean {
    return this.#highest < 0 || isAfter(sequence, this.#highest);
  }

  /** What a packet that goes on bears. */
  pass(sequence: number): number {
    if (this.isNew(sequence)) {
      this.#highest = sequence;
      return (sequence + this.#shift) & 0xffff;
    }
    let shift = this.#shift;
    for (let i = this.#changes.length - 1; i >= 0; i--) {
      const { from, shift: before } = this.#changes[i]!;
      if (sequence === from || isAfter(sequence, from)) break;
      shift = before;
    }
    return (sequence + shift) & 0xffff;
  }

  /** A packet that does not go on. A late one had a number kept for it, which stays free. */
  drop(sequence: number): void {
    if (!this.isNew(sequence)) return;
    this.#highest = sequence;
    this.#change(-1);
  }

  /** What a packet bears that is put in behind all that have gone. */
  insert(): number {
    const sequence = (this.#highest + this.#shift + 1) & 0xffff;
    this.#change(1);
    return sequence;
  }

  /** From the next number on. What is kept is the shift that held before. */
  #change(by: number): void {
    this.#changes.push({ from: (this.#highest + 1) & 0xffff, shift: this.#shift });
    if (this.#changes.length > mostChanges) this.#changes.shift();
    this.#shift += by;
  }
}

/** By the shorter way round. */
function isAfter(one: number, other: number): boolean {
  const ahead = (one - other) & 0xffff;
  return ahead !== 0 && ahead < 0x8000;
}
