/** What a reliable provisional response is to its early dialog. */
export type Place =
  /** The next one: to be acted on, and acknowledged by PRACK. */
  | 'next'
  /** It was acknowledged before, and that PRACK's transaction sees to it that it arrives: dropped. */
  | 'again'
  /** One before it is missing: neither acted on nor acknowledged, it will come again after that. */
  | 'ahead';

/**
 * The order of the reliable provisional responses of one early dialog, as the caller's side keeps it (RFC 3262 4): each
 * fork counts by itself, from where its first one says.
 */
export class ProvisionalOrder {
  #last: number | undefined;

  place(rseq: number): Place {
    if (this.#last !== undefined && rseq !== this.#last + 1) return rseq <= this.#last ? 'again' : 'ahead';
    this.#last = rseq;
    return 'next';
  }
}
