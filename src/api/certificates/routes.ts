import { z } from 'zod';
import type { Api } from '../api.ts';
import type { LiveCertificate } from '../live/told.ts';
import { problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { certificateSchema, certificateView } from './schema.ts';

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
          200: z.object({ items: z.array(certificateSchema) }).meta({ id: 'Certificates' }),
          default: problemSchema,
        },
      },
    },
    async () => {
      const days = ({ daysLeft = 1e9, problem }: LiveCertificate) => (problem === undefined ? daysLeft : -1e9);
      const items = (live.house.certificates ?? []).toSorted((one, other) => days(one) - days(other));
      return { items: items.map(certificateView) };
    },
  );
}
