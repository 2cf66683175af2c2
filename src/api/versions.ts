import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** What is said of something that is changed: which version of it was seen (RFC 9110 13.1.1). */
export const seenVersion = z.object({
  'if-match': z
    .string()
    .max(200)
    .optional()
    .describe('The ETag that it had when it was looked at: where it has changed since, it is left as it is (412).'),
});

export function tagged(reply: FastifyReply, { version }: { readonly version: number | string }): void {
  reply.header('etag', `"${version}"`);
}

/** Two who change the same do not overwrite each other. */
export function demandVersion(
  { 'if-match': seen }: z.infer<typeof seenVersion>,
  { version }: { readonly version: number | string },
): void {
  if (seen === undefined) throw new Problem(428, 'Look at it first, and say by If-Match which version you have seen.');
  const tags = seen.split(',').map((tag) => tag.trim());
  if (!tags.includes('*') && !tags.includes(`"${version}"`))
    throw new Problem(412, 'It was changed by somebody else meanwhile: look at it again.');
}
