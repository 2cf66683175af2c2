import type { RequestListener, Server } from 'node:http';
import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyReply } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { StatusFailure } from '#shell/status-link';
import type { AuditHookOptions } from './access/audit-hook.ts';
import { demandRights, guard } from './access/guard.ts';
import type { Identify } from './access/identify.ts';
import { pageRules } from './access/page-rules.ts';
import { accessRoutes } from './access/routes.ts';
import type { Api } from './api.ts';
import { callRoutes } from './calls/routes.ts';
import { captureRoutes } from './captures/routes.ts';
import { certificateRoutes } from './certificates/routes.ts';
import { clientError } from './client-error.ts';
import { configurationRoutes } from './configuration/routes.ts';
import { consoleFiles, isPage } from './console-files.ts';
import { described } from './described.ts';
import { eventRoutes } from './events/routes.ts';
import { houseRoutes } from './house/routes.ts';
import { idempotency } from './idempotency.ts';
import { jsonBodies } from './json-body.ts';
import { logRoutes } from './log/routes.ts';
import { metricsRoute } from './metrics/routes.ts';
import { objectRoutes } from './objects/routes.ts';
import { planRoutes } from './plan/routes.ts';
import { bodyOf, Problem, type ProblemBody } from './problem.ts';
import { problemRoutes } from './problems/routes.ts';
import { recordRoutes } from './records/routes.ts';
import { routingRoutes } from './routing/routes.ts';
import { healthRoutes, serviceRoutes } from './service/routes.ts';
import type { Services } from './services.ts';
import { topologyRoutes } from './topology/routes.ts';
import { traceRoutes } from './traces/routes.ts';
import { trunkRoutes } from './trunks/routes.ts';
import { describedWebhooks } from './webhooks/openapi.ts';
import { webhookRoutes } from './webhooks/routes.ts';

export interface ServerOptions {
  readonly services: Services;
  readonly identify: Identify;
  /** Faults of our own, with what was asked; no secrets. */
  readonly onFault: (error: unknown, asked: string) => void;
  /** A row of the audit log was written. */
  readonly onAudit?: AuditHookOptions['onRow'];
  /** Whether who is at this address is believed on whom he asks for (X-Forwarded-*); nobody is unless given. */
  readonly believes?: (address: string) => boolean;
  /** Whether who connects from this address is served; all are unless given. */
  readonly takes?: (address: string) => boolean;
  /** Makes the server that it is listened by; one without TLS unless given. */
  readonly server?: (handler: RequestListener) => Server;
}

/** Octets that one may send who has not signed in, or to where nothing is. */
const strangersBody = 16_384;

/** The REST API, not listening yet. Every route names who may use it (`config.right`); one that does not is refused at the start. */
export async function apiServer(options: ServerOptions): Promise<Api> {
  const { services, identify, onFault, onAudit, believes, takes, server } = options;
  const app = fastify({
    // Whoever may send more has a route that says who he is (access/guard.ts).
    bodyLimit: strangersBody,
    // What is no URL is at no route, and no hook hears of it.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      const detail =
        status === 414 ? 'A name in it is too long.' : 'It is no URL: after `%` come two hex digits, and all is UTF-8.';
      return reply
        .code(status)
        .headers({ ...pageRules, 'cache-control': 'no-store' })
        .type('application/problem+json')
        .serializer(JSON.stringify)
        .send(bodyOf(status, detail));
    },
    clientErrorHandler: clientError,
    trustProxy: believes ?? false,
    // An event stream has no end of its own.
    forceCloseConnections: true,
    ...(server && { serverFactory: server }),
    // Ours is the management process's log.
    logger: false,
    routerOptions: { ignoreTrailingSlash: true },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tandem',
        version: services.version,
        description:
          'Everything about a running trunking system: what it does, what it did, and how it is configured. A POST with the header field `Idempotency-Key` is done once, and who sends it again within a day gets the answer of the first.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
          session: { type: 'apiKey', in: 'cookie', name: 'tandem', description: 'Of who signed in by a browser.' },
        },
      },
      security: [{ token: [] }, { session: [] }],
      webhooks: describedWebhooks(),
    },
    transform: (of) => {
      const { url, schema } = jsonSchemaTransform(of);
      const { right, sites } = of.route.config ?? {};
      // For who reads it, and for the test that tries each route as everybody.
      return { url, schema: { ...schema, 'x-right': right, ...(sites && { 'x-sites': sites }) } };
    },
    transformObject: jsonSchemaTransformObject,
  });

  demandRights(app);
  jsonBodies(app);
  await guard(app, {
    access: services.access,
    identify,
    onFault,
    ...(onAudit && { onAudit }),
    ...(takes && { takes }),
    ...(believes && { believes }),
  });
  idempotency(app, services.wall);

  app.setErrorHandler<FastifyError | Problem | StatusFailure>((error, request, reply) => {
    const body = problemOf(error);
    if (error instanceof Problem && error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
    // What is told on purpose is no fault, and strangers can have it told as often as they like.
    const isMeant = error instanceof Problem || error instanceof StatusFailure;
    // Behind the ? there may be a code of a provider, or the numbers of people.
    if (body.status >= 500 && !isMeant) onFault(error, `${request.method} ${request.url.split('?')[0]}`);
    return reply.code(body.status).type('application/problem+json').serializer(JSON.stringify).send(body);
  });
  await consoleFiles(app);
  app.setNotFoundHandler((request, reply) => {
    if (isPage(request.method, request.url, request.headers.accept)) return reply.sendFile('index.html');
    return reply
      .code(404)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(
        bodyOf(
          404,
          `Nothing is at ${request.method} ${request.url.split('?')[0]}: /api/v1/openapi.json tells what is.`,
        ),
      );
  });

  metricsRoute(app, services);
  healthRoutes(app, services, { hide: true });
  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>();
      serviceRoutes(api, services);
      trunkRoutes(api, services);
      callRoutes(api, services);
      eventRoutes(api, services);
      houseRoutes(api, services);
      problemRoutes(api, services);
      recordRoutes(api, services);
      accessRoutes(api, services);
      configurationRoutes(api, services);
      topologyRoutes(api, services);
      traceRoutes(api, services);
      captureRoutes(api, services);
      logRoutes(api, services);
      routingRoutes(api, services);
      objectRoutes(api, services);
      certificateRoutes(api, services);
      planRoutes(api, services);
      webhookRoutes(api, services);
      api.get('/openapi.json', { config: { right: 'anybody' }, schema: { hide: true } }, async () => described(app));
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
  return app;
}

function problemOf(error: FastifyError | Problem | StatusFailure): ProblemBody {
  if (error instanceof Problem) return bodyOf(error.status, error.message, error.errors);
  if (error instanceof StatusFailure)
    return error.kind === 'refused'
      ? bodyOf(422, `${error.message}.`)
      : bodyOf(503, `${error.message}: the signalling process is being started, or has ended.`);
  if (hasZodFastifySchemaValidationErrors(error))
    return bodyOf(
      400,
      `The ${error.validationContext ?? 'request'} is not as it should be.`,
      error.validation.map(({ instancePath, message }) => ({
        place: instancePath.slice(1).replaceAll('/', '.') || (error.validationContext ?? 'request'),
        detail: message ?? '',
      })),
    );
  const { statusCode = 500, code } = error as FastifyError;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return bodyOf(statusCode, 'It is taken as JSON alone: send it as that, with `Content-Type: application/json`.');
  // What broke inside is for the log.
  return bodyOf(statusCode, statusCode < 500 ? error.message : 'It was written to the log.');
}
