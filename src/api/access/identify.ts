import type { FastifyRequest } from 'fastify';
import type { Access } from './access.ts';
import { sessionCookie } from './cookies.ts';
import type { Principal } from './principal.ts';

/** Who a request is from; undefined: nobody that is known. `isUse` false: it is looked at again, and nobody asked anything. */
export type Identify = (request: FastifyRequest, isUse?: boolean) => Promise<Principal | undefined>;

/** Only our user may open the Unix socket: who asks there could read our files as well. */
export const localUser: Identify = async () => ({ name: 'local', role: 'administrator', via: 'socket' });

/** A field by which a page says that nobody did anything: what it asks by itself does not keep a session from ending. */
const background = 'tandem-background';

/** By a token, or by the session of a browser. */
export function remoteUser(access: Access): Identify {
  return async (request, isUse = true) => {
    const { authorization } = request.headers;
    // Who says who he is means that, and nobody else.
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return token === undefined ? undefined : access.byToken(token, request.ip);
    }
    const secret = sessionCookie(request);
    return secret === undefined
      ? undefined
      : access.bySession(secret, isUse && request.headers[background] === undefined);
  };
}
