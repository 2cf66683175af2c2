import type { Deadline, Instant } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallHandle } from './services.ts';

/** Ms after which a leg is told again what it would not hear. */
const pause = 2_000;
/** Times that it is told again. */
const maxReminders = 4;

/**
 * Legs that have refused what holds. A refusal leaves a session as it was (RFC 3261 14.1), which is no use where that is over for the other
 * side: after a while they are told once more.
 */
export class Reminders implements Sleeper {
  readonly call: CallHandle;
  readonly #tell: (leg: CallLeg, now: Instant) => void;
  /** How often each has been reminded. */
  readonly #refused = new Map<CallLeg, number>();
  #deadline: Deadline<Sleeper> | undefined;

  constructor(call: CallHandle, tell: (leg: CallLeg, now: Instant) => void) {
    this.call = call;
    this.#tell = tell;
  }

  refused(leg: CallLeg, now: Instant): void {
    const times = this.#refused.get(leg) ?? 0;
    const { services } = this.call;
    if (times === maxReminders) {
      this.#refused.delete(leg);
      return services.log('warn', 'session-refused', { call: this.call.id, trunk: leg.trunk.name });
    }
    this.#refused.set(leg, times + 1);
    this.#deadline ??= services.deadlines.set('remind', this, now.mono + pause);
  }

  /** It knows. */
  told(leg: CallLeg): void {
    this.#refused.delete(leg);
    if (this.#refused.size === 0) this.over();
  }

  over(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.#refused.clear();
  }

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    for (const leg of [...this.#refused.keys()]) this.#tell(leg, now);
  }
}
