import { mostSteps, packSteps, type StreamCourse, type StreamSideCounters, stepColumns } from '#codec/media-control';

/** Ms of a step, as long as there is room for such. */
const shortestStep = 5_000;
/** A step that is cut off by the end counts from here on: two packets say nothing. */
const leastStep = 1_000;

/** What one side of a stream tells of itself. */
export interface Measured {
  counters(): StreamSideCounters;
  /** How often its peer has reported. */
  readonly reports: number;
}

type Columns = Record<(typeof stepColumns)[number], (number | undefined)[]>;

/** One side, step by step. */
class SideLog {
  readonly #side: Measured;
  readonly columns: Columns = { packets: [], lost: [], jitterMs: [], roundTripMs: [], peerLoss: [] };
  #packets = 0;
  #lost = 0;
  #reports = 0;

  constructor(side: Measured) {
    this.#side = side;
  }

  step(): void {
    const { packets, lost, jitterMs, report } = this.#side.counters();
    const { reports } = this.#side;
    const { columns } = this;
    const came = packets - this.#packets;
    const spoke = reports !== this.#reports ? report : undefined;
    columns.packets.push(came);
    // What was late is not lost after all, and copies hide what is: never less than nothing.
    columns.lost.push(packets === 0 ? undefined : Math.max(0, lost - this.#lost));
    columns.jitterMs.push(came > 0 && jitterMs !== undefined ? Math.round(jitterMs * 10) / 10 : undefined);
    columns.roundTripMs.push(spoke?.roundTripMs === undefined ? undefined : Math.round(spoke.roundTripMs * 10) / 10);
    columns.peerLoss.push(spoke && Math.round(spoke.fractionLost * 1000) / 1000);
    this.#packets = packets;
    this.#lost = lost;
    this.#reports = reports;
  }

  skip(): void {
    for (const column of stepColumns) this.columns[column].push(undefined);
  }

  /** Two steps become one. */
  halve(): void {
    const { columns } = this;
    for (const column of stepColumns) {
      const join = column === 'packets' || column === 'lost' ? sum : most;
      const values = columns[column];
      for (let i = 0; i < values.length / 2; i++) values[i] = join(values[2 * i], values[2 * i + 1]);
      values.length = Math.ceil(values.length / 2);
    }
  }
}

/**
 * How a stream goes over time: a step every 5 s, up to so many; then two become one, and steps are twice as long from there on. Of what two
 * steps say the sum stays of packets and the worst of all else, so that a bad moment is seen in a long call too.
 */
export class CourseLog {
  readonly #a: SideLog;
  readonly #b: SideLog;
  /** Monotonic ms. */
  readonly #began: number;
  #step = shortestStep;
  #ended = false;

  constructor(a: Measured, b: Measured, now: number) {
    this.#a = new SideLog(a);
    this.#b = new SideLog(b);
    this.#began = now;
  }

  /** When the step that is under way will be over, monotonic ms. */
  get next(): number {
    return this.#began + (this.#steps + 1) * this.#step;
  }

  /** It is over. Steps that were missed, since the process was held up, say nothing; the last has it all. */
  step(now: number): void {
    while (now >= this.next + this.#step) {
      this.#a.skip();
      this.#b.skip();
      this.#shorten();
    }
    this.#a.step();
    this.#b.step();
    this.#shorten();
  }

  #shorten(): void {
    if (this.#steps < mostSteps) return;
    this.#a.halve();
    this.#b.halve();
    this.#step *= 2;
  }

  /** The stream is over: what there is of its last step counts, where there is enough of it. */
  end(now: number): void {
    if (this.#ended) return;
    this.#ended = true;
    if (now >= this.next - this.#step + leastStep) this.step(now);
  }

  /** Undefined while nothing is worth to be told: one step alone says no more than the counters. */
  told(now: number): StreamCourse | undefined {
    if (this.#steps < 2) return undefined;
    return {
      stepMs: this.#step,
      agoMs: Math.round(now - this.#began),
      a: packSteps(this.#a.columns),
      b: packSteps(this.#b.columns),
    };
  }

  get #steps(): number {
    return this.#a.columns.packets.length;
  }
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : Math.max(one, other ?? one);
}
