import type { components } from '#client';
import { packSteps, type SideSteps, type StreamCounters, stepColumns } from '#codec/media-control';
import type { AttemptRecord, CallRecord, EndCause, MediaCapture } from '#engine/ports';
import type { ToldQuality } from '../quality-text.ts';

type Schemas = components['schemas'];

/** The record that the API tells of, as the rest of the command line has it. */
export function recordOf(view: Schemas['CallRecord']): CallRecord {
  const { startedAt, ringingAt, answeredAt, endedAt, end, attempts, media, ...same } = view;
  const times = { startedAt, ringingAt, answeredAt, endedAt };
  return {
    ...(same as unknown as CallRecord),
    ...timesOf(times),
    end: end as unknown as EndCause,
    attempts: attempts.map(
      (one) => ({ ...one, ...timesOf(one), end: one.end as unknown as EndCause }) as unknown as AttemptRecord,
    ),
    ...(media && { media: streamsOf(media, Date.parse(endedAt)) }),
    ...('captures' in same && same.captures ? { captures: same.captures as unknown as readonly MediaCapture[] } : {}),
  };
}

/** `until`: Unix ms. */
export function streamsOf(streams: readonly Schemas['StreamCounters'][], until: number): StreamCounters[] {
  return streams.map(({ course, ...counters }) => ({
    ...(counters as unknown as StreamCounters),
    ...(course && {
      course: {
        stepMs: course.stepMs,
        agoMs: until - Date.parse(course.startedAt),
        a: packSteps(stepsOf(course.a)),
        b: packSteps(stepsOf(course.b)),
      },
    }),
  }));
}

export function toldOf(reports: readonly Schemas['QualityReport'][] = []): ToldQuality[] {
  return reports.map(({ receivedAt, ...report }) => ({
    ...(report as Omit<ToldQuality, 'receivedAt'>),
    receivedAt: Date.parse(receivedAt),
  }));
}

function stepsOf(side: Schemas['StreamCourse']['a']): SideSteps {
  const columns = stepColumns.map((name) => [name, side[name].map((value) => value ?? undefined)] as const);
  return Object.fromEntries(columns) as unknown as SideSteps;
}

function timesOf(of: {
  readonly startedAt: string;
  readonly ringingAt?: string | undefined;
  readonly answeredAt?: string | undefined;
  readonly endedAt: string;
}) {
  return {
    startedAt: Date.parse(of.startedAt),
    ...(of.ringingAt !== undefined && { ringingAt: Date.parse(of.ringingAt) }),
    ...(of.answeredAt !== undefined && { answeredAt: Date.parse(of.answeredAt) }),
    endedAt: Date.parse(of.endedAt),
  };
}
