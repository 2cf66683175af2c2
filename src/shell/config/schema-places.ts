import { z } from 'zod';
import { name } from './leaves.ts';
import { bandwidthOf, country } from './leaves-places.ts';
import { flag, network } from './leaves-sip.ts';
import { siteEmergency } from './schema-emergency.ts';
import { callLimits, oneOrMany, shortFor } from './schema-forms.ts';
import { trunkDefaults } from './schema-trunk.ts';

/** Where the organisation is, and what lies between its places. */

const bandwidth = () =>
  shortFor(
    'audio',
    z.strictObject({
      audio: bandwidthOf(40).prefault('0').describe('Of all calls together, one way.'),
      'audio-session': bandwidthOf(40).prefault('175 kbit/s').describe('Of one call.'),
      video: bandwidthOf(100).prefault('0').describe('Of all video together.'),
      'video-session': bandwidthOf(100).prefault('700 kbit/s').describe('Of one video stream.'),
    }),
  );

export const siteSchema = z
  .strictObject({
    name: name().describe('What trunks, users and routes call it.'),
    kind: z
      .enum(['central', 'branch'])
      .optional()
      .describe('`branch` where `centre` says who serves it, else `central`, unless given.'),
    centre: name().optional().describe('Of a branch: the central site that serves it.'),
    region: name()
      .optional()
      .describe('The part of the network that it is in; that of its centre unless given. Links join regions.'),
    country: country()
      .optional()
      .describe(
        "Where it is (ISO 3166): its calls leave by trunks of this country where the law wants it, and its people's numbers are looked at.",
      ),
    subnets: oneOrMany(
      shortFor(
        'network',
        z.strictObject({
          network: network().describe('The addresses.'),
          location: name().optional().describe('Where help is to come to, for who is at one of them.'),
          'media-bypass': flag()
            .prefault('true')
            .describe('Media of who is at one of them may go past us. `false` for wireless, where much is lost.'),
        }),
      ),
    )
      .optional()
      .describe('The addresses that are here.'),
    bandwidth: bandwidth()
      .optional()
      .describe('The most that calls may take of its link to its region; as much as they want unless given.'),
    resilient: flag()
      .prefault('false')
      .describe('That link is doubled: it needs nothing of its own to live through its loss.'),
    survivability: z
      .enum(['none', 'appliance', 'server', 'full'])
      .prefault('none')
      .describe(
        'What keeps a branch going when its centre cannot be reached: an appliance or a server beside it, or a whole site of its own.',
      ),
    'dial-plan': name()
      .optional()
      .describe('How numbers are read that are dialled here, by who has no plan of his own.'),
    policy: name().optional().describe('What may be called from here, by who has no policy of his own.'),
    location: name().optional().describe('Where help is to come to, for who is in no subnet that says it better.'),
    'local-policy': name()
      .optional()
      .describe(
        'The policy by which calls leave of who is here and may not go round tolls (`toll-bypass: false`); his own says whom he may call.',
      ),
    emergency: siteEmergency().optional().describe('Calls for help from here, as far as `emergency` does not say it.'),
    'local-termination': flag().prefault('false').describe('Calls from here leave by trunks that end in its country.'),
    capacity: callLimits().optional().describe('The most that its people have with trunks; no limit unless given.'),
    'trunk-defaults': trunkDefaults()
      .optional()
      .describe('What holds for its trunks where they say nothing else: any key of a trunk that `trunk-defaults` has.'),
  })
  .meta({ id: 'site', description: 'A place with phones, trunks or both.' });

export const linkSchema = z
  .strictObject({
    between: z.array(name()).length(2).describe('Two regions; or two sites that are joined beside their regions.'),
    bandwidth: bandwidth()
      .optional()
      .describe('The most that calls may take of it; as much as they want unless given.'),
  })
  .meta({ id: 'link', description: 'What joins two regions, or two sites directly.' });

export type SiteEntry = z.output<typeof siteSchema>;
export type LinkEntry = z.output<typeof linkSchema>;
