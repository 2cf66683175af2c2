import type { Schemas } from '../../api/client.ts';

type Course = Schemas['StreamCourse'];
type Side = Course['a'];

/** What was received from one side of a stream. */
interface Received {
  readonly packets: number;
  /** Packets that were expected and did not come; fewer than none when some came twice. */
  readonly lost: number;
}

/** What is drawn, and in what it is. */
export const measures = ['rate', 'lostShare', 'jitterMs', 'roundTripMs', 'peerLoss'] as const;
export type Measure = (typeof measures)[number];
export const units: Readonly<Record<Measure, string>> = {
  rate: '/s',
  lostShare: '%',
  jitterMs: 'ms',
  roundTripMs: 'ms',
  peerLoss: '%',
};

/** Points over time: seconds, and a value of each side; null where it is not known. */
export type Series = readonly [at: readonly number[], a: readonly (number | null)[], b: readonly (number | null)[]];

/** A point at the end of each step. `endedAt`: of the call, Unix ms; its last step may be a shorter one. */
export function seriesOf(course: Course, measure: Measure, endedAt?: number): Series {
  const began = Date.parse(course.startedAt);
  const ends = course.a.packets.map((_, i) =>
    Math.min(began + (i + 1) * course.stepMs, endedAt ?? Number.POSITIVE_INFINITY),
  );
  const of = (side: Side) => ends.map((end, i) => stepOf(side, i, measure, end - (began + i * course.stepMs)));
  return [ends.map((end) => end / 1000), of(course.a), of(course.b)];
}

function stepOf(side: Side, i: number, measure: Measure, ms: number): number | null {
  const packets = side.packets[i] ?? null;
  switch (measure) {
    case 'rate':
      return packets === null || ms <= 0 ? null : (packets * 1000) / ms;
    case 'lostShare': {
      const lost = side.lost[i] ?? null;
      return packets === null || lost === null || packets + lost === 0 ? null : (lost * 100) / (packets + lost);
    }
    case 'peerLoss': {
      const share = side.peerLoss[i] ?? null;
      return share === null ? null : share * 100;
    }
    default:
      return side[measure][i] ?? null;
  }
}

/** Of all that was expected, 0 to 1; undefined: nothing was. */
export function lossOf({ packets, lost }: Received): number | undefined {
  const expected = packets + lost;
  return expected <= 0 ? undefined : Math.max(0, lost / expected);
}
