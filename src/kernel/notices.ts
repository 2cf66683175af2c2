/** Ms in which the same thing is told once. */
const period = 60_000;
/** Things remembered; beyond it the oldest is told anew. */
const most = 1_000;

/** Says whether something is worth a log line: the first time in a minute, so that a flood is told and does not flood. */
export class Notices {
  readonly #told = new Map<string, number>();

  worthTelling(what: string, now: number): boolean {
    const last = this.#told.get(what);
    if (last !== undefined && now - last < period) return false;
    // Told again, it moves to the end: the Map stays in order of age.
    this.#told.delete(what);
    if (this.#told.size >= most) this.#told.delete(this.#told.keys().next().value!);
    this.#told.set(what, now);
    return true;
  }
}
