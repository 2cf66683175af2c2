import type { Instant } from './instant.ts';

/** The contract of every core: plain data in, plain data out, no clock, no I/O (docs/ARCHITECTURE.md, "The contract"). */
export interface Machine<Input, Effect> {
  /** Total: never throws on what a peer sent. */
  handle(input: Input, now: Instant): readonly Effect[];
  /** Monotonic ms at which the machine wants to be woken, or undefined. Later than `now` once a deadline was handled. */
  nextDeadline(): number | undefined;
}
