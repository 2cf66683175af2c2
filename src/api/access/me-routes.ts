import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Account } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Access } from './access.ts';
import { meSchema, newPassword, recoveryCodesSchema } from './describing.ts';
import { newTotpSecret, totpUri } from './one-time-passwords.ts';
import { passwordFault } from './password-rules.ts';
import { meOf } from './session-routes.ts';
import { hashed, proveAgain, takeCode } from './sign-in.ts';

const password = z.string().min(1).max(1_000).describe('That of the account, once more.');

/** What everybody may see and change of himself. */
export function meRoutes(api: Api, access: Access): void {
  const config = { right: 'viewer', sites: 'heeded' } as const;
  const done = { 204: z.null(), default: problemSchema };

  api.get(
    '/me',
    { config, schema: { tags: ['access'], summary: 'Who asks', response: { 200: meSchema, default: problemSchema } } },
    async ({ principal }) => {
      const { name, role, sites, via, account, session } = principal!;
      const { accounts, sessions } = access.store;
      const own = via === 'session' ? accounts.byId(account!) : undefined;
      const method = own && sessions.list(own.id).find(({ id }) => id === session)?.method;
      return own && method ? meOf(access, own, method) : { name, role, ...(sites && { sites: [...sites] }), via };
    },
  );
  api.put(
    '/me/password',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Change the password',
        description: 'All other sessions of the account end.',
        body: z.strictObject({ old: password, new: newPassword }),
        response: done,
      },
    },
    async (request, reply) => {
      const account = ownAccount(access, request);
      const fault = passwordFault(request.body.new, account.name);
      if (fault !== undefined) throw new Problem(422, fault, [{ place: 'new', detail: fault }]);
      await proveAgain(access, account, request.body.old, request.ip);
      const hash = await hashed(access, request.body.new);
      // He may have lost his session, or all of it, meanwhile.
      if (!(await request.mayStill())) throw new Problem(401, 'Sign in again: your session has ended.');
      access.store.accounts.change(account.id, { password: hash });
      access.store.sessions.endAll(account.id, request.principal!.session);
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/me/totp',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Begin to use one-time passwords',
        description: 'They are asked for once `PUT /me/totp` has shown that the app has the secret.',
        body: z.strictObject({ password }),
        response: {
          200: z
            .object({
              secret: z.string().describe('Base32, for who cannot scan.'),
              uri: z.string().describe('`otpauth://…`: what the app scans as a QR code.'),
            })
            .meta({ id: 'TotpOffer' }),
          default: problemSchema,
        },
      },
    },
    async (request) => {
      const account = ownAccount(access, request);
      if (account.totp !== undefined) throw new Problem(409, 'They are in use already: stop that first.');
      await proveAgain(access, account, request.body.password, request.ip);
      const secret = newTotpSecret();
      access.offeredTotp.set(account.id, secret);
      return { secret, uri: totpUri(secret, account.name) };
    },
  );
  api.put(
    '/me/totp',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Use one-time passwords from now on',
        description:
          'All other sessions of the account end. The answer has the codes for when the telephone is gone; they are told once.',
        body: z.strictObject({ code: z.string().max(10).describe('What the app shows.') }),
        response: { 200: recoveryCodesSchema, default: problemSchema },
      },
    },
    async (request) => {
      const account = ownAccount(access, request);
      const secret = access.offeredTotp.get(account.id);
      if (secret === undefined) throw new Problem(409, 'Begin with `POST /me/totp`.');
      if (!takeCode(access, account, secret, request.body.code))
        throw new Problem(422, 'The code is wrong: is the clock of the telephone right?', [
          { place: 'code', detail: 'Wait for the next.' },
        ]);
      access.offeredTotp.delete(account.id);
      const { accounts, recoveryCodes, sessions } = access.store;
      return access.store.atOnce(() => {
        accounts.change(account.id, { totp: secret });
        sessions.endAll(account.id, request.principal!.session);
        return { recoveryCodes: recoveryCodes.renew(account.id) };
      });
    },
  );
  api.delete(
    '/me/totp',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Sign in without one-time passwords again',
        body: z.strictObject({ password }),
        response: done,
      },
    },
    async (request, reply) => {
      const account = ownAccount(access, request);
      await proveAgain(access, account, request.body.password, request.ip);
      access.endTotp(account.id);
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/me/recovery-codes',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Have other recovery codes made',
        description: 'Those before are void. They are told once.',
        body: z.strictObject({ password }),
        response: { 200: recoveryCodesSchema, default: problemSchema },
      },
    },
    async (request) => {
      const account = ownAccount(access, request);
      if (account.totp === undefined) throw new Problem(409, 'They stand in for one-time passwords: begin with those.');
      await proveAgain(access, account, request.body.password, request.ip);
      const { store } = access;
      return store.atOnce(() => ({ recoveryCodes: store.recoveryCodes.renew(account.id) }));
    },
  );
}

/** What one signs in by is changed by who signed in by it. */
function ownAccount({ store }: Access, { principal }: FastifyRequest): Account {
  const account = principal?.via === 'session' ? store.accounts.byId(principal.account!) : undefined;
  if (!account) throw new Problem(403, 'This is for who signed in with a password.');
  if (account.password === undefined) throw new Problem(409, 'You sign in at the provider, and have no password here.');
  return account;
}
