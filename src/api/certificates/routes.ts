import { z } from 'zod';
import type { Api } from '../api.ts';
import type { LiveCertificate } from '../live/told.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { demandVersion, seenVersion, tagged } from '../versions.ts';
import { CertificateDesk, type Judged, openFindings, partView } from './desk.ts';
import { idOf } from './places.ts';
import { certificateRequestRoutes } from './request-routes.ts';
import {
  certificateFiles,
  certificateSchema,
  certificateView,
  type chainPart,
  findingSchema,
  kept,
  offered,
  placeSchema,
  verdict,
} from './schema.ts';

const tags = ['certificates'];
const errors = { default: problemSchema };
const administrator = { right: 'administrator' } as const;
const named = z.object({ certificate: z.string().max(64).describe('Its id.') });

/** The certificates that are in use: how long they hold, what is wrong with them, and others in their place. */
export function certificateRoutes(api: Api, services: Services): void {
  const desk = new CertificateDesk(services);
  const { live } = services;

  api.get(
    '/certificates',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'Certificates in use, what expires first at the top',
        response: {
          200: z
            .object({
              items: z.array(certificateSchema),
              places: z.array(placeSchema).describe('Where one could be, and the configuration names none.'),
            })
            .meta({ id: 'Certificates' }),
          ...errors,
        },
      },
    },
    async () => {
      const days = ({ daysLeft = 1e9, problem }: LiveCertificate) => (problem === undefined ? daysLeft : -1e9);
      const items = (live.house.certificates ?? []).toSorted((one, other) => days(one) - days(other));
      const places = desk.places().filter(({ files }) => files.length === 0);
      return {
        items: items.map(certificateView),
        places: places.map((one) => {
          const { kind, users, use } = one;
          return { id: idOf(one), kind, users: [...users], names: [...use.names] };
        }),
      };
    },
  );
  api.post(
    '/certificates',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Keep one that the configuration has no file for',
        description:
          'It is kept beside the records, and used once the configuration names it: the answer has the edits for a draft (`PATCH /configuration/draft`). Also where the file that is named cannot be written.',
        body: kept,
        response: {
          201: z
            .object({
              files: z.array(z.string()),
              edits: z.array(z.object({ path: z.array(z.string()), value: z.unknown() })),
              findings: z.array(findingSchema),
            })
            .meta({ id: 'KeptCertificateFiles' }),
          ...errors,
        },
      },
    },
    async (request, reply) => {
      const { use, kind, ...offer } = request.body;
      const place = desk.places().find((one) => one.kind === kind && one.users.some((user) => isMeant(user, use)));
      if (!place)
        throw new Problem(
          422,
          `Nothing of TLS is called ${use}: it is \`listener NAME\`, \`trunk NAME\` or \`management\`, as the configuration has it.`,
        );
      const { judged, files, edits } = desk.keep(place, offer, request.principal!.name);
      request.change = { after: { files, ...factsOf(judged) } };
      return reply.code(201).send({ files: [...files], edits: [...edits], findings: told(judged.findings) });
    },
  );
  api.get(
    '/certificates/:certificate',
    {
      config: { right: 'viewer' },
      schema: {
        tags,
        summary: 'One of them, with its chain, as its files are',
        params: named,
        response: { 200: certificateFiles, ...errors },
      },
    },
    async ({ params }, reply) => {
      const seen = desk.look(desk.place(params.certificate));
      tagged(reply, seen);
      return seen;
    },
  );
  api.post(
    '/certificates/:certificate/examine',
    {
      config: { ...administrator, changes: false },
      schema: {
        tags,
        summary: 'What would be said of another in its place; nothing is written',
        params: named,
        body: offered,
        response: { 200: verdict, ...errors },
      },
    },
    async ({ params, body }) => {
      const { findings, chain, key } = desk.judge(desk.place(params.certificate), body);
      return {
        ok: openFindings(findings, body.accept).length === 0,
        findings: told(findings),
        chain: chain.map(partView),
        ...(key !== undefined && { key }),
      };
    },
  );
  api.put(
    '/certificates/:certificate',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Put another in its place',
        description:
          'It is looked at first, and refused with nothing changed where it could not be used (422). Its files are written whole, and what was there before is kept. New handshakes show it at once; calls go on.',
        params: named,
        headers: seenVersion,
        body: offered,
        response: { 200: certificateFiles, ...errors },
      },
    },
    async (request, reply) => {
      const place = desk.place(request.params.certificate);
      const before = desk.look(place);
      demandVersion(request.headers, before);
      const judged = desk.install(place, request.body, request.principal!.name);
      request.change = { before: shortOf(before), after: factsOf(judged) };
      const after = desk.look(place, await inForce(services));
      tagged(reply, after);
      return after;
    },
  );
  api.post(
    '/certificates/:certificate/rollback',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Put back what it took the place of',
        params: named,
        headers: seenVersion,
        body: z.strictObject({ accept: offered.shape.accept }).default({ accept: [] }),
        response: { 200: certificateFiles, ...errors },
      },
    },
    async (request, reply) => {
      const place = desk.place(request.params.certificate);
      const before = desk.look(place);
      demandVersion(request.headers, before);
      desk.rollBack(place, request.body.accept, request.principal!.name);
      const after = desk.look(place, await inForce(services));
      request.change = { before: shortOf(before), after: shortOf(after) };
      tagged(reply, after);
      return after;
    },
  );
  certificateRequestRoutes(api, services);
}

/** `listener wan` is `listener wan/tls`. */
function isMeant(user: string, said: string): boolean {
  return user === said || user === `${said}/tls`;
}

/** What holds once the files are read. Who cannot be asked now reads them when it is back. */
async function inForce({ readCertificates, live }: Services): Promise<readonly LiveCertificate[]> {
  try {
    return await readCertificates();
  } catch {
    return live.house.certificates ?? [];
  }
}

function told(findings: Judged['findings']): z.infer<typeof findingSchema>[] {
  return findings.map((one) => ({ ...one }));
}

/** For the audit log. */
function factsOf({ chain, request }: Judged): object {
  return { chain: chain.map(partView).map(factOf), ...(request !== undefined && { request }) };
}

function shortOf({ files, chain }: z.infer<typeof certificateFiles>): object {
  return { files, chain: chain.map(factOf) };
}

function factOf({ subject, names, serial, notAfter, sha256 }: z.infer<typeof chainPart>): object {
  return { subject, names, serial, notAfter, sha256 };
}
