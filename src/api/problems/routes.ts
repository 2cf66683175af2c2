import { z } from 'zod';
import { siteOf } from '#engine/ports';
import { mayAt } from '../access/sites.ts';
import type { Api } from '../api.ts';
import { mayCall } from '../live/sites.ts';
import type { Figures } from '../live/traffic.ts';
import { problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { disabledAt } from '../trunks/view.ts';
import { type Trouble, troubles } from './problems.ts';
import { troubleSchema, troubleView } from './schema.ts';
import { ofWebhooks } from './webhook-problems.ts';

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
        response: { 200: z.object({ items: z.array(troubleSchema) }).meta({ id: 'Troubles' }), default: problemSchema },
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
      return { items: found.map(troubleView) };
    },
  );
}

/** By what the mirror knows. */
export function currentTroubles({
  live,
  configuration,
  webhooks,
  wall,
}: Pick<Services, 'live' | 'configuration' | 'webhooks' | 'wall'>): readonly Trouble[] {
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
    others: ofWebhooks(
      webhooks.webhooks.map((one) => ({ ...one, health: webhooks.healthOf(one.id) })),
      now,
    ),
  });
}
