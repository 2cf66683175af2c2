import { z } from 'zod';
import { siteOf, type Trunk, trunkOf } from '#engine/ports';
import { mayAt } from '../access/sites.ts';
import type { Api } from '../api.ts';
import type { LiveTrunk } from '../live/told.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { testRoutes } from './test-routes.ts';
import { trunkSchema, trunkView } from './view.ts';

const tags = ['trunks'];
const named = z.object({ trunk: z.string().describe('Its name.') });

/** Trunks as they stand, and what may be done with one. */
export function trunkRoutes(api: Api, services: Services): void {
  const { ask, configuration, live } = services;
  const visible = (request: Parameters<typeof mayAt>[0], name: string) => mayAt(request, siteOf(configuration(), name));
  /** Those of the configuration first, in its order; until somebody tells of one nobody knows how it is. */
  const all = () => {
    const configured = configuration().trunks;
    const names = new Set(configured.map(({ name }) => name));
    const others = [...live.trunks.values()].filter(({ trunk }) => !names.has(trunk));
    return [...configured.map((trunk) => live.trunks.get(trunk.name) ?? unheard(trunk)), ...others];
  };
  const found = (request: Parameters<typeof mayAt>[0], name: string) => {
    const configured = trunkOf(configuration(), name);
    const trunk = live.trunks.get(name) ?? (configured && unheard(configured));
    if (!trunk || !visible(request, name)) throw new Problem(404, `There is no trunk ${name}.`);
    return trunk;
  };

  api.get(
    '/trunks',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'All trunks as they stand',
        querystring: z.object({
          state: z.enum(['up', 'partly-down', 'down', 'unknown', 'disabled']).optional(),
          text: z.string().max(100).optional().describe('In the name.'),
        }),
        response: { 200: z.object({ items: z.array(trunkSchema) }).meta({ id: 'Trunks' }), default: problemSchema },
      },
    },
    async ({ principal, query: { state, text } }) => ({
      items: all()
        .filter(({ trunk }) => visible(principal, trunk) && (text === undefined || trunk.includes(text)))
        .map((trunk) => trunkView(trunk, services))
        .filter((trunk) => state === undefined || trunk.state === state),
    }),
  );
  api.get(
    '/trunks/:trunk',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'One trunk as it stands',
        params: named,
        response: { 200: trunkSchema, default: problemSchema },
      },
    },
    async ({ params, principal }) => trunkView(found(principal, params.trunk), services),
  );
  for (const [action, summary] of [
    ['probe', 'Send OPTIONS to each target of a trunk at once'],
    ['register', 'Have a trunk register at once'],
  ] as const)
    api.post(
      `/trunks/:trunk/${action}`,
      {
        config: { right: 'operator', sites: 'heeded' },
        schema: {
          tags,
          summary,
          params: named,
          response: {
            202: z.object({ at: z.iso.datetime().describe('When it was taken.') }),
            default: problemSchema,
          },
        },
      },
      async ({ params, principal }, reply) => {
        const { trunk } = found(principal, params.trunk);
        const { at } = await ask(action, { trunk });
        return reply.code(202).send({ at: new Date(at as number).toISOString() });
      },
    );
  testRoutes(api, services, (principal, name) => found(principal, name).trunk);
}

function unheard({ name, kind, side, transport }: Trunk): LiveTrunk {
  const health = { state: 'unknown', because: 'nothing was told of it yet', targets: [] } as const;
  return { trunk: name, kind, side, transport, health, targets: [], options: [], calls: 0 };
}
