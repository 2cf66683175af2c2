import { type EventName, eventTypes, messageName } from './catalogue.ts';

const header = (name: string, description: string) => ({
  name,
  in: 'header' as const,
  required: true,
  description,
  schema: { type: 'string' as const },
});

/** The `webhooks` of the description of the API (OpenAPI 3.1): what is posted to those who are told. */
export function describedWebhooks() {
  const of = (name: EventName) => ({
    post: {
      tags: ['webhooks'],
      summary: eventTypes[name].what,
      // Receivers know us by the signature.
      security: [],
      parameters: [
        header('webhook-id', 'The same message has the same id each time.'),
        header('webhook-timestamp', 'When it was sent, Unix time.'),
        header('webhook-signature', '`v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two.'),
      ],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${messageName(name)}` } } },
      },
      responses: {
        '2XX': { description: 'It is taken.' },
        '410': { description: 'It is not wanted any more: the webhook is disabled.' },
        default: { description: 'It is sent again later.' },
      },
    },
  });
  return Object.fromEntries((Object.keys(eventTypes) as EventName[]).map((name) => [name, of(name)]));
}
