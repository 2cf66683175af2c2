import { z } from 'zod';
import { type SideSteps, type StreamCounters, stepColumns, unpackSteps } from '#codec/media-control';
import { iso } from '../time.ts';

const column = (what: string) => z.array(z.number().nullable()).describe(`${what} null: not known of that step.`);

const side = z.object({
  packets: column('That came.'),
  lost: column('That were expected and did not come.'),
  jitterMs: column('Interarrival jitter (RFC 3550 A.8), the most of the step.'),
  roundTripMs: column('Between us and the peer, as its RTCP tells, the most of the step.'),
  peerLoss: column('What the peer says that it lost of what went to it, 0 to 1, the most of the step.'),
});

export const courseSchema = z
  .object({
    startedAt: z.iso.datetime().describe('When the first step began.'),
    stepMs: z.number().describe('How long each step is; longer ones where there would be more than 120.'),
    a: side,
    b: side,
  })
  .meta({
    id: 'StreamCourse',
    description: 'How a stream went over time, a value a step, of what came from each side.',
  });
export type CourseView = z.infer<typeof courseSchema>;

/** Streams as the media process counted them until `until`, Unix ms. */
export function streamsView(streams: readonly StreamCounters[], until: number): object[] {
  return streams.map(({ course, ...counters }) => ({
    ...counters,
    ...(course && {
      course: {
        startedAt: iso(until - course.agoMs),
        stepMs: course.stepMs,
        a: stepsView(unpackSteps(course.a)),
        b: stepsView(unpackSteps(course.b)),
      } satisfies CourseView,
    }),
  }));
}

function stepsView(steps: SideSteps): CourseView['a'] {
  const columns = stepColumns.map((name) => [name, steps[name].map((value) => value ?? null)] as const);
  return Object.fromEntries(columns) as CourseView['a'];
}
