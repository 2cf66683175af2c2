import type { CallHandle, DecisionWaiter, OutsideFacts } from '#call';
import type { Deadline, Instant } from '#kernel';
import type { RoutePlan, RuleOutcome } from '#policy/routing';
import type { Sleeper } from '#sip/transaction';

/** One who is asked; the names stand in traces and records. */
export type Oracle = 'ENUM' | 'decision service';

/** A call about which somebody outside is being asked, one after the other. */
export class Question implements Sleeper {
  readonly call: CallHandle;
  readonly waiter: DecisionWaiter;
  readonly facts: OutsideFacts;
  readonly plan: RoutePlan;
  readonly heard: RuleOutcome[] = [];
  /** Those who are still to be asked. */
  left: Oracle[];
  /** Who is being asked. */
  asking: Oracle | undefined;
  askedAt = 0;
  /** Names that were followed one to the next. */
  names = 0;
  /** What the caller gets where nothing is decided, and nothing else is to be tried. */
  failure = 503;
  /** What it waits for: a name, or the id of a question to the service. */
  awaits: string | number | undefined;
  deadline: Deadline<Sleeper> | undefined;
  readonly #late: (question: Question, now: Instant) => void;

  constructor(
    facts: OutsideFacts,
    plan: RoutePlan,
    left: Oracle[],
    waiter: DecisionWaiter,
    late: (question: Question, now: Instant) => void,
  ) {
    this.call = waiter.call;
    this.waiter = waiter;
    this.facts = facts;
    this.plan = plan;
    this.left = left;
    this.#late = late;
  }

  wake(_name: string, now: Instant): void {
    this.deadline = undefined;
    this.#late(this, now);
  }
}
