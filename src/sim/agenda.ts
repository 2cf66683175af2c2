import { type Deadline, Deadlines } from '#kernel';

/** Something that will happen; kept to call it off. */
export type Happening = Deadline<() => void>;

/** Virtual time: what happens next, in an order that a seed fixes. Milliseconds since the world began. */
export class Agenda {
  readonly #happenings = new Deadlines<() => void>();
  #now = 0;

  get now(): number {
    return this.#now;
  }

  get size(): number {
    return this.#happenings.size;
  }

  next(): number | undefined {
    return this.#happenings.next();
  }

  at(time: number, act: () => void): Happening {
    return this.#happenings.set('happening', act, Math.max(time, this.#now));
  }

  in(delay: number, act: () => void): Happening {
    return this.at(this.#now + delay, act);
  }

  cancel(happening: Happening | undefined): void {
    this.#happenings.clear(happening);
  }

  /** Goes to the next happening and lets it happen; false when there is none. */
  step(): boolean {
    const next = this.#happenings.next();
    if (next === undefined) return false;
    this.#now = Math.max(this.#now, next);
    this.#happenings.due(this.#now)!.owner();
    return true;
  }
}
