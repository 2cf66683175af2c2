import { randomFillSync } from 'node:crypto';
import type { Random } from '#kernel';

/** Octets fetched from the system at a time: one call for some hundred tokens. */
const poolSize = 8192;

/** The program's dice: the system's generator, drawn on in advance since each call of it costs more than what it gives. */
export class CryptoRandom implements Random {
  readonly #pool = Buffer.allocUnsafeSlow(poolSize);
  #at = poolSize;

  integer(below: number): number {
    if (below <= 1) return 0;
    // What lies over the largest multiple of `below` is thrown again: otherwise small numbers came more often.
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % below);
    for (;;) {
      const value = this.#pool.readUInt32LE(this.#take(4));
      if (value < limit) return value % below;
    }
  }

  token(bits: number): string {
    const octets = (bits + 7) >> 3;
    const at = this.#take(octets);
    // A string of its own, not a slice that would hold the whole pool.
    const token = this.#pool.toString('hex', at, at + octets);
    return token.length * 4 === bits ? token : token.slice(0, bits / 4);
  }

  #take(octets: number): number {
    if (this.#at + octets > poolSize) {
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    const at = this.#at;
    this.#at += octets;
    return at;
  }
}
