import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import type { Access } from './access.ts';
import { type AuditHookOptions, auditHook } from './audit-hook.ts';
import type { Identify } from './identify.ts';
import { isWithin } from './network.ts';
import { askedFrom, isOurName, isSafe } from './origin.ts';
import { pageRules } from './page-rules.ts';
import { placeOf } from './place.ts';
import { mayAs } from './principal.ts';

export interface GuardOptions {
  readonly access: Access | undefined;
  readonly identify: Identify;
  /** Whether who connects from this address is served: not everybody where we speak in clear. All unless given. */
  readonly takes?: (address: string) => boolean;
  /** Whether who connects from this address is a proxy that is believed. Nobody is unless given. */
  readonly believes?: (address: string) => boolean;
  readonly onFault: AuditHookOptions['onFault'];
  readonly onAudit?: AuditHookOptions['onRow'];
}

/** Requests of one source in a minute: a console with some pages open asks far less. */
const mostInMinute = 1_200;
const yearInSeconds = 31_536_000;

/** Octets of a request's body: a configuration with its lists. Who has not signed in sends far less (`bodyLimit` of the server). */
const longestBody = 16 * 1024 * 1024;

/** No route can be made that does not say who may use it. */
export function demandRights(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { url, config, method } = route;
    if (url.startsWith('/api/') && config?.right === undefined)
      throw new Error(`${method} ${url} does not say who may use it`);
    if (config?.right !== undefined && config.right !== 'anybody') route.bodyLimit ??= longestBody;
  });
}

/** What every request has to pass, in this order: from whom we take it, how often he asks, who he is, what he may, whether a page elsewhere had him ask. */
export async function guard(app: FastifyInstance, options: GuardOptions): Promise<void> {
  const { access, identify, takes = () => true, believes = () => false, onFault, onAudit = () => {} } = options;
  app.decorateRequest('principal', undefined);
  app.decorateRequest('change', undefined);
  app.decorateRequest('mayStill', async function mayStill(this: FastifyRequest) {
    const { principal: before } = this;
    const now = await identify(this, false);
    return before?.role === now?.role && String(before?.sites) === String(now?.sites);
  });

  app.addHook('onRequest', async ({ raw }) => {
    const { remoteAddress } = raw.socket;
    if (remoteAddress !== undefined && !takes(remoteAddress))
      throw new Problem(403, 'This is spoken in clear, and to proxies alone: ask at the address that they serve.');
  });
  app.addHook('onRequest', async ({ raw, protocol, hostname }) => {
    const { remoteAddress } = raw.socket;
    // By TLS a name proves itself, a proxy is asked by names that it knows, and at the Unix socket there are no browsers.
    if (remoteAddress === undefined || protocol === 'https' || believes(remoteAddress)) return;
    if (!isOurName(hostname.toLowerCase(), access?.url))
      throw new Problem(
        421,
        `This is not called ${hostname.slice(0, 100)}: ask by its address, or give the name in \`management.url\`.`,
      );
  });
  await app.register(rateLimit, {
    global: false,
    // Who asks too often is told when to ask again (Retry-After), and nobody else anything.
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });
  app.addHook(
    'onRequest',
    app.rateLimit({
      max: mostInMinute,
      timeWindow: '1 minute',
      keyGenerator: ({ ip }) => placeOf(ip),
      // Who asks on the Unix socket is ourselves.
      allowList: ({ raw }) => raw.socket.remoteAddress === undefined,
      errorResponseBuilder: (_request, { after }) => new Problem(429, `Too many requests: wait ${after}.`),
    }),
  );
  await app.register(cookie);

  app.addHook('onRequest', async (request) => {
    const { url = '', config } = request.routeOptions;
    const { right = url.startsWith('/api/') ? 'administrator' : 'anybody', sites, network } = config;
    if (request.is404) return;
    const networks = network && access?.configuration()?.[network]?.from;
    // At the Unix socket nobody has an address.
    if (networks && request.raw.socket.remoteAddress !== undefined && isWithin(request.ip, networks)) return;
    if (right !== 'anybody') {
      const principal = await identify(request);
      if (!principal) throw new Problem(401, 'Sign in, or send an API token (`Authorization: Bearer …`).');
      request.principal = principal;
      if (!mayAs(principal.role, right))
        throw new Problem(403, `This is for ${right}s; ${principal.name} is ${principal.role}.`);
      if (principal.sites && sites !== 'heeded')
        throw new Problem(403, `This is for who has all sites; ${principal.name} has ${principal.sites.join(', ')}.`);
    }
    if (isSafe(request.method) || request.principal?.via === 'token' || request.principal?.via === 'socket') return;
    const from = askedFrom(request, access?.configuration()?.url);
    // A browser sends its cookies whoever had it ask, and says who that was. Who has no session may be no browser.
    if (from === 'elsewhere' || (from === 'unknown' && request.principal))
      throw new Problem(403, 'A page of another site had your browser ask this.');
  });
  app.addHook('onSend', async (request, reply) => {
    reply.headers(pageRules);
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${yearInSeconds}`);
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  if (access) auditHook(app, { access, onFault, onRow: onAudit });
}
