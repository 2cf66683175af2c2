import { z } from 'zod';
import { capture, packetBlocks } from '#codec/pcapng';
import {
  type CallRecord,
  type MediaCapture,
  type MediaCaptureConfiguration,
  mayBeCaptured,
  type Sides,
} from '#engine/ports';
import { StatusFailure } from '#shell/status-link';
import type { Principal } from '../access/principal.ts';
import { mayAt } from '../access/sites.ts';
import type { Api } from '../api.ts';
import { mayCall } from '../live/sites.ts';
import { Problem, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';
import { traceOf } from '../traces/trace.ts';
import { rulesFor, sidesOf } from './allowed.ts';
import { clearPackets } from './clear-packets.ts';
import { mostArmed } from './desk.ts';
import { captureSchema, captureView } from './view.ts';

const tags = ['media captures'];
const minute = 60_000;
/** A name that a file of ours may have: the call, and which of its copies it is. */
const named = z.object({ name: z.string().max(100).describe('`name` of the copy.') });
const byCall = z.object({ call: z.string().describe('The id of the call.') });

const order = {
  reason: z.string().trim().min(3).max(500).describe('Why: for the record of the call and the audit log.'),
  seconds: z.int().min(1).max(86_400).optional().describe('How long at most; `tracing.media.longest` unless given.'),
  size: z.int().min(10_000).optional().describe('Octets at most; `tracing.media.size` unless given.'),
  keys: z
    .boolean()
    .default(false)
    .describe('With the keys that are pressed: only where the configuration has `tracing.keys: shown`.'),
};

const armedSchema = z
  .object({
    id: z.string(),
    by: z.string(),
    reason: z.string(),
    trunk: z.string().optional(),
    number: z.string().optional(),
    since: z.iso.datetime(),
    until: z.iso.datetime().describe('It waits no longer.'),
  })
  .meta({ id: 'ArmedCapture', description: 'The next call that fits is copied: one call.' });

const limits = {
  seconds: z.number().describe('How long one may be.'),
  size: z.int().describe('Octets that one may have.'),
  keys: z.boolean().describe('Whether the keys that are pressed may be in it.'),
};

const rightsSchema = z
  .object({
    allowed: z.boolean(),
    why: z.string().optional().describe('Where not: who says so, and what would have it be otherwise.'),
    ...z.object(limits).partial().shape,
    trunks: z.array(z.string()).optional().describe('Only calls of these, or of `sites`; of all unless given.'),
    sites: z.array(z.string()).optional(),
  })
  .meta({ id: 'CaptureRights', description: 'Whether who asks may have media copied, and within which limits.' });

const fileSchema = captureSchema
  .partial()
  .extend({
    name: z.string(),
    call: z.string(),
    octets: z.int().describe('Of the file, until now.'),
    writtenAt: z.iso.datetime().describe('When it was written to last.'),
  })
  .meta({
    id: 'CaptureFile',
    description: 'A copy of media on the disk; without what its record told, where that is gone.',
  });

/** Copies of the media of calls, decrypted: for whom the configuration names, each with a reason, and all of it in the audit log. */
export function captureRoutes(api: Api, services: Services): void {
  const { captures, configuration, live, records, wall } = services;

  const orderOf = (principal: Principal | undefined, body: z.infer<z.ZodObject<typeof order>>) => {
    const rules = rulesFor(principal, configuration());
    if (body.keys && !configuration().tracing?.keys)
      throw new Problem(403, 'Keys are hidden here: `tracing.keys: shown` of the configuration would show them.');
    const ms = body.seconds === undefined ? rules.longest : body.seconds * 1000;
    const octets = body.size ?? rules.size;
    if (ms > rules.longest)
      throw new Problem(422, `At most ${rules.longest / 1000} seconds may be copied (\`tracing.media.longest\`).`);
    if (octets > rules.size)
      throw new Problem(422, `At most ${rules.size} octets may be copied (\`tracing.media.size\`).`);
    const keys = body.keys ? { keys: true as const } : {};
    return { rules, order: { by: principal!.name, reason: body.reason, ms, octets, ...keys } };
  };
  const standing = (principal: Principal | undefined, call: string) => {
    const found = live.calls.get(call);
    if (!found || !mayCall(principal, configuration(), found))
      throw new Problem(404, `There is no call ${call}, or it has ended.`);
    return found;
  };
  const known = (call: string): { readonly captures?: readonly MediaCapture[]; readonly sides: Sides } | undefined => {
    const now = live.calls.get(call);
    if (now) return { ...(now.captures && { captures: now.captures }), sides: now };
    const is = (one: CallRecord) => one.call === call;
    const record = live.ended.get(call) ?? records()?.find(call, 1).find(is);
    return record && { ...(record.captures && { captures: record.captures }), sides: sidesOf(record) };
  };
  /** Those that wait for their call, as far as they are his: of who has some sites his own. */
  const armedOf = (principal: Principal | undefined) =>
    captures.armed.filter(({ by }) => principal?.sites === undefined || by === principal.name);
  /** The call of a file, which he may see. */
  const callOf = (principal: Principal | undefined, name: string) => {
    const call = name.replace(/-\d+$/, '');
    const found = known(call);
    const mine = principal?.sites === undefined || (found && mayCall(principal, configuration(), found.sides));
    return mine ? { call, ...found, capture: found?.captures?.find((one) => one.name === name) } : undefined;
  };

  api.post(
    '/calls/:call/media-capture',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Have the media of a call copied, decrypted',
        description:
          'RTP and RTCP of both sides, as packets in a file, until a limit is reached, the call ends or somebody stops it. The configuration says who may, and of which calls (`tracing.media`). That it is done is on the page of the call, in its record and in the audit log.',
        params: byCall,
        body: z.object(order),
        response: {
          202: z.object({ at: z.iso.datetime().describe('When it was taken; `/events` tells what becomes of it.') }),
          default: problemSchema,
        },
      },
    },
    async ({ params: { call }, body, principal }, reply) => {
      const { rules, order } = orderOf(principal, body);
      const found = standing(principal, call);
      if (!mayBeCaptured(rules, configuration(), found))
        throw new Problem(403, 'This call is none of those whose media may be copied (`tracing.media`).');
      if (found.media === 'bypass')
        throw new Problem(409, 'The media of this call goes past us: nothing can be copied.');
      if (found.captures?.some(({ why }) => why === undefined))
        throw new Problem(409, 'The media of this call is being copied already.');
      const at = await captures.begin(call, order);
      return reply.code(202).send({ at: iso(at) });
    },
  );

  api.delete(
    '/calls/:call/media-capture',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Stop copying the media of a call',
        description: 'What was copied stays on the disk for its time.',
        params: byCall,
        response: { 202: z.object({ at: z.iso.datetime() }), default: problemSchema },
      },
    },
    async ({ params: { call }, principal }, reply) => {
      rulesFor(principal, configuration());
      if (!standing(principal, call).captures?.some(({ why }) => why === undefined))
        throw new Problem(409, 'The media of this call is not being copied.');
      const at = await captures.end(call, principal!.name);
      return reply.code(202).send({ at: iso(at) });
    },
  );

  const limitsOf = ({ longest, size }: MediaCaptureConfiguration) => ({
    seconds: longest / 1000,
    size,
    keys: configuration().tracing?.keys === true,
  });

  api.get(
    '/media-captures/rights',
    {
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Whether who asks may have media copied',
        response: { 200: rightsSchema, default: problemSchema },
      },
    },
    async ({ principal }) => {
      try {
        const rules = rulesFor(principal, configuration());
        const { trunks, sites } = rules;
        const of = { ...(trunks && { trunks: [...trunks] }), ...(sites && { sites: [...sites] }) };
        return { allowed: true, ...limitsOf(rules), ...of };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return { allowed: false, why: error.message };
      }
    },
  );

  api.get(
    '/media-captures',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Copies of media on the disk, the newest first, and those that wait for their call',
        response: {
          200: z
            .object({
              items: z.array(fileSchema),
              armed: z.array(armedSchema),
              limits: z.object(limits).describe('Of one copy, at most.'),
            })
            .meta({ id: 'MediaCaptures' }),
          default: problemSchema,
        },
      },
    },
    async ({ principal }) => {
      const rules = rulesFor(principal, configuration());
      const items = captures.files().flatMap(({ name, octets, at }) => {
        const found = callOf(principal, name);
        return found
          ? [{ ...(found.capture && captureView(found.capture)), name, call: found.call, octets, writtenAt: iso(at) }]
          : [];
      });
      return { items, armed: armedOf(principal).map(armedView), limits: limitsOf(rules) };
    },
  );

  api.get(
    '/media-captures/:name/capture.pcapng',
    {
      config: { right: 'operator', sites: 'heeded', changes: true },
      schema: {
        tags,
        summary: 'A copy with the messages of its call, for Wireshark',
        description:
          'Media in clear, and the SIP messages of both legs between it, in the order of time. Where a session description said RTP/SAVP it says RTP/AVP, since what follows is decrypted; keys and answers to challenges are written over. That it was downloaded is in the audit log.',
        params: named,
        produces: ['application/x-pcapng'],
      },
    },
    async (request, reply) => {
      const { principal, params } = request;
      rulesFor(principal, configuration());
      const found = callOf(principal, params.name);
      const file = found && captures.read(params.name);
      if (!file) throw new Problem(404, `There is no copy ${params.name}: it was let go, or never was.`);
      const blocks = packetBlocks(file);
      const trace = await traceOf(services, found.call).catch(nothing);
      const { by, reason } = found.capture ?? {};
      const whole = capture(
        trace ? clearPackets(trace) : [],
        {
          application: `Tandem ${services.version}`,
          comment: `call ${found.call}, with decrypted media${by === undefined ? '' : `; copied for ${by}: ${reason}`}`,
        },
        blocks,
      );
      request.change = {
        after: { call: found.call, packets: blocks.length, octets: whole.length, copiedFor: by, reason },
      };
      return reply
        .type('application/x-pcapng')
        .header('content-disposition', `attachment; filename="media-${params.name.replace(/[^\w-]/g, '')}.pcapng"`)
        .serializer((payload: unknown) => payload as string)
        .send(whole);
    },
  );

  api.delete(
    '/media-captures/:name',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Let go a copy',
        params: named,
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async ({ principal, params: { name } }, reply) => {
      rulesFor(principal, configuration());
      if (!callOf(principal, name) || !captures.remove(name)) throw new Problem(404, `There is no copy ${name}.`);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/media-captures/armed',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Have the media of the next call copied that fits',
        description: 'One call, which begins from now on; it is copied from its first packet on.',
        body: z
          .object({
            ...order,
            trunk: z.string().optional().describe('On either side.'),
            number: z
              .string()
              .max(100)
              .regex(/^[+A-Za-z0-9][A-Za-z0-9._#*-]*$/)
              .optional()
              .describe('The caller’s or the called one, as it came; `+49*` takes a beginning.'),
            minutes: z.int().min(1).max(1_440).default(60).describe('How long it waits.'),
          })
          .refine(({ trunk, number }) => trunk !== undefined || number !== undefined, {
            message: 'a trunk or a number is needed',
          }),
        response: { 201: armedSchema, default: problemSchema },
      },
    },
    async ({ principal, body }, reply) => {
      const { order } = orderOf(principal, body);
      const { trunk, number } = body;
      // Who has some sites is not told what else there is.
      if (
        trunk !== undefined &&
        !configuration().trunks.some(({ name, site }) => name === trunk && mayAt(principal, site))
      )
        throw new Problem(422, `There is no trunk ${trunk}.`);
      const what = { ...(trunk !== undefined && { trunk }), ...(number !== undefined && { number }) };
      const sites = principal?.sites;
      const armed = captures.arm({ ...order, ...(sites && { sites }) }, what, body.minutes * minute);
      if (!armed) throw new Problem(409, `${mostArmed} wait for their calls already.`);
      return reply.code(201).send(armedView(armed));
    },
  );

  api.delete(
    '/media-captures/armed/:id',
    {
      config: { right: 'operator', sites: 'heeded' },
      schema: {
        tags,
        summary: 'Wait for a call no longer',
        params: z.object({ id: z.string() }),
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async ({ principal, params: { id } }, reply) => {
      rulesFor(principal, configuration());
      if (!armedOf(principal).some((one) => one.id === id) || !captures.disarm(id))
        throw new Problem(404, `Nothing waits under ${id}, at ${iso(wall())}.`);
      return reply.code(204).send(null);
    },
  );
}

function armedView({
  since,
  until,
  id,
  by,
  reason,
  trunk,
  number,
}: Services['captures']['armed'][number]): z.infer<typeof armedSchema> {
  return {
    id,
    by,
    reason,
    ...(trunk !== undefined && { trunk }),
    ...(number !== undefined && { number }),
    since: iso(since),
    until: iso(until),
  };
}

/** Its messages may be gone, or the signalling process away: what was said is there still. */
function nothing(error: unknown): undefined {
  if (!(error instanceof Problem) && !(error instanceof StatusFailure)) throw error;
}
