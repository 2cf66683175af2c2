import { z } from 'zod';
import { capture } from '#codec/pcapng';
import { type EndReason, endReasons } from '#engine/ports';
import { toText } from '#kernel';
import type { Api } from '../api.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';
import { packetsOf, traceOf } from './trace.ts';

const message = z
  .object({
    at: z.iso.datetime(),
    atMs: z.number().describe('Unix milliseconds, with fractions.'),
    sent: z.boolean().describe('Whether we sent it.'),
    transport: z.string(),
    local: z.string().describe('Ours: `192.0.2.1:5060`.'),
    remote: z.string(),
    leg: z.string().describe('The trunk, or the user, on whose leg it went.'),
    callId: z.string(),
    firstLine: z.string(),
    text: z.string().describe('The message; answers to challenges and keys of SRTP are written over with x.'),
  })
  .meta({ id: 'Message', description: 'A SIP message of a call.' });

const named = z.object({ call: z.string().describe('The id of the call.') });

const time = z.iso.datetime({ offset: true });
const reasons = Object.keys(endReasons) as [EndReason, ...EndReason[]];

const kept = z
  .object({
    call: z.string(),
    endedAt: z.iso.datetime(),
    caller: z.string(),
    called: z.string(),
    trunks: z.array(z.string()).describe('Of both sides, and of every try.'),
    reason: z.string().describe('Why it ended.'),
    messages: z.int().describe('How many there are.'),
  })
  .meta({ id: 'KeptTrace', description: 'A call whose messages are kept on the disk.' });

/** The messages of calls: as long as they are kept, on both legs, TLS in clear. */
export function traceRoutes(api: Api, services: Services): void {
  api.get(
    '/calls/:call/messages',
    {
      config: { right: 'viewer' },
      schema: {
        tags: ['traces'],
        summary: 'All messages of a call, in the order in which they came and went',
        params: named,
        response: {
          200: z
            .object({
              call: z.string(),
              from: z
                .enum(['memory', 'kept'])
                .describe('`kept`: as they were kept on the disk when the call had ended.'),
              messages: z.array(message),
            })
            .meta({ id: 'Messages' }),
          default: problemSchema,
        },
      },
    },
    async ({ params }) => {
      const { call, from, messages } = await traceOf(services, params.call);
      return {
        call,
        from,
        messages: messages.map(({ at, local, remote, octets, ...rest }) => ({
          ...rest,
          at: new Date(at).toISOString(),
          atMs: at,
          local: `${local.host}:${local.port}`,
          remote: `${remote.host}:${remote.port}`,
          firstLine: toText(octets.slice(0, octets.indexOf('\r\n'))),
          text: toText(octets),
        })),
      };
    },
  );
  api.get(
    '/calls/:call/capture.pcapng',
    {
      config: { right: 'operator', changes: true },
      schema: {
        tags: ['traces'],
        summary: 'The same for Wireshark',
        description: 'Each message in a packet made for it; what went by TLS in clear, secrets written over.',
        params: named,
        produces: ['application/x-pcapng'],
      },
    },
    async ({ params }, reply) => {
      const trace = await traceOf(services, params.call);
      const file = capture(packetsOf(trace), {
        application: `Tandem ${services.version}`,
        comment: `call ${trace.call}`,
      });
      return reply
        .type('application/x-pcapng')
        .header('content-disposition', `attachment; filename="call-${trace.call.replace(/[^\w-]/g, '')}.pcapng"`)
        .serializer((payload: unknown) => payload as string)
        .send(file);
    },
  );
  api.get(
    '/traces',
    {
      config: { right: 'viewer' },
      schema: {
        tags: ['traces'],
        summary: 'Calls whose messages are kept on the disk, newest first',
        description: 'Which are is in `tracing.keep` of the configuration; each is read as those of any other call.',
        querystring: z.object({
          trunk: z.string().optional().describe('Of either side, or of a try.'),
          number: z.string().min(1).max(100).optional().describe('In the caller’s or the called one.'),
          reason: z.enum(reasons).optional(),
          since: time.optional().describe('They ended then or later.'),
          until: time.optional().describe('They ended before then.'),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
          cursor: z.string().max(200).optional().describe('The `next` of the page before.'),
        }),
        response: {
          200: z
            .object({
              items: z.array(kept),
              next: z.string().optional(),
              total: z.int().describe('Those that are kept, whatever was asked for.'),
              octets: z.int().describe('What all take of the disk.'),
            })
            .meta({ id: 'KeptTraces' }),
          default: problemSchema,
        },
      },
    },
    async ({ query: { trunk, number, reason, since, until, limit, cursor } }) => {
      const before = cursor === undefined ? undefined : (placeOf(cursor, ['number'])[0] as number);
      const store = services.traces();
      if (!store) return { items: [], total: 0, octets: 0 };
      const found = store.list({
        ...(trunk !== undefined && { trunk }),
        ...(number !== undefined && { number }),
        ...(reason !== undefined && { reason }),
        ...(since !== undefined && { from: Date.parse(since) }),
        ...(until !== undefined && { to: Date.parse(until) }),
        ...(before !== undefined && { before }),
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      return {
        items: page.map(({ id: _, at, ...rest }) => ({ ...rest, trunks: [...rest.trunks], endedAt: iso(at) })),
        ...(found.length > limit && { next: cursorOf([page.at(-1)!.id]) }),
        total: store.stands().traces,
        octets: store.size,
      };
    },
  );
  api.delete(
    '/traces/:call',
    {
      config: { right: 'operator' },
      schema: {
        tags: ['traces'],
        summary: 'Let go what is kept on the disk of a call',
        description: 'Its record stays, and what is in memory still.',
        params: named,
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async ({ params: { call } }, reply) => {
      if (!services.traces()?.remove(call)) throw new Problem(404, `Nothing is kept of a call ${call}.`);
      return reply.code(204).send(null);
    },
  );
}
