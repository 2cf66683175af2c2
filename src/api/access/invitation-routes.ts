import { z } from 'zod';
import type { Account } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Access } from './access.ts';
import { accountName, codeSchema, meSchema, newPassword, roleSchema } from './describing.ts';
import { passwordFault } from './password-rules.ts';
import { beginSession, meOf, recoveredAs } from './session-routes.ts';
import { hashed, proveInvited } from './sign-in.ts';

const token = z.string().min(1).max(100).describe('What stands behind the # of the link.');
const gone = 'This link was used, has expired, or never was one: have another one made.';

/** Who was invited chooses his password, and is in. */
export function invitationRoutes(api: Api, access: Access): void {
  const { store } = access ?? {};

  api.post(
    '/invitation/look',
    {
      config: { right: 'anybody', changes: false },
      schema: {
        tags: ['access'],
        summary: 'Whom a link is for',
        body: z.strictObject({ token }),
        response: {
          200: z
            .object({
              name: z.string().optional().describe('Absent: of the first administrator, who chooses it.'),
              role: roleSchema,
            })
            .meta({ id: 'InvitationLook' }),
          default: problemSchema,
        },
      },
    },
    async ({ body }) => {
      const invitation = store.invitations.find(body.token, access.wall());
      if (!invitation) throw new Problem(404, gone);
      const account = invitation.account === undefined ? undefined : store.accounts.byId(invitation.account);
      return account ? { name: account.name, role: account.role } : { role: 'administrator' as const };
    },
  );
  api.post(
    '/invitation',
    {
      config: { right: 'anybody' },
      schema: {
        tags: ['access'],
        summary: 'Choose a password, and sign in',
        description:
          'The link is void from then on. Sessions that stood end. Where the account has one-time passwords and `code` is missing, the answer is 401 with `code` in `errors`, and the link still good: ask for it, and send all again.',
        body: z.strictObject({
          token,
          name: accountName.optional().describe('Of the first administrator, who chooses it.'),
          password: newPassword,
          code: codeSchema,
        }),
        response: { 200: meSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const { token: secret, name, password, code } = request.body;
      const invitation = store.invitations.find(secret, access.wall());
      if (!invitation) throw new Problem(404, gone);
      const invited = invitation.account === undefined ? undefined : store.accounts.byId(invitation.account);
      if (invited?.disabled) throw new Problem(403, `${invited.name} may not sign in.`);
      const called = invited?.name ?? name;
      if (called === undefined) throw new Problem(422, 'Choose a name.', [{ place: 'name', detail: 'Choose a name.' }]);
      request.change = { who: called };
      const fault = passwordFault(password, called);
      if (fault !== undefined) throw new Problem(422, fault, [{ place: 'password', detail: fault }]);
      const hash = await hashed(access, password);
      let isRecovered = false;
      const account = store.atOnce(() => {
        const now = invited && store.accounts.byId(invited.id);
        if (now) isRecovered = proveInvited(access, now, code, request.ip);
        return take(access, secret, invited, called, hash);
      });
      const me = meOf(access, account, 'password');
      if (isRecovered) request.change = recoveredAs(me);
      beginSession(access, account, 'password', request, reply);
      return me;
    },
  );
}

/** All of it or nothing: a name that is taken leaves the link good. */
function take(
  { store, wall }: Access,
  secret: string,
  invited: Account | undefined,
  name: string,
  hash: string,
): Account {
  const now = wall();
  if (!store.invitations.use(secret, now)) throw new Problem(404, gone);
  if (!invited) {
    if (store.accounts.administrators().length > 0) throw new Problem(404, gone);
    const first = store.accounts.create({
      name,
      role: 'administrator',
      sites: undefined,
      createdAt: now,
      password: hash,
    });
    if (!first) throw new Problem(409, `There is an account ${name} already.`);
    return first;
  }
  store.accounts.change(invited.id, { password: hash });
  store.sessions.endAll(invited.id);
  return store.accounts.byId(invited.id)!;
}
