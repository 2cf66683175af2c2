/** What was received from one side of a stream until some moment. */
export interface Received {
  readonly packets: number;
  /** Packets that were expected and did not come; fewer than none when some came twice. */
  readonly lost: number;
  readonly jitterMs?: number | undefined;
}

export interface Reading {
  /** Unix ms. */
  readonly at: number;
  readonly a: Received;
  readonly b: Received;
}

export const measures = ['rate', 'lostShare', 'jitterMs'] as const;
export type Measure = (typeof measures)[number];

/** Points over time: seconds, and a value of each side; null where it was not measured. */
export type Series = readonly [at: readonly number[], a: readonly (number | null)[], b: readonly (number | null)[]];

/** What happened between each two readings. */
export function seriesOf(readings: readonly Reading[], measure: Measure): Series {
  const at: number[] = [];
  const a: (number | null)[] = [];
  const b: (number | null)[] = [];
  for (let i = 1; i < readings.length; i++) {
    const [before, now] = [readings[i - 1]!, readings[i]!];
    at.push(now.at / 1000);
    a.push(between(before.a, now.a, now.at - before.at, measure));
    b.push(between(before.b, now.b, now.at - before.at, measure));
  }
  return [at, a, b];
}

function between(before: Received, now: Received, ms: number, measure: Measure): number | null {
  const packets = now.packets - before.packets;
  // Its counters began anew: the media process was started again, or the stream was.
  if (packets < 0 || ms <= 0) return null;
  if (measure === 'rate') return (packets * 1000) / ms;
  if (measure === 'jitterMs') return packets === 0 ? null : (now.jitterMs ?? null);
  const expected = packets + now.lost - before.lost;
  return expected <= 0 ? null : Math.max(0, ((now.lost - before.lost) / expected) * 100);
}

/** Of all that was expected, 0 to 1; undefined: nothing was. */
export function lossOf({ packets, lost }: Received): number | undefined {
  const expected = packets + lost;
  return expected <= 0 ? undefined : Math.max(0, lost / expected);
}
