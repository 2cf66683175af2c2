import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Configuration, siteOf } from '#engine/ports';
import { pageRules } from '../access/page-rules.ts';
import type { Principal } from '../access/principal.ts';
import type { Api } from '../api.ts';
import { callView } from '../calls/view.ts';
import type { Entry, LiveEvent } from '../live/journal.ts';
import { type CallFilter, predicate } from '../live/query.ts';
import { mayCall, mayRecord } from '../live/sites.ts';
import type { LiveCall } from '../live/told.ts';
import { Problem, problemSchema } from '../problem.ts';
import { endsOf, recordLine } from '../records/view.ts';
import type { Services } from '../services.ts';
import { trunkView } from '../trunks/view.ts';

export const eventLimits = {
  /** Streams of all, and of one who follows: the pages of a browser share one. */
  streams: 64,
  each: 8,
  /** Ms between signs of life: a proxy closes what is silent. */
  heartbeat: 15_000,
  /** Octets that may wait for one who does not read: he is cut off, and goes on by Last-Event-ID. */
  backlog: 4_000_000,
} as const;

const eventKinds = ['calls', 'ended', 'trunk', 'house', 'mirror', 'test'] as const;
type EventKind = (typeof eventKinds)[number];

interface Stream {
  readonly principal: Principal | undefined;
  readonly kinds: ReadonlySet<EventKind>;
  readonly filter: CallFilter;
  readonly fits: ReturnType<typeof predicate>;
}

/** What happens, as it happens, by server-sent events (HTML 9.2). */
export function eventRoutes(api: Api, services: Services): void {
  const { live, configuration, wall } = services;
  const streams = new Map<
    ServerResponse,
    { readonly who: string | number; readonly mayStill: () => Promise<boolean>; readonly stop: () => void }
  >();
  const beat = () => {
    for (const [raw, { mayStill }] of streams) {
      write(raw, `: ${wall()}\n\n`);
      // Who has signed out, or may less than before, does not go on listening.
      mayStill().then(
        (may) => may || raw.end(),
        () => raw.end(),
      );
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const leave = (raw: ServerResponse) => {
    streams.get(raw)?.stop();
    streams.delete(raw);
    if (streams.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  // Who follows does not leave by himself.
  api.addHook('preClose', async () => {
    for (const raw of [...streams.keys()]) {
      leave(raw);
      raw.end();
    }
  });

  api.get(
    '/events',
    {
      // Its head is never all: who asked for that alone would wait for ever.
      exposeHeadRoute: false,
      config: { right: 'viewer', sites: 'heeded' },
      schema: {
        tags: ['calls'],
        summary: 'Follow what happens',
        description:
          'Server-sent events. `calls`: `changed` are as `/calls` has them, `gone` are ids. `ended`: `records` in short. `trunk`: a trunk, as `/trunks` has it. `house`: bans, links, limits, certificates, restarts, overload, as far as they changed. `mirror`: whether the signalling process is heard. `test`: a step of a test of a trunk. `reset`: what happened since `Last-Event-ID` is not known any more: read all again. All that is read after the stream was opened is at least as new as what it told.',
        querystring: z.object({
          kinds: z
            .string()
            .optional()
            .describe(`Which, with commas between: ${eventKinds.join(', ')}; all unless given.`),
          trunk: z.string().optional().describe('Calls of it, ended ones too, and itself.'),
          number: z.string().optional().describe('Calls from or to numbers that begin so.'),
          site: z.string().optional().describe('Calls of callers there.'),
          call: z.string().optional().describe('One call.'),
          after: z.string().optional().describe('As the header `Last-Event-ID`, for who cannot send one.'),
        }),
        response: { 200: z.string().meta({ description: 'text/event-stream' }), default: problemSchema },
      },
    },
    (request, reply) => {
      const { principal, query, headers } = request;
      const name = principal?.name ?? '';
      // Tokens of one account are no more than he.
      const who = principal?.account ?? name;
      const own = [...streams.values()].filter((one) => one.who === who).length;
      if (streams.size >= eventLimits.streams || own >= eventLimits.each)
        throw new Problem(429, 'Too many follow already: close another page, or let one stream serve several.');
      const { kinds, call, after, ...filter } = query;
      const wanted = (kinds?.split(',') ?? eventKinds) as readonly EventKind[];
      const unknown = wanted.find((kind) => !eventKinds.includes(kind));
      if (unknown !== undefined) throw new Problem(400, `There are no events ${unknown}: ${eventKinds.join(', ')}.`);
      const byFilter = predicate(filter);
      const stream: Stream = {
        principal,
        kinds: new Set(wanted),
        filter,
        fits: call === undefined ? byFilter : (one) => one.call === call && byFilter(one),
      };
      const tell = (raw: ServerResponse, { number, at, event }: Entry) => {
        const data = dataOf(event, stream, services, configuration());
        if (data === undefined) return;
        const id = `${live.journal.epoch}.${number}`;
        write(
          raw,
          `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify({ at: new Date(at).toISOString(), ...data })}\n\n`,
        );
      };

      reply.hijack();
      const { raw } = reply;
      // Who left before it was known who he is has told so already, and keeps nobody's place.
      if (raw.destroyed) return;
      raw.writeHead(200, {
        ...pageRules,
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      timer ??= setInterval(beat, eventLimits.heartbeat);
      const last = headers['last-event-id'] ?? after;
      const missed = last === undefined ? [] : missedSince(String(last), live.journal);
      const here = `id: ${live.journal.epoch}.${live.journal.number}\n`;
      // Who goes on is where he was until he has been told what he missed: he may be cut off again in the middle of it.
      write(
        raw,
        `retry: 2000\n${last === undefined ? here : ''}event: hello\ndata: {"state":"${live.state}","lagMs":${live.lag}}\n\n`,
      );
      if (missed) for (const entry of missed) tell(raw, entry);
      else write(raw, `${here}event: reset\ndata: {}\n\n`);
      const stop = live.journal.listen((entry) => tell(raw, entry));
      streams.set(raw, { who, mayStill: () => request.mayStill(), stop });
      raw.on('close', () => leave(raw));
    },
  );
}

/** Undefined: nobody knows any more. */
function missedSince(id: string, journal: Services['live']['journal']): readonly Entry[] | undefined {
  const [epoch, number] = id.split('.');
  return epoch === journal.epoch && /^\d{1,15}$/.test(number ?? '') ? journal.after(Number(number)) : undefined;
}

function write(raw: ServerResponse, text: string): void {
  if (raw.destroyed) return;
  if (raw.writableLength > eventLimits.backlog) raw.destroy();
  else raw.write(text);
}

/** Undefined: it is not for who follows. */
function dataOf(
  event: LiveEvent,
  stream: Stream,
  services: Services,
  configuration: Configuration,
): object | undefined {
  const { principal, kinds, filter, fits } = stream;
  if (!kinds.has(event.kind)) return undefined;
  const maySite = (site: string | undefined) => principal?.sites === undefined || principal.sites.includes(site ?? '');
  switch (event.kind) {
    case 'calls': {
      // That there are calls elsewhere is nobody's business.
      const mightSee = (id: string, before: readonly LiveCall[]) =>
        before.some((call) => call.call === id && mayCall(principal, configuration, call));
      const changed = event.changed.filter((call) => fits(call) && mayCall(principal, configuration, call));
      // One that does not fit any more is gone for who follows; who never heard of it does not mind.
      const left = [...event.gone, ...event.changed.filter((call) => !changed.includes(call)).map(({ call }) => call)];
      const gone = principal?.sites ? left.filter((call) => mightSee(call, event.before)) : left;
      return changed.length + gone.length === 0 ? undefined : { changed: changed.map(callView), gone };
    }
    case 'ended': {
      const records = event.records.filter((record) => {
        const { call, caller, called, startedAt, attempts } = record;
        const one = { call, caller, called, startedAt, phase: 'answered', ...endsOf(record) } as const;
        // It was one of each trunk that it was offered to.
        const isOne = fits(one) || attempts.some(({ leg }) => fits({ ...one, b: leg }));
        return isOne && mayRecord(principal, configuration, record);
      });
      return records.length === 0 ? undefined : { records: records.map(recordLine) };
    }
    case 'trunk': {
      const { trunk } = event;
      if (filter.trunk !== undefined && filter.trunk !== trunk.trunk) return undefined;
      if (!maySite(siteOf(configuration, trunk.trunk))) return undefined;
      return { trunk: trunkView(trunk, services), ...(event.before && { before: event.before.health.state }) };
    }
    case 'house':
      return principal?.sites ? undefined : event.house;
    case 'mirror':
      return { state: event.state };
    case 'test':
      return maySite(siteOf(configuration, event.trunk))
        ? { trunk: event.trunk, test: event.test, step: event.step }
        : undefined;
  }
}
