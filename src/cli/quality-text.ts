import { type StreamCounters, unpackSteps } from '#codec/media-control';
import type { QualityMetrics } from '#codec/quality-report';
import { exactTime } from './cdr-text.ts';
import { drawsBlocks, sparkline } from './sparkline.ts';

/** What an end of a call told of its voice, as far as it is for people. */
export interface ToldQuality {
  /** Unix ms. */
  readonly receivedAt: number;
  readonly party: 'caller' | 'callee';
  readonly source: string;
  readonly kind: 'session' | 'interval' | 'alert';
  readonly alert?: { readonly metric: string; readonly severity: string } | undefined;
  readonly local: QualityMetrics;
}

/** What is drawn of a side, what at least is the top, and in what it is. */
const drawn = [
  ['loss', 1, '%'],
  ['jitter', 10, 'ms'],
  ['round trip', 100, 'ms'],
  ['lost there', 1, '%'],
] as const;

/** How a stream went over time: a line for each thing that is known of a side. None where it was too short. */
export function courseLines({ course }: StreamCounters, env: NodeJS.ProcessEnv = process.env): string[] {
  if (!course) return [];
  const lines: string[] = [];
  for (const [party, packed] of [
    ['caller', course.a],
    ['callee', course.b],
  ] as const) {
    const { packets, lost, jitterMs, roundTripMs, peerLoss } = unpackSteps(packed);
    const loss = lost.map((value, i) => {
      const expected = value === undefined ? 0 : (packets[i] ?? 0) + value;
      return expected === 0 ? undefined : (value! * 100) / expected;
    });
    const there = peerLoss.map((value) => value && value * 100);
    for (const [i, values] of [loss, jitterMs, roundTripMs, there].entries()) {
      const [name, least, unit] = drawn[i]!;
      const known = values.filter((value) => value !== undefined);
      if (known.length === 0) continue;
      const most = Math.round(Math.max(...known) * 10) / 10;
      const line = sparkline(values, least, !drawsBlocks(env));
      lines.push(`    ${`${party}, ${name}`.padEnd(18)}  ${line}  at most ${most} ${unit}`);
    }
  }
  if (lines.length > 0) lines.unshift(`    over time, ${course.stepMs / 1000} s a step:`);
  return lines;
}

/** What the ends of a call told themselves. */
export function toldLines(told: readonly ToldQuality[]): string[] {
  return told.map(({ receivedAt, party, source, kind, alert, local }) => {
    const of = alert
      ? `${alert.severity} alert on ${alert.metric}`
      : kind === 'interval'
        ? 'of a part of it'
        : 'of the whole';
    return `  ${exactTime(receivedAt)}, at the ${party}’s end (${source}), ${of}: ${figures(local)}`;
  });
}

function figures(of: QualityMetrics): string {
  const known = [
    ['loss', of.lossPercent, ' %'],
    ['discarded', of.discardPercent, ' %'],
    ['jitter', of.jitterMs, ' ms'],
    ['round trip', of.roundTripMs, ' ms'],
    ['MOS of listening', of.mosListening, ''],
    ['of conversation', of.mosConversational, ''],
  ] as const;
  const text = known.flatMap(([name, value, unit]) =>
    value === undefined ? [] : [`${name} ${Math.round(value * 10) / 10}${unit}`],
  );
  return text.length > 0 ? text.join(', ') : 'nothing was measured there';
}
