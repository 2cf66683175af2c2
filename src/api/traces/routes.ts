import { z } from 'zod';
import { capture } from '#codec/pcapng';
import { toText } from '#kernel';
import type { Api } from '../api.ts';
import { problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
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
          200: z.object({ call: z.string(), messages: z.array(message) }).meta({ id: 'Messages' }),
          default: problemSchema,
        },
      },
    },
    async ({ params }) => {
      const { call, messages } = await traceOf(services, params.call);
      return {
        call,
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
      config: { right: 'operator' },
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
}
