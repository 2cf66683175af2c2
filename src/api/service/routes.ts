import { z } from 'zod';
import type { Api } from '../api.ts';
import { problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';

const version = z
  .object({ version: z.string(), node: z.string().describe('The version of Node.') })
  .meta({ id: 'Version' });

const health = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
  })
  .meta({ id: 'Health', description: 'Whether calls are taken, and what keeps them from it.' });

/** What the program is, and whether it serves. */
export function serviceRoutes(api: Api, { version: ours, ask }: Services): void {
  api.get(
    '/version',
    {
      config: { right: 'anybody' },
      schema: { tags: ['service'], summary: 'Which version runs', response: { 200: version } },
    },
    async () => ({ version: ours, node: process.version }),
  );
  api.get(
    '/readyz',
    {
      config: { right: 'anybody' },
      schema: {
        tags: ['service'],
        summary: 'Whether calls are taken',
        description: 'For load balancers and orchestrators: 503 while the signalling process does not answer.',
        response: { 200: health, 503: health, default: problemSchema },
      },
    },
    async (_request, reply) => {
      const signalling = await ask('trunks').then(
        () => ({ name: 'signalling', ok: true }),
        (error: Error) => ({ name: 'signalling', ok: false, detail: error.message }),
      );
      return reply.code(signalling.ok ? 200 : 503).send({
        status: signalling.ok ? 'ready' : 'not-ready',
        checks: [signalling],
      });
    },
  );
  api.get(
    '/healthz',
    {
      config: { right: 'anybody' },
      schema: {
        tags: ['service'],
        summary: 'Whether the management process lives',
        response: { 200: health },
      },
    },
    async () => ({ status: 'ready' as const, checks: [{ name: 'management', ok: true }] }),
  );
}
