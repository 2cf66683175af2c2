import type { CallRecord } from '#cdr';
import type { PartyReport, PartyState } from './messages.ts';
import type { CallPlan } from './plan.ts';
import { faults } from './verdict.ts';

/** How long beyond its plan a call may take before it is ended by force; and before it is given up even then. Ms. */
const overdue = 10_000;
const hopeless = 20_000;
/** How long its record may take. */
const recordPatience = 5_000;

/** One call of the lab, from its plan to its verdict. */
export class LabCall {
  readonly plan: CallPlan;
  readonly #begun: number;
  caller: PartyReport | undefined;
  callee: PartyReport | undefined;
  record: CallRecord | undefined;
  /** Once it is over. Empty: all is well. */
  faults: readonly string[] = [];
  #overAt: number | undefined;
  #forced = false;

  /** `now`, here and below: monotonic ms. */
  constructor(plan: CallPlan, now: number) {
    this.plan = plan;
    this.#begun = now;
  }

  heard(report: PartyReport, now: number): void {
    this[report.role] = report;
    if (this.isOver(now)) this.#overAt ??= now;
  }

  /** Both parties have ended, or there is no hope that they will. */
  isOver(now: number): boolean {
    const { caller, callee } = this;
    if (now - this.#begun > this.#due + hopeless) return true;
    return caller?.state === 'ended' && (callee === undefined || callee.state === 'ended');
  }

  /** True once, when it should be ended by force. */
  mustEnd(now: number): boolean {
    if (this.#forced || now - this.#begun <= this.#due + overdue) return false;
    this.#forced = true;
    return true;
  }

  /** There is nothing more to wait for. */
  isKnown(now: number): boolean {
    if (!this.isOver(now)) return false;
    this.#overAt ??= now;
    return this.record !== undefined || now - this.#overAt > recordPatience;
  }

  judge(): void {
    this.faults = faults(this);
  }

  get answered(): boolean {
    return this.caller?.answeredAt !== undefined;
  }

  get heardBothWays(): boolean {
    return (this.caller?.heard && this.callee?.heard) ?? false;
  }

  /** The state of the whole call: what the caller sees, unless the callee knows better. */
  get state(): PartyState {
    const caller = this.caller?.state ?? 'waiting';
    const callee = this.callee?.state;
    if (caller === 'held' || callee === 'held') return 'held';
    return caller === 'holding' ? 'talking' : caller;
  }

  get #due(): number {
    return this.plan.ringMs + this.plan.talkMs;
  }
}
