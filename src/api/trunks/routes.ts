import { z } from 'zod';
import { demandAt, mayAt } from '../access/sites.ts';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';

/** As the signalling process tells of it (docs/trunks.md explains each word). */
const trunk = z.looseObject({ trunk: z.string().describe('Its name.') }).meta({
  id: 'Trunk',
  description: 'A trunk as it stands: health with its evidence, registration, last OPTIONS, calls.',
});
const named = z.object({ trunk: z.string().describe('Its name.') });

/** Trunks as they stand, and what may be done with one. */
export function trunkRoutes(api: Api, { ask, configuration }: Services): void {
  api.get(
    '/trunks',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags: ['trunks'],
        summary: 'All trunks as they stand',
        response: { 200: z.object({ trunks: z.array(trunk) }).meta({ id: 'Trunks' }), default: problemSchema },
      },
    },
    async ({ principal }) => {
      const trunks = (await ask('trunks')).trunks as z.infer<typeof trunk>[];
      const siteOf = (name: string) => configuration().trunks.find((one) => one.name === name)?.site;
      return { trunks: trunks.filter((one) => mayAt(principal, siteOf(one.trunk))) };
    },
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
          tags: ['trunks'],
          summary,
          params: named,
          response: {
            202: z.object({ at: z.number().describe('Unix ms at which it was taken.') }),
            default: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const { trunk: name } = request.params;
        const missing = `There is no trunk ${name}.`;
        const known = configuration().trunks.find((one) => one.name === name);
        if (!known) throw new Problem(404, missing);
        demandAt(request.principal, known.site, missing);
        const { at } = await ask(action, { trunk: name });
        return reply.code(202).send({ at: at as number });
      },
    );
}
