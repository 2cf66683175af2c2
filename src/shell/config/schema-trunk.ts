import { z } from 'zod';
import { count, duration, file, name } from './leaves.ts';
import { disabled } from './leaves-places.ts';
import { codePoint, domain, flag, hostName, network, quoted, statuses, target, user } from './leaves-sip.ts';
import { callLimits, oneOrMany, shortFor } from './schema-forms.ts';
import { callKeys } from './schema-trunk-calls.ts';
import { placeKeys } from './schema-trunk-place.ts';
import { authenticate, connection, credentials, srtp, trunkTls } from './schema-trunk-security.ts';

const identity = shortFor(
  'user',
  z.strictObject({
    user: user().describe('The user part of our address there: an account or a main number.'),
    'display-name': quoted(false).optional().describe('The name shown beside it.'),
    from: z
      .enum(['caller', 'identity'])
      .prefault('caller')
      .describe('Whom From names: the `caller`, or this `identity`, and the caller in P-Asserted-Identity.'),
  }),
)
  .optional()
  .describe('Who we are to the trunk.');

const registration = z
  .strictObject({
    registrar: oneOrMany(target())
      .optional()
      .describe('The domains to register at, in order; the first that takes us is kept. `domain` unless given.'),
    expires: duration({ from: '30s', to: '168h' }).prefault('1h').describe('How long each is asked to last.'),
    'contact-user': user().optional().describe('The user part of the Contact; that of `identity` unless given.'),
    gin: flag().prefault('false').describe('Register all numbers of the trunk at once (RFC 6140).'),
    outbound: flag().prefault('false').describe('Keep flows to it open, and have calls come by them (RFC 5626).'),
    retry: z
      .strictObject({
        base: duration({ from: '1s', to: '1h' }).prefault('30s').describe('Before the first try after a failure.'),
        most: duration({ from: '1s', to: '24h' }).prefault('30m').describe('The longest pause between two tries.'),
      })
      .prefault({})
      .describe('The pauses after failures; they grow, and are never quite the same (RFC 5626 4.5).'),
  })
  .optional()
  .describe('Register at the trunk, and stay registered. `registration: {}` takes the defaults.');

const health = shortFor(
  'mode',
  z.strictObject({
    mode: z.enum(['off', 'on']).prefault('on').describe('`off`: only calls tell.'),
    interval: duration({ from: '1s', to: '1h', never: true })
      .prefault('60s')
      .describe('Between OPTIONS to each of its targets. `never`: none are sent, and calls alone count.'),
    misses: count(1, 100)
      .prefault('5')
      .describe('Unanswered OPTIONS in a row after which a target that has answered before is down.'),
    successes: count(1, 100).prefault('1').describe('Answers in a row after which it is up again.'),
    'failed-calls': count(0, 1000)
      .prefault('5')
      .describe('Calls in a row without any answer after which a target is down. 0: calls do not count.'),
  }),
)
  .prefault({})
  .describe('How it is found out whether the trunk works. What is down is passed over until it answers.');

const responses = z
  .array(
    z.strictObject({
      status: statuses().optional().describe('The statuses it is for; any unless given.'),
      cause: count(1, 127).optional().describe('The Q.850 cause in its Reason header; any or none unless given.'),
      as: count(400, 699).optional().describe('The status it is taken for, and the caller gets.'),
      // biome-ignore lint/suspicious/noThenProperty: a key of the file, and nothing that is awaited.
      then: z
        .enum(['next', 'final'])
        .optional()
        .describe('Try the `next` target, or stop: `final`. As the status has it unless given.'),
    }),
  )
  .min(1)
  .optional()
  .describe('What its failures mean, in order: the first rule that fits decides, and the RFCs where none does.');

export const trunkSchema = z
  .strictObject({
    name: name().describe('What routes, logs, counters and records call it.'),
    kind: z
      .enum(['itsp', 'pstn-gateway', 'ip-pbx'])
      .describe('What the peer is: an internet telephony service provider, a gateway to the PSTN, or an IP-PBX.'),
    ...placeKeys,
    side: z
      .enum(['internal', 'external'])
      .optional()
      .describe(
        'Where it is: decides the listener and the media address. `external` for an itsp, `internal` for the others, unless given.',
      ),
    transport: z
      .enum(['udp', 'tcp', 'tls', 'auto'])
      .prefault('udp')
      .describe('How requests go to it. `auto`: as its NAPTR records say, over `udp` where it has none.'),
    addresses: oneOrMany(target())
      .optional()
      .describe(
        'The peer, in order of preference; `next-hop`, else `domain`, unless given. Requests go to port 5060 (TLS: 5061) unless one is given, or where the SRV records of a name lead; a call from one of these addresses belongs to this trunk, and where a port is given it must come from that port. What follows in a call counts from these hosts only: a peer that moves calls between its hosts is one trunk.',
      ),
    'next-hop': oneOrMany(target())
      .optional()
      .describe('Outbound proxies, in order of preference: requests go there, and nothing else is looked up.'),
    networks: oneOrMany(network())
      .optional()
      .describe(
        'Networks that its calls may come from as well. An address counts before a network, a long prefix before a short one.',
      ),
    'media-networks': oneOrMany(network())
      .optional()
      .describe('Networks that its media comes from, for `tandem firewall`; from anywhere unless given.'),
    domain: domain()
      .optional()
      .describe('Its SIP domain: the host of Request-URI, To and From. The address that requests go to unless given.'),
    identity,
    registration,
    credentials: credentials(),
    authenticate: authenticate(),
    'certificate-names': oneOrMany(hostName())
      .optional()
      .describe(
        'A connection over TLS whose certificate bears one of these names is of this trunk, wherever it comes from.',
      ),
    tls: trunkTls(),
    srtp: srtp(),
    health,
    responses,
    connection: connection(),
    dscp: z
      .strictObject({
        signalling: codePoint().prefault('CS3').describe('Of SIP.'),
        media: codePoint().prefault('EF').describe('Of RTP and RTCP.'),
      })
      .prefault({})
      .describe('The marks of what is sent to it, for networks that tell voice from other traffic.'),
    ...callKeys,
    disabled: disabled()
      .optional()
      .describe(
        'No call is offered to it and none taken from it (503), but for test calls and calls for help: `true`, or `until` a time. It stays registered and watched.',
      ),
    profile: file()
      .optional()
      .describe('The capability profile it is checked against: a name in `profiles`, or a file.'),
    capacity: z
      .strictObject({
        calls: count(1, 1_000_000)
          .optional()
          .describe('Calls at once, both directions together; no limit unless given.'),
        'calls-per-second': count(1, 100_000)
          .optional()
          .describe('New calls in any second, both directions together; no limit unless given.'),
        'messages-per-second': count(1, 100_000)
          .optional()
          .describe('Requests beside calls (`passes`) in any second, both directions together; 100 unless given.'),
        subscriptions: count(1, 50_000)
          .optional()
          .describe('Subscriptions at once that pass to or from it; 10000 unless given.'),
      })
      .prefault({})
      .describe(
        'What it may carry. A call beyond goes to the next trunk of the route, or gets 503; a message or subscription 480.',
      ),
    'setup-timeout': duration({ from: '500ms', to: '5m' })
      .prefault('10s')
      .describe(
        'How long the peer may stay silent, or say only 100 Trying, before the next address or trunk is tried.',
      ),
    'ring-timeout': duration({ from: '1s', to: '1h' })
      .prefault('180s')
      .describe('How long it may ring, from the first 18x to the answer.'),
  })
  .meta({ id: 'trunk', description: 'A peer that calls come from and go to.' });

/** What tells one trunk from another is said of each. */
const ownKeys = {
  name: true,
  site: true,
  description: true,
  addresses: true,
  networks: true,
  authenticate: true,
  'certificate-names': true,
} as const;

/** What holds for trunks that say nothing else. What is missing in it may be in theirs. */
export const trunkDefaults = () => trunkDefaultsSchema;
const trunkDefaultsSchema = trunkSchema
  .omit(ownKeys)
  .partial()
  .meta({
    id: 'trunk-defaults',
    'x-words': `The keys of a trunk, but for ${Object.keys(ownKeys)
      .map((key) => `\`${key}\``)
      .join(', ')}.`,
    description: 'What holds for trunks that say nothing else.',
  });

export const groupSchema = z
  .strictObject({
    name: name().describe('What routes call it; no trunk has this name.'),
    trunks: oneOrMany(
      shortFor(
        'trunk',
        z.strictObject({
          trunk: name().describe('The trunk.'),
          weight: count(1, 1000).prefault('1').describe('Its share of the calls, where the choice is `weighted`.'),
        }),
      ),
    ).describe('Its trunks.'),
    choice: z
      .enum(['ordered', 'round-robin', 'weighted', 'least-busy'])
      .prefault('ordered')
      .describe('Which of them is tried first, call by call; the others follow.'),
    capacity: callLimits().optional().describe('The most that its trunks carry together; no limit unless given.'),
  })
  .meta({ id: 'group', description: 'Trunks that routes name as one.' });
