import { z } from 'zod';
import { certificateSchema } from '../certificates/schema.ts';
import { version } from '../configuration/schemas.ts';
import { troubleSchema } from '../problems/schema.ts';
import { recordSchema } from '../records/view.ts';

/** Something that webhooks may be told of. */
export interface EventType<Data = unknown> {
  /** When it happens, and what `data` is. */
  readonly what: string;
  readonly data: z.ZodType<Data>;
  /** What of it has a trunk or a site; of what has none those alone are told who are told of all. */
  readonly filtered: boolean;
  readonly example: Data;
}

function type<Data>(what: string, data: z.ZodType<Data>, filtered: boolean, example: NoInfer<Data>): EventType<Data> {
  return { what, data, filtered, example };
}

const time = z.iso.datetime();
const site = z.string().optional().describe('Where the trunk is.');

const trunkHealth = z.object({
  trunk: z.string(),
  site,
  state: z.enum(['up', 'partly-down', 'down']).describe('`partly-down`: calls go by what is left of its targets.'),
  before: z.enum(['up', 'partly-down', 'down']).optional().describe('What it was; absent: it was not known.'),
  since: time.optional(),
  because: z.string().describe('What made it that, for people.'),
});
const trunkRegistration = z.object({
  trunk: z.string(),
  site,
  addressOfRecord: z.string(),
  registrar: z.string(),
  since: time,
  expires: time.optional().describe('Of one that holds.'),
  error: z.string().optional().describe('Of one that does not: what the registrar answered.'),
});
const emergency = z.object({
  call: z.string().describe('Its id.'),
  emergency: z.string().describe('The number, as trunks get it.'),
  caller: z.string(),
  called: z.string().describe('As it was dialled.'),
  user: z.string().optional(),
  site: z.string().optional().describe('Where the caller is.'),
  from: z.string().describe('The trunk, or the user, that it came from.'),
  started: time,
});
const bans = z.object({
  sources: z
    .array(z.object({ source: z.string().describe('An address, or a /64 of IPv6.'), reason: z.string(), since: time }))
    .describe('Those that are new, at most 100.'),
  count: z.int().describe('All that are kept out now.'),
});
const began = z.object({ problem: troubleSchema });
const ended = z.object({ problem: troubleSchema, ended: time });

const at = '2026-11-23T09:14:03.000Z';
const leg = (trunk: string, remote: string) => ({
  trunk,
  remote,
  callId: `${trunk}-1@example`,
  localTag: 'l1',
  remoteTag: 'r1',
});
const hangup = { by: 'caller' as const, reason: 'hangup', text: 'the caller hung up', failure: false };
const times = { startedAt: '2026-11-23T09:12:00.000Z', answeredAt: '2026-11-23T09:12:06.000Z', endedAt: at };
const trouble = {
  id: 'trunk-down itsp',
  severity: 'critical' as const,
  what: 'Trunk itsp is down: no answer to OPTIONS.',
  since: at,
  todo: 'Test it: the test walks from the DNS to a call and says where it fails.',
  trunk: 'itsp',
};
const health = { trunk: 'itsp', site: 'berlin', since: at };
const registration = { trunk: 'itsp', addressOfRecord: 'sip:+4930123@itsp.example', registrar: 'sip:itsp.example' };
const certificate = {
  id: 'dTPSOqOZ5xlC',
  kind: 'certificate' as const,
  users: ['listener wan'],
  files: ['/etc/tandem/sbc.pem'],
  names: ['sbc.example.com'],
  notAfter: '2026-12-07T00:00:00.000Z',
  daysLeft: 14,
  warnings: [],
};

/** All of them, by name. docs/webhooks.md, the description of the API, and what is sent come from here. */
export const eventTypes = {
  'call.ended': type(
    'A call has ended, whether it was answered or not: its record, as `GET /records/{call}` has it.',
    recordSchema,
    true,
    {
      call: '01JD2Q7N9X',
      leg: leg('pbx', 'udp 10.0.0.2:5060'),
      caller: '+493012345',
      called: '+4940777',
      route: 'out',
      basis: { site: 'berlin' },
      decisions: [{ rule: 'route out', outcome: 'taken' }],
      ...times,
      talkMs: 117_000,
      end: hangup,
      attempts: [
        { leg: leg('itsp', 'tls 203.0.113.10:5061'), caller: '+493012345', called: '+4940777', ...times, end: hangup },
      ],
    },
  ),
  'call.emergency': type('Somebody calls for help.', emergency, true, {
    call: '01JD2Q7N9Y',
    emergency: '112',
    caller: '+493012345',
    called: '0112',
    site: 'berlin',
    from: 'pbx',
    started: at,
  }),
  'trunk.down': type('No target of a trunk can be reached.', trunkHealth, true, {
    ...health,
    state: 'down',
    before: 'up',
    because: 'no answer to OPTIONS',
  }),
  'trunk.partly-down': type('Some targets of a trunk cannot be reached.', trunkHealth, true, {
    ...health,
    state: 'partly-down',
    before: 'up',
    because: 'tls 203.0.113.11:5061: no answer to OPTIONS',
  }),
  'trunk.up': type('All targets of a trunk can be reached again.', trunkHealth, true, {
    ...health,
    state: 'up',
    before: 'down',
    because: 'OPTIONS was answered with 200',
  }),
  'trunk.unregistered': type('A trunk is not registered any more, or cannot be.', trunkRegistration, true, {
    ...registration,
    since: at,
    error: '403 Forbidden',
  }),
  'trunk.registered': type('It is registered again.', trunkRegistration, true, {
    ...registration,
    since: at,
    expires: '2026-11-23T10:14:03.000Z',
  }),
  'problem.began': type(
    'Something is wrong: a sentence of `GET /problems`, once it has stood for some 5 s. Failing trunks, one-way audio, causes of ends that come often, overload, what is nearly full, certificates, records that cannot be written.',
    began,
    true,
    { problem: trouble },
  ),
  'problem.ended': type('It has not been so for half a minute.', ended, true, { problem: trouble, ended: at }),
  'configuration.changed': type('Another configuration holds: who committed it, and why.', version, false, {
    id: 17,
    at,
    who: 'ann',
    reason: 'more lines of the carrier',
    by: 'commit',
    hash: '0f3a9c44d1e2b5a7c8d9e0f1a2b3c4d5',
    differences: 2,
  }),
  'source.banned': type(
    'Sources are kept out for a while, since they flood or guess; once in 10 s at most.',
    bans,
    false,
    {
      sources: [{ source: '198.51.100.7', reason: 'scanner', since: at }],
      count: 3,
    },
  ),
  'certificate.expiring': type(
    'A certificate in use ends in 30, 14, 7, 3 days or one, or has ended (`daysLeft`).',
    certificateSchema,
    true,
    certificate,
  ),
  'certificate.replaced': type('Another certificate has taken its place.', certificateSchema, true, {
    ...certificate,
    notAfter: '2027-11-23T00:00:00.000Z',
    daysLeft: 365,
  }),
  'certificate.refused': type(
    'New files of a certificate are not taken (`problem`); what was read before serves on.',
    certificateSchema,
    true,
    { ...certificate, problem: 'the key does not fit the certificate' },
  ),
  'webhook.test': type(
    'Somebody wanted to see whether it arrives. Every webhook is told of it, wanted or not.',
    z.object({ by: z.string().describe('Who wanted to.') }),
    false,
    { by: 'ann' },
  ),
} as const satisfies Readonly<Record<string, Pick<EventType, 'what' | 'filtered'>>>;

export type EventName = keyof typeof eventTypes;
export type DataOf<Name extends EventName> = z.infer<(typeof eventTypes)[Name]['data']>;

/** Those that may be wanted. */
export const eventNames = Object.keys(eventTypes).filter((name) => name !== 'webhook.test') as EventName[];

/** How the schema of a message is called: `TrunkDownMessage`. */
export function messageName(name: EventName): string {
  const words = name.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Message`;
}

/** What is posted, of each. */
export const messageSchemas: Readonly<Record<EventName, z.ZodType>> = Object.fromEntries(
  Object.entries(eventTypes).map(([name, { what, data }]) => [name, messageSchema(name as EventName, what, data)]),
) as unknown as Record<EventName, z.ZodType>;

function messageSchema(name: EventName, what: string, data: z.ZodType) {
  return z
    .object({
      type: z.literal(name),
      timestamp: time.describe('When it happened.'),
      node: z.string().optional().describe('Of several nodes the one that tells.'),
      text: z.string().describe('What happened, in a sentence for people.'),
      data,
    })
    .meta({ id: messageName(name), description: what });
}
