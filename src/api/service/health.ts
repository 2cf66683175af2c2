import { z } from 'zod';

export const health = z
  .object({
    status: z.enum(['ready', 'not-ready', 'alive', 'not-alive']),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
  })
  .meta({ id: 'Health', description: 'Whether the program lives, or takes calls, and what keeps it from that.' });
export type Health = z.output<typeof health>;
