import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Configuration, differences as differ } from '#engine/ports';
import { jsonSchema, loadConfiguration } from '#shell/config';
import { type Draft, hashOf, type Version } from '#shell/config-history';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { type Committed, commit } from './commit.ts';
import { Drafts } from './drafts.ts';
import { examine } from './examine.ts';
import { difference, draft, edit, examination, version } from './schemas.ts';

const tags = ['configuration'];
const administrator = { right: 'administrator' } as const;
const errors = { default: problemSchema };

/** The configuration: read, change, commit, go back. Its text may hold passwords, so that it is for administrators. */
export function configurationRoutes(api: Api, services: Services): void {
  const { file, history } = services;
  const drafts = new Drafts(services);
  const textNow = () => readFileSync(file, 'utf8');
  const shown = async (known: Draft) => {
    const { base, text, edits, at } = known;
    return {
      base,
      outdated: drafts.isOutdated(known),
      at: new Date(at).toISOString(),
      text,
      ...(edits && { edits: edits as z.infer<typeof edit>[] }),
      examination: await examine(text, services),
    };
  };

  api.get(
    '/configuration',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'The file as it is, and whether it is what runs',
        response: {
          200: z
            .object({
              file: z.string(),
              text: z.string(),
              hash: z.string().describe('Names the text; the ETag as well.'),
              pending: z.array(difference).describe('In what the file differs from what runs: somebody wrote it.'),
              sound: z.boolean(),
            })
            .meta({ id: 'ConfigurationFile' }),
          ...errors,
        },
      },
    },
    async (_request, reply) => {
      const text = textNow();
      const { sound, differences } = await examine(text, services);
      const hash = hashOf(text);
      return reply.header('etag', `"${hash}"`).send({ file, text, hash, pending: differences, sound });
    },
  );
  api.get(
    '/configuration/schema',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'The JSON Schema of the configuration, for editors',
        response: { 200: z.looseObject({}) },
      },
    },
    async () => jsonSchema() as Record<string, unknown>,
  );
  api.post(
    '/configuration/examine',
    {
      config: { ...administrator, changes: false },
      schema: {
        tags,
        summary: 'What a text would mean, without keeping it',
        body: z.object({ text: z.string() }),
        response: { 200: examination, ...errors },
      },
    },
    async ({ body }) => examine(body.text, services),
  );

  api.get(
    '/configuration/draft',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'What you are changing; 204 where that is nothing',
        response: { 200: draft, 204: z.undefined().describe('You are changing nothing.'), ...errors },
      },
    },
    async ({ principal }, reply) => {
      const known = drafts.of(principal!.name);
      return known ? reply.send(await shown(known)) : reply.code(204).send();
    },
  );
  api.put(
    '/configuration/draft',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Write the whole text',
        body: z.object({
          text: z.string(),
          base: z
            .string()
            .optional()
            .describe('The hash of the text that it was made from; that of the file unless given.'),
        }),
        response: { 200: draft, ...errors },
      },
    },
    async ({ principal, body }) => shown(await drafts.write(principal!.name, body.text, body.base)),
  );
  api.patch(
    '/configuration/draft',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Change some of it',
        body: z.object({ edits: z.array(edit).min(1).max(10_000) }),
        response: { 200: draft, ...errors },
      },
    },
    async ({ principal, body }) => shown(await drafts.edit(principal!.name, body.edits)),
  );
  api.post(
    '/configuration/draft/renew',
    {
      config: administrator,
      schema: { tags, summary: 'Make the same edits of the file as it is now', response: { 200: draft, ...errors } },
    },
    async ({ principal }) => shown(await drafts.renew(principal!.name)),
  );
  api.delete(
    '/configuration/draft',
    {
      config: administrator,
      schema: { tags, summary: 'Discard what you are changing', response: { 204: z.undefined() } },
    },
    async ({ principal }, reply) => {
      drafts.discard(principal!.name);
      return reply.code(204).send();
    },
  );
  api.post(
    '/configuration/commit',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Have the running program take what you are changing: all of it, or nothing',
        body: z.object({
          reason: z.string().max(1_000).default(''),
          acknowledged: z
            .array(z.string())
            .default([])
            .describe('Names of sample calls of which something else may become.'),
          restart: z
            .boolean()
            .default(false)
            .describe('The signalling process may be started again; calls outlive it.'),
        }),
        response: { 200: version, ...errors },
      },
    },
    async (request) => {
      const { principal, body } = request;
      const who = principal!.name;
      const known = drafts.of(who);
      if (!known) throw new Problem(409, 'You have changed nothing.');
      const made = await commit(services, { ...body, ...known, who, by: 'commit' });
      request.change = { after: changeOf(made) };
      drafts.committed(who, known);
      return versionTold(made.version);
    },
  );
  api.post(
    '/configuration/reload',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Have the running program take the file as it is',
        body: z.object({ restart: z.boolean().default(false) }).default({ restart: false }),
        response: { 200: z.object({ said: z.string() }), ...errors },
      },
    },
    async ({ body }) => {
      const { taken, text: said } = await services.reload(body.restart);
      if (!taken) throw new Problem(422, said);
      return { said };
    },
  );

  const numbered = z.object({ id: z.coerce.number().int().positive() });
  const theVersion = (id: number) => {
    const found = history.get(id);
    if (!found) throw new Problem(404, `There is no version ${id}.`);
    return found;
  };
  api.get(
    '/configuration/versions',
    {
      config: { right: 'operator' },
      schema: {
        tags,
        summary: 'Configurations that ran, newest first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(500).default(50),
          cursor: z.coerce.number().int().positive().optional(),
        }),
        response: {
          200: z.object({ items: z.array(version), next: z.string().optional() }).meta({ id: 'ConfigurationVersions' }),
          ...errors,
        },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const items = history.list(limit + 1, cursor).map(versionTold);
      const page = items.slice(0, limit);
      return { items: page, ...(items.length > limit && { next: String(page.at(-1)!.id) }) };
    },
  );
  api.get(
    '/configuration/versions/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'One that ran, with its text and in what it differs from what runs',
        params: numbered,
        response: {
          200: version
            .extend({ text: z.string(), differences: z.int(), toRunning: z.array(difference) })
            .meta({ id: 'ConfigurationVersionText' }),
          ...errors,
        },
      },
    },
    async ({ params }) => {
      const found = theVersion(params.id);
      return { ...versionTold(found), text: found.text, toRunning: (await examine(found.text, services)).differences };
    },
  );
  api.get(
    '/configuration/versions/:id/differences',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'In what it differs from another that ran',
        params: numbered,
        querystring: z.object({ from: z.coerce.number().int().positive() }),
        response: { 200: z.object({ differences: z.array(difference) }), ...errors },
      },
    },
    async ({ params, query }) => {
      const [from, to] = [query.from, params.id].map((id) => meant(theVersion(id).text, services));
      return { differences: differ(from!, to!).map(({ path, ...more }) => ({ path: [...path], ...more })) };
    },
  );
  api.post(
    '/configuration/versions/:id/rollback',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Go back to one that ran',
        description: 'With `base` nothing is undone that whoever goes back has not seen.',
        params: numbered,
        body: z.object({
          base: z
            .string()
            .optional()
            .describe(
              'The hash of the file when it was looked at: where it was written since, it is left as it is (412).',
            ),
          reason: z.string().max(1_000).default(''),
          acknowledged: z.array(z.string()).default([]),
          restart: z.boolean().default(false),
        }),
        response: { 200: version, ...errors },
      },
    },
    async (request) => {
      const { principal, params, body } = request;
      const { text } = theVersion(params.id);
      const reason = body.reason === '' ? `back to version ${params.id}` : body.reason;
      const base = body.base ?? hashOf(textNow());
      const made = await commit(services, { ...body, reason, text, base, who: principal!.name, by: 'rollback' });
      request.change = { after: changeOf(made) };
      return versionTold(made.version);
    },
  );
}

function meant(text: string, { file }: Services): Configuration {
  const loaded = loadConfiguration(text, { file, env: process.env });
  if (!loaded.ok)
    throw new Problem(409, 'It is not sound as the world is today: a file or variable that it names is not there.');
  return loaded.configuration;
}

/** For the audit log: what is another now, as far as it may be shown. */
function changeOf({ version, differences }: Committed): object {
  return {
    version: version.id,
    hash: version.hash,
    differences: differences.map(({ path, was, is, effect }) => ({ at: path.join(' '), was, is, effect })),
  };
}

function versionTold({ id, at, who, reason, by, hash, differences }: Version): z.infer<typeof version> {
  return { id, at: new Date(at).toISOString(), who, reason, by, hash, differences };
}
