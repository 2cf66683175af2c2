/** A point in time, read once per input by the shell and handed down: no machine ever asks a clock. */
export interface Instant {
  /** Milliseconds on a clock that only goes forward; every deadline is measured on it. */
  readonly mono: number;
  /** Milliseconds since 1970-01-01 UTC; may jump. For records and logs only. */
  readonly wall: number;
}
