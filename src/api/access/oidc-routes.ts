import { z } from 'zod';
import type { Account } from '#shell/management-store';
import type { Api } from '../api.ts';
import { Problem } from '../problem.ts';
import type { Access } from './access.ts';
import { clearOidcCookie, oidcCookie, setOidcCookie } from './cookies.ts';
import { type OidcPerson, oidcPatience } from './oidc.ts';
import { placeOf } from './place.ts';
import { beginSession } from './session-routes.ts';

/** Signing in at the provider: a browser goes there and comes back. */
export function oidcRoutes(api: Api, access: Access): void {
  api.get(
    '/oidc/sign-in',
    {
      config: { right: 'anybody' },
      schema: { tags: ['access'], summary: 'Go to the provider of OpenID Connect to sign in', hide: true },
    },
    async (request, reply) => {
      const { url, state } = await access.oidc.begin(placeOf(request.ip));
      setOidcCookie(request, reply, state, oidcPatience / 1_000);
      return reply.redirect(url);
    },
  );
  api.get(
    '/oidc/callback',
    {
      config: { right: 'anybody', changes: true },
      schema: {
        tags: ['access'],
        summary: 'Come back from the provider',
        hide: true,
        querystring: z.looseObject({}),
      },
    },
    async (request, reply) => {
      clearOidcCookie(request, reply);
      request.change = { who: 'oidc' };
      try {
        const query = request.url.split('?')[1] ?? '';
        const person = await access.oidc.finish(query, oidcCookie(request));
        request.change = { who: person.name };
        const account = accountOf(access, person);
        beginSession(access, account, 'oidc', request, reply);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // He sees a page, not an answer of the API.
        request.change = { ...request.change, status: error.status, after: { refused: error.message } };
        return reply.redirect(`/sign-in#${encodeURIComponent(error.message)}`);
      }
      return reply.redirect('/');
    },
  );
}

/** His account, as the provider has him now; made when he comes for the first time. */
function accountOf({ store, wall }: Access, { subject, name, role, sites }: OidcPerson): Account {
  const known = store.accounts.bySubject(subject);
  if (known?.disabled) throw new Problem(403, `${known.name} may not sign in.`);
  if (known) {
    store.accounts.change(known.id, { role, sites });
    return store.accounts.byId(known.id)!;
  }
  if (name.toLowerCase() === 'local') throw new Problem(409, '`local` is who runs the program: be called otherwise.');
  // Somebody of the same name who signs in by a password may be another.
  const account = store.accounts.create({ name, role, sites, createdAt: wall(), subject });
  if (!account) throw new Problem(409, `There is another account ${name}: an administrator has to remove it first.`);
  return account;
}
