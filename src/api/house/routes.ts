import { z } from 'zod';
import type { Api } from '../api.ts';
import { problemSchema } from '../problem.ts';
import { ruleSaid, type Said, saidSchema } from '../said/said.ts';
import type { Services } from '../services.ts';

const tags = ['house'];

const ban = z
  .object({
    source: z.string().describe('An address, or a /64 of IPv6.'),
    reason: z.string(),
    detail: z.string().describe('What it did: the name that a scanner calls itself, say.'),
    times: z.int().optional().describe('How often in a row it was banned: each lasts longer than the one before.'),
    since: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }),
  })
  .meta({ id: 'Ban', description: 'Somebody who is kept out for a while.' });

const device = z.looseObject({
  contact: z.string(),
  at: z.string().describe('By which flow it is reached.'),
  expires: z.string(),
  userAgent: z.string().optional(),
});
const user = z
  .object({
    user: z.string(),
    devices: z.array(device),
    calls: z.int().describe('That ring or talk.'),
    inCall: z.boolean(),
  })
  .meta({ id: 'RegisteredUser', description: 'Somebody with devices here, or in a call.' });

/** What `users` answers (docs/status-socket.md). */
interface UserPage {
  readonly users: readonly z.infer<typeof user>[];
  readonly total: number;
  readonly more: boolean;
}

const used = z
  .object({
    name: z.string().describe('`trunk itsp`, `group carriers`, `site berlin`, `the link of berlin`.'),
    said: saidSchema.optional(),
    kind: z.enum(['trunk', 'group', 'site', 'link']),
    calls: z.int(),
    limit: z.int().optional().describe('Of calls.'),
    audioKbits: z.number().optional().describe('What calls take one way, kbit/s.'),
    audioLimitKbits: z.number().optional(),
    videoKbits: z.number().optional(),
    videoLimitKbits: z.number().optional(),
    refused: z.int().optional().describe('Calls that found no room, since the program began.'),
    share: z
      .number()
      .optional()
      .describe('Of what may be at most, 0 to 1 (audio and video: the fuller one); absent: no limit.'),
  })
  .meta({ id: 'Capacity', description: 'What is used of something that has a limit.' });

/** Who is kept out, who is registered, and how full everything is. */
export function houseRoutes(api: Api, { ask, live, configuration }: Services): void {
  api.get(
    '/bans',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'Who is kept out',
        response: { 200: z.object({ items: z.array(ban) }).meta({ id: 'Bans' }), default: problemSchema },
      },
    },
    async () => ({ items: (await ask('bans')).bans as z.infer<typeof ban>[] }),
  );
  api.delete(
    '/bans/:source',
    {
      config: { right: 'operator' },
      schema: {
        tags,
        summary: 'Lift a ban',
        params: z.object({ source: z.string().max(60).describe('As the list has it; `/` as %2F.') }),
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async ({ params: { source } }, reply) => {
      await ask('unban', { source });
      return reply.code(204).send(null);
    },
  );
  api.get(
    '/registered-users',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'Users who have devices here, and where those are',
        querystring: z.object({
          text: z.string().max(100).optional().describe('In the name.'),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
          cursor: z.string().max(200).optional().describe('The `next` of the page before.'),
        }),
        response: {
          200: z
            .object({ items: z.array(user), next: z.string().optional(), total: z.int() })
            .meta({ id: 'RegisteredUsers' }),
          default: problemSchema,
        },
      },
    },
    async ({ query: { text, limit, cursor } }) => {
      const page = { limit, ...(text !== undefined && { text }), ...(cursor !== undefined && { after: cursor }) };
      const { users, total, more } = (await ask('users', page)) as unknown as UserPage;
      return { items: [...users], ...(more && { next: users.at(-1)!.user }), total };
    },
  );
  api.get(
    '/capacity',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'What is used of what has a limit: trunks, groups, sites, links',
        response: { 200: z.object({ items: z.array(used) }).meta({ id: 'CapacityList' }), default: problemSchema },
      },
    },
    async () => {
      const { links = [], limits = [] } = live.house;
      const share = (calls: number, limit: number | undefined) =>
        limit === undefined || limit === 0 ? {} : { limit, share: rounded(calls / limit) };
      const trunks = configuration().trunks.flatMap(({ name, capacity }) => {
        const calls = live.trunks.get(name)?.calls ?? 0;
        return capacity.calls === undefined
          ? []
          : [{ name: `trunk ${name}`, kind: 'trunk' as const, calls, ...share(calls, capacity.calls) }];
      });
      const groups = limits.map(({ name, calls, limits: most }) => ({
        name,
        kind: name.startsWith('site ') ? ('site' as const) : ('group' as const),
        calls,
        ...share(calls, most.calls),
      }));
      const wires = links.map(({ link, calls, audio, video, refused, most }) => ({
        name: link,
        kind: 'link' as const,
        calls,
        audioKbits: audio,
        ...(most.audio !== undefined && { audioLimitKbits: most.audio }),
        videoKbits: video,
        ...(most.video !== undefined && { videoLimitKbits: most.video }),
        refused,
        ...shareOf([audio, most.audio], [video, most.video]),
      }));
      const items = [...trunks, ...groups, ...wires];
      return { items: items.map((one) => ({ ...one, ...named(one.name) })) };
    },
  );
}

function named(name: string): { said?: Said } {
  const parts = ruleSaid(name);
  return parts ? { said: parts } : {};
}

/** The fuller of several. */
function shareOf(...parts: readonly (readonly [used: number, most: number | undefined])[]): { share?: number } {
  const shares = parts.flatMap(([part, most]) => (most ? [part / most] : []));
  return shares.length === 0 ? {} : { share: rounded(Math.max(...shares)) };
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
