import swagger from '@fastify/swagger';
import fastify, { type FastifyError } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { StatusFailure } from '#shell/status-link';
import type { Identify } from './access/identify.ts';
import { mayAs } from './access/principal.ts';
import type { Api } from './api.ts';
import { configurationRoutes } from './configuration/routes.ts';
import { consoleFiles, isPage } from './console-files.ts';
import { described } from './described.ts';
import { bodyOf, Problem, type ProblemBody } from './problem.ts';
import { serviceRoutes } from './service/routes.ts';
import type { Services } from './services.ts';
import { trunkRoutes } from './trunks/routes.ts';

export interface ServerOptions {
  readonly services: Services;
  readonly identify: Identify;
  /** Faults of our own, with what was asked; no secrets. */
  readonly onFault: (error: unknown, asked: string) => void;
  /** Whether the sender of a request is told by what a proxy says. */
  readonly trustProxy?: boolean | string[];
}

/** Chars of a request's body: a configuration with its lists. */
const longestBody = 16 * 1024 * 1024;

/** The REST API, not listening yet. Every route names who may use it (`config.right`); one that does not is refused at the start. */
export async function apiServer({ services, identify, onFault, trustProxy = false }: ServerOptions): Promise<Api> {
  const app = fastify({
    bodyLimit: longestBody,
    trustProxy,
    // Ours is the management process's log.
    logger: false,
    routerOptions: { ignoreTrailingSlash: true },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  app.decorateRequest('principal', undefined);

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tandem',
        version: services.version,
        description: 'Everything about a running trunking system: what it does, what it did, and how it is configured.',
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
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });

  app.addHook('onRoute', ({ url, config, method }) => {
    if (url.startsWith('/api/') && config?.right === undefined && method !== 'HEAD')
      throw new Error(`${method} ${url} does not say who may use it`);
  });
  app.addHook('onRequest', async (request) => {
    const { url = '', config } = request.routeOptions;
    const right = config.right ?? (url.startsWith('/api/') ? 'administrator' : 'anybody');
    if (right === 'anybody' || request.is404) return;
    request.principal = await identify(request);
    if (!request.principal) throw new Problem(401, 'Sign in, or send an API token (`Authorization: Bearer …`).');
    if (!mayAs(request.principal.role, right))
      throw new Problem(403, `This is for ${right}s; ${request.principal.name} is ${request.principal.role}.`);
  });

  app.setErrorHandler<FastifyError | Problem | StatusFailure>((error, request, reply) => {
    const body = problemOf(error);
    if (body.status >= 500 && !(error instanceof StatusFailure)) onFault(error, `${request.method} ${request.url}`);
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

  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>();
      serviceRoutes(api, services);
      trunkRoutes(api, services);
      configurationRoutes(api, services);
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
  const { statusCode = 500 } = error as FastifyError;
  // What broke inside is for the log.
  return bodyOf(statusCode, statusCode < 500 ? error.message : 'It was written to the log.');
}
