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

/** Methods that change nothing (RFC 9110 9.2.1). */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
