import { z } from 'zod';
import type { Api } from '../api.ts';
import type { LiveCertificate } from '../live/told.ts';
import { problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';

const certificate = z
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

/** The certificates that are in use: how long they hold, and what is wrong with them. */
export function certificateRoutes(api: Api, { live }: Services): void {
  api.get(
    '/certificates',
    {
      config: { right: 'viewer' },
      schema: {
        tags: ['house'],
        summary: 'Certificates in use, what expires first at the top',
        response: {
          200: z.object({ items: z.array(certificate) }).meta({ id: 'Certificates' }),
          default: problemSchema,
        },
      },
    },
    async () => {
      const days = ({ daysLeft = 1e9, problem }: LiveCertificate) => (problem === undefined ? daysLeft : -1e9);
      const items = (live.house.certificates ?? []).toSorted((one, other) => days(one) - days(other));
      return { items: items.map(told) };
    },
  );
}

function told(one: LiveCertificate): z.infer<typeof certificate> {
  const { kind, users, files, names, notAfter, daysLeft, warnings, problem } = one;
  return {
    ...{ kind, users: [...users], files: [...files], names: [...names], warnings: [...warnings] },
    ...(notAfter !== undefined && { notAfter }),
    ...(daysLeft !== undefined && { daysLeft }),
    ...(problem !== undefined && { problem }),
  };
}
