import { z } from 'zod';
import { count, file, name, prefix } from './leaves.ts';
import { globalNumber, pattern } from './leaves-numbers.ts';
import { days, disabled, timeOfDay, zone } from './leaves-places.ts';
import { oneOrMany } from './schema-forms.ts';

const times = oneOrMany(
  z.strictObject({
    days: oneOrMany(days()).prefault(['mon-sun']).describe('The days of the week.'),
    from: timeOfDay().prefault('00:00').describe('From when on.'),
    to: timeOfDay()
      .prefault('24:00')
      .describe('Up to when, itself not included; earlier than `from` is past midnight, of the day that it began.'),
    zone: zone().describe('Whose clocks count.'),
  }),
)
  .optional()
  .describe('When it holds; always unless given.');

export const routeSchema = z
  .strictObject({
    name: name().describe('What logs and records call it.'),
    disabled: disabled()
      .optional()
      .describe('It takes no call: `true`, or `until` a time. It stays in the file, and is what it was again after.'),
    from: oneOrMany(name())
      .optional()
      .describe('The trunks the call may come from, a group standing for all of its own; any unless given.'),
    called: z
      .strictObject({
        prefix: oneOrMany(prefix()).optional().describe('How the called number begins: one of these.'),
        pattern: pattern().optional().describe('What the whole called number looks like.'),
        file: file()
          .optional()
          .describe('Prefixes in a file, one a line; of several columns the first. It may have a million of them.'),
        except: oneOrMany(prefix()).optional().describe('How numbers begin that it does not take all the same.'),
      })
      .optional()
      .describe('The called numbers it takes, by `prefix`, by `pattern` or by `file`; every number unless given.'),
    usages: oneOrMany(name())
      .optional()
      .describe(
        'The classes of calls that it is for: who has one of them by his policy or trunk may use it. Unless given it is for those who have no policy.',
      ),
    priority: count(0, 1_000_000)
      .prefault('0')
      .describe('Among the routes of one usage those with a lower number come first, else they keep their order.'),
    sites: oneOrMany(name()).optional().describe('Where the caller must be; anywhere unless given.'),
    times,
    'caller-id': globalNumber().optional().describe('The caller is known by this number, whoever it is.'),
    choice: z
      .enum(['ordered', 'least-cost'])
      .prefault('ordered')
      .describe('`least-cost`: the trunk that charges least for the number comes first, by `rates` of trunks.'),
    to: oneOrMany(name()).optional().describe('The trunks and groups to try, in this order.'),
    refuse: count(400, 699).optional().describe('In place of `to`: the status that the call is refused with.'),
  })
  .meta({ id: 'route', description: 'Which calls go where. The first route that fits a call decides.' });

export type RouteEntry = z.output<typeof routeSchema>;
