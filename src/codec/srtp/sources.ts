import { ReplayWindow } from './packet-index.ts';

/** Synchronisation sources that one key may have; further ones are refused, since forgetting one would let its packets be replayed. */
export const maxSources = 256;

/** What SRTP keeps of one SSRC (RFC 3711 3.2.3). */
export class Source {
  readonly ssrc: number;
  readonly rtp = new ReplayWindow();
  readonly rtcp = new ReplayWindow();

  constructor(ssrc: number) {
    this.ssrc = ssrc;
  }
}

/** The SSRCs of one direction: each counts for itself, so that a new one begins at roll-over counter 0. */
export class Sources {
  readonly #all = new Map<number, Source>();
  #last: Source | undefined;

  get isFull(): boolean {
    return this.#all.size >= maxSources;
  }

  get size(): number {
    return this.#all.size;
  }

  find(ssrc: number): Source | undefined {
    if (this.#last?.ssrc === ssrc) return this.#last;
    const source = this.#all.get(ssrc);
    if (source) this.#last = source;
    return source;
  }

  /** For an SSRC that is not there yet. */
  add(ssrc: number): Source {
    const source = new Source(ssrc);
    this.#all.set(ssrc, source);
    this.#last = source;
    return source;
  }
}
