import type { Deadline, Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { PlannedTrunk } from '#policy/routing';
import type { Sleeper } from '#sip/transaction';
import type { Called } from './callee-side.ts';
import { type CallHandle, describeTarget, ruleOf, type TargetWaiter, type TrunkTarget } from './services.ts';

/** Ms that the DNS has to say where a trunk is. Names of trunks are kept at hand: few calls ever wait. */
const locatePatience = 5_000;

/** A trunk that is to be tried, and with which number: the one that was called, or where a 3xx led. */
export interface Destination {
  readonly trunk: Trunk;
  readonly called: Called;
  /** It is the voice mail of who was called. */
  readonly isDeposit?: boolean;
}

/** A trunk of a plan, with the numbers that it is told. */
export function destinationOf({ trunk, called: user, caller }: PlannedTrunk, called: Called): Destination {
  return {
    trunk,
    called: { ...called, ...(user === undefined ? {} : { user }), ...(caller === undefined ? {} : { caller }) },
  };
}

/** Whose hunt it is. */
export interface HuntUser {
  readonly call: CallHandle & { decide(rule: string, outcome: string): void; checkpoint(): void };
  /** Begins an attempt; false when there can be none, and the next is to be tried. */
  begins(destination: Destination, target: TrunkTarget, now: Instant): boolean;
  /** Where calls to it go in place of its devices, or when none is there; undefined: nowhere else. */
  diverts?(destination: Destination, when: 'always' | 'unregistered'): readonly Destination[] | undefined;
  /** The DNS has answered, or not: the hunt goes on. */
  hunt(now: Instant): void;
}

/** The destinations of a call that are still to be tried, one target after the other. */
export class Hunt implements TargetWaiter, Sleeper {
  readonly call: HuntUser['call'];
  readonly #user: HuntUser;
  #destinations: Destination[] = [];
  /** The one whose targets are being tried, and those of them that are left. */
  #current: Destination | undefined;
  #targets: TrunkTarget[] = [];
  /** A target that was passed by, and would tell at once or still be of use: tried when there was no other at all. */
  #lastResort: { readonly destination: Destination; readonly target: TrunkTarget } | undefined;
  #tried = false;
  /** Targets that are not to be tried now, put off to the end: somebody needs help. */
  #again: { readonly destination: Destination; readonly target: TrunkTarget } | undefined;
  readonly #putOff: { readonly destination: Destination; readonly target: TrunkTarget }[] = [];
  #locating = false;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(user: HuntUser) {
    this.#user = user;
    this.call = user.call;
  }

  /** These, and no others any more. */
  go(destinations: readonly Destination[]): void {
    this.#destinations = [...destinations];
    this.#targets = [];
  }

  /** The same target once more, in another way, before all others. */
  again(destination: Destination, target: TrunkTarget): void {
    this.#again = { destination, target };
  }

  /** There are others to be tried. */
  get left(): boolean {
    return this.#targets.length > 0 || this.#destinations.length > 0 || this.#putOff.length > 0;
  }

  /** Tries the next target, or waits to know where that is; false when nothing is left. */
  next(now: Instant): boolean {
    const again = this.#again;
    this.#again = undefined;
    if (again && this.#user.begins(again.destination, again.target, now)) return true;
    for (;;) {
      for (let target = this.#targets.shift(); target; target = this.#targets.shift())
        if (this.#tries(this.#current!, target, now)) return true;
      this.#current = this.#destinations.shift();
      if (!this.#current) break;
      if (!this.#located(this.#current, now)) return true;
    }
    for (let late = this.#putOff.shift(); late; late = this.#putOff.shift()) {
      this.call.decide(ruleOf(late.destination.trunk), 'nothing better is left: tried all the same');
      if (this.#user.begins(late.destination, late.target, now)) return true;
    }
    const resort = this.#tried ? undefined : this.#lastResort;
    if (!resort) return false;
    this.#tried = true;
    this.call.decide(ruleOf(resort.destination.trunk), 'nothing else is left: tried all the same');
    return this.#user.begins(resort.destination, resort.target, now);
  }

  onLocated(now: Instant): void {
    if (!this.#locating) return;
    this.#clear();
    if (this.#located(this.#current!, now)) this.#user.hunt(now);
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    this.#locating = false;
    const rule = ruleOf(this.#current!.trunk);
    this.call.decide(rule, `skipped: the DNS did not answer within ${locatePatience} ms`);
    this.#user.hunt(now);
  }

  over(): void {
    this.#clear();
    this.go([]);
  }

  /** Begins an attempt, unless the target is known to be dead or there can be none. */
  #tries(destination: Destination, target: TrunkTarget, now: Instant): boolean {
    const { trunks } = this.call.services;
    const { trunk } = destination;
    const skip = trunks.skip(trunk, target, now);
    if (skip !== undefined && destination.called.help) {
      this.call.decide(`${ruleOf(trunk)} at ${describeTarget(target)}`, `put off: ${skip}`);
      this.#putOff.push({ destination, target });
      return false;
    }
    if (skip !== undefined) {
      this.call.decide(`${ruleOf(trunk)} at ${describeTarget(target)}`, `skipped: ${skip}`);
      if (!this.#tried && trunks.showsAtOnce(trunk, target)) this.#lastResort ??= { destination, target };
      return false;
    }
    const before = this.#tried;
    this.#tried = true;
    if (this.#user.begins(destination, target, now)) return true;
    this.#tried = before;
    return false;
  }

  /** Fills in where the trunk is; false when the DNS has to be waited for. */
  #located(destination: Destination, now: Instant): boolean {
    const { services } = this.call;
    const { trunk } = destination;
    if (this.#goesOn(destination, 'always')) return true;
    const found = services.trunks.targets(trunk, now);
    switch (found.kind) {
      case 'targets':
        this.#targets = [...found.targets];
        return true;
      case 'failed':
        this.call.decide(ruleOf(trunk), `skipped: ${found.reason}`);
        if (found.resort && destination.called.help) this.#putOff.push({ destination, target: found.resort });
        else if (found.resort) this.#lastResort ??= { destination, target: found.resort };
        this.#goesOn(destination, 'unregistered');
        return true;
      case 'pending':
        this.#locating = true;
        this.call.checkpoint();
        services.trunks.await(trunk, this, now);
        this.#deadline = services.deadlines.set('locate', this, now.mono + locatePatience);
        return false;
    }
  }

  #goesOn(destination: Destination, when: 'always' | 'unregistered'): boolean {
    const instead = this.#user.diverts?.(destination, when);
    if (instead) this.#destinations = [...instead];
    return instead !== undefined;
  }

  #clear(): void {
    this.#locating = false;
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}
