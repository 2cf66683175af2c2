import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Webhook } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { demandVersion, seenVersion, tagged } from '../versions.ts';
import { eventNames, eventTypes, messageSchemas } from './catalogue.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { eventTypeSchema, newWebhook, secretSchema, webhookChange, webhookSchema, webhookView } from './describing.ts';

const tags = ['webhooks'];
const named = z.object({ webhook: z.string().max(64).describe('Its id.') });
const hour = 3_600_000;

/** Who is told elsewhere of what happens here: administrators see to that. */
export function webhookRoutes(api: Api, services: Services): void {
  const config = { right: 'administrator' } as const;
  const { access, webhooks: sender, configuration, wall } = services;
  const theWebhook = (id: string): Webhook => {
    const found = access.store.webhooks.get(id);
    if (!found) throw new Problem(404, `There is no webhook ${id}.`);
    return found;
  };
  const shown = (hook: Webhook) => webhookView(hook, sender, wall());
  /** What is misspelt would never be told. */
  const demandKnown = ({ sites, trunks, ca }: z.infer<typeof webhookChange>): void => {
    const { sites: allSites = [], trunks: allTrunks } = configuration();
    const errors = [
      ...unknown('sites', sites, allSites),
      ...unknown('trunks', trunks, allTrunks),
      ...(ca === undefined || ca === null ? [] : faultOf(ca)),
    ];
    if (errors.length > 0) throw new Problem(422, errors[0]!.detail, errors);
  };
  const nameTaken = (name: string) =>
    new Problem(409, `There is a webhook ${name} already, or there are too many (32).`);

  api.get(
    '/webhook-events',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'What webhooks may be told of',
        response: {
          200: z.object({ items: z.array(eventTypeSchema) }).meta({ id: 'WebhookEvents' }),
          default: problemSchema,
        },
      },
    },
    async () => ({ items: eventNames.map(eventType) }),
  );
  api.get(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'Who is told what happens, by name',
        response: { 200: z.object({ items: z.array(webhookSchema) }).meta({ id: 'Webhooks' }), default: problemSchema },
      },
    },
    async () => ({ items: access.store.webhooks.list().map(shown) }),
  );
  api.post(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'Have somebody be told',
        description: 'The secret is in the answer, and is told never again.',
        body: newWebhook,
        response: { 201: secretSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const { sites, trunks, ca, ...rest } = request.body;
      demandKnown(request.body);
      const made = access.store.webhooks.create({ ...rest, sites, trunks, ca }, wall());
      if (!made) throw nameTaken(rest.name);
      sender.changed();
      request.change = { after: changeOf(made) };
      tagged(reply, made);
      return reply.code(201).send({ webhook: shown(made), secret: made.secret.reveal() });
    },
  );
  api.get(
    '/webhooks/:webhook',
    {
      config,
      schema: { tags, summary: 'One of them', params: named, response: { 200: webhookSchema, default: problemSchema } },
    },
    async ({ params }, reply) => {
      const found = theWebhook(params.webhook);
      tagged(reply, found);
      return shown(found);
    },
  );
  api.patch(
    '/webhooks/:webhook',
    {
      config,
      schema: {
        tags,
        summary: 'Change it',
        description:
          'What waits goes where it is from now on. One that is enabled is not told of what happened before.',
        params: named,
        headers: seenVersion,
        body: webhookChange,
        response: { 200: webhookSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const before = theWebhook(request.params.webhook);
      demandVersion(request.headers, before);
      demandKnown(request.body);
      const { name, url, events, sites, trunks, ca, enabled } = request.body;
      const after = access.store.webhooks.change(
        before.id,
        {
          ...(name !== undefined && { name }),
          ...(url !== undefined && { url }),
          ...(events !== undefined && { events }),
          ...(sites !== undefined && { sites: sites ?? undefined }),
          ...(trunks !== undefined && { trunks: trunks ?? undefined }),
          ...(ca !== undefined && { ca: ca ?? undefined }),
          ...(enabled !== undefined && { enabled }),
        },
        wall(),
      );
      if (!after) throw nameTaken(name!);
      if (after.url !== before.url || after.ca !== before.ca || (after.enabled && !before.enabled))
        sender.renewed(after.id);
      sender.changed();
      request.change = { before: changeOf(before), after: changeOf(after) };
      tagged(reply, after);
      return shown(after);
    },
  );
  api.delete(
    '/webhooks/:webhook',
    {
      config,
      schema: {
        tags,
        summary: 'Remove it, with what waits for it',
        params: named,
        headers: seenVersion,
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const before = theWebhook(request.params.webhook);
      demandVersion(request.headers, before);
      access.store.webhooks.remove(before.id);
      sender.changed();
      request.change = { before: changeOf(before) };
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/webhooks/:webhook/secret',
    {
      config,
      schema: {
        tags,
        summary: 'Give it a new secret',
        description: 'Until the old one ends, messages bear a signature by each: receivers are changed in between.',
        params: named,
        body: z
          .strictObject({
            hours: z.int().min(0).max(168).default(24).describe('How long the old one holds; 0: it ends at once.'),
          })
          .default({ hours: 24 }),
        response: { 200: secretSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const before = theWebhook(request.params.webhook);
      const now = wall();
      const until = now + request.body.hours * hour;
      const after = access.store.webhooks.rotate(before.id, until, now)!;
      sender.changed();
      request.change = { after: { until: new Date(until).toISOString() } };
      tagged(reply, after);
      return { webhook: shown(after), secret: after.secret.reveal() };
    },
  );
  deliveryRoutes(api, services, theWebhook);
}

function eventType(name: (typeof eventNames)[number]): z.infer<typeof eventTypeSchema> {
  const { what, filtered } = eventTypes[name];
  return {
    name,
    what,
    filtered,
    schema: z.toJSONSchema(messageSchemas[name], { io: 'input' }) as Record<string, unknown>,
  };
}

/** For the audit log: a URL is often a secret in itself, so no more of it than where it is. */
function changeOf({ name, url, events, sites, trunks, ca, enabled, endedBy }: Webhook): object {
  return { name, url: new URL(url).origin, events, sites, trunks, ca: ca !== undefined, enabled, endedBy };
}

function unknown(
  place: string,
  names: readonly string[] | null | undefined,
  all: readonly { readonly name: string }[],
): { place: string; detail: string }[] {
  const known = new Set(all.map(({ name }) => name));
  return (names ?? [])
    .filter((name) => !known.has(name))
    .map((name) => ({ place, detail: `There is no ${place.slice(0, -1)} ${name}.` }));
}

function faultOf(ca: string): { place: string; detail: string }[] {
  const parts = ca.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const isSound = (pem: string) => {
    try {
      return new X509Certificate(pem).ca;
    } catch {
      return false;
    }
  };
  return parts.length > 0 && parts.every(isSound)
    ? []
    : [{ place: 'ca', detail: 'It is not a certificate of an authority, as PEM: -----BEGIN CERTIFICATE-----…' }];
}
