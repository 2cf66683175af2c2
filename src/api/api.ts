import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Change } from './access/audit-hook.ts';
import type { Principal, Role } from './access/principal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; `anybody`: who he is does not matter. Every route says so. */
    readonly right?: Role | 'anybody';
    /** It shows and changes only what is of the sites of who asks (access/sites.ts); without it, who has only some sites is refused. */
    readonly sites?: 'heeded';
    /** Who is in one of these networks of the configuration needs no right. */
    readonly network?: 'metrics';
    /** False: a POST that changes nothing, and is not for the audit log. True: a GET that does. */
    readonly changes?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; set before any handler runs whose route has a right other than `anybody`. */
    principal: Principal | undefined;
    /** Whether he may still do what he might when he asked: for answers that go on. */
    mayStill(): Promise<boolean>;
    /** What the audit log is to say of it beyond what was sent. */
    change: Change | undefined;
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
