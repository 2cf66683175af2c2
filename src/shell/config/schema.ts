import { z } from 'zod';
import { leaf, name, prefix } from './leaves.ts';
import { readPattern } from './pattern.ts';
import { oneOrMany } from './schema-forms.ts';
import { listenerSchema } from './schema-listener.ts';
import { mediaSchema } from './schema-media.ts';
import { dnsSchema, protectionSchema, recordsSchema, sipSchema } from './schema-service.ts';
import { groupSchema, trunkSchema } from './schema-trunk.ts';

/**
 * The configuration file. The schema-* files are the one place that says which keys there are: validation, the JSON Schema (editors)
 * and docs/configuration.md all come from here. A description begins in lower case where it continues the key.
 */

export const routeSchema = z
  .strictObject({
    name: name().describe('What logs and records call it.'),
    from: oneOrMany(name())
      .optional()
      .describe('The trunks the call may come from, a group standing for all of its own; any unless given.'),
    called: z
      .strictObject({
        prefix: oneOrMany(prefix()).optional().describe('How the called number begins: one of these.'),
        pattern: leaf(readPattern, { title: 'pattern', examples: ['\\+49[0-9]{6,13}', '0[1-9].*'] })
          .optional()
          .describe('What the whole called number looks like.'),
      })
      .optional()
      .describe('The called numbers it takes, by `prefix` or by `pattern`; every number unless given.'),
    to: oneOrMany(name()).describe('The trunks and groups to try, in this order.'),
  })
  .meta({ id: 'route', description: 'Which calls go where. The first route that fits a call decides.' });

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
    groups: z.array(groupSchema).min(1).optional().describe('Trunks that routes name as one.'),
    routes: z.array(routeSchema).min(1).describe('Which calls go where. The first route that fits a call decides.'),
    'unknown-source': unknownSourceSchema,
    media: mediaSchema.prefault({}).describe('Where RTP goes.'),
    records: recordsSchema.prefault({}).describe('Where call records are kept.'),
    protection: protectionSchema.prefault({}).describe('How unwanted traffic is met.'),
    dns: dnsSchema.optional().describe('Where names are looked up.'),
    sip: sipSchema.prefault({}).describe('Timers and texts of the SIP stack.'),
  })
  .meta({ title: 'Tandem configuration', description: 'The configuration of a Tandem trunking system.' });

export type ListenerEntry = z.output<typeof listenerSchema>;
export type TrunkEntry = z.output<typeof trunkSchema>;
export type GroupEntry = z.output<typeof groupSchema>;
export type RouteEntry = z.output<typeof routeSchema>;
export type MediaEntry = z.output<typeof mediaSchema>;
