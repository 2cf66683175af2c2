import { type CallRecord, type EndCause, type EndReason, partiesOwnEnds } from '#engine/ports';
import type { MinuteSum } from '#shell/store';

const minute = 60_000;
/** Minutes that are kept: an hour, and the one before to compare it with. */
const kept = 120;

/** Calls that ended in some minutes. */
export interface Figures {
  readonly calls: number;
  readonly answered: number;
  /** Answered, or ended as the parties chose: the network has done its part (ITU-T E.425, NER). */
  readonly effective: number;
  readonly talkMs: number;
  readonly reasons: ReadonlyMap<EndReason, number>;
}

/** The last that came to nothing. */
export interface LastFailure {
  /** Unix ms. */
  readonly at: number;
  readonly call: string;
  readonly end: EndCause;
}

interface Bucket {
  minute: number;
  calls: number;
  answered: number;
  effective: number;
  talkMs: number;
  reasons: Map<EndReason, number>;
}

/** What part a trunk had: calls came `from` it, were offered `to` it; `all`: calls of the house. */
export type Part = 'from' | 'to' | 'all';

/** What became of the calls of the last two hours, minute by minute: of the house, and of each trunk. */
export class Traffic {
  readonly #buckets = new Map<string, Bucket[]>();
  readonly #failures = new Map<string, LastFailure>();
  readonly #isTrunk: (name: string) => boolean;

  constructor(isTrunk: (name: string) => boolean) {
    this.#isTrunk = isTrunk;
  }

  add({ call, leg, attempts, endedAt, answeredAt, talkMs, end }: CallRecord): void {
    const wasAnswered = answeredAt !== undefined;
    this.count('all', '', endedAt, { end: end.reason, wasAnswered, talkMs }, 1);
    if (this.#isTrunk(leg.trunk)) this.count('from', leg.trunk, endedAt, { end: end.reason, wasAnswered, talkMs }, 1);
    for (const attempt of attempts) {
      const { trunk } = attempt.leg;
      if (!this.#isTrunk(trunk)) continue;
      const was = attempt.answeredAt !== undefined;
      this.count(
        'to',
        trunk,
        attempt.endedAt,
        { end: attempt.end.reason, wasAnswered: was, talkMs: was ? talkMs : 0 },
        1,
      );
      if (isFailure(attempt.end, was)) this.#failures.set(trunk, { at: attempt.endedAt, call, end: attempt.end });
    }
  }

  /** What the records know of the time before this process began. */
  seed(sums: readonly MinuteSum[]): void {
    for (const { part, trunk, at, reason, wasAnswered, calls, talkMs } of sums.toSorted((a, b) => a.at - b.at))
      if (part === 'all' || this.#isTrunk(trunk))
        this.count(part, trunk, at, { end: reason, wasAnswered, talkMs }, calls);
  }

  /** `times` calls that ended in the same minute in the same way. */
  count(
    part: Part,
    trunk: string,
    at: number,
    { end, wasAnswered, talkMs }: { readonly end: EndReason; readonly wasAnswered: boolean; readonly talkMs: number },
    times: number,
  ): void {
    const bucket = this.#bucket(`${part} ${trunk}`, Math.floor(at / minute));
    if (!bucket) return;
    bucket.calls += times;
    bucket.talkMs += talkMs;
    if (wasAnswered) bucket.answered += times;
    if (wasAnswered || partiesOwnEnds.has(end)) bucket.effective += times;
    bucket.reasons.set(end, (bucket.reasons.get(end) ?? 0) + times);
  }

  /** Of the hour up to `now`, Unix ms, or of another hour that is kept. */
  hour(part: Part, trunk: string, now: number): Figures {
    const last = Math.floor(now / minute);
    const reasons = new Map<EndReason, number>();
    const figures = { calls: 0, answered: 0, effective: 0, talkMs: 0, reasons };
    for (const bucket of this.#buckets.get(`${part} ${trunk}`) ?? []) {
      if (bucket.minute > last || bucket.minute <= last - 60) continue;
      figures.calls += bucket.calls;
      figures.answered += bucket.answered;
      figures.effective += bucket.effective;
      figures.talkMs += bucket.talkMs;
      for (const [reason, times] of bucket.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + times);
    }
    return figures;
  }

  /** The last try of a call over the trunk that failed otherwise than by a choice of who was called. */
  lastFailure(trunk: string): LastFailure | undefined {
    return this.#failures.get(trunk);
  }

  #bucket(key: string, at: number): Bucket | undefined {
    let buckets = this.#buckets.get(key);
    if (!buckets) {
      buckets = [];
      this.#buckets.set(key, buckets);
    }
    const newest = buckets.at(-1)?.minute ?? at;
    if (at <= newest - kept) return undefined;
    // A minute is mostly the newest, and never far from it.
    let i = buckets.length - 1;
    while (i >= 0 && buckets[i]!.minute > at) i--;
    if (buckets[i]?.minute === at) return buckets[i];
    const bucket = { minute: at, calls: 0, answered: 0, effective: 0, talkMs: 0, reasons: new Map() };
    buckets.splice(i + 1, 0, bucket);
    while (buckets[0]!.minute <= buckets.at(-1)!.minute - kept) buckets.shift();
    return bucket;
  }
}

/** Also of a call that was answered: its media fell silent, its peer was gone. */
function isFailure({ reason }: EndCause, wasAnswered: boolean): boolean {
  return !partiesOwnEnds.has(reason) && !(wasAnswered && reason === 'transferred') && reason !== 'operator';
}
