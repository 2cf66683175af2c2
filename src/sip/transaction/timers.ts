import type { Deadline, Deadlines } from '#kernel';

/** RFC 3261 17.1.1.1 base values in ms. */
export interface TimerValues {
  readonly t1: number;
  readonly t2: number;
  readonly t4: number;
}

export const defaultTimers: TimerValues = { t1: 500, t2: 4000, t4: 5000 };

/** Whatever can be woken by a deadline of its own. */
export interface Sleeper {
  wake(name: string, now: { readonly mono: number; readonly wall: number }): void;
}

/** The timers that one state of a machine holds: cleared together when the state is left. */
export class StateTimers {
  readonly #deadlines: Deadlines<Sleeper>;
  readonly #owner: Sleeper;
  #first: Deadline<Sleeper> | undefined;
  #second: Deadline<Sleeper> | undefined;

  constructor(deadlines: Deadlines<Sleeper>, owner: Sleeper) {
    this.#deadlines = deadlines;
    this.#owner = owner;
  }

  /** Arms `name`; a state holds two at most (a retransmission and a give-up timer). */
  set(name: string, at: number): void {
    const deadline = this.#deadlines.set(name, this.#owner, at);
    if (this.#first === undefined || this.#first.name === name) {
      this.#deadlines.clear(this.#first);
      this.#first = deadline;
    } else {
      this.#deadlines.clear(this.#second);
      this.#second = deadline;
    }
  }

  clear(): void {
    this.#deadlines.clear(this.#first);
    this.#deadlines.clear(this.#second);
    this.#first = undefined;
    this.#second = undefined;
  }
}
