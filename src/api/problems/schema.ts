import { z } from 'zod';
import { saidSchema } from '../said/said.ts';
import { iso } from '../time.ts';
import type { Trouble } from './problems.ts';

export const troubleSchema = z
  .object({
    id: z.string().describe('The same as long as it lasts.'),
    severity: z
      .enum(['critical', 'warning', 'notice'])
      .describe(
        '`critical`: calls are lost now, or will be within days; `warning`: some are, or will be; `notice`: worth knowing.',
      ),
    what: z.string().describe('In a sentence.'),
    said: saidSchema.optional(),
    since: z.iso.datetime().optional(),
    todo: z.string().describe('What to do, or where to look.'),
    trunk: z.string().optional(),
    call: z.string().optional(),
    webhook: z.string().optional().describe('Its id.'),
  })
  .meta({ id: 'Trouble', description: 'Something that is wrong now.' });

export function troubleView({ since, ...rest }: Trouble): z.infer<typeof troubleSchema> {
  return { ...rest, ...(since !== undefined && { since: iso(since) }) };
}
