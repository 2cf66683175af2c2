import { z } from 'zod';
import { count, duration, endpoint, filePath, headerText, host, leaf, name, portRange, prefix } from './leaves.ts';
import { readPattern } from './pattern.ts';

/**
 * The configuration file. The one place that says which keys there are: validation, the JSON Schema (editors) and
 * docs/configuration.md all come from here. A description begins in lower case where it continues the key.
 */

/** A list, for which a single entry may stand alone. */
function oneOrMany<T extends z.ZodType>(item: T) {
  return z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).min(1))
    .meta({ 'x-single': true });
}

/** A map, for which its one main key may stand alone. */
function shortFor<T extends z.ZodType>(key: string, map: T) {
  return z.preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), map).meta({ 'x-short': key });
}

const side = () => z.enum(['internal', 'external']);
const transport = () => z.enum(['udp', 'tcp']);

export const listenerSchema = z
  .strictObject({
    name: name().describe('What logs and counters call it.'),
    side: z
      .enum(['internal', 'external', 'both'])
      .prefault('both')
      .describe('Which trunks it serves: those inside the organisation, those outside, or both.'),
    bind: endpoint().describe(
      'The address to listen on; port 5060 unless one is given. IPv6 is written "[2001:db8::5]:5060". An IPv6 listener takes no IPv4.',
    ),
    advertise: endpoint()
      .optional()
      .describe(
        'What Via and Contact say, where peers reach us at another address (behind NAT). `bind` unless given; to be given when `bind` is 0.0.0.0 or [::].',
      ),
    transports: oneOrMany(transport()).prefault(['udp', 'tcp']).describe('The transports to listen on.'),
  })
  .meta({ id: 'listener', description: 'An address that we take SIP on.' });

export const trunkSchema = z
  .strictObject({
    name: name().describe('What routes, logs, counters and records call it.'),
    kind: z
      .enum(['itsp', 'pstn-gateway', 'ip-pbx'])
      .describe('What the peer is: an internet telephony service provider, a gateway to the PSTN, or an IP-PBX.'),
    side: side()
      .optional()
      .describe(
        'Where it is: decides the listener and the media address. `external` for an itsp, `internal` for the others, unless given.',
      ),
    transport: transport().prefault('udp').describe('How requests go to it.'),
    addresses: oneOrMany(endpoint()).describe(
      'The peer, in order of preference. Requests go to port 5060 unless one is given; a call from one of these addresses belongs to this trunk, and where a port is given it must come from that port. What follows in a call counts from these hosts only: a peer that moves calls between its hosts is one trunk.',
    ),
    capacity: z
      .strictObject({
        calls: count(1, 1_000_000)
          .optional()
          .describe('Calls at once, both directions together; no limit unless given.'),
        'calls-per-second': count(1, 100_000)
          .optional()
          .describe('New calls in any second, both directions together; no limit unless given.'),
      })
      .prefault({})
      .describe('What it may carry. A call beyond goes to the next trunk of the route, or gets 503.'),
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

export const routeSchema = z
  .strictObject({
    name: name().describe('What logs and records call it.'),
    from: oneOrMany(name()).optional().describe('The trunks the call may come from; any unless given.'),
    called: z
      .strictObject({
        prefix: oneOrMany(prefix()).optional().describe('How the called number begins: one of these.'),
        pattern: leaf(readPattern, { title: 'pattern', examples: ['\\+49[0-9]{6,13}', '0[1-9].*'] })
          .optional()
          .describe('What the whole called number looks like.'),
      })
      .optional()
      .describe('The called numbers it takes, by `prefix` or by `pattern`; every number unless given.'),
    to: oneOrMany(name()).describe('The trunks to try, in this order.'),
  })
  .meta({ id: 'route', description: 'Which calls go where. The first route that fits a call decides.' });

const mediaAddress = (of: string) =>
  shortFor(
    'bind',
    z.strictObject({
      bind: host().describe('The address that RTP is sent from and received on.'),
      advertise: host()
        .optional()
        .describe(
          'What SDP says, where peers reach us at another address. `bind` unless given; to be given when `bind` is 0.0.0.0 or "::".',
        ),
    }),
  )
    .optional()
    .describe(`The media address towards ${of} trunks; \`address\` unless given.`);

export const mediaSchema = z
  .strictObject({
    mode: z
      .enum(['anchor', 'bypass'])
      .prefault('anchor')
      .describe(
        '`anchor`: RTP passes through us. `bypass`: SDP is passed on as it came, and the parties send RTP to each other.',
      ),
    address: host()
      .optional()
      .describe("The media address of both sides; that of the side's first listener unless given."),
    internal: mediaAddress('internal'),
    external: mediaAddress('external'),
    ports: portRange()
      .prefault('20000-40000')
      .describe('UDP ports for RTP and RTCP, both ends included. A call with one audio stream takes two on each side.'),
    silence: duration({ from: '1s', to: '24h', never: true })
      .prefault('60s')
      .describe(
        'How long an answered call may be without any RTP, when it is not on hold, before it is ended. `never` to let it be.',
      ),
  })
  .meta({ id: 'media', description: 'Where RTP goes.' });

export const recordsSchema = z
  .strictObject({
    path: filePath()
      .prefault('./data')
      .describe(
        'The directory of call records and of the state that outlives a restart. Created if missing; relative to the directory tandem is started in.',
      ),
  })
  .meta({ id: 'records', description: 'Where call records are kept.' });

export const sipSchema = z
  .strictObject({
    t1: duration({ from: '50ms', to: '5s' })
      .prefault('500ms')
      .describe('The round-trip time estimate (RFC 3261 17.1.1.1).'),
    t2: duration({ from: '50ms', to: '60s' }).prefault('4s').describe('The longest pause between retransmissions.'),
    t4: duration({ from: '50ms', to: '60s' })
      .prefault('5s')
      .describe('The longest time a message stays in the network.'),
    'user-agent': headerText().optional().describe('Sent as User-Agent and Server; nothing is sent unless given.'),
  })
  .meta({ id: 'sip', description: 'Timers and texts of the SIP stack.' });

export const unknownSourceSchema = z
  .enum(['refuse', 'ignore'])
  .prefault('refuse')
  .describe(
    'What a request from an address that no trunk names gets: `refuse`, a 403; `ignore`, nothing. It is counted either way.',
  );

export const documentSchema = z
  .strictObject({
    listeners: z.array(listenerSchema).min(1).describe('The addresses that we take SIP on.'),
    trunks: z.array(trunkSchema).min(1).describe('The peers that calls come from and go to.'),
    routes: z.array(routeSchema).min(1).describe('Which calls go where. The first route that fits a call decides.'),
    'unknown-source': unknownSourceSchema,
    media: mediaSchema.prefault({}).describe('Where RTP goes.'),
    records: recordsSchema.prefault({}).describe('Where call records are kept.'),
    sip: sipSchema.prefault({}).describe('Timers and texts of the SIP stack.'),
  })
  .meta({ title: 'Tandem configuration', description: 'The configuration of a Tandem trunking system.' });

export type ListenerEntry = z.output<typeof listenerSchema>;
export type TrunkEntry = z.output<typeof trunkSchema>;
export type RouteEntry = z.output<typeof routeSchema>;
export type MediaEntry = z.output<typeof mediaSchema>;
