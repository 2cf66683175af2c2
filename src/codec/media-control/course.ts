/*
 * How a stream went over time, in few octets: steps of equal length, for each side columns of numbers, and a column as runs:
 * `250*12,248,-*3` is twelve times 250, once 248, and three steps of which nothing is known.
 */

/** Steps that are kept of a stream: where there would be more, two become one. */
export const mostSteps = 120;

/** Of one stream; `a` and `b` are what came from that peer, packed. Monotonic ms. */
export interface StreamCourse {
  readonly stepMs: number;
  /** How long before it was told the first step began. */
  readonly agoMs: number;
  readonly a: string;
  readonly b: string;
}

/** Columns of one side, a value a step; undefined: nothing is known of that step. */
export interface SideSteps {
  /** That came. */
  readonly packets: readonly (number | undefined)[];
  /** That should have come and did not. */
  readonly lost: readonly (number | undefined)[];
  /** Interarrival jitter (RFC 3550 A.8): the most of the step, ms. */
  readonly jitterMs: readonly (number | undefined)[];
  /** Between us and the peer, as its RTCP tells: the most of the step, ms. */
  readonly roundTripMs: readonly (number | undefined)[];
  /** What the peer says that it lost of what went to it: the most of the step, 0 to 1. */
  readonly peerLoss: readonly (number | undefined)[];
}

/** In their order. */
export const stepColumns = ['packets', 'lost', 'jitterMs', 'roundTripMs', 'peerLoss'] as const;

export function packSteps(steps: SideSteps): string {
  return stepColumns.map((column) => packed(steps[column])).join(';');
}

/** Total: columns that are missing, or no numbers, are as if nothing were known. */
export function unpackSteps(text: string): SideSteps {
  const columns = text.split(';', stepColumns.length);
  const [packets, lost, jitterMs, roundTripMs, peerLoss] = stepColumns.map((_, i) => unpacked(columns[i] ?? ''));
  return { packets: packets!, lost: lost!, jitterMs: jitterMs!, roundTripMs: roundTripMs!, peerLoss: peerLoss! };
}

function packed(values: readonly (number | undefined)[]): string {
  let text = '';
  for (let i = 0; i < values.length; ) {
    const value = values[i];
    let next = i + 1;
    while (next < values.length && values[next] === value) next++;
    if (i > 0) text += ',';
    text += value === undefined ? '-' : String(value);
    if (next - i > 1) text += `*${next - i}`;
    i = next;
  }
  return text;
}

function unpacked(text: string): (number | undefined)[] {
  const values: (number | undefined)[] = [];
  if (text === '') return values;
  for (const run of text.split(',', mostSteps)) {
    const star = run.indexOf('*');
    const one = star < 0 ? run : run.slice(0, star);
    const times = star < 0 ? 1 : Number(run.slice(star + 1));
    const number = one === '' ? Number.NaN : Number(one);
    const value = Number.isFinite(number) ? number : undefined;
    for (let i = 0; i < times && values.length < mostSteps; i++) values.push(value);
  }
  return values;
}
