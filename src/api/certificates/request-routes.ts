import { z } from 'zod';
import type { KeptRequest } from '#shell/certificate-files';
import { type KeyKind, signingRequest } from '#shell/tls';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { newRequest, requestSchema } from './schema.ts';

const tags = ['certificates'];
const errors = { default: problemSchema };
const config = { right: 'administrator' } as const;
const named = z.object({ request: z.string().max(64).describe('Its id.') });

/** Requests for certificates: a key is made here, and never leaves. */
export function certificateRequestRoutes(api: Api, { shelf, wall }: Services): void {
  api.get(
    '/certificate-requests',
    {
      config,
      schema: {
        tags,
        summary: 'Requests that wait for their certificate, the newest first',
        response: {
          200: z.object({ items: z.array(requestSchema) }).meta({ id: 'CertificateRequests' }),
          ...errors,
        },
      },
    },
    async () => ({ items: shelf.requests().map(requestView) }),
  );
  api.post(
    '/certificate-requests',
    {
      config,
      schema: {
        tags,
        summary: 'Make a key, and a request for a certificate for it',
        description: 'The key is kept here until the certificate is put in place; it is in no answer.',
        body: newRequest,
        response: { 201: requestSchema, ...errors },
      },
    },
    async (request, reply) => {
      const { names, kind, use, ...subject } = request.body;
      const wanted = [...new Set(names.map((name) => name.toLowerCase()))];
      const { csr, key } = await signingRequest(kind, wanted, subject);
      const made = shelf.keepRequest({
        ...{ at: wall(), who: request.principal!.name, names: wanted, kind, csr, key },
        ...(use !== undefined && { use }),
      });
      if (!made) throw new Problem(409, 'Too many requests wait (32): remove those that nobody waits for.');
      request.change = { after: { request: made.id, names: wanted, kind } };
      return reply.code(201).send(requestView(made));
    },
  );
  api.get(
    '/certificate-requests/:request',
    {
      config,
      schema: { tags, summary: 'One of them', params: named, response: { 200: requestSchema, ...errors } },
    },
    async ({ params }) => {
      const found = shelf.request(params.request);
      if (!found) throw new Problem(404, 'There is no such request.');
      return requestView(found);
    },
  );
  api.delete(
    '/certificate-requests/:request',
    {
      config,
      schema: {
        tags,
        summary: 'Remove it, with its key: a certificate for it is worth nothing then',
        params: named,
        response: { 204: z.null(), ...errors },
      },
    },
    async ({ params }, reply) => {
      if (!shelf.dropRequest(params.request)) throw new Problem(404, 'There is no such request.');
      return reply.code(204).send(null);
    },
  );
}

function requestView({ id, at, who, names, kind, use, csr }: KeptRequest): z.infer<typeof requestSchema> {
  return {
    ...{ id, at: new Date(at).toISOString(), who, names: [...names], kind: kind as KeyKind, csr },
    ...(use !== undefined && { use }),
  };
}
