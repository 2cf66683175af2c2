import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

interface Kept {
  readonly name: string;
  /** Of what was asked: the same key with something else is a mistake. */
  readonly digest: string;
  /** Unix ms. */
  readonly at: number;
  /** Undefined while it is under way. */
  answer:
    | { readonly status: number; readonly type: string; readonly etag: string | undefined; readonly payload: string }
    | undefined;
}

/** Ms for which an answer is kept: whoever did not get it tries again soon. */
const keptFor = 24 * 3_600_000;
const mostKept = 1_000;
/** Chars of an answer that is kept, and of a key. */
const longestAnswer = 65_536;
const longestKey = 255;

/**
 * A POST with the header field `Idempotency-Key` is done once: who sends it again, since he got no answer, gets the answer of the first
 * (draft-ietf-httpapi-idempotency-key-header). What was refused or failed may be tried again with the same key. Kept in memory alone: secrets may be in it.
 */
export function idempotency(app: FastifyInstance, wall: () => number): void {
  const all = new Map<string, Kept>();
  const begun = new WeakMap<FastifyRequest, Kept>();

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    const { principal, method, url, body } = request;
    if (key === undefined || method !== 'POST' || !principal) return;
    if (typeof key !== 'string' || key === '' || key.length > longestKey)
      throw new Problem(400, `An Idempotency-Key has 1 to ${longestKey} characters.`);
    const name = JSON.stringify([principal.name, principal.via, key]);
    const digest = createHash('sha256')
      .update(JSON.stringify([url, body ?? null]))
      .digest('base64');
    const now = wall();
    const known = all.get(name);
    if (known && now - known.at < keptFor) {
      if (known.digest !== digest) throw new Problem(422, 'This Idempotency-Key was sent with another request before.');
      if (!known.answer) throw new Problem(409, 'The same request is under way still.', undefined, 1);
      const { status, type, etag, payload } = known.answer;
      if (etag !== undefined) reply.header('etag', etag);
      request.change = { after: { repeated: 'an answer that was given before' } };
      return reply
        .code(status)
        .header('idempotency-replayed', 'true')
        .type(type)
        .serializer((text) => String(text))
        .send(payload);
    }
    const kept: Kept = { name, digest, at: now, answer: undefined };
    all.delete(name);
    all.set(name, kept);
    begun.set(request, kept);
    if (all.size > mostKept) all.delete(all.keys().next().value!);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const kept = begun.get(request);
    if (!kept) return payload;
    const isKept = reply.statusCode < 300 && (payload === null || typeof payload === 'string');
    const text = typeof payload === 'string' ? payload : '';
    if (isKept && text.length <= longestAnswer) {
      const type = String(reply.getHeader('content-type') ?? 'application/json');
      const etag = reply.getHeader('etag') as string | undefined;
      kept.answer = { status: reply.statusCode, type, etag, payload: text };
    } else if (all.get(kept.name) === kept) all.delete(kept.name);
    return payload;
  });
}
