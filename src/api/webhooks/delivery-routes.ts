import { z } from 'zod';
import type { Webhook } from '#shell/management-store';
import type { Api } from '../api.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { deliveryDetail, deliverySchema, deliveryStateSchema, deliveryView, tryView } from './describing.ts';

const tags = ['webhooks'];
const named = z.object({ webhook: z.string().max(64).describe('Its id.') });
const one = named.extend({ delivery: z.coerce.number().int().positive().describe('Its id.') });

/** What was sent to a webhook, what is to be, and a message of its own to try it by. */
export function deliveryRoutes(api: Api, { webhooks: sender }: Services, theWebhook: (id: string) => Webhook): void {
  const config = { right: 'administrator' } as const;

  api.post(
    '/webhooks/:webhook/test',
    {
      config,
      schema: {
        tags,
        summary: 'Send a message at once, also to one that is disabled',
        description: 'It is tried once, for 10 s at most; what came of it is the answer.',
        params: named,
        response: { 200: deliverySchema, default: problemSchema },
      },
    },
    async (request) => {
      const { principal, params } = request;
      const outcome = deliveryView(await sender.test(theWebhook(params.webhook), principal!.name));
      request.change = { after: { state: outcome.state, error: outcome.last?.error } };
      return outcome;
    },
  );
  api.get(
    '/webhooks/:webhook/deliveries',
    {
      config,
      schema: {
        tags,
        summary: 'What waits, and the last 200 that do not any more; the newest first',
        params: named,
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: z.string().max(200).optional().describe('The `next` of the page before.'),
          state: deliveryStateSchema.optional(),
        }),
        response: {
          200: z
            .object({ items: z.array(deliverySchema), next: z.string().optional() })
            .meta({ id: 'WebhookDeliveries' }),
          default: problemSchema,
        },
      },
    },
    async ({ params, query: { limit, cursor, state } }) => {
      const { id } = theWebhook(params.webhook);
      const before = cursor === undefined ? undefined : (placeOf(cursor, ['number'])[0] as number);
      const found = sender.deliveries(id, limit + 1, {
        ...(before !== undefined && { before }),
        ...(state && { state }),
      });
      const page = found.slice(0, limit);
      return {
        items: page.map(deliveryView),
        ...(found.length > limit && { next: cursorOf([page.at(-1)!.id]) }),
      };
    },
  );
  api.get(
    '/webhooks/:webhook/deliveries/:delivery',
    {
      config,
      schema: {
        tags,
        summary: 'One message: what it says, and each try',
        params: one,
        response: { 200: deliveryDetail, default: problemSchema },
      },
    },
    async ({ params }) => {
      const hook = theWebhook(params.webhook);
      const found = sender.delivery(hook.id, params.delivery);
      if (!found) throw notThere(params.delivery);
      const { delivery, tries } = found;
      return {
        ...deliveryView(delivery),
        body: delivery.message.body,
        attempts: tries.map(({ number, answer, ...rest }) => ({
          number,
          ...tryView({ number, answer, ...rest }),
          ...(answer !== undefined && { answer }),
        })),
      };
    },
  );
  api.post(
    '/webhooks/:webhook/deliveries/:delivery/resend',
    {
      config,
      schema: {
        tags,
        summary: 'Send it again, now',
        description: 'It has the same `webhook-id`: a receiver that has taken it may know that it has.',
        params: one,
        response: { 202: deliverySchema, default: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const hook = theWebhook(params.webhook);
      if (!hook.enabled) throw new Problem(409, `The webhook ${hook.name} is disabled: enable it first.`);
      const again = sender.again(hook, params.delivery);
      if (!again) throw notThere(params.delivery);
      return reply.code(202).send(deliveryView(again));
    },
  );
}

const notThere = (id: number) => new Problem(404, `There is no delivery ${id} any more: the last 200 are kept.`);
