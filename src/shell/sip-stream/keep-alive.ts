/**
 * Pings of a connection of ours (RFC 5626 4.4.1): one after each stretch of silence. A peer that has answered one must answer the others;
 * one that has not is left in peace, for many do not know them, and TCP's own probes find it gone.
 */
export class KeepAlive {
  readonly #interval: number;
  readonly #patience: number;
  #peer: 'unknown' | 'answers' | 'silent' = 'unknown';
  /** When the ping left that has no answer yet. */
  #pinged: number | undefined;

  /** In ms; an interval of 0 means never. */
  constructor(interval: number, patience: number) {
    this.#interval = interval;
    this.#patience = patience;
    if (interval === 0) this.#peer = 'silent';
  }

  /** Whether the peer has answered a ping. */
  get answers(): boolean {
    return this.#peer === 'answers';
  }

  /** Something came: of one that answers, anything shows that it lives. */
  heard(): void {
    if (this.#peer === 'answers') this.#pinged = undefined;
  }

  /** A CRLF that may be the answer to a ping of ours; false when none was out. */
  pong(): boolean {
    if (this.#pinged === undefined) return false;
    this.#pinged = undefined;
    this.#peer = 'answers';
    return true;
  }

  /** What is to be done now; `heard`: when the peer was last heard. */
  look(now: number, heard: number): 'ping' | 'dead' | undefined {
    if (this.#pinged !== undefined) {
      if (now - this.#pinged <= this.#patience) return undefined;
      this.#pinged = undefined;
      if (this.#peer === 'answers') return 'dead';
      this.#peer = 'silent';
    }
    if (this.#peer === 'silent' || now - heard < this.#interval) return undefined;
    this.#pinged = now;
    return 'ping';
  }
}
