import type { Random } from '#kernel';
import type { Target } from '#sip/transaction';
import { describeTarget } from './request.ts';
import type { RegistrationSettings } from './settings.ts';
import { backOffRefused } from './times.ts';

/** Servers whose failures are remembered. */
const maxFailures = 64;
const longestMemory = 3_600_000;
const defaultFailBack = 300_000;

interface Failure {
  readonly at: number;
  /** It is to be left alone until then (Retry-After). */
  readonly until: number;
}

interface RegistrarMemory {
  /** When one of its servers failed last. */
  failedAt: number;
  /** Final answers in a row. */
  refusals: number;
  /** After a final answer it is not asked before. */
  until: number;
}

/** What is remembered of registrars and their servers, and whom it lets us prefer. Times: monotonic ms. */
export class Places {
  readonly #retry: RegistrationSettings['retry'];
  /** Ms after which who failed is preferred again. */
  readonly failBack: number;
  readonly #random: Random;
  readonly #registrars: RegistrarMemory[];
  /** A server may fail for one registrar and serve another. */
  readonly #failures = new Map<string, Failure>();

  constructor({ retry, failBack = defaultFailBack, registrars }: RegistrationSettings, random: Random) {
    this.#retry = retry;
    this.failBack = failBack;
    this.#random = random;
    this.#registrars = registrars.map(() => ({ failedAt: -Infinity, refusals: 0, until: -Infinity }));
  }

  /** A server failed that may be preferred to where we are. */
  get anyFailed(): boolean {
    return this.#failures.size > 0;
  }

  /**
   * Registrars to ask, in order. The one that has us (`home`) stays first, but for those preferred to it that had time to
   * recover.
   */
  order(home: number | undefined, now: number): readonly number[] {
    const welcome: number[] = [];
    this.#registrars.forEach(({ until }, place) => {
      if (until <= now) welcome.push(place);
    });
    if (home === undefined) return welcome;
    const back = welcome.filter((place) => place < home && this.#recovered(this.#registrars[place]!.failedAt, now));
    return [...back, home, ...welcome.filter((place) => place !== home && !back.includes(place))];
  }

  /** Servers to ask, in order: those that want peace left out, and `home` preferred as above. */
  sorted(registrar: number, targets: readonly Target[], home: Target | undefined, now: number): readonly Target[] {
    const free = targets.filter((target) => this.peace(registrar, target, now) === undefined);
    const name = home && describeTarget(home);
    const at = free.findIndex((target) => describeTarget(target) === name);
    if (at < 0) return free; // None has us, or it is in the DNS no more.
    const back = free.slice(0, at).filter((target) => {
      const failure = this.#failures.get(keyOf(registrar, target));
      return failure !== undefined && this.#recovered(failure.at, now);
    });
    return [...back, free[at]!, ...free.filter((target, place) => place !== at && !back.includes(target))];
  }

  /** Until when a server wants to be left alone; undefined when it does not. */
  peace(registrar: number, target: Target, now: number): number | undefined {
    const until = this.#failures.get(keyOf(registrar, target))?.until;
    return until === undefined || until <= now ? undefined : until;
  }

  /** When the first of the registrars that refused us may be asked again; Infinity when none has. */
  pardon(now: number): number {
    return Math.min(...this.#registrars.map(({ until }) => (until > now ? until : Infinity)));
  }

  /** Without a target: not even its servers were found. */
  failed(registrar: number, target: Target | undefined, now: number, until = now): void {
    this.#registrars[registrar]!.failedAt = now;
    if (!target) return;
    const key = keyOf(registrar, target);
    this.#failures.delete(key);
    if (this.#failures.size >= maxFailures) this.#failures.delete(this.#failures.keys().next().value!);
    this.#failures.set(key, { at: now, until });
  }

  refused(registrar: number, now: number, retryAfter: number): void {
    const memory = this.#registrars[registrar]!;
    memory.refusals++;
    memory.failedAt = now;
    memory.until = now + Math.max(backOffRefused(this.#retry, memory.refusals, this.#random), retryAfter);
  }

  took(registrar: number, target: Target): void {
    this.#registrars[registrar] = { failedAt: -Infinity, refusals: 0, until: -Infinity };
    this.#failures.delete(keyOf(registrar, target));
  }

  /** Whoever is wanted may be asked at once. */
  forgive(): void {
    for (const memory of this.#registrars) memory.until = -Infinity;
    this.#failures.clear();
  }

  /** A server that nobody has asked for long may be in no DNS any more. */
  tidy(now: number): void {
    for (const [key, { at, until }] of this.#failures) {
      if (Math.max(at, until) < now - longestMemory) this.#failures.delete(key);
    }
  }

  #recovered(failedAt: number, now: number): boolean {
    return now - failedAt >= this.failBack;
  }
}

function keyOf(registrar: number, target: Target): string {
  return `${registrar} ${describeTarget(target)}`;
}
