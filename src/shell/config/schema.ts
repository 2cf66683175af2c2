import { z } from 'zod';
import { decisionsSchema } from './schema-decisions.ts';
import { emergencySchema } from './schema-emergency.ts';
import { listenerSchema } from './schema-listener.ts';
import { healthSchema, managementSchema } from './schema-management.ts';
import { mediaSchema } from './schema-media.ts';
import { nodeSchema, poolSchema } from './schema-nodes.ts';
import { dialPlanSchema } from './schema-numbers.ts';
import { policySchema, registrarSchema, sampleSchema, usersSchema } from './schema-people.ts';
import { linkSchema, siteSchema } from './schema-places.ts';
import { planningSchema } from './schema-planning.ts';
import { routeSchema } from './schema-routes.ts';
import { dnsSchema, protectionSchema, recordsSchema, sipSchema } from './schema-service.ts';
import { tracingSchema } from './schema-tracing.ts';
import { groupSchema, trunkDefaults, trunkSchema } from './schema-trunk.ts';

/**
 * The configuration file. The schema-* files are the one place that says which keys there are: validation, the JSON Schema (editors)
 * and docs/configuration.md all come from here. A description begins in lower case where it continues the key.
 */

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
    'trunk-defaults': trunkDefaults()
      .optional()
      .describe(
        'What holds for all trunks. A trunk itself comes first, then the `trunk-defaults` of its site, then these: key by key, within maps as well, while a list is taken whole.',
      ),
    groups: z.array(groupSchema).min(1).optional().describe('Trunks that routes name as one.'),
    routes: z.array(routeSchema).min(1).describe('Which calls go where. The first route that fits a call decides.'),
    sites: z.array(siteSchema).min(1).optional().describe('The places of the organisation.'),
    links: z.array(linkSchema).min(1).optional().describe('What joins regions, or sites directly.'),
    nodes: z
      .array(nodeSchema)
      .min(1)
      .optional()
      .describe('The processes that share this configuration, each with its own part: `tandem run FILE --node NAME`.'),
    pools: z.array(poolSchema).min(1).optional().describe('Nodes that are the same to everybody.'),
    'dial-plans': z
      .array(dialPlanSchema)
      .min(1)
      .optional()
      .describe('How what is dialled becomes a number that routes know.'),
    policies: z.array(policySchema).min(1).optional().describe('What somebody may call, and do.'),
    users: usersSchema.optional(),
    registrar: registrarSchema.optional().describe('How devices register; none can unless given.'),
    decisions: decisionsSchema.optional().describe('Who outside is asked where calls go; nobody unless given.'),
    emergency: emergencySchema.optional().describe('Calls for help.'),
    tests: z
      .array(sampleSchema)
      .min(1)
      .optional()
      .describe('Calls that are looked at whenever the configuration is, and what must come of each.'),
    planning: planningSchema.optional().describe('What `tandem plan` reckons with.'),
    'unknown-source': unknownSourceSchema,
    media: mediaSchema.prefault({}).describe('Where RTP goes.'),
    records: recordsSchema.prefault({}).describe('Where call records are kept, and for how long.'),
    management: managementSchema
      .optional()
      .describe(
        'How people and programs reach the API and the console: at 127.0.0.1:8080 where this is given, and by nothing but the Unix socket `api.sock` in `records.path` unless it is.',
      ),
    health: healthSchema
      .optional()
      .describe(
        'Where it is told, to anybody who asks, whether the program lives and takes calls: for load balancers and orchestrators (docs/management.md). At the Unix socket `health.sock` in `records.path` in any case, and nowhere else unless given.',
      ),
    tracing: tracingSchema
      .optional()
      .describe(
        'What is kept of calls beyond memory, and who outside is told of them: nothing and nobody unless given (docs/traces.md).',
      ),
    protection: protectionSchema.prefault({}).describe('How unwanted traffic is met.'),
    dns: dnsSchema.optional().describe('Where names are looked up.'),
    sip: sipSchema.prefault({}).describe('Timers and texts of the SIP stack.'),
  })
  .meta({ title: 'Tandem configuration', description: 'The configuration of a Tandem trunking system.' });

export type ListenerEntry = z.output<typeof listenerSchema>;
export type TrunkEntry = z.output<typeof trunkSchema>;
export type GroupEntry = z.output<typeof groupSchema>;
export type MediaEntry = z.output<typeof mediaSchema>;
