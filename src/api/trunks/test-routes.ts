import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Principal } from '../access/principal.ts';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';

const tags = ['trunks'];
/** Tests at once: each is a process, and may be a call. */
const mostRunning = 2;
/** Tests whose outcome is kept. */
const mostKept = 50;

const step = z
  .looseObject({
    name: z.string(),
    verdict: z.enum(['passed', 'warning', 'failed', 'skipped']).optional().describe('Absent: it goes on.'),
    summary: z.string().optional(),
    todo: z.array(z.string()).optional().describe('What can be done about it.'),
  })
  .meta({ id: 'TestStep' });

const testSchema = z
  .object({
    test: z.string().describe('Its id.'),
    trunk: z.string(),
    by: z.string(),
    startedAt: z.iso.datetime(),
    running: z.boolean(),
    steps: z.array(step),
    ok: z.boolean().optional().describe('No step has failed. Absent: it goes on.'),
    verdict: z.string().optional().describe('In a sentence, when it is over.'),
  })
  .meta({ id: 'TrunkTest', description: 'A trunk walked from its configuration to a call.' });
type Test = z.infer<typeof testSchema>;

type Tests = Map<string, { readonly told: Test; readonly stop: AbortController }>;

/** Of one program, by whichever way it is asked. */
const ofPrograms = new WeakMap<object, Tests>();

function testsOf(live: Services['live'] | undefined): Tests {
  // Where routes are only described there is none.
  const tests: Tests = (live && ofPrograms.get(live)) ?? new Map();
  if (live) ofPrograms.set(live, tests);
  return tests;
}

/** Tests of trunks: begun, followed, stopped. */
export function testRoutes(
  api: Api,
  { live, wall, testTrunk }: Services,
  found: (principal: Principal | undefined, trunk: string) => string,
): void {
  const tests = testsOf(live);
  const known = (principal: Principal | undefined, { trunk, test }: { trunk: string; test: string }) => {
    const one = tests.get(test);
    if (!one || one.told.trunk !== found(principal, trunk))
      throw new Problem(404, `There is no test ${test} of ${trunk}.`);
    return one;
  };
  const params = z.object({ trunk: z.string(), test: z.string() });

  api.post(
    '/trunks/:trunk/test',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Test a trunk',
        description:
          'Configuration, DNS, connection, TLS, OPTIONS, registration and, with a number, a call that is listened to (docs/trunk-test.md). Each step is told by `/events` as `test`.',
        params: z.object({ trunk: z.string() }),
        body: z
          .object({
            number: z
              .string()
              .max(64)
              .regex(/^[+*#\dA-Da-d]+$/)
              .optional()
              .describe('To be called; it may ring there.'),
            caller: z
              .string()
              .max(64)
              .regex(/^[\w+*#.-]+$/)
              .optional(),
            seconds: z.int().min(1).max(60).optional().describe('Of listening.'),
            digits: z
              .string()
              .max(32)
              .regex(/^[\d*#A-D]*$/)
              .optional(),
          })
          .default({}),
        response: { 202: testSchema, default: problemSchema },
      },
    },
    async ({ params: { trunk }, body, principal }, reply) => {
      const name = found(principal, trunk);
      const running = [...tests.values()].filter(({ told }) => told.running);
      if (running.some(({ told }) => told.trunk === name)) throw new Problem(409, `${name} is being tested already.`);
      if (running.length >= mostRunning) throw new Problem(429, 'Other trunks are being tested: wait for those.');
      const told: Test = {
        test: randomBytes(8).toString('hex'),
        trunk: name,
        by: principal?.name ?? '',
        startedAt: iso(wall()),
        running: true,
        steps: [],
      };
      const stop = new AbortController();
      tests.set(told.test, { told, stop });
      for (const id of tests.keys()) {
        if (tests.size <= mostKept) break;
        if (!tests.get(id)!.told.running) tests.delete(id);
      }
      const tell = (one: object) => live.noted({ kind: 'test', trunk: name, test: told.test, step: one });
      const options = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      testTrunk(name, options, stop.signal, (one) => {
        const at = told.steps.findIndex(({ name: of }) => of === one.name);
        if (at < 0) told.steps.push(one as Test['steps'][number]);
        else told.steps[at] = one as Test['steps'][number];
        tell(one);
      }).then(
        ({ ok, verdict }) => {
          Object.assign(told, { running: false, ok, verdict });
          tell({ name: 'verdict', ok, verdict });
        },
        (error: Error) => {
          Object.assign(told, { running: false, ok: false, verdict: error.message });
          tell({ name: 'verdict', ok: false, verdict: error.message });
        },
      );
      return reply.code(202).send(told);
    },
  );
  api.get(
    '/trunks/:trunk/test/:test',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'How far a test of a trunk is',
        params,
        response: { 200: testSchema, default: problemSchema },
      },
    },
    async ({ params: of, principal }) => known(principal, of).told,
  );
  api.delete(
    '/trunks/:trunk/test/:test',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Stop a test of a trunk; its call is hung up',
        params,
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async ({ params: of, principal }, reply) => {
      known(principal, of).stop.abort();
      return reply.code(204).send(null);
    },
  );
}
