import { z } from 'zod';
import type { Account } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { demandVersion, seenVersion, tagged } from '../versions.ts';
import type { Access, Invitation } from './access.ts';
import {
  accountName,
  accountOf,
  accountSchema,
  invitationSchema,
  roleSchema,
  sitesSchema,
  timeOf,
} from './describing.ts';

const named = z.object({ account: z.string().describe('Its name.') });

/** Who may sign in: administrators see to that. */
export function accountRoutes(api: Api, access: Access, { configuration }: Services): void {
  const config = { right: 'administrator' } as const;
  const { store } = access ?? {};
  const accountNamed = (name: string): Account => {
    const account = store.accounts.byName(name);
    if (!account) throw new Problem(404, `There is no account ${name}.`);
    return account;
  };
  /** A name that is misspelt would lock him out of a site, or let him into one that comes later. */
  const demandSites = (sites: readonly string[] | undefined): void => {
    const known = configuration().sites ?? [];
    const unknown = sites?.find((site) => !known.some(({ name }) => name === site));
    if (unknown !== undefined)
      throw new Problem(422, `There is no site ${unknown}.`, [
        { place: 'sites', detail: `There is no site ${unknown}.` },
      ]);
  };
  /** Somebody must be left who can put things right from a browser. */
  const demandAnother = ({ id }: Account): void => {
    const administrators = store.accounts.administrators();
    if (administrators.length === 1 && administrators[0]!.id === id)
      throw new Problem(409, 'This is the last administrator: make another one first.');
  };

  api.get(
    '/accounts',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Who may sign in',
        response: { 200: z.object({ items: z.array(accountSchema) }), default: problemSchema },
      },
    },
    async () => ({ items: store.accounts.list().map(accountOf) }),
  );
  api.post(
    '/accounts',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Invite somebody',
        description: 'He chooses his password at the link that is answered, which holds for an hour, once.',
        body: z.strictObject({ name: accountName, role: roleSchema, sites: sitesSchema.optional() }),
        response: {
          201: z.object({ account: accountSchema, invitation: invitationSchema }).meta({ id: 'InvitedAccount' }),
          default: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { name, role, sites } = request.body;
      demandSites(sites);
      const account = store.accounts.create({ name, role, sites, createdAt: access.wall() });
      if (!account) throw new Problem(409, `There is an account ${name} already.`);
      request.change = { after: accountOf(account) };
      return reply.code(201).send({ account: accountOf(account), invitation: told(access.invite(account.id)) });
    },
  );
  api.get(
    '/accounts/:account',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'One account',
        params: named,
        response: { 200: accountSchema, default: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const account = accountOf(accountNamed(params.account));
      tagged(reply, account);
      return account;
    },
  );
  api.patch(
    '/accounts/:account',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Change what somebody may do',
        description: 'It holds at once, in his sessions and tokens as well. Who is disabled is out at once.',
        params: named,
        headers: seenVersion,
        body: z.strictObject({
          role: roleSchema.optional(),
          sites: sitesSchema.nullable().optional().describe('`null`: all sites.'),
          disabled: z.boolean().optional().describe('Whether he may not sign in.'),
        }),
        response: { 200: accountSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const before = accountNamed(request.params.account);
      demandVersion(request.headers, accountOf(before));
      const { role, sites, disabled } = request.body;
      demandSites(sites ?? undefined);
      if ((role !== undefined && role !== 'administrator') || sites || disabled) demandAnother(before);
      store.accounts.change(before.id, {
        ...(role !== undefined && { role }),
        ...(sites !== undefined && { sites: sites ?? undefined }),
        ...(disabled !== undefined && { disabled }),
      });
      if (disabled) store.sessions.endAll(before.id);
      const after = accountNamed(request.params.account);
      request.change = { before: accountOf(before), after: accountOf(after) };
      tagged(reply, accountOf(after));
      return accountOf(after);
    },
  );
  api.delete(
    '/accounts/:account',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Remove somebody',
        description: 'His sessions and tokens end with him. What he did stays in the audit log.',
        params: named,
        headers: seenVersion,
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const account = accountNamed(request.params.account);
      demandVersion(request.headers, accountOf(account));
      demandAnother(account);
      store.accounts.remove(account.id);
      request.change = { before: accountOf(account) };
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/accounts/:account/invitation',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'A new link for somebody who has lost his, or forgot his password',
        description: 'What he signs in by now is good until he chooses another.',
        params: named,
        response: { 201: invitationSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const account = accountNamed(request.params.account);
      if (account.subject !== undefined) throw new Problem(409, 'He signs in at the provider.');
      return reply.code(201).send(told(access.invite(account.id)));
    },
  );
  api.delete(
    '/accounts/:account/totp',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Let somebody who has lost his telephone sign in by his password alone',
        params: named,
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async (request, reply) => {
      access.endTotp(accountNamed(request.params.account).id);
      return reply.code(204).send(null);
    },
  );
}

function told({ url, secret, expiresAt }: Invitation): z.infer<typeof invitationSchema> {
  return { ...(url !== undefined && { url }), token: secret, expires: timeOf(expiresAt) };
}
