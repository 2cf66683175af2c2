import { z } from 'zod';
import { count, name } from './leaves.ts';
import { accessPrefix, dialled, numberLength, pattern, rewriting } from './leaves-numbers.ts';
import { flag, quoted } from './leaves-sip.ts';

/** How numbers are read and written. */

const numberRule = () =>
  z.strictObject({
    name: quoted(true).optional().describe('What traces call it; its place in the list unless given.'),
    pattern: pattern().optional().describe('What the whole number looks like, with groups in parentheses.'),
    to: rewriting().optional().describe('With `pattern`: what is written instead, `$1` for what the first group held.'),
    starts: dialled(0).optional().describe('In place of a pattern: how the number begins.'),
    length: numberLength().optional().describe('With `starts`: how long it is, that with it; `any` unless given.'),
    remove: count(0, 32).optional().describe('How many characters come off at its beginning; none unless given.'),
    add: dialled(0).optional().describe('What goes in front then; nothing unless given.'),
  });

export const numberRules = () => z.array(numberRule()).min(1);

export const dialPlanSchema = z
  .strictObject({
    name: name().describe('What sites, trunks and users call it; `global` is for those who have no other.'),
    'access-prefix': accessPrefix()
      .optional()
      .describe(
        'What users and PBXs dial before a number outside: it comes off before the rules are tried; where none fits then, they are tried on the whole.',
      ),
    rules: z
      .array(
        numberRule().extend({
          internal: flag()
            .optional()
            .describe(
              'True: it makes numbers within, and is tried on the whole number before the access prefix comes off, never behind it.',
            ),
        }),
      )
      .min(1)
      .describe('In order: the first that fits decides.'),
  })
  .meta({ id: 'dial-plan', description: 'How what is dialled becomes a number that routes know.' });

export type DialPlanEntry = z.output<typeof dialPlanSchema>;
export type NumberRuleEntry = DialPlanEntry['rules'][number];
