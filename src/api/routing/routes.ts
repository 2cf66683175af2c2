import { z } from 'zod';
import { type Configuration, cureOf, HelpingRouter, judge, type RoutePlan, refusalOf } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import type { Api } from '../api.ts';
import { examine } from '../configuration/examine.ts';
import { Problem, problemSchema } from '../problem.ts';
import { decisionSchema, decisionView } from '../said/decision.ts';
import type { Services } from '../services.ts';

const outcome = z
  .object({
    number: z.string().describe('The called number as routing knows it.'),
    route: z.string().optional().describe('Absent: none takes it.'),
    user: z.string().optional().describe('Whose number it is: his devices ring, and no route is asked.'),
    refused: z.int().optional().describe('The status that the caller would get at once.'),
    trunks: z.array(
      z.object({
        trunk: z.string(),
        called: z.string().describe('As it is written to the trunk.'),
        caller: z.string().optional().describe('In place of the caller’s own number.'),
      }),
    ),
    decisions: z.array(decisionSchema),
  })
  .meta({ id: 'RoutingOutcome', description: 'What would become of a call, and why.' });

const question = z
  .object({
    from: z.string().describe('The trunk that it comes by, or the user who calls.'),
    to: z.string().describe('The number as it is dialled.'),
    caller: z.string().optional().describe('Who calls, where `from` is a trunk.'),
    at: z.iso.datetime({ offset: true }).optional().describe('When; now unless given.'),
    site: z.string().optional().describe('Where who calls is; where he belongs unless given.'),
    text: z
      .string()
      .optional()
      .describe('By this configuration in place of the one that runs (administrators only, as its text).'),
  })
  .meta({ id: 'RoutingQuestion' });

const sample = z
  .object({
    name: z.string(),
    from: z.string(),
    to: z.string(),
    differences: z.array(z.string()).describe('What is expected of it and is not so; empty: it is as expected.'),
    outcome,
  })
  .meta({ id: 'SampleResult' });

const errors = { default: problemSchema };

/** What would become of calls, by the code that routes them. */
export function routingRoutes(api: Api, services: Services): void {
  api.post(
    '/routing/test',
    {
      config: { right: 'viewer', changes: false },
      schema: {
        tags: ['routing'],
        summary: 'What would become of a call, without making it',
        body: question,
        response: { 200: outcome, ...errors },
      },
    },
    async ({ body, principal }) => {
      const { from, to, caller, at, site, text } = body;
      if (text !== undefined && principal?.role !== 'administrator')
        throw new Problem(403, 'Another configuration than the one that runs is for administrators.');
      const configuration = text === undefined ? services.configuration() : await meant(text, services);
      const { trunks, users = [], sites = [] } = configuration;
      if (![...trunks, ...users].some(({ name }) => name === from))
        throw new Problem(422, `There is no trunk and no user ${from}.`, [{ place: 'from', detail: 'is not known' }]);
      if (site !== undefined && !sites.some(({ name }) => name === site))
        throw new Problem(422, `There is no site ${site}.`, [{ place: 'site', detail: 'is not known' }]);
      const plan = new HelpingRouter(configuration).plan({
        source: from,
        called: to,
        at: at === undefined ? services.wall() : Date.parse(at),
        ...(caller !== undefined && { caller }),
        ...(site !== undefined && { here: { site } }),
      });
      return told(plan);
    },
  );
  api.get(
    '/routing/samples',
    {
      config: { right: 'viewer' },
      schema: {
        tags: ['routing'],
        summary: 'What would become of the sample calls of the configuration that runs',
        response: { 200: z.object({ samples: z.array(sample) }).meta({ id: 'SampleResults' }), ...errors },
      },
    },
    async () => {
      const configuration = services.configuration();
      const router = new HelpingRouter(configuration);
      return {
        samples: (configuration.samples ?? []).map((one) => {
          const { plan, differences } = judge(router, one);
          return { name: one.name, from: one.from, to: one.to, differences: [...differences], outcome: told(plan) };
        }),
      };
    },
  );
}

function told(plan: RoutePlan): z.infer<typeof outcome> {
  const { number, route, user, trunks, decisions } = plan;
  const refused = refusalOf(plan);
  return {
    number,
    ...(route !== undefined && { route }),
    ...(user && { user: user.name }),
    ...(refused !== undefined && { refused }),
    trunks: trunks.map(({ trunk, called = number, caller }) => ({
      trunk: trunk.name,
      called,
      ...(caller && { caller: caller.number }),
    })),
    decisions: decisions.map(({ rule, outcome: came }) => {
      const cure = route === undefined && !user ? cureOf(came) : undefined;
      return { ...decisionView({ rule, outcome: came }), ...(cure !== undefined && { cure }) };
    }),
  };
}

async function meant(text: string, services: Services): Promise<Configuration> {
  // What is full of faults takes long, and is looked at where nobody waits for it.
  const { sound, findings } = await examine(text, services);
  const loaded = sound ? loadConfiguration(text, { file: services.file, env: process.env }) : undefined;
  if (loaded?.ok) return loaded.configuration;
  const faults = findings.filter(({ severity }) => severity === 'error');
  throw new Problem(
    422,
    'The configuration is not sound.',
    faults.map(({ code, line, place, message }) => ({ place: `line ${line}: ${place}`, code, detail: message })),
  );
}
