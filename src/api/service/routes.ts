import { z } from 'zod';
import type { Api } from '../api.ts';
import type { Services } from '../services.ts';
import { health } from './health.ts';

const version = z
  .object({ version: z.string(), node: z.string().describe('The version of Node.') })
  .meta({ id: 'Version' });

/** What the program is. */
export function serviceRoutes(api: Api, services: Services): void {
  api.get(
    '/version',
    {
      config: { right: 'anybody' },
      schema: { tags: ['service'], summary: 'Which version runs', response: { 200: version } },
    },
    async () => ({ version: services.version, node: process.version }),
  );
  healthRoutes(api, services);
}

/** How the program is, as its supervisor knows it: of the API, and where load balancers look for it unless they are told otherwise. */
export function healthRoutes(api: Api, { health: ask }: Services, { hide = false } = {}): void {
  const config = { right: 'anybody' } as const;
  const response = { 200: health, 503: health };
  api.get(
    '/readyz',
    {
      config,
      schema: {
        tags: ['service'],
        summary: 'Whether new calls are taken',
        description:
          'For load balancers and orchestrators: 503 while the signalling or the media process is being started or does not answer, and once the program drains. Also at `/readyz`, and at `health.listen`.',
        response,
        hide,
      },
    },
    async (_request, reply) => {
      const told = await ask('readyz');
      return reply.code(told.status === 'ready' ? 200 : 503).send(told);
    },
  );
  api.get(
    '/healthz',
    {
      config,
      schema: {
        tags: ['service'],
        summary: 'Whether the program lives',
        description:
          '503 when a process that calls need has been away for a minute, although it is started again. Draining is no fault. Also at `/healthz`, and at `health.listen`.',
        response,
        hide,
      },
    },
    async (_request, reply) => {
      const told = await ask('healthz');
      return reply.code(told.status === 'alive' ? 200 : 503).send(told);
    },
  );
}
