import { z } from 'zod';
import {
  type AttemptRecord,
  type CallRecord,
  describeEnd,
  type EndCause,
  type LegIdentifiers,
  partiesOwnEnds,
} from '#engine/ports';
import { captureSchema, captureView } from '../captures/view.ts';
import { decisionSchema, decisionView } from '../said/decision.ts';
import { iso } from '../time.ts';
import { courseSchema, streamsView } from './course.ts';

export const endSchema = z
  .object({
    by: z.enum(['caller', 'callee', 'tandem', 'nobody']),
    reason: z.string().describe('One word of docs/end-causes.md.'),
    text: z.string().describe('In a sentence.'),
    failure: z.boolean().describe('No party chose it.'),
    sip: z.object({ status: z.int(), phrase: z.string() }).optional(),
    q850: z.object({ cause: z.int(), text: z.string().optional() }).optional(),
    reasonHeader: z.string().optional(),
  })
  .meta({ id: 'EndCause' });

const leg = z
  .object({
    trunk: z.string(),
    remote: z.string(),
    callId: z.string(),
    localTag: z.string(),
    remoteTag: z.string(),
  })
  .meta({ id: 'Leg' });

const times = {
  startedAt: z.iso.datetime(),
  ringingAt: z.iso.datetime().optional(),
  answeredAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime(),
};

const sideCounters = z.looseObject({
  packets: z.number(),
  bytes: z.number(),
  lost: z.number().describe('Packets.'),
  jitterMs: z.number().optional(),
  report: z
    .looseObject({
      lost: z.number().describe('Packets.'),
      fractionLost: z.number().describe('Since its report before, 0 to 1.'),
      jitterMs: z.number().optional(),
      roundTripMs: z.number().optional().describe('Between it and us.'),
      voip: z
        .looseObject({
          lossRate: z.number(),
          discardRate: z.number(),
          rFactor: z.number().optional(),
          mosListening: z.number().optional(),
          mosConversational: z.number().optional(),
        })
        .optional()
        .describe('Measured by the device itself (RFC 3611 4.7); what it did not measure is absent.'),
    })
    .optional()
    .describe('What this side said last by RTCP of what came to it; absent: it said nothing.'),
});

export const streamSchema = z
  .looseObject({
    stream: z.int(),
    media: z.string(),
    a: sideCounters,
    b: sideCounters,
    course: courseSchema.optional().describe('Absent: it lasted less than two steps, is a fax, or is not measured.'),
  })
  .meta({
    id: 'StreamCounters',
    description: 'What was received from the caller (`a`) and the callee (`b`) on one stream.',
  });

const attempt = z
  .object({ leg, caller: z.string(), called: z.string(), ...times, end: endSchema })
  .meta({ id: 'Attempt', description: 'One try to reach one target of one trunk.' });

export const recordSchema = z
  .object({
    call: z.string(),
    leg,
    caller: z.string(),
    called: z.string(),
    route: z.string().optional(),
    emergency: z.string().optional(),
    basis: z
      .object({
        user: z.string().optional(),
        site: z.string().optional(),
        policy: z.string().optional(),
        usage: z.string().optional(),
      })
      .optional(),
    decisions: z.array(decisionSchema),
    ...times,
    talkMs: z.number(),
    end: endSchema,
    attempts: z.array(attempt),
    bypassed: z.literal(true).optional(),
    captures: z.array(captureSchema).optional().describe('Copies of its media that somebody had made.'),
    media: z.array(streamSchema).optional().describe('Absent: not measured.'),
  })
  .meta({ id: 'CallRecord', description: 'What became of a call that has ended.' });
export type RecordView = z.infer<typeof recordSchema>;

export function recordView({ leg, decisions, attempts, media, end, ...record }: CallRecord): RecordView {
  const { call, caller, called, route, emergency, basis, talkMs, bypassed } = record;
  return {
    call,
    leg: legView(leg),
    caller,
    called,
    ...(route !== undefined && { route }),
    ...(emergency !== undefined && { emergency }),
    ...(basis && { basis }),
    decisions: decisions.map(decisionView),
    ...timesView(record),
    talkMs,
    end: endView(end),
    attempts: attempts.map((one) => ({
      leg: legView(one.leg),
      caller: one.caller,
      called: one.called,
      ...timesView(one),
      end: endView(one.end),
    })),
    ...(bypassed && { bypassed }),
    ...(record.captures && { captures: record.captures.map(captureView) }),
    ...(media && { media: streamsView(media, record.endedAt) as RecordView['media'] }),
  };
}

/** A line of a list: without what only one call's page shows. */
export const recordLineSchema = recordSchema
  .omit({ decisions: true, attempts: true, captures: true, media: true, leg: true, basis: true })
  .extend({
    from: z.string().describe('The trunk, or the user, that it came from.'),
    to: z.string().optional().describe('The trunk, or the user, that took it, or was tried last.'),
    site: z.string().optional(),
    user: z.string().optional(),
    attempts: z.int().describe('How often it was tried.'),
  })
  .meta({ id: 'CallRecordLine', description: 'A call that has ended, in short.' });
export type RecordLine = z.infer<typeof recordLineSchema>;

export function recordLine(record: CallRecord): RecordLine {
  const { call, caller, called, route, emergency, basis, talkMs, bypassed, leg, attempts, end } = record;
  const last = attempts.at(-1);
  return {
    call,
    caller,
    called,
    from: leg.trunk,
    ...(last && { to: last.leg.trunk }),
    ...(route !== undefined && { route }),
    ...(emergency !== undefined && { emergency }),
    ...(basis?.site !== undefined && { site: basis.site }),
    ...(basis?.user !== undefined && { user: basis.user }),
    ...timesView(record),
    talkMs,
    end: endView(end),
    attempts: attempts.length,
    ...(bypassed && { bypassed }),
  };
}

function legView({ trunk, remote, callId, localTag, remoteTag }: LegIdentifiers): LegIdentifiers {
  return { trunk, remote, callId, localTag, remoteTag };
}

function timesView(of: Pick<AttemptRecord, 'startedAt' | 'ringingAt' | 'answeredAt' | 'endedAt'>) {
  const { startedAt, ringingAt, answeredAt, endedAt } = of;
  return {
    startedAt: iso(startedAt),
    ...(ringingAt !== undefined && { ringingAt: iso(ringingAt) }),
    ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
    endedAt: iso(endedAt),
  };
}

export function endView(cause: EndCause): RecordView['end'] {
  const { by, reason, sip, q850, reasonHeader } = cause;
  return {
    by,
    reason,
    text: describeEnd(cause),
    failure: !partiesOwnEnds.has(reason),
    ...(sip && { sip: { status: sip.status, phrase: sip.phrase } }),
    ...(q850 && { q850: { cause: q850.cause, ...(q850.text !== undefined && { text: q850.text }) } }),
    ...(reasonHeader !== undefined && { reasonHeader }),
  };
}

/** Whom a call was of: what rights by site look at. */
export function endsOf({ basis, leg, attempts }: CallRecord): {
  readonly site?: string;
  readonly a: LegIdentifiers;
  readonly b?: LegIdentifiers;
} {
  const last = attempts.at(-1)?.leg;
  return { ...(basis?.site !== undefined && { site: basis.site }), a: leg, ...(last && { b: last }) };
}
