import { z } from 'zod';
import type { Webhook } from '#shell/management-store';
import { type Delivery, type Try, urlFault } from '#shell/webhook';
import { iso } from '../time.ts';
import { type EventName, eventNames } from './catalogue.ts';
import { failingFrom, type WebhookSender } from './sender.ts';

/** What is told of webhooks and of what was sent: the schemas, and how they are filled. */

const time = z.iso.datetime();
/** Chars; a URL with a token in it is shorter. */
const longestUrl = 2_000;
const longestCa = 65_536;

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'Letters, digits and . _ -, at most 64.')
  .describe('What it is called in lists, metrics and the log.');
const url = z
  .string()
  .max(longestUrl)
  .superRefine((text, context) => {
    const fault = urlFault(text);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .describe('Where it is posted to: https, or http to this machine itself. No names and passwords in it.');
const events = z
  .array(z.enum(eventNames as [EventName, ...EventName[]]))
  .min(1)
  .max(100)
  .describe('Which: `GET /webhook-events` has them all.');
const sites = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(1_000)
  .describe('What is of these sites, or of one of `trunks`; all where neither is given.');
const trunks = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(1_000)
  .describe('What is of these trunks, or of one of `sites`.');
const ca = z
  .string()
  .max(longestCa)
  .describe('Certificates (PEM) of authorities that are believed beside the usual ones.');
const enabled = z.boolean().describe('Whether it is told anything.');

export const newWebhook = z.strictObject({
  name,
  url,
  events,
  sites: sites.optional(),
  trunks: trunks.optional(),
  ca: ca.optional(),
  enabled: enabled.default(true),
});
export const webhookChange = z.strictObject({
  name: name.optional(),
  url: url.optional(),
  events: events.optional(),
  sites: sites.nullable().optional().describe('`null`: none.'),
  trunks: trunks.nullable().optional().describe('`null`: none.'),
  ca: ca.nullable().optional().describe('`null`: the usual ones alone.'),
  enabled: enabled.optional(),
});

export const webhookSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    sites: z.array(z.string()).optional(),
    trunks: z.array(z.string()).optional(),
    ca: z.string().optional(),
    enabled: z.boolean(),
    endedBy: z
      .enum(['gone', 'failing'])
      .optional()
      .describe('Why we disabled it: its receiver answered 410, or has taken nothing for three days.'),
    state: z
      .enum(['good', 'failing', 'disabled', 'new'])
      .describe('`failing`: the last tries failed; `new`: nothing was sent yet.'),
    version: z.int().describe('The ETag as well.'),
    created: time,
    changed: time,
    oldSecretUntil: time.optional().describe('Until then each message is signed with the secret before as well.'),
    waiting: z.int().describe('Messages that are yet to be taken, at most 10,000.'),
    oldest: time.optional().describe('When the first of those happened.'),
    taken: time.optional().describe('When one was taken last.'),
    failingSince: time.optional(),
    next: time.optional().describe('Of one that is failing: when it is tried again.'),
    error: z.string().optional().describe('Why the last one was not taken.'),
    dropped: z.int().describe('Messages that were dropped since too many waited.'),
  })
  .meta({ id: 'Webhook', description: 'Somebody elsewhere who is told what happens.' });

export const secretSchema = z
  .object({
    webhook: webhookSchema,
    secret: z.string().describe('`whsec_…`, by which its receiver knows that it is us. It is told once.'),
  })
  .meta({ id: 'WebhookSecret' });

const deliveryState = z
  .enum(['waiting', 'taken', 'failed', 'dropped'])
  .describe('`failed`: tried for a day, or not wanted any more; `dropped`: too many waited.');
const tryFields = {
  at: time,
  ms: z.number().describe('How long it took, ms.'),
  status: z.int().optional().describe('Of the answer; absent: there was none.'),
  error: z.string().optional().describe('Why it was not taken; absent: it was.'),
};
const tryDetail = z.object({
  number: z.int().describe('From 1 on.'),
  ...tryFields,
  answer: z.string().optional().describe('How the answer began, where it was not taken.'),
});
export const deliverySchema = z
  .object({
    id: z.string(),
    message: z.string().describe('`webhook-id`: the same each time.'),
    event: z.string(),
    at: time.describe('When it happened.'),
    state: deliveryState,
    tries: z.int(),
    next: time.optional().describe('When it is tried next.'),
    ended: time.optional().describe('When it was taken, or given up.'),
    last: z.object(tryFields).optional().describe('The last try.'),
  })
  .meta({ id: 'WebhookDelivery', description: 'A message to a webhook, and what became of it.' });
export const deliveryDetail = deliverySchema
  .extend({
    body: z.string().describe('What is posted, as it is signed.'),
    attempts: z.array(tryDetail).describe('The last 50.'),
  })
  .meta({ id: 'WebhookDeliveryDetail' });
export const deliveryStateSchema = deliveryState;

export const eventTypeSchema = z
  .object({
    name: z.string(),
    what: z.string().describe('When it happens.'),
    filtered: z
      .boolean()
      .describe('Whether it is of a trunk or a site: what is not, is not told to who is told of some alone.'),
    schema: z.looseObject({}).describe('The JSON Schema of what is posted.'),
  })
  .meta({ id: 'WebhookEvent' });

export function webhookView(hook: Webhook, sender: WebhookSender, now: number): z.infer<typeof webhookSchema> {
  const { id, name, url, events, sites, trunks, ca, enabled, endedBy, version, createdAt, changedAt, oldSecret } = hook;
  const { failures, failingSince, nextAt, takenAt, error, dropped } = sender.healthOf(id);
  const { count, oldest } = sender.waitingOf(id);
  // Who has taken one lately may have refused that one alone.
  const isFailing = failures >= failingFrom || (failures > 0 && takenAt === undefined);
  const state = !enabled
    ? 'disabled'
    : isFailing
      ? 'failing'
      : takenAt === undefined && failures === 0
        ? 'new'
        : 'good';
  return {
    id,
    name,
    url,
    events: [...events],
    ...(sites && { sites: [...sites] }),
    ...(trunks && { trunks: [...trunks] }),
    ...(ca !== undefined && { ca }),
    enabled,
    ...(endedBy && { endedBy }),
    state,
    version,
    created: iso(createdAt),
    changed: iso(changedAt),
    ...(oldSecret && now < oldSecret.until && { oldSecretUntil: iso(oldSecret.until) }),
    waiting: count,
    ...(oldest !== undefined && { oldest: iso(oldest) }),
    ...(takenAt !== undefined && { taken: iso(takenAt) }),
    ...(failures > 0 && { failingSince: iso(failingSince) }),
    ...(enabled && failures > 0 && nextAt > now && { next: iso(nextAt) }),
    ...(error !== undefined && { error }),
    dropped,
  };
}

export function deliveryView({
  id,
  message,
  state,
  tries,
  dueAt,
  endedAt,
  last,
}: Delivery): z.infer<typeof deliverySchema> {
  return {
    id: String(id),
    message: message.id,
    event: message.type,
    at: iso(message.at),
    state,
    tries,
    ...(state === 'waiting' && { next: iso(dueAt) }),
    ...(endedAt !== undefined && { ended: iso(endedAt) }),
    ...(last && { last: tryView(last) }),
  };
}

export function tryView({ at, ms, status, error }: Try) {
  return {
    at: iso(at),
    ms,
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
  };
}
