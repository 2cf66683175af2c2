import type { paths } from '../../../../src/client/schema.ts';

export type RecordQuery = NonNullable<paths['/api/v1/records']['get']['parameters']['query']>;

export const periods = ['hour', 'day', 'week', 'month', 'ever', 'own'] as const;
export type Period = (typeof periods)[number];
const lengths: Readonly<Partial<Record<Period, number>>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};
export const outcomes = ['any', 'answered', 'unanswered', 'failed'] as const;

/** Unix ms; absent: without end. */
export interface Range {
  readonly since?: number;
  readonly until?: number;
}

export function periodOf(asked: URLSearchParams): Period {
  return periods.find((one) => one === asked.get('period')) ?? 'day';
}

export function rangeOf(asked: URLSearchParams, now: number): Range {
  const period = periodOf(asked);
  const length = lengths[period];
  if (length !== undefined) return { since: now - length };
  if (period === 'ever') return {};
  const [since, until] = [asked.get('since'), asked.get('until')].map((text) => Date.parse(text ?? ''));
  return {
    ...(Number.isFinite(since) && { since: since! }),
    ...(Number.isFinite(until) && { until: until! }),
  };
}

/** What the API is asked, from what stands in the address of the page. What is no filter, or no number where one is needed, is left out. */
export function queryOf(asked: URLSearchParams, now: number): RecordQuery {
  const { since, until } = rangeOf(asked, now);
  const text = (name: string) => {
    const value = asked.get(name)?.trim() ?? '';
    return value === '' ? {} : { [name]: value };
  };
  const outcome = asked.get('outcome');
  const status = Number(asked.get('status') ?? Number.NaN);
  return {
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...text('number'),
    ...text('trunk'),
    ...text('site'),
    ...text('user'),
    ...text('route'),
    ...(text('reason') as { reason?: NonNullable<RecordQuery['reason']> }),
    ...(outcome === 'answered' && { answered: 'true' }),
    ...(outcome === 'unanswered' && { answered: 'false' }),
    ...(outcome === 'failed' && { failed: 'true' }),
    ...(asked.get('emergency') === 'true' && { emergency: 'true' }),
    ...(Number.isInteger(status) && status >= 100 && status < 700 && { status }),
  };
}

export type StatisticsQuery = NonNullable<paths['/api/v1/statistics']['get']['parameters']['query']>;

const steps = [60, 300, 900, 3_600, 21_600, 86_400, 604_800] as const;
export const ways = ['in', 'out'] as const;
/** Where nobody says how far back: what a statistic of ever shows. */
const longest = 365 * 86_400_000;
/** Points that a line may have. */
const mostSteps = 2_000;

/** Steps that a range can be cut into. */
export function stepsOf(ms: number): readonly number[] {
  return steps.filter((step) => ms / 1000 / step <= mostSteps && ms / 1000 / step >= 2);
}

/**
 * What sums are asked for, from what stands in the address of the page: time, trunk and cause as the list, and by themselves `way` (`in`, `out`), `over` (a
 * site, by its trunks) and `step` (seconds). `own`: the sites of who has no others; he asks for one of them at least. Undefined: the time has no length.
 */
export function statisticsOf(
  asked: URLSearchParams,
  now: number,
  own: readonly string[] | undefined,
): StatisticsQuery | undefined {
  const range = rangeOf(asked, now);
  const until = range.until ?? now;
  const since = range.since ?? until - longest;
  if (until <= since) return undefined;
  const { trunk, reason } = queryOf(asked, now);
  const way = ways.find((one) => one === asked.get('way'));
  const over = asked.get('over') || own?.[0];
  const step = stepsOf(until - since).find((one) => String(one) === asked.get('step'));
  return {
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    intervalSeconds: step ?? stepOf(until - since),
    ...(reason !== undefined && { reason }),
    ...(trunk !== undefined
      ? { trunk, ...(way === 'in' && { part: 'from' as const }) }
      : {
          ...(over && { site: over }),
          ...(way && { direction: way === 'in' ? ('inbound' as const) : ('outbound' as const) }),
        }),
  };
}

/** Seconds of a step: some sixty to three hundred of them in a range, by steps that people count in. */
export function stepOf(ms: number): number {
  return steps.find((step) => ms / 1000 / step <= 300) ?? 2_592_000;
}

/** As <input type="datetime-local"> has it: local, to the minute. */
export function localTime(at: number): string {
  const time = new Date(at);
  return new Date(at - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
