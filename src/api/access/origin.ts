import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** From where the page was that had a browser ask; `unknown`: no browser says nothing of it. */
export type AskedFrom = 'here' | 'elsewhere' | 'unknown';

/** By Fetch Metadata where the browser sends it, else by Origin (RFC 6454 7). `url`: what we are called besides. */
export function askedFrom(request: FastifyRequest, url: string | undefined): AskedFrom {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'here' : 'elsewhere';
  if (origin === undefined) return 'unknown';
  return origin === url || origin === `${request.protocol}://${request.host}` ? 'here' : 'elsewhere';
}

/**
 * Whether somebody who asks in clear calls us by a name that is ours: an address, `localhost`, or that of `url`. A page elsewhere can have its own
 * name lead to an address of the machine where it is looked at (DNS rebinding), and read what is answered there to anybody.
 */
export function isOurName(name: string, url: string | undefined): boolean {
  // Who is no browser need not say it (RFC 9112 3.2 is of HTTP/1.1).
  if (name === '' || name === 'localhost' || name.endsWith('.localhost')) return true;
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === (url && URL.parse(url)?.hostname);
}

/** Methods that change nothing (RFC 9110 9.2.1). */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
