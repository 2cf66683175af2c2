import { z } from 'zod';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Access } from './access.ts';
import { timeOf } from './describing.ts';

const entrySchema = z
  .object({
    id: z.int().describe('In the order of writing, from 1 on.'),
    time: z.iso.datetime().describe('RFC 3339.'),
    who: z.string().describe('The account; `account/token` of a token; `local` of who runs the program.'),
    via: z.string().describe('`socket`, `session`, `token`; empty of who had not signed in.'),
    source: z.string().describe('The address that it came from; empty at the Unix socket.'),
    what: z.string().describe('Method and route.'),
    object: z.string().describe('The path that was asked for.'),
    status: z.int().describe('The HTTP status of the answer: 2xx was done.'),
    detail: z
      .record(z.string(), z.unknown())
      .describe('`sent`, `before`, `after` as far as they are told; secrets read `(secret)`.'),
    hash: z.string().describe('SHA-256 over the row and the hash before it, hex.'),
    verified: z.boolean().describe('Whether the row is as it was written.'),
  })
  .meta({ id: 'AuditEntry', description: 'Something that somebody changed, or tried to.' });

/** Who changed what: written by the hook of every request (audit-hook.ts), and only read here. */
export function auditRoutes(api: Api, access: Access): void {
  api.get(
    '/audit',
    {
      config: { right: 'administrator' },
      schema: {
        tags: ['access'],
        summary: 'The audit log, the newest first unless the oldest are asked for',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(500).default(50),
          oldest: z.stringbool().default(false).describe('The oldest first: for who keeps all of it elsewhere.'),
          cursor: z.string().max(20).optional().describe('`next` of the page before.'),
          who: z.string().max(200).optional(),
          contains: z.string().max(200).optional().describe('A part of the route or of the path.'),
          since: z.iso.datetime({ offset: true }).optional(),
          until: z.iso.datetime({ offset: true }).optional(),
        }),
        response: {
          200: z
            .object({
              items: z.array(entrySchema),
              next: z.string().optional().describe('The cursor of the next page; absent: this is the last.'),
              verified: z.boolean().describe('Whether all rows of the page are as they were written.'),
            })
            .meta({ id: 'Audit' }),
          default: problemSchema,
        },
      },
    },
    async ({ query }) => {
      const { limit, oldest, cursor, who, contains, since, until } = query;
      const place = cursor === undefined ? undefined : Number(cursor);
      if (place !== undefined && !Number.isSafeInteger(place)) throw new Problem(400, 'That is no cursor of ours.');
      const rows = access.store.audit.list(
        {
          ...(oldest ? { after: place ?? 0 } : place !== undefined && { before: place }),
          ...(who !== undefined && { who }),
          ...(contains !== undefined && { contains }),
          ...(since !== undefined && { since: Date.parse(since) }),
          ...(until !== undefined && { until: Date.parse(until) }),
        },
        limit + 1,
      );
      const items = rows
        .slice(0, limit)
        .map(({ at, detail, ...row }) => ({ ...row, time: timeOf(at), detail: detailOf(detail) }));
      return {
        items,
        ...(rows.length > limit && { next: String(items.at(-1)!.id) }),
        verified: items.every(({ verified }) => verified),
      };
    },
  );
  api.get(
    '/audit/verification',
    {
      config: { right: 'administrator' },
      schema: {
        tags: ['access'],
        summary: 'Look whether the whole audit log is as it was written',
        response: {
          200: z
            .object({
              verified: z.boolean(),
              rows: z.int().describe('How many were written ever.'),
              cut: z.int().describe('How many of them were let go since they were old (`management.audit`).'),
              head: z.string().describe('The hash of the last row: keep it elsewhere to find out when rows are gone.'),
              brokenAt: z.int().optional().describe('The first row that is not as it was written, or is missing.'),
            })
            .meta({ id: 'AuditVerification' }),
          default: problemSchema,
        },
      },
    },
    async () => {
      const { rows, cut, head, brokenAt } = await access.store.audit.verify();
      return { verified: brokenAt === undefined, rows, cut, head, ...(brokenAt !== undefined && { brokenAt }) };
    },
  );
}

/** It is ours, but the file may have been changed by others. */
function detailOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
