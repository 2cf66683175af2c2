import { z } from 'zod';
import type { Token } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Access } from './access.ts';
import { roleSchema, sitesSchema, tokenOf, tokenSchema } from './describing.ts';
import { mayAs } from './principal.ts';
import { isOfAll } from './session-routes.ts';
import { mayAt } from './sites.ts';

const hour = 3_600_000;
/** Where the configuration has no section, a token for the Unix socket is of no use; one may be made for when it has. */
const usualLifetime = 8_760 * hour;
const usualHours = 90 * 24;

/** What programs prove themselves by: everybody makes his own, with no more rights than he has. */
export function tokenRoutes(api: Api, access: Access): void {
  const config = { right: 'viewer', sites: 'heeded' } as const;
  const { store } = access ?? {};
  const nameOf = ({ account }: Token) =>
    account === undefined ? 'local' : (store.accounts.byId(account)?.name ?? 'nobody');

  api.get(
    '/tokens',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'API tokens: all for administrators, else one’s own',
        response: { 200: z.object({ items: z.array(tokenSchema) }), default: problemSchema },
      },
    },
    async ({ principal }) => {
      access.purge();
      const all = store.tokens.list(isOfAll(principal) ? undefined : (principal?.account ?? -1));
      return { items: all.map((token) => tokenOf(token, nameOf(token))) };
    },
  );
  api.post(
    '/tokens',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Make an API token',
        description: 'The secret is in the answer, and is told never again: `Authorization: Bearer tdm_…`.',
        body: z.strictObject({
          name: z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'Letters, digits and . _ -, at most 64.')
            .describe('What it is for.'),
          role: roleSchema.default('viewer'),
          sites: sitesSchema.optional(),
          hours: z
            .int()
            .min(1)
            .optional()
            .describe('How long it holds; 90 days unless given, or what is allowed at most.'),
        }),
        response: {
          201: z
            .object({ token: tokenSchema, secret: z.string().describe('`tdm_…`; it is told once.') })
            .meta({ id: 'MadeToken' }),
          default: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { principal } = request;
      const { name, role, sites } = request.body;
      // One that was stolen shall not outlive its own end by another.
      if (principal!.via === 'token') throw new Problem(403, 'A token cannot make another: sign in.');
      if (!mayAs(principal!.role, role)) throw new Problem(403, `You are ${principal!.role}: it cannot be more.`);
      const beyond = sites?.find((site) => !mayAt(principal, site));
      if (beyond !== undefined) throw new Problem(403, `${beyond} is not one of your sites.`);
      const longest = access.configuration()?.tokens.lifetime ?? usualLifetime;
      const hours = request.body.hours ?? Math.min(usualHours, longest / hour);
      if (hours * hour > longest)
        throw new Problem(422, `A token holds for ${longest / hour} h at most (management.tokens.lifetime).`, [
          { place: 'hours', detail: `At most ${Math.floor(longest / hour)}.` },
        ]);
      const now = access.wall();
      const made = store.tokens.create({
        name,
        account: principal!.account,
        role,
        sites: sites ?? principal!.sites,
        createdAt: now,
        expiresAt: now + hours * hour,
      });
      if (!made) throw new Problem(409, `There is a token ${name} of yours already, or there are too many.`);
      const token = tokenOf(made.token, nameOf(made.token));
      request.change = { after: { ...token } };
      return reply.code(201).send({ token, secret: made.secret });
    },
  );
  api.delete(
    '/tokens/:token',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Revoke an API token: at once',
        params: z.object({ token: z.string().describe('Its id.') }),
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const { principal, params } = request;
      const token = store.tokens.byId(params.token);
      if (!token || !(isOfAll(principal) || (token.account !== undefined && token.account === principal?.account)))
        throw new Problem(404, `There is no token ${params.token}.`);
      if (principal?.via === 'token' && !isOfAll(principal) && principal.name !== `${nameOf(token)}/${token.name}`)
        throw new Problem(403, 'A token ends itself, and no other: sign in.');
      store.tokens.revoke(token.id);
      request.change = { before: tokenOf(token, nameOf(token)) };
      return reply.code(204).send(null);
    },
  );
}
