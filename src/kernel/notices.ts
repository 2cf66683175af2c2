/** Ms in which the same thing is told once. */
const period = 60_000;
/** Things told in that time: sender addresses of datagrams cost a flood nothing, and lines of a log cost us. */
const most = 1_000;

/** Says whether something is worth a log line: the first time in a minute, so that a flood is told and does not flood. */
export class Notices {
  readonly #told = new Map<string, number>();

  worthTelling(what: string, now: number): boolean {
    const last = this.#told.get(what);
    if (last !== undefined && now - last < period) return false;
    // Told again, it moves to the end: the Map stays in order of age.
    this.#told.delete(what);
    for (const [oldest, at] of this.#told) {
      if (this.#told.size < most) break;
      if (now - at < period) return false;
      this.#told.delete(oldest);
    }
    this.#told.set(what, now);
    return true;
  }
}
