import { z } from 'zod';
import { file, host, leaf, name, prefix } from './leaves.ts';
import { flag, quoted } from './leaves-sip.ts';
import { fault } from './problems.ts';
import { noneOrMany, oneOrMany, shortForList } from './schema-forms.ts';
import { numberRules } from './schema-numbers.ts';

/** The keys of a trunk that say what it is in the organisation. */

export const price = () =>
  leaf(
    (text) =>
      /^\d{1,6}(\.\d{1,6})?$/.test(text)
        ? { value: Number(text) }
        : fault('TDM-1107', `${JSON.stringify(text.slice(0, 80))} is not a price.`, 'Write 0.012, without a currency.'),
    { title: 'price', examples: ['0.012'] },
  );

const rates = shortForList(
  'list',
  z.strictObject({
    list: z
      .array(
        z.strictObject({
          prefix: prefix().describe('How the number begins; the longest that fits counts.'),
          price: price().describe('What a minute costs.'),
        }),
      )
      .min(1)
      .optional()
      .describe('One by one.'),
    file: file().optional().describe('As CSV: a prefix and its price a line.'),
  }),
)
  .optional()
  .describe('What a minute costs by prefix, for routes with `choice: least-cost`. All trunks in one currency.');

/** As they stand in the file. */
export const placeKeys = {
  description: quoted(false).optional().describe('What people should know of it.'),
  site: name().optional().describe('The site that it ends at.'),
  listeners: oneOrMany(name())
    .optional()
    .describe('The listeners that it is joined to; those of its side unless given.'),
  'dial-plan': name().optional().describe('How numbers that come from it are read; as at its site unless given.'),
  usages: noneOrMany(name())
    .optional()
    .describe(
      'What may be called by calls that come from it: the usages of routes; `[]`: users, and no route. Routes without usages unless given.',
    ),
  numbers: z
    .strictObject({
      called: numberRules()
        .optional()
        .describe('How the called number is written; as routes know it unless a rule fits.'),
      calling: numberRules().optional().describe('How the number of who calls is written.'),
    })
    .optional()
    .describe('How numbers are written to it, in order: the first rule that fits decides.'),
  'remove-plus': flag().prefault('false').describe('Numbers go to it without the "+" that they begin with.'),
  'media-bypass': flag()
    .prefault('false')
    .describe(
      'Its peer takes media from, and sends it to, whoever it talks to: where `media.bypass` has it so, calls go past us. It sees the addresses of phones then.',
    ),
  'media-address': host()
    .optional()
    .describe('An address of its media, where that is at another site than the trunk; for `media.bypass`.'),
  'local-only': flag()
    .prefault('false')
    .describe('Only who is at its site may use it, and is reached by it: tolls are not gone round.'),
  emergency: z
    .enum(['location', 'location-value', 'elin'])
    .optional()
    .describe(
      'Calls for help say where they come from: as a `location` (PIDF-LO, or the reference that the call brings), by PIDF-LO alone (`location-value`), or by a number of the place (`elin`). Neither unless given.',
    ),
  rates,
  mobile: flag().prefault('false').describe('Its provider is a mobile carrier: who talks by it is in a call.'),
};
