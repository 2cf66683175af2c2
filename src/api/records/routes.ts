import { z } from 'zod';
import { type EndReason, endReasons } from '#engine/ports';
import type { Delays, RecordPlace } from '#shell/store';
import type { Principal } from '../access/principal.ts';
import type { Api } from '../api.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { mayRecord } from '../live/sites.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';
import { recordLine, recordLineSchema, recordSchema, recordView } from './view.ts';

const tags = ['records'];
const reasons = Object.keys(endReasons) as [EndReason, ...EndReason[]];
const time = z.iso.datetime({ offset: true });

const sums = {
  calls: z.int(),
  answered: z.int(),
  asr: z.number().optional().describe('Answered of all (ITU-T E.411), 0 to 1.'),
  ner: z.number().optional().describe('Answered, or ended as a party chose, of all (ITU-T E.425), 0 to 1.'),
  acdMs: z.number().optional().describe('How long answered ones lasted on average.'),
};
interface Sums {
  readonly calls: number;
  readonly answered: number;
  readonly effective: number;
  readonly talkMs: number;
}

/** Calls that have ended: found, read, added up. */
export function recordRoutes(api: Api, { records, configuration, live }: Services): void {
  const reader = () => {
    const found = records();
    if (!found) throw new Problem(503, 'There are no records yet: the first call makes them.');
    return found;
  };
  const trunksOf = (principal: Principal | undefined) =>
    principal?.sites && {
      sites: principal.sites,
      trunks: configuration().trunks.flatMap(({ name, site }) =>
        site !== undefined && principal.sites!.includes(site) ? [name] : [],
      ),
    };

  api.get(
    '/records',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Calls that have ended, newest first',
        description:
          'A page that took too long ends early (`complete`): go on with `next`. `previous` of the newest page is where later calls will be.',
        querystring: z.object({
          since: time.optional().describe('They began then or later.'),
          until: time.optional().describe('They began before then.'),
          trunk: z.string().optional().describe('From it, or offered to it.'),
          number: z
            .string()
            .max(100)
            .optional()
            .describe('The caller’s or the called one, as received or as sent; `*` stands for anything.'),
          reason: z.enum(reasons).optional(),
          failed: z.stringbool().optional().describe('No party chose the end; or one did.'),
          answered: z.stringbool().optional(),
          site: z.string().optional().describe('Where the caller was.'),
          user: z.string().optional(),
          route: z.string().optional(),
          emergency: z.stringbool().optional(),
          status: z.coerce
            .number()
            .int()
            .min(100)
            .max(699)
            .optional()
            .describe('The final SIP status of the far side.'),
          call: z
            .string()
            .min(1)
            .max(100)
            .optional()
            .describe('How its id begins: those calls alone, whatever else is asked for, in the order of their ids.'),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
          cursor: z.string().max(200).optional().describe('The `next` or `previous` of another page.'),
        }),
        response: {
          200: z
            .object({
              items: z.array(recordLineSchema),
              next: z.string().optional().describe('Older ones.'),
              previous: z.string().optional().describe('Newer ones.'),
              complete: z.boolean().describe('False: the page ends early, older ones are to be asked for.'),
              total: z.int().optional().describe('How many fit in all; absent: nobody knows.'),
              estimated: z.boolean().optional().describe('The total is by the hour, or of tries in place of calls.'),
            })
            .meta({ id: 'Records' }),
          default: problemSchema,
        },
      },
    },
    async ({ query, principal }) => {
      const { since, until, limit, cursor, call, ...filter } = query;
      if (call !== undefined) {
        const after = cursor === undefined ? undefined : (placeOf(cursor, ['string'])[0] as string);
        const found = reader().find(call, limit + 1, after);
        const page = found.slice(0, limit);
        return {
          items: page.filter((record) => mayRecord(principal, configuration(), record)).map(recordLine),
          ...(found.length > limit && { next: cursorOf([page.at(-1)!.call]) }),
          complete: true,
        };
      }
      const of = trunksOf(principal);
      const page = await reader().page(
        {
          ...filter,
          ...(since !== undefined && { since: Date.parse(since) }),
          ...(until !== undefined && { until: Date.parse(until) }),
          ...(of && { of }),
        },
        { limit, ...(cursor !== undefined && fromCursor(cursor)) },
      );
      return {
        items: page.records.map(recordLine),
        ...(page.older && { next: cursorOf(['older', page.older.started, page.older.id]) }),
        ...(page.newer && { previous: cursorOf(['newer', page.newer.started, page.newer.id]) }),
        complete: page.complete,
        ...(page.total && { total: page.total.calls, estimated: page.total.estimated }),
      };
    },
  );

  api.get(
    '/records/:call',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'The whole record of a call',
        params: z.object({ call: z.string().describe('Its id.') }),
        response: { 200: recordSchema, default: problemSchema },
      },
    },
    async ({ params, principal }) => {
      const record =
        live.ended.get(params.call) ??
        records()
          ?.find(params.call, 1)
          .find(({ call }) => call === params.call);
      if (!record || !mayRecord(principal, configuration(), record))
        throw new Problem(404, `There is no record of a call ${params.call}.`);
      return recordView(record);
    },
  );

  api.get(
    '/statistics',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'What became of calls, step by step of a time',
        description:
          'By the hour in which calls began; where a step is shorter, from the calls themselves as long as there are not too many. Who has only some sites asks for one of them, or of their trunks.',
        querystring: z.object({
          since: time,
          until: time,
          intervalSeconds: z.coerce.number().int().min(60).max(31_536_000).default(3600),
          offsetMinutes: z.coerce
            .number()
            .int()
            .min(-840)
            .max(840)
            .default(0)
            .describe('Of the local time to UTC: steps of days begin by it.'),
          trunk: z.string().optional().describe('Calls over it; all calls unless given.'),
          part: z
            .enum(['from', 'to'])
            .default('to')
            .describe('Of the trunk: calls that came from it, or tries over it.'),
          site: z.string().optional().describe('Over its trunks, as `part` says.'),
          direction: z
            .enum(['inbound', 'outbound'])
            .optional()
            .describe('From the trunks that lead outside, or tries over them; those of the site, where one is given.'),
          reason: z.enum(reasons).optional().describe('Those alone that ended so.'),
        }),
        response: {
          200: z
            .object({
              intervalSeconds: z.int().describe('Of a step: longer than asked for, where there are too many calls.'),
              total: z.object({
                ...sums,
                rang: z.int().optional().describe('Those that rang; not known by reason.'),
                pddMs: z
                  .object({ p50: z.number(), p90: z.number(), p99: z.number() })
                  .optional()
                  .describe('From the INVITE until it rang, to within a tenth: half of all rang within `p50`.'),
              }),
              series: z.array(z.object({ at: z.iso.datetime(), ...sums })).describe('Steps with calls.'),
              reasons: z.array(z.object({ reason: z.string(), calls: z.int() })),
              trunks: z.array(
                z.object({
                  trunk: z.string().describe('Or a user; `*` are others.'),
                  part: z.enum(['from', 'to']),
                  ...sums,
                }),
              ),
            })
            .meta({ id: 'Statistics' }),
          default: problemSchema,
        },
      },
    },
    async ({ query, principal }) => {
      const { since, until, intervalSeconds, offsetMinutes, trunk, site, direction, reason } = query;
      if (trunk !== undefined && (site !== undefined || direction !== undefined))
        throw new Problem(400, 'A trunk is of one site and leads one way: ask for it alone.');
      const range = { since: Date.parse(since), until: Date.parse(until) };
      if (range.until <= range.since) throw new Problem(400, 'The time ends before it begins.');
      if ((range.until - range.since) / (intervalSeconds * 1000) > mostSteps)
        throw new Problem(400, `These are more than ${mostSteps} steps: take longer ones, or a shorter time.`);
      const own = trunksOf(principal);
      if (own && !own.trunks.includes(trunk ?? '') && !own.sites.includes(site ?? ''))
        throw new Problem(
          403,
          `Ask for one of your sites (${own.sites.join(', ')}) or trunks: ${own.trunks.join(', ') || 'there is none'}.`,
        );
      const isSome = site !== undefined || direction !== undefined;
      const some = configuration().trunks.flatMap((one) =>
        (site === undefined || one.site === site) && (direction === undefined || one.side === 'external')
          ? [one.name]
          : [],
      );
      const part = direction === undefined ? query.part : direction === 'inbound' ? 'from' : 'to';
      const trunks = trunk === undefined ? (isSome ? some : undefined) : [trunk];
      const found = reader().statistics({
        ...range,
        interval: intervalSeconds * 1000,
        offset: offsetMinutes * 60_000,
        ...(trunks && { trunks, part }),
        ...(reason !== undefined && { reason }),
      });
      const { delays, ...total } = found.total;
      return {
        intervalSeconds: found.interval / 1000,
        total: {
          ...shares(total),
          ...(delays && delaysView(delays)),
        },
        series: found.series.map(({ at, ...step }) => ({ at: iso(at), ...shares(step) })),
        reasons: [...found.reasons],
        trunks: found.trunks.map(({ trunk: name, part: of, ...each }) => ({ trunk: name, part: of, ...shares(each) })),
      };
    },
  );
}

function delaysView({ rang, p50, p90, p99 }: Delays) {
  return {
    rang,
    ...(p50 !== undefined && { pddMs: { p50: Math.round(p50), p90: Math.round(p90!), p99: Math.round(p99!) } }),
  };
}

/** Steps of one answer: a year by the hour. */
const mostSteps = 10_000;

function shares({ calls, answered, effective, talkMs }: Sums) {
  const share = (of: number) => Math.round((of / calls) * 1000) / 1000;
  return {
    calls,
    answered,
    ...(calls > 0 && { asr: share(answered), ner: share(effective) }),
    ...(answered > 0 && { acdMs: Math.round(talkMs / answered) }),
  };
}

function fromCursor(cursor: string): { older?: RecordPlace; newer?: RecordPlace } {
  const [way, started, id] = placeOf(cursor, ['string', 'number', 'number']) as [string, number, number];
  return way === 'newer' ? { newer: { started, id } } : { older: { started, id } };
}
