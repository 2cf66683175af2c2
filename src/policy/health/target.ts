import type { Instant } from '#kernel';
import type { HealthConfiguration } from '#policy/configuration';
import { clockTime, describeEvidence, type Evidence, withDetail } from './evidence.ts';
import { Journal, type JournalLine } from './journal.ts';
import { type Cause, longestCooling, pauses } from './rules.ts';

/** `unknown`: nothing was heard that counts, so it is tried. `cooling`: it lives, and asked to be left alone. */
export type TargetState = 'unknown' | 'up' | 'down' | 'cooling';

/** What is known of one target. Times are Unix ms. */
export interface TargetHealth {
  /** "tls 192.0.2.1:5061" */
  readonly target: string;
  readonly state: TargetState;
  /** When it came into this state. */
  readonly since?: number;
  readonly because: string;
  /** Until when calls pass it by: the end of its cooling, or when one call may try it though it is down. */
  readonly until?: number;
  /** Ms of the last OPTIONS answered. */
  readonly roundTrip?: number;
  /** OPTIONS unanswered in a row. */
  readonly misses: number;
  /** Calls unanswered in a row. */
  readonly failedCalls: number;
  readonly options: { readonly answered: number; readonly unanswered: number };
  readonly calls: { readonly progressed: number; readonly unanswered: number };
  /** How often it could certainly not be reached. */
  readonly unreachable: number;
  /** The last of what was heard, oldest first. */
  readonly evidence: readonly JournalLine[];
}

/**
 * Health of one target: up, down or unknown, and cooling beside it.
 *
 * What brings it down decides what brings it up: unanswered OPTIONS, `successes` answers in a row; unanswered calls, a
 * call, or so many answers once the pause is over, on probation (a peer that answers OPTIONS and drops calls would
 * flap else); a transport that fails, any answer or connection. A call that makes progress ends all three. After a
 * pause, one call tries a target that is down, and others wait for what becomes of it (`call-sent`).
 *
 * A target that never answered OPTIONS is not brought down by their being unanswered: many providers answer none. One
 * that is down for unanswered OPTIONS while a call makes progress is from then on taken for one of those.
 */
export class TargetWatch {
  readonly target: string;
  readonly #journal = new Journal();
  #state: 'unknown' | 'up' | 'down' = 'unknown';
  #since: number | undefined;
  #because = '';
  #cause: Cause = 'transport';
  /** Its transport failed by silence: a call that tries it again waits for as long. */
  #silent = false;
  /** It answers OPTIONS, so that silence means something. */
  #answersOptions = false;
  #answers = 0;
  #misses = 0;
  #failedCalls = 0;
  #roundTrip: number | undefined;
  #answered = 0;
  #unanswered = 0;
  #progressed = 0;
  #callsUnanswered = 0;
  #unreachable = 0;
  /** Ms of the last pause by cause; 0 when what came after it was good. */
  readonly #pauses: Record<Cause, number> = { transport: 0, calls: 0, options: 0 };
  /** Monotonic ms from which one call may try it, and until which others wait for that call. */
  #retryAt = 0;
  #trialUntil = 0;
  #cooling: { until: number; since: number; wall: number; because: string } | undefined;
  /** Monotonic ms of the last evidence. */
  heardAt = -Infinity;

  constructor(target: string) {
    this.target = target;
  }

  state(now: Instant): TargetState {
    return this.#cools(now) ? 'cooling' : this.#state;
  }

  /** Takes a piece of evidence. `patience`: ms that the one call which tries it again may take. */
  hear(evidence: Evidence, rules: HealthConfiguration, patience: number, now: Instant): void {
    this.heardAt = now.mono;
    if (evidence.kind !== 'call-sent') this.#journal.add(evidence, now.wall);
    switch (evidence.kind) {
      case 'options-answered':
        // 503: it does not serve. 408: somebody on the way answers for it.
        if (evidence.status === 503 || evidence.status === 408) return this.#missed(rules, now);
        this.#roundTrip = evidence.roundTrip;
        return this.#heardAnswer(describeEvidence(evidence), rules, now);
      case 'options-unanswered':
        return this.#missed(rules, now);
      case 'call-sent':
        if (this.#state === 'down') this.#trialUntil = now.mono + patience;
        return;
      case 'call-progress':
        return this.#progress(now);
      case 'call-unanswered':
        return this.#callUnanswered(evidence.detail, rules, now);
      case 'unreachable':
        this.#silent = isSilence(evidence.detail);
        return this.#notReached(describeEvidence(evidence), rules, now);
      case 'cooling':
        return this.#cool(evidence.forMs, evidence.detail, now);
      case 'connected':
        if (this.#isDownBy('transport')) this.#up('connected', now);
        return;
      case 'disconnected':
        return; // Peers close what is idle. What cannot be opened again is unreachable.
    }
  }

  /** Why no call is to go there now; undefined when one may. */
  skip(now: Instant): string | undefined {
    if (this.#cools(now)) return `cooling until ${clockTime(this.#cooling!.wall)}: ${this.#cooling!.because}`;
    if (this.#state !== 'down') return undefined;
    const tried = now.mono < this.#trialUntil;
    if (!tried && now.mono >= this.#retryAt) return undefined;
    return `down since ${clockTime(this.#since!)}: ${this.#reason()}${tried ? '; a call is trying it' : ''}`;
  }

  /** It is down because its transport failed: whether that is so still shows within milliseconds of a try. */
  get showsAtOnce(): boolean {
    return this.#isDownBy('transport') && !this.#silent;
  }

  view(rules: HealthConfiguration, now: Instant): TargetHealth {
    const cooling = this.#cools(now) ? this.#cooling : undefined;
    const since = cooling ? cooling.since : this.#since;
    const until = cooling?.wall ?? (this.#state === 'down' ? now.wall + this.#blockedFor(now) : undefined);
    return {
      target: this.target,
      state: this.state(now),
      ...(since === undefined ? {} : { since }),
      because: cooling ? cooling.because : this.#told(rules),
      ...(until === undefined ? {} : { until }),
      ...(this.#roundTrip === undefined ? {} : { roundTrip: this.#roundTrip }),
      misses: this.#misses,
      failedCalls: this.#failedCalls,
      options: { answered: this.#answered, unanswered: this.#unanswered },
      calls: { progressed: this.#progressed, unanswered: this.#callsUnanswered },
      unreachable: this.#unreachable,
      evidence: this.#journal.lines(),
    };
  }

  /** What its state stands on, for a log line. */
  because(rules: HealthConfiguration, now: Instant): string {
    return this.#cools(now) ? this.#cooling!.because : this.#told(rules);
  }

  // --- what was heard ----------------------------------------------------------------------------------------------

  #heardAnswer(because: string, rules: HealthConfiguration, now: Instant): void {
    this.#answered++;
    this.#answers++;
    this.#misses = 0;
    this.#answersOptions = true;
    this.#pauses.transport = 0;
    if (this.#state === 'up') return;
    if (this.#state === 'down' && this.#cause !== 'transport') {
      if (this.#answers < rules.successes) return;
      if (this.#cause === 'calls') {
        if (this.#blockedFor(now) > 0) return;
        // One more call that comes to nothing and it is down again, for longer.
        this.#failedCalls = Math.max(0, rules.failedCalls - 1);
      }
    }
    this.#up(because, now);
  }

  #missed(rules: HealthConfiguration, now: Instant): void {
    this.#unanswered++;
    this.#misses++;
    this.#answers = 0;
    if (!(this.#answersOptions || rules.answers) || this.#misses < rules.misses) return;
    if (this.#isDownBy('options')) return;
    this.#down('options', '', now);
  }

  #progress(now: Instant): void {
    this.#progressed++;
    this.#misses = 0;
    this.#failedCalls = 0;
    this.#pauses.transport = this.#pauses.calls = this.#pauses.options = 0;
    if (this.#isDownBy('options')) this.#answersOptions = false;
    if (this.#state !== 'up') this.#up('a call made progress', now);
  }

  #callUnanswered(detail: string, rules: HealthConfiguration, now: Instant): void {
    this.#callsUnanswered++;
    this.#failedCalls++;
    if (this.#state === 'down') this.#triedInVain(now);
    else if (rules.failedCalls === 0 || this.#failedCalls < rules.failedCalls) return;
    else this.#down('calls', detail, now);
  }

  #notReached(because: string, { interval }: HealthConfiguration, now: Instant): void {
    this.#unreachable++;
    this.#answers = 0;
    if (this.#state !== 'down') this.#down('transport', because, now);
    else {
      const tried = this.#triedInVain(now);
      if (this.#cause !== 'transport') return;
      this.#because = because;
      // Told again while it is down, by calls of the same moment or by OPTIONS: known anew, not worse.
      if (!tried) this.#retryAt = Math.max(this.#retryAt, now.mono + this.#pauses.transport);
    }
    // Where OPTIONS ask it anyway, no call need wait for what connects to nowhere.
    if (this.#silent && interval > 0) this.#retryAt = Math.max(this.#retryAt, now.mono + pauses.options.first);
  }

  #cool(forMs: number, because: string, now: Instant): void {
    const ms = Math.min(forMs, longestCooling);
    const since = this.#cools(now) ? this.#cooling!.since : now.wall;
    // The newest word counts, also where it is shorter.
    this.#cooling = ms > 0 ? { until: now.mono + ms, since, wall: now.wall + ms, because } : undefined;
    // It spoke. Where it was down for its OPTIONS, they have to do better than that.
    if (this.#state === 'down' && this.#cause !== 'options') this.#up(because, now);
  }

  // --- states ------------------------------------------------------------------------------------------------------

  #up(because: string, now: Instant): void {
    this.#state = 'up';
    this.#since = now.wall;
    this.#because = because;
    this.#trialUntil = 0;
  }

  /** Down, or down for a graver cause than before. */
  #down(cause: Cause, because: string, now: Instant): void {
    if (this.#state !== 'down') this.#since = now.wall;
    this.#state = 'down';
    this.#cause = cause;
    this.#because = because;
    this.#pause(now);
  }

  /** A call that came to nothing once the pause was over makes the next one longer. False: it came from before. */
  #triedInVain(now: Instant): boolean {
    if (now.mono < this.#retryAt) return false;
    this.#pause(now);
    return true;
  }

  #pause(now: Instant): void {
    const { first, most } = pauses[this.#cause];
    const last = this.#pauses[this.#cause];
    this.#pauses[this.#cause] = last === 0 ? first : Math.min(2 * last, most);
    this.#retryAt = now.mono + this.#pauses[this.#cause];
    this.#trialUntil = 0;
  }

  #isDownBy(cause: Cause): boolean {
    return this.#state === 'down' && this.#cause === cause;
  }

  #cools(now: Instant): boolean {
    return this.#cooling !== undefined && now.mono < this.#cooling.until;
  }

  /** Ms for which calls pass it by, cooling aside. */
  #blockedFor(now: Instant): number {
    return Math.max(0, this.#retryAt - now.mono, this.#trialUntil - now.mono);
  }

  // --- in words ----------------------------------------------------------------------------------------------------

  /** Why it is down. */
  #reason(): string {
    switch (this.#cause) {
      case 'transport':
        return this.#because;
      case 'options':
        return `${this.#misses} OPTIONS unanswered`;
      case 'calls':
        return withDetail(`${this.#failedCalls} call${this.#failedCalls === 1 ? '' : 's'} unanswered`, this.#because);
    }
  }

  #told(rules: HealthConfiguration): string {
    if (this.#state === 'down') return this.#reason();
    const silent = !this.#answersOptions && this.#misses >= rules.misses && this.#unanswered > 0;
    if (silent) return `${this.#state === 'up' ? `${this.#because}; ` : ''}OPTIONS are not answered, calls decide`;
    if (this.#state === 'up') return this.#because;
    return this.#misses === 0 ? 'nothing was heard yet' : `nothing was heard yet, ${this.#misses} OPTIONS unanswered`;
  }
}

/** Whether nobody answered, where others say no: connecting took as long as it may. */
function isSilence(detail: string): boolean {
  return detail.includes('ETIMEDOUT') || detail.includes('timed out');
}
