import { z } from 'zod';
import { count, name } from './leaves.ts';
import { dialled, numberLength, pattern, rewriting } from './leaves-numbers.ts';
import { bandwidthOf, country } from './leaves-places.ts';
import { flag, network, quoted } from './leaves-sip.ts';
import { oneOrMany, shortFor } from './schema-forms.ts';

/** Where the organisation is, and what lies between its places. */

const bandwidth = () =>
  shortFor(
    'audio',
    z.strictObject({
      audio: bandwidthOf(40).describe('Of all calls together, one way.'),
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
      .describe('The policy by which calls of who is here leave, whatever his own: no call goes round a toll.'),
    emergency: oneOrMany(name())
      .optional()
      .describe('The trunks that calls for help from here take, in order; those of `emergency` unless given.'),
    capacity: z
      .strictObject({
        calls: count(1, 1_000_000).optional().describe('Calls at once between its people and trunks.'),
        'calls-per-second': count(1, 100_000).optional().describe('New calls in any second.'),
      })
      .optional()
      .describe('The most calls of the site with trunks; no limit unless given.'),
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

export const numberRules = () =>
  z
    .array(
      z.strictObject({
        name: quoted(true).optional().describe('What traces call it; its place in the list unless given.'),
        pattern: pattern().optional().describe('What the whole number looks like, with groups in parentheses.'),
        to: rewriting()
          .optional()
          .describe('With `pattern`: what is written instead, `$1` for what the first group held.'),
        starts: dialled(0).optional().describe('In place of a pattern: how the number begins.'),
        length: numberLength().optional().describe('With `starts`: how long it is, that with it; `any` unless given.'),
        remove: count(0, 32).optional().describe('How many characters come off at its beginning; none unless given.'),
        add: dialled(0).optional().describe('What goes in front then; nothing unless given.'),
      }),
    )
    .min(1);

export const dialPlanSchema = z
  .strictObject({
    name: name().describe('What sites, trunks and users call it; `global` is for those who have no other.'),
    'access-prefix': dialled()
      .optional()
      .describe('What is dialled before a number outside: it comes off before the rules are tried once more.'),
    rules: numberRules().describe('In order: the first that fits decides.'),
  })
  .meta({ id: 'dial-plan', description: 'How what is dialled becomes a number that routes know.' });

export type SiteEntry = z.output<typeof siteSchema>;
export type LinkEntry = z.output<typeof linkSchema>;
export type DialPlanEntry = z.output<typeof dialPlanSchema>;
export type NumberRuleEntry = DialPlanEntry['rules'][number];
