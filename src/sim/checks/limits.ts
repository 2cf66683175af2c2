import type { CallLimits, Configuration } from '#policy/configuration';

/** The limit of something in a configuration. */
type LimitIn = (configuration: Configuration) => CallLimits | undefined;

/**
 * How many calls there may be. Who began under an earlier configuration goes on by that, and a limit that shrinks throws nobody out:
 * more than there may be are those that are there already.
 */
export class Limits {
  /** Those by which somebody may be going yet; the last one holds. */
  #configurations: readonly Configuration[];
  /** Since another one came: what the turn before counted, of those with a limit. */
  #before: Map<string, number> | undefined;
  #now = new Map<string, number>();

  constructor(configuration: Configuration) {
    this.#configurations = [configuration];
  }

  /** Another one holds, in this process or from the next one's beginning. */
  changed(configuration: Configuration): void {
    this.#configurations = [...this.#configurations, configuration];
    this.#before ??= new Map();
  }

  /** A process begins: what it takes up is there. */
  started(): void {
    this.#now.clear();
    this.#before?.clear();
  }

  /** Before what a turn has left is looked at. */
  turn(isAnySetUp: () => boolean): void {
    if (!this.#before) return;
    [this.#before, this.#now] = [this.#now, new Map()];
    if (this.#configurations.length > 1 && !isAnySetUp()) this.#configurations = this.#configurations.slice(-1);
  }

  /** How many there may be, where `count` are more; undefined when they are not. */
  exceeded(name: string, count: number, limitIn: LimitIn): number | undefined {
    // What has no limit is not counted.
    if (limitIn(this.#configurations.at(-1)!)) this.#now.set(name, count);
    const most = Math.max(...this.#configurations.map((one) => limitIn(one)?.calls ?? Infinity));
    if (count <= most || (this.#before && count <= (this.#before.get(name) ?? Infinity))) return undefined;
    return most;
  }
}
