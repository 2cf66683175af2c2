import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { type Configuration, type Plan, type PlanInput, plan, planInput, RecordedTraffic } from '#engine/ports';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';

const rows = z.array(
  z
    .object({
      what: z.string(),
      value: z.number(),
      unit: z.string().describe('Empty where it is a count or a share.'),
      how: z.string().describe('The arithmetic, as one would do it by hand.'),
    })
    .meta({ id: 'PlanFigure' }),
);
const advice = z.object({
  about: z.enum(['connection', 'survivability', 'way-out']),
  advised: z.string().optional().describe('Absent: it is not known.'),
  has: z.array(z.string()).describe('What is there already.'),
  why: z.string(),
  doubt: z.string().optional(),
});
const answer = z
  .object({
    records: z
      .object({ from: z.iso.datetime(), to: z.iso.datetime(), calls: z.int() })
      .optional()
      .describe('What it was measured by; absent: it is reckoned from the numbers of users.'),
    sites: z.array(
      z.object({
        name: z.string(),
        users: z.int(),
        calls: z.int().describe('At once, to be ready for.'),
        bandwidthKbits: z.number().describe('One way, of that many calls.'),
        figures: rows,
        advice: z.array(advice),
      }),
    ),
    trunks: z
      .array(
        z.object({
          name: z.string(),
          lines: z.int(),
          capacity: z.int().optional().describe('Calls at once; absent: no limit.'),
          figures: rows,
          doubt: z.string().optional(),
        }),
      )
      .describe('Only by records.'),
    queues: z.array(z.object({ name: z.string(), agents: z.int(), lines: z.int(), figures: rows })),
    whole: rows,
    bandwidth: rows,
    doubts: z.array(z.string()).describe('What does not fit.'),
  })
  .meta({ id: 'Plan', description: 'How big everything has to be, each figure with its arithmetic.' });

/** Records that are read before others get their turn: some hundredths of a second. */
const turn = 250;
const usualDays = 31;
const day = 86_400_000;

/** The planning report (docs/planning.md) of the configuration that runs. */
export function planRoutes(api: Api, services: Services): void {
  /** All of the records may be ten millions: whoever else wants them read through waits until then. */
  let isReading = false;
  api.get(
    '/plan',
    {
      config: { right: 'viewer' },
      schema: {
        tags: ['planning'],
        summary: 'What sites, trunks and links have to carry',
        querystring: z.object({
          by: z.enum(['users', 'records']).default('users').describe('Reckoned from people, or from calls that were.'),
          since: z.iso.datetime({ offset: true }).optional().describe('Of records: the last 31 days unless given.'),
        }),
        response: { 200: answer, default: problemSchema },
      },
    },
    async ({ query: { by, since }, socket }) => {
      const configuration = services.configuration();
      const input = planInput(configuration);
      if (by === 'users') return told(plan(input));
      const from = since === undefined ? services.wall() - usualDays * day : Date.parse(since);
      if (isReading)
        throw new Problem(503, 'Somebody else is having the records read through: try again then.', undefined, 10);
      isReading = true;
      const isGone = () => socket.destroyed;
      const records = await measured(services, configuration, input, from, isGone).finally(() => {
        isReading = false;
      });
      if (!records) throw new Problem(409, 'There is no record of a call in that time.');
      return told(plan({ ...input, records }));
    },
  );
}

/** Ends early where who asked is gone. */
async function measured(
  { records }: Services,
  configuration: Configuration,
  input: Omit<PlanInput, 'records'>,
  since: number,
  isGone: () => boolean,
): Promise<PlanInput['records']> {
  const traffic = new RecordedTraffic(configuration, input);
  let read = 0;
  for (const record of records()?.each({ since }) ?? []) {
    traffic.add(record);
    if (++read % turn > 0) continue;
    await setImmediate();
    if (isGone()) return undefined;
  }
  return traffic.read((at) => {
    const date = new Date(at);
    return date.getFullYear() * 1000 + date.getMonth() * 50 + date.getDate();
  });
}

function told({ records, sites, trunks, queues, whole, bandwidth, doubts }: Plan): z.infer<typeof answer> {
  return {
    ...(records && { records: { from: iso(records.from), to: iso(records.to), calls: records.calls } }),
    sites: sites.map(
      ({ name, users, ports, bandwidth: bandwidthKbits, reckoned, connection, survivability, ways }) => ({
        ...{ name, users, calls: ports, bandwidthKbits },
        figures: [...reckoned, ...(ways?.reckoned ?? [])],
        advice: [
          { about: 'connection' as const, ...advised(connection) },
          ...(survivability
            ? [{ about: 'survivability' as const, ...advised({ ...survivability, has: [survivability.has] }) }]
            : []),
          ...(ways
            ? [{ about: 'way-out' as const, ...(ways.best && { advised: ways.best }), has: [], why: ways.why }]
            : []),
        ],
      }),
    ),
    trunks: trunks.map(({ name, lines, capacity, reckoned, doubt }) => ({
      ...{ name, lines, figures: [...reckoned] },
      ...(capacity !== undefined && { capacity }),
      ...(doubt !== undefined && { doubt }),
    })),
    queues: queues.map(({ name, agents, lines, reckoned }) => ({ name, agents, lines, figures: [...reckoned] })),
    whole: [...whole.reckoned],
    bandwidth: [bandwidth.sold, ...bandwidth.real],
    doubts: [...doubts],
  };
}

function advised(one: {
  readonly what: string;
  readonly why: string;
  readonly has: readonly string[];
  readonly doubt?: string;
}): { advised: string; has: string[]; why: string; doubt?: string } {
  const { what, why, has, doubt } = one;
  return { advised: what, has: [...has], why, ...(doubt !== undefined && { doubt }) };
}
