import { z } from 'zod';
import { count, name } from './leaves.ts';
import { dialled, numberLength, pattern, rewriting } from './leaves-numbers.ts';
import { quoted } from './leaves-sip.ts';

/** How numbers are read and written. */

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

export type DialPlanEntry = z.output<typeof dialPlanSchema>;
export type NumberRuleEntry = DialPlanEntry['rules'][number];
