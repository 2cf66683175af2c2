import { assert, type Random } from '#kernel';

/** Both ends included. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

export interface LedgerInspection {
  readonly pairs: number;
  readonly taken: number;
  /** Given back so lately that they are not yet taken again. */
  readonly quarantined: number;
}

/**
 * Who has which ports of one address: pairs of an even port for RTP and the next for RTCP (RFC 3550 11).
 *
 * A pair given back waits `quarantineMs`, and of those that may be taken the one that rested longest goes first, so
 * that late packets of an ended call do not fall into a new one. The order starts shuffled: whom we give which port
 * is not to be guessed from outside. All operations are O(1).
 */
export class PortLedger {
  readonly #base: number;
  readonly #quarantineMs: number;
  /** A ring of the pairs not taken, in the order in which they were given back. */
  readonly #ring: Int32Array;
  #head = 0;
  #count: number;
  /** By pair: when it was given back, or NaN while taken. */
  readonly #givenBack: Float64Array;

  constructor(range: PortRange, random: Pick<Random, 'integer'>, quarantineMs = 2000) {
    this.#base = range.min + (range.min & 1);
    const pairs = Math.max(0, (range.max + 1 - this.#base) >> 1);
    assert(this.#base > 0 && range.max <= 65535, 'port ledger: not a range of ports');
    this.#quarantineMs = quarantineMs;
    this.#ring = Int32Array.from({ length: pairs }, (_, pair) => pair);
    for (let i = pairs - 1; i > 0; i--) {
      const other = random.integer(i + 1);
      const pair = this.#ring[i]!;
      this.#ring[i] = this.#ring[other]!;
      this.#ring[other] = pair;
    }
    this.#count = pairs;
    this.#givenBack = new Float64Array(pairs).fill(-Infinity);
  }

  /** The RTP port of a pair, or undefined when every pair is taken or rests. `now` in monotonic ms. */
  take(now: number): number | undefined {
    if (this.#count === 0) return undefined;
    const pair = this.#ring[this.#head]!;
    if (now - this.#givenBack[pair]! < this.#quarantineMs) return undefined;
    this.#head = this.#head + 1 === this.#ring.length ? 0 : this.#head + 1;
    this.#count--;
    this.#givenBack[pair] = NaN;
    return this.#base + 2 * pair;
  }

  /** Returns a pair by its RTP port: one that is done with, or that another program turned out to hold. */
  giveBack(port: number, now: number): void {
    const pair = (port - this.#base) >> 1;
    assert(Number.isNaN(this.#givenBack[pair]), `port ledger: ${port} is not taken`);
    this.#givenBack[pair] = now;
    const tail = this.#head + this.#count;
    this.#ring[tail < this.#ring.length ? tail : tail - this.#ring.length] = pair;
    this.#count++;
  }

  get pairs(): number {
    return this.#ring.length;
  }

  get taken(): number {
    return this.#ring.length - this.#count;
  }

  inspect(now: number): LedgerInspection {
    let quarantined = 0;
    for (const at of this.#givenBack) if (now - at < this.#quarantineMs) quarantined++;
    return { pairs: this.pairs, taken: this.taken, quarantined };
  }
}
