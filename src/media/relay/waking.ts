/** Whoever has a deadline in the relay. */
export interface Waking {
  /** It has come, at this monotonic ms; it is not armed any more. */
  wake(now: number): void;
}
