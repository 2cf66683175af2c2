import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { effective, profileOf, rawSchema, readTree, shippedProfiles } from '#shell/config';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';

const tags = ['configuration'];
const errors = { default: problemSchema };

const source = z
  .enum(['file', 'draft'])
  .default('file')
  .describe('`draft`: of what you are changing; the file where you are changing nothing.');

const setting = z
  .object({
    path: z.array(z.string()).describe('Below the object.'),
    value: z.string().optional().describe('As the file would have it; `(secret)` for what is shown nowhere.'),
    from: z
      .string()
      .describe(
        '`file`: it stands with the object; `default`; or where it takes it from: `site berlin`, `trunk-defaults`.',
      ),
    line: z.int().optional().describe('From 1; absent of a default.'),
    written: z.string().optional().describe('What stands there, where variables are in it.'),
  })
  .meta({ id: 'EffectiveSetting' });

const profile = z
  .object({
    name: z.string(),
    title: z.string(),
    kinds: z.array(z.string()).describe('Of trunks that it is for.'),
    transports: z.array(z.string()).describe('The safest first; empty: it does not say.'),
    registration: z.enum(['required', 'optional', 'unsupported']).optional(),
    srtp: z.enum(['required', 'optional', 'unsupported']).optional(),
  })
  .meta({ id: 'Profile', description: 'What a provider or PBX can do and wants.' });

/** Of one answer: a configuration of thousands of users is asked for piece by piece. */
const mostSettings = 50_000;

/** The configuration as objects, for forms: what stands in it, what may, and what holds. */
export function objectRoutes(api: Api, services: Services): void {
  const { file, history } = services;
  const textOf = (of: 'file' | 'draft', who: string) =>
    (of === 'draft' ? history.draft(who)?.text : undefined) ?? readFileSync(file, 'utf8');

  api.get(
    '/configuration/contents',
    {
      config: { right: 'administrator' },
      schema: {
        tags,
        summary: 'What stands in the file, as maps, lists and texts',
        description:
          'Every scalar is the text that stands there, passwords too; what `was` of an edit is held against.',
        querystring: z.object({ of: source }),
        response: {
          200: z
            .object({
              tree: z.record(z.string(), z.unknown()),
              lines: z
                .record(z.string(), z.int())
                .describe('Of what is in a list: `trunks itsp`, or by its place where it has no name: `links 0`.'),
            })
            .meta({ id: 'ConfigurationContents' }),
          ...errors,
        },
      },
    },
    async ({ query, principal }) => {
      const { tree, lines, reason } = readTree(textOf(query.of, principal!.name));
      if (tree === undefined) throw new Problem(409, `It cannot be read: ${reason}.`);
      return { tree: tree as Record<string, unknown>, lines };
    },
  );
  api.get(
    '/configuration/form-schema',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'The JSON Schema with marks for forms',
        description:
          'Beside the words of JSON Schema: `title` names the kind of a text, `x-single` a list that may be one value, `x-short` the key that a text in place of a map stands for, `x-range` what is allowed, for people.',
        response: { 200: z.looseObject({}) },
      },
    },
    async () => rawSchema() as Record<string, unknown>,
  );
  api.get(
    '/configuration/effective',
    {
      config: { right: 'operator' },
      schema: {
        tags,
        summary: 'What holds of an object, a section or all, each value with where it comes from',
        querystring: z.object({
          section: z.string().max(60).optional().describe('`trunks`, `media`; all unless given.'),
          name: z
            .string()
            .max(200)
            .optional()
            .describe(
              'Of the object, where the section is a list, or its place from 0 where it has no name; all of them unless given.',
            ),
          of: source,
        }),
        response: {
          200: z.object({ items: z.array(setting) }).meta({ id: 'EffectiveSettings' }),
          ...errors,
        },
      },
    },
    async ({ query: { section, name, of }, principal }) => {
      if (of === 'draft' && principal!.role !== 'administrator')
        throw new Problem(403, 'What is being changed is for administrators.');
      const items = effective(textOf(of, principal!.name), section, name, process.env);
      if (!items)
        throw new Problem(
          404,
          `There is no ${[section, name].filter(Boolean).join(' ')}, or the file is no sound YAML.`,
        );
      if (items.length > mostSettings)
        throw new Problem(422, `There are ${items.length} settings: ask for one section, or one object.`);
      return { items: items.map(({ path, ...more }) => ({ path: [...path], ...more })) };
    },
  );
  api.get(
    '/profiles',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'Profiles of providers and PBXs that a trunk may name',
        response: { 200: z.object({ items: z.array(profile) }).meta({ id: 'Profiles' }), ...errors },
      },
    },
    async () => ({
      items: shippedProfiles().flatMap((name) => {
        const found = profileOf(name);
        if (!found) return [];
        const { title = name, kinds = [], registration, srtp } = found.tandem ?? {};
        const known = found['transport-info']?.transport ?? [];
        return {
          ...{ name, title, kinds: [...kinds] },
          transports: ['tls', 'tcp', 'udp'].filter((one) => known.some((other) => other === one)),
          ...(registration && { registration }),
          ...(srtp && { srtp }),
        };
      }),
    }),
  );
}
