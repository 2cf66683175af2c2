import { z } from 'zod';
import { logLevels } from '#shell/log';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';

const level = z.enum(logLevels).describe('The least that is written.');
const levels = z
  .object({ processes: z.record(z.string(), level).describe('By name: `signalling`, `media`, `management`.') })
  .meta({ id: 'LogLevels', description: 'What each process writes to the log (docs/logs.md).' });

/** What is written to the log, changed while the program runs. */
export function logRoutes(api: Api, { logLevels: current, setLogLevel }: Services): void {
  api.get(
    '/log-level',
    {
      config: { right: 'viewer' },
      schema: {
        tags: ['service'],
        summary: 'What each process writes to the log',
        response: { 200: levels, default: problemSchema },
      },
    },
    async () => ({ processes: current() }),
  );
  api.put(
    '/log-level',
    {
      config: { right: 'operator' },
      schema: {
        tags: ['service'],
        summary: 'Write more to the log, or less',
        description: 'Until the program ends, also for a process that is started again; then TANDEM_LOG says it.',
        body: z.object({ level, process: z.string().optional().describe('All unless given.') }),
        response: { 202: levels, default: problemSchema },
      },
    },
    async ({ body: { level: wanted, process } }, reply) => {
      const known = current();
      if (process !== undefined && !Object.hasOwn(known, process))
        throw new Problem(422, `There is no process ${process}: there are ${Object.keys(known).join(', ')}.`);
      setLogLevel(wanted, process);
      const processes = Object.fromEntries(
        Object.entries(known).map(([name, was]) => [name, process === undefined || process === name ? wanted : was]),
      );
      return reply.code(202).send({ processes });
    },
  );
}
