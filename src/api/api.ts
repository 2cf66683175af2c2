import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Principal, Role } from './access/principal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; `anybody`: who he is does not matter. Every route says so. */
    readonly right?: Role | 'anybody';
  }
  interface FastifyRequest {
    /** Who asks; set before any handler runs whose route has a right other than `anybody`. */
    principal: Principal | undefined;
  }
}

/** What routes are added to. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  ZodTypeProvider
>;
