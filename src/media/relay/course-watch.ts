import type { StreamCourse } from '#codec/media-control';
import type { Deadline, Deadlines } from '#kernel';
import { CourseLog, type Measured } from '#media/quality';
import type { Waking } from './waking.ts';

/** Looks at a stream from time to time, until it is over. */
export class CourseWatch implements Waking {
  readonly #deadlines: Deadlines<Waking>;
  readonly #log: CourseLog;
  #deadline: Deadline<Waking> | undefined;

  constructor(deadlines: Deadlines<Waking>, a: Measured, b: Measured, now: number) {
    this.#deadlines = deadlines;
    this.#log = new CourseLog(a, b, now);
    this.#deadline = deadlines.set('course', this, this.#log.next);
  }

  wake(now: number): void {
    this.#log.step(now);
    this.#deadline = this.#deadlines.set('course', this, this.#log.next);
  }

  end(now: number): void {
    this.#log.end(now);
    this.#deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }

  told(now: number): StreamCourse | undefined {
    return this.#log.told(now);
  }
}
