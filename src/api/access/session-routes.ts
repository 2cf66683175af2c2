import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Account, Session } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Access } from './access.ts';
import type { Change } from './audit-hook.ts';
import { clearSessionCookie, sessionCookie, setSessionCookie } from './cookies.ts';
import { codeSchema, meSchema, sessionOf, sessionSchema } from './describing.ts';
import { mayAs } from './principal.ts';
import { signIn } from './sign-in.ts';

/** Chars of what a browser calls itself. */
const longestAgent = 300;

/** A session for who has proved himself: always a new one, whatever his browser brought. */
export function beginSession(
  access: Access,
  account: Account,
  method: Session['method'],
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { sessions, accounts } = access.store;
  const now = access.wall();
  const brought = sessionCookie(request);
  const old = brought === undefined ? undefined : sessions.find(brought);
  if (old) sessions.end(old.id);
  access.purge();
  const agent = (request.headers['user-agent'] ?? '').slice(0, longestAgent);
  const secret = sessions.begin({ account: account.id, method, source: request.ip, agent }, now);
  accounts.change(account.id, { signedInAt: now });
  setSessionCookie(request, reply, secret);
}

export function meOf(
  { store }: Access,
  { id, name, role, sites, totp }: Account,
  method: Session['method'],
): z.infer<typeof meSchema> {
  const isTotp = totp !== undefined;
  const recoveryCodes = isTotp ? { recoveryCodes: store.recoveryCodes.left(id) } : {};
  return { name, role, ...(sites && { sites: [...sites] }), via: 'session', method, totp: isTotp, ...recoveryCodes };
}

/** For the audit log. */
export function recoveredAs({ name, recoveryCodes }: z.infer<typeof meSchema>): Change {
  return { who: name, after: { by: 'a recovery code', left: recoveryCodes } };
}

/** Signing in and out, and who has. */
export function sessionRoutes(api: Api, access: Access): void {
  api.get(
    '/sign-in',
    {
      config: { right: 'anybody' },
      schema: {
        tags: ['access'],
        summary: 'How one can sign in',
        response: {
          200: z
            .object({
              methods: z.array(z.enum(['password', 'oidc'])).describe('`oidc`: at /api/v1/oidc/sign-in.'),
              isNew: z.boolean().describe('Nobody has an account yet: the program said where to make the first.'),
            })
            .meta({ id: 'SignIn' }),
          default: problemSchema,
        },
      },
    },
    async () => ({
      methods: access.configuration()?.oidc ? (['password', 'oidc'] as const).slice() : ['password' as const],
      isNew: access.store.accounts.administrators().length === 0,
    }),
  );
  api.post(
    '/session',
    {
      config: { right: 'anybody' },
      schema: {
        tags: ['access'],
        summary: 'Sign in with a password',
        description:
          'Sets the cookie `tandem`. Where the account has one-time passwords and `code` is missing, the answer is 401 with `code` in `errors`: ask for it, and send all again. 429: wait as `Retry-After` says.',
        body: z.strictObject({
          name: z.string().min(1).max(100),
          password: z.string().min(1).max(1_000),
          code: codeSchema,
        }),
        response: { 200: meSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      request.change = { who: request.body.name };
      const { account, isRecovered } = await signIn(access, request.body, request.ip);
      const me = meOf(access, account, 'password');
      if (isRecovered) request.change = recoveredAs(me);
      beginSession(access, account, 'password', request, reply);
      return me;
    },
  );
  api.delete(
    '/session',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: { tags: ['access'], summary: 'Sign out', response: { 204: z.null(), default: problemSchema } },
    },
    async (request, reply) => {
      const { session } = request.principal!;
      if (session !== undefined) access.store.sessions.end(session);
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );
  api.get(
    '/sessions',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags: ['access'],
        summary: 'Who has signed in: all for administrators, else oneself',
        response: { 200: z.object({ items: z.array(sessionSchema) }), default: problemSchema },
      },
    },
    async (request) => {
      const { store } = access;
      access.purge();
      const { principal } = request;
      const all = store.sessions.list(isOfAll(principal) ? undefined : (principal?.account ?? -1));
      return {
        items: all.map((one) => sessionOf(one, store.accounts.byId(one.account)!.name, principal?.session)),
      };
    },
  );
  api.delete(
    '/sessions/:session',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags: ['access'],
        summary: 'End a session',
        params: z.object({ session: z.string() }),
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const { sessions, accounts } = access.store;
      const { principal } = request;
      const of = sessions.list().find(({ id }) => id === request.params.session);
      if (!of || !(isOfAll(principal) || of.account === principal?.account))
        throw new Problem(404, `There is no session ${request.params.session}.`);
      if (principal?.via === 'token' && !isOfAll(principal))
        throw new Problem(403, 'A token ends no session: sign in.');
      request.change = { before: { account: accounts.byId(of.account)?.name, source: of.source } };
      sessions.end(of.id);
      return reply.code(204).send(null);
    },
  );
}

/** Whether he sees to everybody's. */
export function isOfAll(principal: FastifyRequest['principal']): boolean {
  return principal !== undefined && mayAs(principal.role, 'administrator') && !principal.sites;
}
