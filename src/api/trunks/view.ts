import { z } from 'zod';
import { describeEnd, type Trunk, trunkOf } from '#engine/ports';
import type { LiveCertificate, LiveTrunk } from '../live/told.ts';
import type { Figures, LastFailure } from '../live/traffic.ts';
import { endSchema, endView } from '../records/view.ts';
import { type Said, said, saidSchema } from '../said/said.ts';
import type { Services } from '../services.ts';
import { iso } from '../time.ts';

const figures = z
  .object({
    calls: z.int(),
    answered: z.int(),
    asr: z.number().optional().describe('Answered of all (ITU-T E.411), 0 to 1; absent: there was none.'),
    ner: z
      .number()
      .optional()
      .describe('Answered, or ended as a party chose, of all (ITU-T E.425), 0 to 1; absent: there was none.'),
    acdMs: z.number().optional().describe('How long answered ones lasted on average.'),
    reasons: z.record(z.string(), z.int()).describe('How they ended, by reason.'),
  })
  .meta({ id: 'Figures', description: 'What became of the calls that ended in some time.' });

export const trunkSchema = z
  .object({
    name: z.string(),
    kind: z.string(),
    side: z.string(),
    transport: z.string(),
    site: z.string().optional(),
    profile: z.string().optional(),
    state: z.enum(['up', 'partly-down', 'down', 'unknown', 'disabled']).describe('`unknown`: nobody has told yet.'),
    since: z.iso.datetime().optional(),
    because: z.string().describe('Why it is so, in words.'),
    said: saidSchema.optional(),
    disabledUntil: z.iso.datetime().optional(),
    targets: z
      .array(
        z.object({
          target: z.string(),
          state: z.string(),
          since: z.iso.datetime().optional(),
          because: z.string(),
          said: saidSchema.optional(),
          roundTripMs: z.number().optional(),
        }),
      )
      .describe('Where its requests go.'),
    options: z
      .object({
        at: z.iso.datetime(),
        target: z.string(),
        result: z.string(),
        status: z.int().optional(),
        roundTripMs: z.number().optional(),
        detail: z.string().optional(),
        said: saidSchema.optional().describe('What `detail` says.'),
      })
      .optional()
      .describe('What came of the last OPTIONS.'),
    registration: z
      .object({
        stage: z.string(),
        since: z.iso.datetime(),
        addressOfRecord: z.string(),
        registrar: z.string(),
        seenAs: z.string().optional().describe('As whom the first hop saw us, where a NAT changed it.'),
        expiresAt: z.iso.datetime().optional(),
        nextAt: z.iso.datetime().optional(),
        nextSeconds: z.number().optional().describe('Until the next REGISTER.'),
        lastError: z.object({ text: z.string(), said: saidSchema.optional(), at: z.iso.datetime() }).optional(),
      })
      .optional(),
    certificate: z
      .object({
        daysLeft: z.number(),
        notAfter: z.iso.datetime().optional(),
        names: z.array(z.string()),
        files: z.array(z.string()),
      })
      .optional()
      .describe('Of those that it uses the one that ends first.'),
    active: z.int().describe('Calls now.'),
    limit: z.int().optional().describe('Of calls at once.'),
    hour: z
      .object({ to: figures, from: figures })
      .describe('Calls that ended in the last hour: offered to it, and come from it.'),
    lastFailure: z
      .object({ at: z.iso.datetime(), call: z.string(), text: z.string(), end: endSchema })
      .optional()
      .describe('The last try of a call over it that failed, since this process began.'),
  })
  .meta({ id: 'Trunk', description: 'A trunk as it stands.' });
export type TrunkView = z.infer<typeof trunkSchema>;

export function trunkView(
  live: LiveTrunk,
  { live: mirror, configuration, wall }: Pick<Services, 'live' | 'configuration' | 'wall'>,
): TrunkView {
  const { trunk: name, health, registration } = live;
  const configured = trunkOf(configuration(), name);
  const now = wall();
  const off = configured && disabledAt(configured, now);
  const last = live.options.reduce<LiveTrunk['options'][number] | undefined>(
    (newest, one) => (newest && newest.at >= one.at ? newest : one),
    undefined,
  );
  const failure = mirror.traffic.lastFailure(name);
  const certificate = certificateOf(name, mirror.house.certificates ?? []);
  return {
    name,
    kind: live.kind,
    side: live.side,
    transport: live.transport,
    ...(configured?.site !== undefined && { site: configured.site }),
    ...(configured?.profile !== undefined && { profile: configured.profile }),
    state: off ? 'disabled' : health.state,
    ...(health.since !== undefined && { since: iso(health.since) }),
    ...reason(off ? 'the configuration has it disabled' : (live.notLocated ?? health.because)),
    ...(off && off.until !== undefined && { disabledUntil: iso(off.until) }),
    targets: targetsOf(live),
    ...(last && {
      options: {
        at: iso(last.at),
        target: last.target,
        result: last.kind,
        ...(last.status !== undefined && { status: last.status }),
        ...(last.roundTrip !== undefined && { roundTripMs: Math.round(last.roundTrip * 10) / 10 }),
        ...(last.detail !== undefined && { detail: last.detail, ...inParts(last.detail) }),
      },
    }),
    ...(registration && { registration: registrationView(registration, now) }),
    ...(certificate && { certificate }),
    active: live.calls,
    ...(live.limit !== undefined && { limit: live.limit }),
    hour: {
      to: figuresView(mirror.traffic.hour('to', name, now)),
      from: figuresView(mirror.traffic.hour('from', name, now)),
    },
    ...(failure && { lastFailure: failureView(failure) }),
  };
}

function reason(because: string): { because: string; said?: Said } {
  return { because, ...inParts(because) };
}

function inParts(text: string): { said?: Said } {
  const parts = said(text);
  return parts ? { said: parts } : {};
}

function failureView({ at, call, end }: LastFailure): NonNullable<TrunkView['lastFailure']> {
  return { at: iso(at), call, text: describeEnd(end), end: endView(end) };
}

/** What `disabled` says now. Undefined: it serves. */
export function disabledAt(
  { disabled }: Pick<Trunk, 'disabled'>,
  now: number,
): { readonly until?: number } | undefined {
  if (!disabled || (disabled.until !== undefined && now >= disabled.until)) return undefined;
  return disabled;
}

function targetsOf({ health, targets }: LiveTrunk): TrunkView['targets'] {
  const known = health.targets.map(({ target, state, since, because, roundTrip }) => ({
    target,
    state,
    ...(since !== undefined && { since: iso(since) }),
    ...reason(because),
    ...(roundTrip !== undefined && { roundTripMs: Math.round(roundTrip * 10) / 10 }),
  }));
  const others = targets.filter((name) => !known.some(({ target }) => target === name));
  return [...known, ...others.map((target) => ({ target, state: 'unknown', ...reason('nobody asked it yet') }))];
}

function registrationView(
  {
    stage,
    since,
    addressOfRecord,
    registrar,
    seenAs,
    expiresAt,
    nextAt,
    lastError,
  }: NonNullable<LiveTrunk['registration']>,
  now: number,
): NonNullable<TrunkView['registration']> {
  return {
    stage,
    since: iso(since),
    addressOfRecord,
    registrar,
    ...(seenAs !== undefined && { seenAs }),
    ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
    ...(nextAt !== undefined && { nextAt: iso(nextAt), nextSeconds: Math.max(0, Math.round((nextAt - now) / 1000)) }),
    ...(lastError && { lastError: { ...inParts(lastError.text), text: lastError.text, at: iso(lastError.at) } }),
  };
}

/** Of those that a trunk shows itself by, or trusts its peer by, the one that ends first. */
function certificateOf(trunk: string, all: readonly LiveCertificate[]): TrunkView['certificate'] {
  const own = all.filter(({ users, daysLeft }) => users.includes(`trunk ${trunk}`) && daysLeft !== undefined);
  const first = own.toSorted((a, b) => a.daysLeft! - b.daysLeft!)[0];
  return (
    first && {
      daysLeft: first.daysLeft!,
      ...(first.notAfter !== undefined && { notAfter: first.notAfter }),
      names: [...first.names],
      files: [...first.files],
    }
  );
}

function figuresView({ calls, answered, effective, talkMs, reasons }: Figures): z.infer<typeof figures> {
  const share = (of: number) => Math.round((of / calls) * 1000) / 1000;
  return {
    calls,
    answered,
    ...(calls > 0 && { asr: share(answered), ner: share(effective) }),
    ...(answered > 0 && { acdMs: Math.round(talkMs / answered) }),
    reasons: Object.fromEntries(reasons),
  };
}
