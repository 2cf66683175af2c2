/** 48 bits: roll-over counter and sequence number (RFC 3711 3.3.1). */
export const maxRtpIndex = 2 ** 48 - 1;
/** 31 bits (RFC 3711 3.4). */
export const maxRtcpIndex = 2 ** 31 - 1;

/**
 * The index of the packet that bears `sequence`, guessed from the highest index so far: the nearest there is (RFC 3711
 * 3.3.1, appendix A). -1 for one that would lie before the first roll-over.
 */
export function estimateIndex(highest: number, sequence: number): number {
  const last = highest & 0xffff;
  const index = highest - last + sequence;
  if (last < 32768) return sequence - last > 32768 ? Math.max(-1, index - 65536) : index;
  return last - 32768 > sequence ? index + 65536 : index;
}

const words = 8;
/** Indices behind the highest that are still told apart; RFC 3711 3.3.2 wants 64 at the least. */
export const replayWindow = 32 * (words - 1);

/**
 * Which indices have been used (RFC 3711 3.3.2): a ring of bits, so that moving on costs nothing (RFC 6479). Asking changes nothing.
 */
export class ReplayWindow {
  /** The highest index used; -1 = none yet. */
  highest = -1;
  readonly #bits = new Array<number>(words).fill(0);

  /** Used already, or so far behind that nobody knows. */
  has(index: number): boolean {
    if (index > this.highest) return false;
    if (index <= this.highest - replayWindow) return true;
    return ((this.#bits[wordOf(index) % words]! >>> (index & 31)) & 1) === 1;
  }

  /** `index` has been used; it must not be too far behind. */
  add(index: number): void {
    const word = wordOf(index);
    if (index > this.highest) {
      const steps = this.highest < 0 ? 0 : Math.min(words, word - wordOf(this.highest));
      for (let i = 0; i < steps; i++) this.#bits[(word - i) % words] = 0;
      this.highest = index;
    }
    this.#bits[word % words]! |= 1 << (index & 31);
  }
}

function wordOf(index: number): number {
  return Math.floor(index / 32);
}
