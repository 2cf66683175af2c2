import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whose session it is. By HTTPS one that no other host of the same domain can set (RFC 6265bis 4.1.3.2): nobody signs a browser in as himself. */
const name = (request: FastifyRequest) => (isSecure(request) ? '__Host-tandem' : 'tandem');
/** Ties a sign-in elsewhere to the browser that began it: it must come along when the provider sends him back, so not `Strict`. Nobody else can set it, as above. */
const oidcName = (request: FastifyRequest) => `${name(request)}-oidc`;

export function sessionCookie(request: FastifyRequest): string | undefined {
  return request.cookies[name(request)];
}

/** For as long as the browser is open: how long it is good is ours to say. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.setCookie(name(request), secret, { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(request) });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(name(request), { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(request) });
}

export function oidcCookie(request: FastifyRequest): string | undefined {
  return request.cookies[oidcName(request)];
}

export function setOidcCookie(request: FastifyRequest, reply: FastifyReply, state: string, seconds: number): void {
  const secure = isSecure(request);
  reply.setCookie(oidcName(request), state, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: seconds });
}

export function clearOidcCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(oidcName(request), { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) });
}

function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
