import type { Deadline, Instant } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import { cleanAnswer, type Said } from './clean-answer.ts';
import type { DnsAnswer, DnsQuestion, DnsRecord } from './dns.ts';
import { locateTimes } from './limits.ts';
import type { LocateRequest, LocateWaiter } from './located.ts';
import type { Heard } from './search.ts';

/** A request whose questions somebody cares for: one who waits (then `waiter` is there), or the list of those kept fresh. */
export interface Watch {
  readonly request: LocateRequest;
  readonly waiter: LocateWaiter | undefined;
  /** Monotonic ms: what came since then is good enough for it, however short its TTL. Else chains might never end. */
  readonly since: number;
  entries: readonly DnsEntry[];
}

/** What `inspect()` tells of a question. Times are wall clock, ms. */
export interface DnsEntryView {
  /** "SRV _sip._udp.example.com" */
  readonly question: string;
  /** As text: "10 60 a.example.com:5060", "192.0.2.1"; or why there is none. Absent before the first answer. */
  readonly answer?: readonly string[] | 'no-such-name' | 'no-data';
  readonly answeredAt?: number;
  readonly expiresAt?: number;
  /** Of the last try, when it failed. */
  readonly failure?: string;
  readonly failedAt?: number;
  readonly isAsked: boolean;
  /** Refreshed before it expires. */
  readonly isKept: boolean;
}

interface Known {
  readonly answer: Said;
  readonly at: Instant;
  /** Ms, clamped. */
  readonly ttl: number;
  /** Monotonic ms. */
  until: number;
}

interface Failure {
  readonly reason: string;
  readonly at: Instant;
  /** Failures in a row, this one included. */
  readonly count: number;
  /** Monotonic ms. */
  retryAt: number;
}

/** One question to the DNS and what came of it. It asks nobody: the locator does. */
export class DnsEntry implements Sleeper {
  readonly question: DnsQuestion;
  readonly watches = new Set<Watch>();
  /** Watches without a waiter. */
  kept = 0;
  /** Monotonic ms of the question that is under way. */
  askedAt: number | undefined;
  /** Of the question while it is under way, else of the next refresh of a kept one. */
  deadline: Deadline<Sleeper> | undefined;
  readonly #onWake: (entry: DnsEntry, name: string, now: Instant) => void;
  #known: Known | undefined;
  #failure: Failure | undefined;

  constructor(question: DnsQuestion, onWake: (entry: DnsEntry, name: string, now: Instant) => void) {
    this.question = question;
    this.#onWake = onWake;
  }

  get isAsked(): boolean {
    return this.askedAt !== undefined;
  }

  /** Nobody would miss it but the next who asks. */
  get isIdle(): boolean {
    return !this.isAsked && this.watches.size === 0;
  }

  wake(name: string, now: Instant): void {
    this.#onWake(this, name, now);
  }

  heard(mono: number, since: number): Heard {
    const known = this.#known;
    if (known && this.#isFresh(known, mono, since)) return heardOf(known, false);
    const failure = this.#failure;
    if (!failure) return { kind: 'pending' };
    if (known && this.#isUsable(known, mono)) return heardOf(known, true);
    return { kind: 'failed', reason: failure.reason, retrying: this.isAsked };
  }

  /** A new answer is needed, and it is time to ask for it. */
  isDue(mono: number, since: number): boolean {
    if (this.isAsked) return false;
    if (this.#known && this.#isFresh(this.#known, mono, since)) return false;
    const failure = this.#failure;
    return !failure || (mono >= failure.retryAt && failure.at.mono < since);
  }

  /** There is something to say should the DNS be slow. */
  hasOld(mono: number): boolean {
    return this.#known !== undefined && this.#failure === undefined && this.#isUsable(this.#known, mono);
  }

  /** Takes an answer, and says whether it tells anything: what fails long after we gave up does not. */
  take(answer: DnsAnswer, now: Instant): boolean {
    if (answer.kind === 'failed') {
      if (!this.isAsked) return false;
      this.fail(answer.reason, now);
    } else {
      const clean = cleanAnswer(this.question, answer);
      const ttl =
        clean.kind === 'records'
          ? clamp(clean.ttl, locateTimes.leastTtl, locateTimes.mostTtl)
          : clamp(clean.ttl, locateTimes.leastNegativeTtl, locateTimes.mostNegativeTtl);
      this.#known = { answer: clean, at: now, ttl, until: now.mono + ttl };
      this.#failure = undefined;
    }
    this.askedAt = undefined;
    return true;
  }

  /** The question has come to nothing yet. It may still be under way. */
  fail(reason: string, now: Instant): void {
    const count = (this.#failure?.count ?? 0) + 1;
    this.#failure = { reason, at: now, count, retryAt: now.mono + locateTimes.retry };
  }

  /** Whoever is called now finds what he was called for. */
  hold(mono: number): void {
    if (this.#known && !this.#failure) this.#known.until = Math.max(this.#known.until, mono + 1);
    if (this.#failure) this.#failure.retryAt = Math.max(this.#failure.retryAt, mono + 1);
  }

  /**
   * When a kept one is asked again, nobody having asked before: `part` (0 to 1) draws the moment, so that a thousand names do
   * not come at once. While it fails the pauses double.
   */
  refreshAt(part: number): number {
    const failure = this.#failure;
    if (failure) return failure.at.mono + locateTimes.retry * 2 ** Math.min(failure.count - 1, 4) * (1 + part);
    if (this.#known) return this.#known.at.mono + this.#known.ttl * (0.75 + part * 0.15);
    return Number.NEGATIVE_INFINITY;
  }

  inspect(): DnsEntryView {
    const known = this.#known;
    const failure = this.#failure;
    return {
      question: `${this.question.type} ${this.question.name}`,
      ...(known && {
        answer: known.answer.kind === 'none' ? known.answer.reason : known.answer.records.map(recordText),
        answeredAt: known.at.wall,
        expiresAt: known.at.wall + known.ttl,
      }),
      ...(failure && { failure: failure.reason, failedAt: failure.at.wall }),
      isAsked: this.isAsked,
      isKept: this.kept > 0,
    };
  }

  #isFresh(known: Known, mono: number, since: number): boolean {
    return mono < known.until || known.at.mono >= since;
  }

  #isUsable(known: Known, mono: number): boolean {
    return mono < known.at.mono + known.ttl + locateTimes.stale;
  }
}

function heardOf({ answer }: Known, stale: boolean): Heard {
  return answer.kind === 'records'
    ? { kind: 'records', records: answer.records, stale }
    : { kind: 'none', reason: answer.reason, stale };
}

/** Not a number (a shell's mistake) becomes the least. */
function clamp(value: number, least: number, most: number): number {
  return value > least ? Math.min(value, most) : least;
}

function recordText(record: DnsRecord): string {
  switch (record.type) {
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.target}:${record.port}`;
    case 'NAPTR':
      return `${record.order} ${record.preference} ${record.service} ${record.replacement}`;
    default:
      return record.address;
  }
}
