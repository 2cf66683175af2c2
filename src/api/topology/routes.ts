import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Bandwidth, Configuration } from '#engine/ports';
import { mayAt } from '../access/sites.ts';
import type { Api } from '../api.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';

const tags = ['topology'];
const errors = { default: problemSchema };

const bandwidth = z
  .object({
    audioKbits: z.number().describe('Of all calls together, one way.'),
    audioSessionKbits: z.number().describe('Of one call.'),
    videoKbits: z.number(),
    videoSessionKbits: z.number(),
  })
  .meta({ id: 'LinkBandwidth', description: 'The most that calls may take of a link.' });

const topology = z
  .object({
    sites: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['central', 'branch']),
        region: z.string().optional(),
        country: z.string().optional(),
        centre: z.string().optional().describe('Of a branch: the central site that serves it.'),
        bandwidth: bandwidth.optional().describe('Of its link to its region.'),
      }),
    ),
    links: z.array(
      z.object({
        between: z.array(z.string()).length(2).describe('Two regions, or two sites.'),
        bandwidth: bandwidth.optional(),
      }),
    ),
    trunks: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['itsp', 'pstn-gateway', 'ip-pbx']),
        side: z.enum(['internal', 'external']),
        site: z.string().optional(),
        disabled: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Topology', description: 'Who is joined with whom.' });

/** Units of the picture: as many as anybody's screen has, and more. */
const coordinate = z.number().min(-100_000).max(100_000);
const mostPlaces = 5_000;
const positions = z
  .object({
    places: z
      .record(z.string().max(300), z.object({ x: coordinate, y: coordinate }))
      .refine((places) => Object.keys(places).length <= mostPlaces, `At most ${mostPlaces}.`)
      .describe('By what it is: `site berlin`, `trunks inside`, `tandem`. What is not here is placed by itself.'),
  })
  .meta({ id: 'TopologyPositions', description: 'Where on the map things stand.' });

const name = 'topology';

/** Sites, links and trunks as one picture, and how somebody arranged it: the same for all. */
export function topologyRoutes(api: Api, { configuration, access }: Services): void {
  const layouts = () => access.store.layouts;
  const etagOf = (version: number) => `"${version}"`;

  api.get(
    '/topology',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: { tags, summary: 'Sites, links and trunks of what runs', response: { 200: topology, ...errors } },
    },
    async ({ principal }) => told(configuration(), (site) => mayAt(principal, site)),
  );
  api.get(
    '/topology/positions',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Where on the map things stand',
        description: 'Its ETag is what a change of it is asked for with.',
        response: { 200: positions, ...errors },
      },
    },
    async ({ principal }, reply) => {
      const { version, value } = layouts().get(name) ?? { version: 0, value: { places: {} } };
      const { places } = value as z.infer<typeof positions>;
      const mine = Object.entries(places).filter(
        ([what]) => !what.startsWith('site ') || mayAt(principal, what.slice('site '.length)),
      );
      return reply.header('etag', etagOf(version)).send({ places: Object.fromEntries(mine) });
    },
  );
  api.put(
    '/topology/positions',
    {
      config: { right: 'administrator' },
      schema: {
        tags,
        summary: 'Arrange the map, for all',
        description: 'With `If-Match`, the ETag of what was looked at: two who arrange it do not overwrite each other.',
        body: positions,
        response: { 200: positions, ...errors },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const version = layouts().put(name, body, versionWanted(request, layouts().get(name)?.version ?? 0));
      if (version === undefined)
        throw new Problem(412, 'Somebody else arranged the map meanwhile: look at it, and arrange it again.');
      return reply.header('etag', etagOf(version)).send(body);
    },
  );
}

/** What `If-Match` has; -1, which no version is, where it is of another kind (RFC 9110 13.1.1). */
function versionWanted({ headers }: FastifyRequest, now: number): number {
  const wanted = headers['if-match'];
  if (wanted === undefined)
    throw new Problem(
      428,
      'Say in `If-Match` which arrangement this one takes the place of: the ETag of what was read.',
    );
  if (wanted === '*') return now;
  const [, version] = /^"(\d{1,15})"$/.exec(wanted) ?? [];
  return version === undefined ? -1 : Number(version);
}

function told(
  { sites = [], regionLinks = [], siteLinks = [], trunks }: Configuration,
  may: (site: string | undefined) => boolean,
): z.infer<typeof topology> {
  const seen = sites.filter(({ name: site }) => may(site));
  const names = new Set(seen.flatMap(({ name: site, region }) => [site, ...(region === undefined ? [] : [region])]));
  return {
    sites: seen.map(({ name: site, kind, region, country, centre, bandwidth: own }) => ({
      ...{ name: site, kind },
      ...(region !== undefined && { region }),
      ...(country !== undefined && { country }),
      ...(centre !== undefined && { centre }),
      ...(own && { bandwidth: bandwidthTold(own) }),
    })),
    links: [...regionLinks, ...siteLinks]
      .filter(({ between }) => between.some((end) => names.has(end)))
      .map(({ between, bandwidth: own }) => ({ between: [...between], ...(own && { bandwidth: bandwidthTold(own) }) })),
    trunks: trunks
      .filter(({ site }) => may(site))
      .map(({ name: trunk, kind, side, site, disabled }) => ({
        ...{ name: trunk, kind, side },
        ...(site !== undefined && { site }),
        disabled: disabled !== undefined,
      })),
  };
}

function bandwidthTold({ audio, audioSession, video, videoSession }: Bandwidth): z.infer<typeof bandwidth> {
  return {
    audioKbits: audio,
    audioSessionKbits: audioSession,
    videoKbits: video,
    videoSessionKbits: videoSession,
  };
}
