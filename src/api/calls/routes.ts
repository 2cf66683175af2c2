import { z } from 'zod';
import type { StreamCounters } from '#codec/media-control';
import type { Api } from '../api.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { type CallPlace, callOrders, pageOf, placeIn } from '../live/query.ts';
import { mayCall, mayRecord } from '../live/sites.ts';
import type { LiveLeg } from '../live/told.ts';
import { Problem, problemSchema } from '../problem.ts';
import { streamsView } from '../records/course.ts';
import { partiesOf, reportSchema, reportsView } from '../records/report.ts';
import { type RecordView, recordSchema, recordView, streamSchema } from '../records/view.ts';
import { decisionSchema, decisionView } from '../said/decision.ts';
import type { Services } from '../services.ts';
import { callSchema, callView } from './view.ts';

const tags = ['calls'];
const byCall = z.object({ call: z.string().describe('The id of the call.') });

const whole = z
  .object({
    live: z
      .object({
        call: callSchema,
        decisions: z.array(decisionSchema).describe('Every rule tried until now.'),
        attempts: z.array(z.looseObject({})).describe('Tries that have ended, as records have them, times in Unix ms.'),
        media: z
          .array(streamSchema)
          .optional()
          .describe('What was received on each stream until now; absent: not measured.'),
      })
      .optional()
      .describe('While it stands.'),
    record: recordSchema.optional().describe('When it has ended.'),
    reports: z
      .array(reportSchema)
      .optional()
      .describe('What those at its ends told of its voice until now; some of it comes after the end.'),
  })
  .meta({ id: 'WholeCall', description: 'All about one call: as it stands, or its record.' });

/** Calls that stand: listed, looked at, ended. */
export function callRoutes(api: Api, { ask, live, records, configuration, wall }: Services): void {
  api.get(
    '/calls',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Calls that stand',
        description: 'What has changed since is told by `/events`.',
        querystring: z.object({
          trunk: z.string().optional().describe('Of either side.'),
          number: z.string().optional().describe('How the caller’s or the called number begins, as received.'),
          site: z.string().optional().describe('Where the caller is.'),
          phase: z.enum(['setup', 'answered']).optional(),
          emergency: z.stringbool().optional().describe('Calls for help alone, or all others.'),
          state: z.enum(['hold', 'silent']).optional(),
          text: z.string().max(100).optional().describe('In its id, numbers, trunks, route or user.'),
          sort: z
            .string()
            .default('-started')
            .describe(`By ${callOrders.join(', ')}; with a minus the other way round.`),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
          cursor: z.string().max(500).optional().describe('The `next` of the page before.'),
        }),
        response: {
          200: z
            .object({
              items: z.array(callSchema),
              next: z.string().optional(),
              total: z.int().describe('All that fit.'),
              standing: z.int().describe('All calls.'),
              state: z
                .enum(['reading', 'current', 'lost'])
                .describe('`lost`: nobody tells what happens, and this is old.'),
              lagMs: z.number().describe('How old this is.'),
            })
            .meta({ id: 'Calls' }),
          default: problemSchema,
        },
      },
    },
    async ({ query, principal }) => {
      const { sort, limit, cursor, ...filter } = query;
      const descending = sort.startsWith('-');
      const order = callOrders.find((one) => one === sort.replace('-', ''));
      if (!order) throw new Problem(400, `Calls are not sorted by ${sort}: by ${callOrders.join(', ')}.`);
      const after = cursor === undefined ? undefined : (placeOf(cursor, ['any', 'string']) as CallPlace);
      const all = live.calls.values();
      const own = principal?.sites && [...all].filter((call) => mayCall(principal, configuration(), call));
      const seen = own ?? all;
      const page = pageOf(seen, filter, { order, descending, after, limit });
      const last = page.calls.at(-1);
      return {
        items: page.calls.map(callView),
        ...(page.more && last && { next: cursorOf(placeIn(order, last)) }),
        total: page.total,
        standing: own?.length ?? live.calls.size,
        state: live.state,
        lagMs: live.lag,
      };
    },
  );

  /** What was told of the voice of a call by those at these ends, the caller first. */
  const told = (legs: readonly (LiveLeg | undefined)[]) => {
    const known = legs.flatMap((leg) => (leg?.callId === undefined ? [] : [{ trunk: leg.trunk, callId: leg.callId }]));
    const reports = records()?.reports(known) ?? [];
    return reports.length === 0 ? {} : { reports: reportsView(reports, legs[0] ?? {}) };
  };

  api.get(
    '/calls/:call',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'All about one call',
        params: byCall,
        response: { 200: whole, default: problemSchema },
      },
    },
    async ({ params, principal }) => {
      const standing = live.calls.get(params.call);
      if (standing && mayCall(principal, configuration(), standing)) {
        const answer = await ask('call', { call: params.call, course: true });
        const found = (answer.calls as readonly Trace[]).find(({ call }) => call === params.call);
        const { media } = answer as { readonly media?: Readonly<Record<string, readonly StreamCounters[]>> };
        if (found) {
          const counters = media?.[found.session ?? found.call];
          return {
            live: {
              call: callView(standing),
              decisions: found.decisions.map(decisionView),
              attempts: [...found.attempts] as Record<string, unknown>[],
              ...(counters && { media: streamsView(counters, wall()) as RecordView['media'] }),
            },
            ...told([standing.a, standing.b]),
          };
        }
      }
      const record =
        live.ended.get(params.call) ??
        records()
          ?.find(params.call, 1)
          .find(({ call }) => call === params.call);
      if (!record || !mayRecord(principal, configuration(), record))
        throw new Problem(404, `There is no call ${params.call}.`);
      return { record: recordView(record), ...told(partiesOf(record)) };
    },
  );

  api.delete(
    '/calls/:call',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'End a call',
        description: 'Both sides are hung up on. Its cause is `operator`, and its decisions say who it was.',
        params: byCall,
        response: {
          202: z.object({ at: z.iso.datetime().describe('When it was taken; `/events` tells when it has ended.') }),
          default: problemSchema,
        },
      },
    },
    async ({ params, principal }, reply) => {
      const standing = live.calls.get(params.call);
      if (!standing || !mayCall(principal, configuration(), standing))
        throw new Problem(404, `There is no call ${params.call}, or it has ended.`);
      const { at } = await ask('end', { call: params.call, by: principal!.name });
      return reply.code(202).send({ at: new Date(at as number).toISOString() });
    },
  );
}

/** What `call` answers. */
interface Trace {
  readonly call: string;
  readonly session?: string;
  readonly decisions: readonly { readonly rule: string; readonly outcome: string }[];
  readonly attempts: readonly object[];
}
