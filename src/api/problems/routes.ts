import { z } from 'zod';
import { mayAt } from '../access/sites.ts';
import type { Api } from '../api.ts';
import { mayCall, siteOf } from '../live/sites.ts';
import type { Figures } from '../live/traffic.ts';
import { problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';
import { disabledAt } from '../trunks/view.ts';
import { type Trouble, troubles } from './problems.ts';

const trouble = z
  .object({
    id: z.string().describe('The same as long as it lasts.'),
    severity: z
      .enum(['critical', 'warning', 'notice'])
      .describe('`critical`: calls are lost now; `warning`: some are, or will be; `notice`: worth knowing.'),
    what: z.string().describe('In a sentence.'),
    since: z.iso.datetime().optional(),
    todo: z.string().describe('What to do, or where to look.'),
    trunk: z.string().optional(),
    call: z.string().optional(),
  })
  .meta({ id: 'Trouble', description: 'Something that is wrong now.' });

const hour = 3_600_000;

/** What is wrong now. */
export function problemRoutes(api: Api, services: Services): void {
  api.get(
    '/problems',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags: ['house'],
        summary: 'What is wrong now',
        description: 'The worst first. Who has only some sites is told of their trunks and calls.',
        response: { 200: z.object({ items: z.array(trouble) }).meta({ id: 'Troubles' }), default: problemSchema },
      },
    },
    async ({ principal }) => {
      const { live, configuration } = services;
      const found = currentTroubles(services).filter(({ trunk, call }) => {
        if (principal?.sites === undefined) return true;
        if (trunk !== undefined) return mayAt(principal, siteOf(configuration(), trunk));
        const one = call === undefined ? undefined : live.calls.get(call);
        return one !== undefined && mayCall(principal, configuration(), one);
      });
      return {
        items: found.map(({ since, ...rest }) => ({ ...rest, ...(since !== undefined && { since: iso(since) }) })),
      };
    },
  );
}

/** By what the mirror knows. */
function currentTroubles({
  live,
  configuration,
  wall,
}: Pick<Services, 'live' | 'configuration' | 'wall'>): readonly Trouble[] {
  const now = wall();
  const off = new Set(configuration().trunks.flatMap((trunk) => (disabledAt(trunk, now) ? [trunk.name] : [])));
  return troubles({
    now,
    state: live.state,
    stateSince: live.since,
    lagMs: live.lag,
    trunks: [...live.trunks.values()],
    calls: live.calls.values(),
    house: live.house,
    hour: live.traffic.hour('all', '', now),
    before: live.traffic.hour('all', '', now - hour),
    hourOf: (trunk): Figures => live.traffic.hour('to', trunk, now),
    isDisabled: (trunk) => off.has(trunk),
  });
}
