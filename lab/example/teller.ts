/** Says what is seen while an example runs, and counts what is not as it should be. */
export class Teller {
  faults = 0;
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Something happens. */
  happens(what: string): void {
    this.#write(`   ${what}`);
  }

  /** Something is so, or should be. `why`: more about it when it is not. */
  is(holds: boolean, what: string, why?: string): void {
    this.#write(`${holds ? '✓' : '✗'}  ${what}`);
    if (holds) return;
    this.faults++;
    if (why !== undefined) this.fault(why);
  }

  /** It can't be shown here. Continuous integration may leave nothing out. */
  left(what: string): void {
    this.#write(`-  ${what}`);
    if (process.env.CI) this.faults++;
  }

  fault(what: string): void {
    this.#write(`      ${what}`);
  }
}
