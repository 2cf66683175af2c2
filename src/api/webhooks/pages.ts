import { z } from 'zod';
import { type EventName, eventNames, eventTypes } from './catalogue.ts';

const usage = `# Webhooks

Who is elsewhere can be told what happens here: Tandem posts it to a URL, as JSON, signed as [Standard Webhooks](https://www.standardwebhooks.com) would have it. [How to receive it](how-to/webhooks.md) has a
receiver in Node and one in Python.

    tandem webhook create chat https://hooks.example.com/tandem --event trunk.down trunk.up call.emergency > secret
    tandem webhook test chat
    tandem webhook list

The same is under *Webhooks* in the console, and at \`/api/v1/webhooks\`; an administrator may. Webhooks are kept with the accounts in \`management.sqlite\`, not in the configuration file: each of several nodes
has its own.

## What is posted

\`\`\`json
{
  "type": "trunk.down",
  "timestamp": "2026-11-23T09:14:03.000Z",
  "text": "Trunk itsp is down: no answer to OPTIONS.",
  "data": { "trunk": "itsp", "state": "down", "before": "up", "because": "no answer to OPTIONS" }
}
\`\`\`

\`text\` is a sentence for people: a chat that shows the \`text\` of what is posted to it needs nothing in between. Of several nodes \`node\` is the one that tells. New properties may come to any of it; none that
is described here goes without a new version of the API.

| Header field | |
|---|---|
| \`webhook-id\` | \`msg_…\`: the same message has the same id each time it is sent, and for all who are told |
| \`webhook-timestamp\` | when it was sent, Unix time; of another try it is another |
| \`webhook-signature\` | \`v1,\` and HMAC-SHA-256 of \`id.timestamp.body\`, base64; the key is what follows \`whsec_\` in the secret, from base64. While a secret is being replaced, two of them with a space between |

## What is promised

- **Taken is what is answered with 2xx within 10 s.** Anything else is tried again: after 5 s, then twice as long each time up to an hour, give or take a quarter, for 24 hours. \`Retry-After\` is heeded, up to an hour. A redirect is not followed. 410 disables the webhook.
- **At least once.** What is to be told lies on the disk before it is sent, and is there when the management process or all of the program begins anew. A message whose answer was lost comes twice, with the same \`webhook-id\`.
- **Nothing is left out while nobody looks.** What became of trunks, registrations, certificates and the configuration while the management process was away is told when it is back; calls that ended are told by their records, each of them.
  What came and went unseen in that time (a trunk that was down and is up again) is not.
- **In order of each subject.** What is of one trunk, one call, one problem arrives in the order in which it happened: the next waits until the one before was taken or given up. Of different subjects either may come first: \`timestamp\` tells.
- **Nobody waits for a receiver**, no call and no other receiver. Up to 4 messages are under way to one, 16 in all. 10,000 wait for one; of more the oldest is dropped, which the log, the metrics, the webhook and the home page say.
  What is urgent has a webhook of its own: it does not wait behind the records of a thousand calls then.
- **Who does not answer rests.** After two failures in a row one message at a time finds out whether it answers again, at the latest every 5 minutes. The home page says so after 10 minutes. Who has taken nothing for three days is disabled, and the home page says that.
- **What happened before is not told** to who is new, or enabled again.

The last 200 messages that were taken, given up or dropped are kept with their tries (\`tandem webhook deliveries NAME\`), and can be sent again: with the same id.

## Where to

\`https://\` alone, but to this machine itself (\`http://127.0.0.1\`, \`[::1]\`, \`localhost\`). Certificates are verified, by the usual authorities and by those that the webhook names (\`ca\`). A URL has no name and no password in it.
Where a name leads is looked at in the moment of connecting: link-local and multicast addresses, and those at which machines of clouds give away their keys (169.254.169.254 and its like), are never connected to; nor is this
machine by a name that merely leads there. Networks of the organisation are where receivers stand, and are not refused.

A URL is often a secret in itself: the log and the metrics have the webhook's name alone, the audit log the host.

## Whom it is about

Without \`sites\` and \`trunks\` a webhook is told of everything that it wants. With them it is told of what is of one of these trunks, or of one of these sites: a trunk there, a call that passes such a trunk or is of somebody there.
What is of no trunk and no site it is not told then.

## The secret

It is made by us and told once, when the webhook is made or its secret is replaced. \`tandem webhook rotate chat --hours 24 > secret\` gives it a new one; for 24 hours messages bear a signature by each, and the receiver is changed in between.

## Events

The description of the API ([openapi.json](openapi.json), \`webhooks\`) has the JSON Schema of each message, \`GET /api/v1/webhook-events\` as well.
`;

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly format?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** docs/webhooks.md. */
export function webhookManual(): string {
  const names: readonly EventName[] = [...eventNames, 'webhook.test'];
  const list = names.map((name) => `| [\`${name}\`](#${name.replaceAll('.', '')}) | ${eventTypes[name].what} |\n`);
  // Some tell alike of several things: it is written down once.
  const first = new Map<unknown, EventName>();
  for (const name of names) if (!first.has(eventTypes[name].data)) first.set(eventTypes[name].data, name);
  const sections = names.map((name) => section(name, first.get(eventTypes[name].data)!));
  return `${usage}\n| Event | |\n|---|---|\n${list.join('')}${sections.join('')}`;
}

function section(name: EventName, like: EventName): string {
  const { what, data, example } = eventTypes[name];
  if (like !== name) return `\n### ${name}\n\n${what} \`data\` is as of [${like}](#${like.replaceAll('.', '')}).\n`;
  const whole = z.toJSONSchema(data) as Schema;
  const { properties = {}, required = [] } = whole.$ref ? whole.$defs![whole.$ref.split('/').at(-1)!]! : whole;
  const rows = Object.entries(properties).map(([key, field]) => {
    const text = [field.description, required.includes(key) ? undefined : 'May be absent.'].filter(Boolean).join(' ');
    return `| \`${key}\` | ${typeOf(field)} | ${text.replaceAll('|', '\\|')} |\n`;
  });
  return `\n### ${name}\n\n${what}\n\n| \`data\` | | |\n|---|---|---|\n${rows.join('')}\n\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\`\n`;
}

function typeOf({ type, enum: values, items, format, $ref }: Schema): string {
  if ($ref !== undefined) return 'object';
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  return format === 'date-time' ? 'time' : String(type ?? 'any');
}
