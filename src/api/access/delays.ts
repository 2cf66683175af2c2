export interface DelayLimits {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Ms that one more never costs more than; each costs twice the one before it, from a second on. */
  readonly longest: number;
}

interface Entry {
  failures: number;
  /** Unix ms. */
  until: number;
  last: number;
}

/** Ms after which failures are forgotten. */
const memory = 3_600_000;
/** Names that are remembered: the oldest makes room. */
const mostNames = 20_000;

/** Who fails has to wait, longer each time. */
export class Delays {
  readonly #limits: DelayLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: DelayLimits) {
    this.#limits = limits;
  }

  /** Ms that he still has to wait. */
  wait(name: string, now: number): number {
    return Math.max(0, (this.#entries.get(name)?.until ?? 0) - now);
  }

  failed(name: string, now: number): void {
    const old = this.#entries.get(name);
    const failures = (old && now - old.last < memory ? old.failures : 0) + 1;
    const { free, longest } = this.#limits;
    const pause = failures > free ? Math.min(longest, 1_000 * 2 ** (failures - free - 1)) : 0;
    this.#entries.delete(name);
    this.#entries.set(name, { failures, until: now + pause, last: now });
    if (this.#entries.size > mostNames) this.#entries.delete(this.#entries.keys().next().value!);
  }

  /** The last failure was none. */
  forgive(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    entry.failures--;
    entry.until = 0;
    if (entry.failures <= 0) this.#entries.delete(name);
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }
}

/** Names that proved themselves, as many as are remembered. */
export class Familiar {
  readonly #names = new Set<string>();

  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(name: string): void {
    this.#names.delete(name);
    this.#names.add(name);
    if (this.#names.size > mostNames) this.#names.delete(this.#names.values().next().value!);
  }
}
