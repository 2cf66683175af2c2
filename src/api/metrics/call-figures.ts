import type { CallRecord, EndReason } from '#engine/ports';

/** How many values were not above each bound, all of them, and their sum. */
export interface Distribution {
  readonly bounds: readonly number[];
  readonly counts: number[];
  count: number;
  sum: number;
}

/** What became of the calls of one side of one trunk. */
interface Side {
  readonly causes: Map<EndReason, number>;
  answered: number;
  talkSeconds: number;
}

/** What came in the media of one trunk's calls that have ended. */
interface Heard {
  readonly loss: Distribution;
  readonly jitter: Distribution;
}

export type Direction = 'from' | 'to';

const setupBounds = [0.25, 0.5, 1, 2, 3, 5, 8, 15, 30];
const ringingBounds = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 180];
const talkBounds = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];
export const lossBounds = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
export const jitterBounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2];

/** Packets that say something of loss: less than a second of speech does not. */
const fewPackets = 50;

/** What became of the calls that have ended since this process began, as their records tell it. */
export class CallFigures {
  /** Direction, then how the trunk is called in labels. */
  readonly sides: Readonly<Record<Direction, Map<string, Side>>> = { from: new Map(), to: new Map() };
  /** Of tries, by trunk: from the INVITE to the first sign of its callee. */
  readonly setup = new Map<string, Distribution>();
  /** Final responses to tries, by trunk and class. */
  readonly responses = new Map<string, Map<string, number>>();
  readonly heard = new Map<string, Heard>();
  readonly ringing = distribution(ringingBounds);
  readonly talk = distribution(talkBounds);

  /** `label`: how a trunk is called. */
  add(record: CallRecord, label: (trunk: string) => string): void {
    const { leg, end, answeredAt, ringingAt, endedAt, talkMs, attempts } = record;
    this.#side('from', label(leg.trunk), end.reason, answeredAt !== undefined ? talkMs : undefined);
    for (const attempt of attempts) {
      const trunk = label(attempt.leg.trunk);
      const wasAnswered = attempt.answeredAt !== undefined;
      this.#side('to', trunk, attempt.end.reason, wasAnswered ? talkMs : undefined);
      const first = attempt.ringingAt ?? attempt.answeredAt;
      if (first !== undefined) observe(within(this.setup, trunk, setupBounds), (first - attempt.startedAt) / 1000);
      const status = wasAnswered ? 200 : attempt.end.sip?.status;
      if (status !== undefined) {
        const classes = this.responses.get(trunk) ?? new Map<string, number>();
        this.responses.set(trunk, classes);
        increase(classes, `${Math.floor(status / 100)}xx`);
      }
    }
    if (ringingAt !== undefined) observe(this.ringing, ((answeredAt ?? endedAt) - ringingAt) / 1000);
    if (answeredAt !== undefined) observe(this.talk, talkMs / 1000);
    this.#media(record, label);
  }

  /** Of streams on which enough came: of others nothing is known, and nothing said. */
  #media({ leg, attempts, media = [] }: CallRecord, label: (trunk: string) => string): void {
    const answered = attempts.find(({ answeredAt }) => answeredAt !== undefined);
    for (const { media: kind, a, b } of media) {
      if (kind !== 'audio') continue;
      for (const [counters, trunk] of [
        [a, leg.trunk],
        [b, answered?.leg.trunk],
      ] as const) {
        if (trunk === undefined || counters.packets < fewPackets) continue;
        const name = label(trunk);
        let heard = this.heard.get(name);
        if (!heard) {
          heard = { loss: distribution(lossBounds), jitter: distribution(jitterBounds) };
          this.heard.set(name, heard);
        }
        const lost = Math.max(0, counters.lost);
        observe(heard.loss, lost / (counters.packets + lost));
        if (counters.jitterMs !== undefined) observe(heard.jitter, counters.jitterMs / 1000);
      }
    }
  }

  #side(direction: Direction, trunk: string, cause: EndReason, talkMs: number | undefined): void {
    const sides = this.sides[direction];
    let side = sides.get(trunk);
    if (!side) {
      side = { causes: new Map(), answered: 0, talkSeconds: 0 };
      sides.set(trunk, side);
    }
    increase(side.causes, cause);
    if (talkMs === undefined) return;
    side.answered++;
    side.talkSeconds += talkMs / 1000;
  }
}

export function distribution(bounds: readonly number[]): Distribution {
  return { bounds, counts: bounds.map(() => 0), count: 0, sum: 0 };
}

function within(of: Map<string, Distribution>, key: string, bounds: readonly number[]): Distribution {
  const known = of.get(key) ?? distribution(bounds);
  of.set(key, known);
  return known;
}

/** Clocks of people are set: what would be before its beginning took no time. */
export function observe(into: Distribution, measured: number): void {
  const value = Math.max(0, measured);
  const { bounds, counts } = into;
  for (let i = bounds.length - 1; i >= 0 && value <= bounds[i]!; i--) counts[i]!++;
  into.count++;
  into.sum += value;
}

export function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
