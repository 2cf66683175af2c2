/** REGISTERs that one registration may send in any minute, whatever it is answered (docs/limits.md). */
export const maxRequestsPerMinute = 40;

const minute = 60_000;

/** When the last requests left: a registrar that misbehaves gets no flood from us. */
export class Pace {
  readonly #left: number[] = [];

  note(mono: number): void {
    this.#left.push(mono);
  }

  /** Ms until `count` more may leave. */
  wait(count: number, mono: number): number {
    const left = this.#left;
    while (left.length > 0 && left[0]! <= mono - minute) left.shift();
    const over = left.length + count - maxRequestsPerMinute;
    return over <= 0 ? 0 : left[over - 1]! + minute - mono;
  }
}
