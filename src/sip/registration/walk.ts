import type { Target } from '#sip/transaction';
import { describeTarget } from './request.ts';

/** Servers of one registrar that one walk asks. */
const maxTargets = 16;

/** One walk over registrars and their servers, in order, until one takes us. Each server is asked once. */
export class Walk {
  /** The registrar whose servers are asked. */
  registrar = 0;
  /** Its servers are being looked up. */
  locating = false;
  /** Monotonic ms at which the first of those that did not take us may be asked again. */
  soonest = Number.POSITIVE_INFINITY;
  #registrars: readonly number[];
  #targets: readonly Target[] = [];
  readonly #asked = new Set<string>();

  constructor(registrars: readonly number[]) {
    this.#registrars = registrars;
  }

  /** Somebody is left to ask after the one being asked. */
  get more(): boolean {
    return this.#targets.length > 0 || this.#registrars.length > 0;
  }

  nextTarget(): Target | undefined {
    for (let target = this.#targets[0]; target; target = this.#targets[0]) {
      this.#targets = this.#targets.slice(1);
      if (this.hasAsked(this.registrar, target)) continue;
      this.#asked.add(keyOf(this.registrar, target));
      return target;
    }
    return undefined;
  }

  /** False when there is none. */
  nextRegistrar(): boolean {
    const next = this.#registrars[0];
    if (next === undefined) return false;
    this.registrar = next;
    this.#registrars = this.#registrars.slice(1);
    this.#targets = [];
    return true;
  }

  targets(targets: readonly Target[]): void {
    this.#targets = targets.slice(0, maxTargets);
  }

  /** Puts back one that could not be asked yet. */
  again(target: Target): void {
    this.#asked.delete(keyOf(this.registrar, target));
    this.#targets = [target, ...this.#targets];
  }

  /** Goes to this one now, and on with its registrar's others after. */
  straightTo(registrar: number, target: Target): void {
    if (registrar === this.registrar) {
      this.#targets = [target, ...this.#targets];
    } else {
      this.#registrars = [registrar, ...this.#registrars.filter((place) => place !== registrar)];
      this.#targets = [target];
      this.registrar = registrar;
    }
  }

  hasAsked(registrar: number, target: Target): boolean {
    return this.#asked.has(keyOf(registrar, target));
  }

  /** This registrar's other servers would say the same. */
  leaveRegistrar(): void {
    this.#targets = [];
    this.#registrars = this.#registrars.filter((place) => place !== this.registrar);
  }

  mayBeAskedAt(mono: number): void {
    this.soonest = Math.min(this.soonest, mono);
  }
}

function keyOf(registrar: number, target: Target): string {
  return `${registrar} ${describeTarget(target)}`;
}
