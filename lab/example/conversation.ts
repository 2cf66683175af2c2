import { setTimeout as sleep } from 'node:timers/promises';
import type { HostPort } from '#kernel';
import type { PhoneEvent, PhoneSocket } from '#phone';
import { Party } from '../party.ts';
import type { CallPlan } from '../plan.ts';

/** Ms from dialling to the answer or a refusal: more than any trunk has for its set-up, twice. */
const patience = 30_000;

/** Who was called: a trunk or a user, and with which numbers. */
export interface Reached {
  readonly name: string;
  readonly called: string;
  readonly caller: string;
}

/** One call that is really made: both of its ends, in our hands. */
export class Conversation {
  readonly caller: Party;
  callee: Party | undefined;
  reached: Reached | undefined;
  readonly #from: PhoneSocket;
  readonly #dialledAt = performance.now();
  #at: PhoneSocket | undefined;
  readonly #settled = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  readonly #plan: CallPlan;

  constructor(plan: CallPlan, from: PhoneSocket) {
    this.#plan = plan;
    this.#from = from;
    this.caller = new Party(plan, 'caller', from, `call-${plan.number}`, () => {});
  }

  /** Resolves when the two talk, or when it is known that they will not. */
  async dial(proxy: HostPort): Promise<void> {
    const timer = setTimeout(this.#settled.resolve, patience);
    await this.caller.dial(proxy);
    await this.#settled.promise;
    clearTimeout(timer);
  }

  /** Somebody is called: it is by this call, if that waits for it. */
  takes(event: PhoneEvent & { readonly kind: 'incoming' }, name: string, at: PhoneSocket): boolean {
    if (this.caller.isOver || this.talks || (this.callee && !this.callee.isOver)) return false;
    this.reached = { name, called: event.called, caller: event.caller };
    this.#at = at;
    this.callee = new Party(this.#plan, 'callee', at, event.call, () => {});
    void this.callee.take(event);
    return true;
  }

  told(event: Exclude<PhoneEvent, { readonly kind: 'asked' | 'registered' | 'incoming' }>, at: PhoneSocket): void {
    for (const [party, phone] of [
      [this.caller, this.#from],
      [this.callee, this.#at],
    ] as const)
      if (party && phone === at && party.is(at, event.call)) party.told(event);
    if (this.talks || this.caller.isOver) this.#settled.resolve();
    if (this.isOver) this.#over.resolve();
  }

  /** Both know that it stands. */
  get talks(): boolean {
    return [this.caller, this.callee].every((party) => party?.report().state === 'talking');
  }

  get isOver(): boolean {
    return this.caller.isOver && (!this.callee || this.callee.isOver);
  }

  /** The status of a refusal. */
  get refused(): number | undefined {
    const { answeredAt, end } = this.caller.report();
    return answeredAt === undefined && end ? end.status : undefined;
  }

  /** Each has heard the other's tone, and nothing else. */
  get heard(): boolean {
    return this.caller.report().heard && this.callee?.report().heard === true;
  }

  /** Seconds from dialling until the other side rang; undefined: it has not. */
  get seconds(): number | undefined {
    const { setUpMs } = this.caller.report();
    return setUpMs === undefined ? undefined : setUpMs / 1000;
  }

  get secondsSinceDialled(): number {
    return (performance.now() - this.#dialledAt) / 1000;
  }

  /** At this moment, for half a second: what one says the other hears. */
  async isHeardNow(): Promise<boolean> {
    const heard = () => [this.caller, this.callee].map((party) => party?.report().heardMs ?? 0);
    const before = heard();
    await sleep(500);
    const after = heard();
    return this.talks && after.every((ms, at) => ms - before[at]! >= 300);
  }

  /** The caller does; resolves when both know, or after a while. */
  async hangUp(): Promise<void> {
    this.caller.hangUp();
    await this.over(3_000);
  }

  async over(milliseconds: number): Promise<void> {
    if (!this.isOver) await Promise.race([this.#over.promise, sleep(milliseconds)]);
  }
}
