import { z } from 'zod';
import type { LiveCertificate } from '../live/told.ts';

export const certificateSchema = z
  .object({
    kind: z.enum(['certificate', 'trust']).describe('Ours, or roots by which we believe others.'),
    users: z.array(z.string()).describe('What uses it: `listener wan`, `trunk itsp`.'),
    files: z.array(z.string()),
    names: z.array(z.string()).describe('That it bears.'),
    notAfter: z.string().optional().describe('When it expires.'),
    daysLeft: z.int().optional().describe('Days; negative: it has expired.'),
    warnings: z.array(z.string()),
    problem: z.string().optional().describe('Why it cannot be used.'),
  })
  .meta({ id: 'Certificate', description: 'A certificate that is in use; its files are read again when they change.' });

export function certificateView(one: LiveCertificate): z.infer<typeof certificateSchema> {
  const { kind, users, files, names, notAfter, daysLeft, warnings, problem } = one;
  return {
    ...{ kind, users: [...users], files: [...files], names: [...names], warnings: [...warnings] },
    ...(notAfter !== undefined && { notAfter }),
    ...(daysLeft !== undefined && { daysLeft }),
    ...(problem !== undefined && { problem }),
  };
}
