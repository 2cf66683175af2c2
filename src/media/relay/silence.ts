import type { SilenceNotice } from '#codec/media-control';
import type { Deadline, Deadlines } from '#kernel';
import type { Waking } from './waking.ts';

/** Noise that stands for silence; it comes from peers, too, that nobody has agreed on it with (RFC 3389 4). */
const comfortNoise = 13;

/** What a plan lets expect of a peer. */
export interface Expectation {
  /** It should send. */
  readonly sends: boolean;
  /** It sends nothing while nobody speaks there. */
  readonly pauses: boolean;
}

/** Ms from its last RTP in which a peer counts as speaking. */
const breath = 2000;

const nothing: Expectation = { sends: false, pauses: false };

/** What came of one peer, on all streams of a session. Times in monotonic ms. */
export class HeardSide {
  expected = nothing;
  /** Of its last RTP and RTCP. */
  rtp = 0;
  rtcp = 0;
  /** Since when it is silent while the other one speaks, once that was told. */
  silentSince: number | undefined;
  /** Its last packet was comfort noise: there will be none until somebody speaks. */
  #noise = false;
  readonly #watch: SilenceWatch;

  constructor(watch: SilenceWatch) {
    this.#watch = watch;
  }

  /** RTP came. A packet only leaves its time here, unless a silence stands. */
  spoke(payloadType: number, now: number): void {
    this.rtp = now;
    this.#noise = payloadType === comfortNoise;
    if (this.#watch.told) this.#watch.heard(now);
  }

  /** RTCP came. */
  reported(now: number): void {
    this.rtcp = now;
    if (this.#watch.told) this.#watch.heard(now);
  }

  expect(expected: Expectation, now: number): void {
    // Before, nobody listened for it.
    if (expected.sends && !this.expected.sends) this.rtp = this.rtcp = now;
    this.expected = expected;
  }

  get last(): number {
    return Math.max(this.rtp, this.rtcp);
  }

  /** When it was heard by who listens to it: of one that pauses, that it reports to be there will do. */
  get lastSpeech(): number {
    return this.expected.pauses || this.#noise ? this.last : this.rtp;
  }
}

/**
 * Notices that nothing comes any more from any peer of a session that should send; and, of two that should, from one while
 * the other speaks. The deadline is moved when it fires, so that the packet path does not touch the heap.
 */
export class SilenceWatch implements Waking {
  readonly session: string;
  readonly a = new HeardSide(this);
  readonly b = new HeardSide(this);
  /** Some silence was told that is not over. */
  told = false;
  readonly #deadlines: Deadlines<Waking>;
  readonly #tell: (notice: SilenceNotice) => void;
  #deadline: Deadline<Waking> | undefined;
  /** Ms; 0 = nobody is expected to send. */
  #limit = 0;
  /** Since when all are silent, once that was told, and how many times the limit that was when it was told last. */
  #silentSince: number | undefined;
  #periods = 0;

  constructor(session: string, deadlines: Deadlines<Waking>, tell: (notice: SilenceNotice) => void) {
    this.session = session;
    this.#deadlines = deadlines;
    this.#tell = tell;
  }

  /** `limit` in ms, 0 = do not watch. Of whom nothing was expected before, the time counts from `now`. */
  watch(limit: number, a: Expectation, b: Expectation, now: number): void {
    this.a.expect(limit > 0 ? a : nothing, now);
    this.b.expect(limit > 0 ? b : nothing, now);
    this.#limit = a.sends || b.sends ? limit : 0;
    if (this.told) this.heard(now);
    this.#arm(now);
  }

  /** Something came, or other things are expected, while a silence stands: is it over? */
  heard(now: number): void {
    if (this.#silentSince !== undefined && (this.#limit === 0 || now - this.#last() < this.#limit)) {
      this.#tell({ kind: 'heard', session: this.session, silentMs: now - this.#silentSince });
      this.#silentSince = undefined;
      this.#periods = 0;
    }
    for (const name of ['a', 'b'] as const) {
      const side = this[name];
      if (side.silentSince === undefined || (this.#bothSend() && now - side.lastSpeech >= this.#limit)) continue;
      this.#tell({ kind: 'heard', session: this.session, silentMs: now - side.silentSince, side: name });
      side.silentSince = undefined;
    }
    this.#note();
  }

  wake(now: number): void {
    this.#deadline = undefined;
    const silentMs = now - this.#last();
    if (silentMs >= (this.#periods + 1) * this.#limit) {
      this.#silentSince ??= this.#last();
      this.#periods = Math.floor(silentMs / this.#limit);
      this.#tell({ kind: 'silent', session: this.session, silentMs });
    } else if (this.#bothSend()) {
      for (const name of ['a', 'b'] as const) {
        const side = this[name];
        const other = name === 'a' ? this.b : this.a;
        const since = side.lastSpeech;
        if (side.silentSince !== undefined || now - since < this.#limit || now - other.rtp >= breath) continue;
        side.silentSince = since;
        this.#tell({ kind: 'silent', session: this.session, silentMs: now - since, side: name });
      }
    }
    this.#note();
    this.#arm(now);
  }

  /** The silences that were told and still last. */
  silences(now: number): readonly SilenceNotice[] {
    const notices: SilenceNotice[] = [];
    const { session } = this;
    if (this.#silentSince !== undefined) notices.push({ kind: 'silent', session, silentMs: now - this.#silentSince });
    for (const side of ['a', 'b'] as const) {
      const { silentSince } = this[side];
      if (silentSince !== undefined) notices.push({ kind: 'silent', session, silentMs: now - silentSince, side });
    }
    return notices;
  }

  end(): void {
    this.#deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.#limit = 0;
  }

  /** When something came last of those who should send. */
  #last(): number {
    const { a, b } = this;
    if (!a.expected.sends) return b.last;
    return b.expected.sends ? Math.max(a.last, b.last) : a.last;
  }

  #bothSend(): boolean {
    return this.a.expected.sends && this.b.expected.sends;
  }

  #note(): void {
    this.told = this.#silentSince !== undefined || this.a.silentSince !== undefined || this.b.silentSince !== undefined;
  }

  #arm(now: number): void {
    this.#deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    if (this.#limit === 0) return;
    let next = this.#last() + (this.#periods + 1) * this.#limit;
    if (this.#bothSend()) {
      for (const { silentSince, lastSpeech } of [this.a, this.b]) {
        if (silentSince !== undefined) continue;
        const due = lastSpeech + this.#limit;
        // It is silent, but so was the other one.
        next = Math.min(next, due > now ? due : now + this.#limit);
      }
    }
    this.#deadline = this.#deadlines.set('silence', this, next);
  }
}
