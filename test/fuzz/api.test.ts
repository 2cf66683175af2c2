import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Asker, elsewhere, house, secrets, sound } from './api-house.ts';
import { type Description, type Operation, operationsOf, type Request, requestsTo } from './api-requests.ts';
import { runs } from './runs.ts';

/** Every route of docs/openapi.json, asked by everybody for anything. */
const description = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as Description;
const { schemas } = description.components;
const operations = operationsOf(description);

/** Each component by its name, as JSON Schema has them. */
const definitions = JSON.parse(JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/'));
const judges = new Map<unknown, z.ZodType>();
function judgeOf(schema: object): z.ZodType {
  let judge = judges.get(schema);
  if (!judge) {
    const own = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
    judge = z.fromJSONSchema({ ...own, $defs: definitions });
    judges.set(schema, judge);
  }
  return judge;
}
const problem = judgeOf({ $ref: '#/components/schemas/Problem' });

/** Ms after which somebody who asked has been forgotten. */
const patience = 10_000;
/** Answers that have the configuration's text in them, which its administrators read with its passwords. */
const withText = /^\/api\/v1\/configuration/;
/** What tells a secret, once, to who had it made. */
const isTold = ({ method, path }: Operation) =>
  method === 'POST' && /^\/api\/v1\/(webhooks(\/\{webhook\}\/secret)?|me\/totp)$/.test(path);

let all: Awaited<ReturnType<typeof house>>;
beforeAll(async () => {
  all = await house();
});
afterAll(() => all.close());

let asked = 0;
async function ask({ method, path }: Operation, { url, headers, payload }: Request, asker: Asker) {
  // One source may not ask this often.
  const remoteAddress = `10.9.${(asked >> 14) & 255}.${(asked++ >> 6) & 255}`;
  const wanted: InjectOptions = {
    method: method as 'GET',
    url,
    headers: { ...headers, ...asker.headers },
    remoteAddress,
    ...(payload !== undefined && { payload }),
    // What goes on without end is begun, and left.
    payloadAsStream: path.endsWith('/events'),
  };
  const answer = await Promise.race([
    all.app.inject(wanted),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('it hangs')), patience).unref()),
  ]);
  if (!wanted.payloadAsStream) return answer;
  if (answer.statusCode === 200) answer.stream().destroy();
  return answer.statusCode === 200 ? { ...answer, statusCode: 200, headers: answer.headers, body: '' } : read(answer);
}

/** A refusal, where something without end was asked for. */
async function read(answer: Awaited<ReturnType<typeof all.app.inject>>) {
  let body = '';
  for await (const part of answer.stream()) body += part;
  return { statusCode: answer.statusCode, headers: answer.headers, body };
}

function look(
  operation: Operation,
  asker: Asker,
  asked: Request,
  { statusCode: status, headers, body }: Awaited<ReturnType<typeof ask>>,
) {
  expect(all.faults.splice(0)).toEqual([]);
  expect(status).not.toBe(500);
  const type = String(headers['content-type'] ?? '');
  expect(headers['x-content-type-options']).toBe('nosniff');
  if (operation.path.startsWith('/api/')) expect(headers['cache-control']).toBe('no-store');
  const { responses } = operation;
  const { content } = responses[status] ?? responses.default ?? {};
  const schema = (content?.['application/json'] ?? content?.['application/problem+json'])?.schema;
  if (status >= 400 && !(status in responses)) {
    expect(type).toContain('application/problem+json');
    expect(problem.safeParse(JSON.parse(body)).error).toBeUndefined();
    expect(JSON.parse(body).status).toBe(status);
    expect(body).not.toMatch(/node_modules|\bat .*\.ts:|SQLITE|SqliteError/);
  } else if (status === 204) expect(body).toBe('');
  else if (type.includes('json')) expect(judgeOf(schema).safeParse(JSON.parse(body)).error).toBeUndefined();
  // Nobody is told what is behind a hash, nor what he may not know.
  for (const secret of all.kept()) if (!isTold(operation)) expect(body).not.toContain(secret);
  if (!(asker.role === 'administrator' && withText.test(operation.path)))
    for (const secret of Object.values(secrets)) expect(body).not.toContain(secret);
  // What is elsewhere is told to nobody who has not said it himself.
  const said = `${asked.url} ${asked.payload ?? ''}`;
  if (asker.sites && !elsewhere.some((name) => said.includes(name)))
    for (const name of elsewhere) expect(body).not.toContain(name);
}

test.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  '%s: whatever is asked, an answer that is described, no fault of ours, no secret',
  (_name, operation) =>
    fc.assert(
      fc.asyncProperty(requestsTo(operation, schemas, sound), fc.nat(), async (request, n) => {
        const askers = [...all.askers, all.inBrowser()];
        const asker = askers[n % askers.length]!;
        look(operation, asker, request, await ask(operation, request, asker));
      }),
      runs(2),
    ),
);

test('nothing that was sent has reached what all objects have', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
