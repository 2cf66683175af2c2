import { audioParts, plainFraming } from '#policy/admission';
import type { Planning, QueuePlanning, TunnelKind } from '#policy/configuration';
import { countriesWithoutTrunk } from './advice.ts';
import { type PlanningFigures, peakBandwidth, planningFigures } from './call-bandwidth.ts';
import { agentsFor, answeredShare, blockedShare, linesFor, meanWait, waitingShare } from './erlang.ts';
import type { Measured, PlanInput, PlanTrunk, RecordsRead } from './plan-input.ts';
import { figure, percent, type Reckoned, reckoned, span } from './reckoned.ts';
import { bandwidthOfCall, planSite, type SitePlan } from './site-plan.ts';

/** How big everything has to be, each figure with its arithmetic. Traffic is in erlangs, bandwidth in kbit/s one way. */
export interface Plan {
  readonly planning: Planning;
  readonly sites: readonly SitePlan[];
  readonly whole: WholePlan;
  readonly queues: readonly QueuePlan[];
  /** Only from records. */
  readonly trunks: readonly TrunkPlan[];
  readonly bandwidth: BandwidthPlan;
  readonly records?: RecordsRead;
  /** What does not fit, for people. */
  readonly doubts: readonly string[];
}

/** One trunk for all, against each site its own. */
export interface WholePlan {
  readonly traffic: number;
  readonly lines: number;
  readonly apart: number;
  readonly reckoned: readonly Reckoned[];
}

export interface QueuePlan extends QueuePlanning {
  readonly traffic: number;
  readonly agents: number;
  readonly lines: number;
  readonly reckoned: readonly Reckoned[];
}

export interface TrunkPlan {
  readonly name: string;
  readonly measured: Measured;
  readonly lines: number;
  readonly capacity?: number;
  readonly reckoned: readonly Reckoned[];
  readonly doubt?: string;
}

/** What a call takes by codec, framing and tunnel. */
export interface BandwidthPlan {
  /** By the formula that providers sell by. */
  readonly sold: Reckoned;
  readonly real: readonly Reckoned[];
  readonly codecs: readonly CodecFigures[];
  readonly tunnels: readonly { readonly tunnel: TunnelKind | 'none'; readonly parts: ReturnType<typeof audioParts> }[];
}
type CodecFigures = PlanningFigures & { readonly codec: string };

const tunnels: readonly (TunnelKind | 'none')[] = ['none', 'wireguard', 'ipsec', 'ipsec-nat', 'gre', 'gre-ipsec'];
const plannedCodecs = ['G.711', 'G.722', 'Siren', 'RTAudio narrowband', 'RTAudio wideband'] as const;

export function plan(input: PlanInput): Plan {
  const { planning, records } = input;
  const sites = input.sites.map((site) => planSite(site, input));
  const queues = planning.queues.map((queue) => planQueue(queue, planning));
  const trunks = input.trunks.flatMap((trunk) => planTrunk(trunk, input) ?? []);
  const whole = planWhole(sites, queues, input);
  return {
    planning,
    sites,
    whole,
    queues,
    trunks,
    bandwidth: planBandwidth(planning, whole.lines),
    ...(records && { records }),
    doubts: doubtsOf(input, sites, trunks, whole),
  };
}

function planWhole(
  sites: readonly SitePlan[],
  queues: readonly QueuePlan[],
  { planning, records }: PlanInput,
): WholePlan {
  const users = sites.reduce((sum, site) => sum + site.traffic, 0);
  const queued = queues.reduce((sum, queue) => sum + queue.traffic, 0);
  const measured = records?.whole ? records.whole.busiest.erlangs * (1 + planning.growth) : undefined;
  // Sites that the records know nothing of are yet to come: their users are in none of those calls.
  const added =
    measured === undefined ? [] : sites.filter(({ name, traffic }) => traffic > 0 && !records!.sites.has(name));
  const traffic = measured === undefined ? users + queued : added.reduce((sum, site) => sum + site.traffic, measured);
  const lines = linesFor(traffic, planning.blocking);
  const apart =
    sites.reduce((sum, site) => sum + linesFor(site.traffic, planning.blocking), 0) +
    queues.reduce((sum, queue) => sum + queue.lines, 0);
  return {
    traffic,
    lines,
    apart,
    reckoned: [
      reckoned(
        'Traffic of the busy hour',
        traffic,
        'E',
        measured === undefined
          ? [...sites, ...queues].map((one) => figure(one.traffic)).join(' + ') || 'nobody calls'
          : [
              `the busiest hour of the records${planning.growth === 0 ? '' : ` x ${figure(1 + planning.growth)}`}`,
              ...added.map((site) => `${figure(site.traffic)} of ${site.name}, which they do not know`),
            ].join(' + '),
      ),
      reckoned(
        'Lines of one trunk for all',
        lines,
        '',
        `Erlang B: at most ${percent(planning.blocking)} lost; B(${figure(traffic)} E, ${lines}) = ${percent(blockedShare(traffic, lines))}`,
      ),
      // What is measured and what is thought are not held against each other.
      ...(sites.length + queues.length > 1 && measured === undefined
        ? [reckoned('Lines where each has its own', apart, '', 'the lines by Erlang B of each, added up')]
        : []),
    ],
  };
}

function planQueue(queue: QueuePlanning, planning: Planning): QueuePlan {
  const { callsPerHour, handling, within, share } = queue;
  const calls = callsPerHour * (1 + planning.growth);
  const traffic = (calls * handling) / 3_600_000;
  const agents = agentsFor(traffic, handling, within, share);
  const wait = meanWait(traffic, agents, handling);
  // Who waits holds a line too.
  const held = traffic + (calls * wait) / 3_600_000;
  const lines = Math.max(agents, linesFor(held, planning.blocking));
  return {
    ...queue,
    traffic: held,
    agents,
    lines,
    reckoned: [
      reckoned('Traffic of its agents', traffic, 'E', `${figure(calls)} calls an hour x ${span(handling)} / 60 min`),
      reckoned(
        'Agents by Erlang C',
        agents,
        '',
        `the fewest with whom ${percent(share)} are answered within ${span(within)}: ${percent(answeredShare(traffic, agents, handling, within))}; C(${figure(traffic)} E, ${agents}) = ${percent(waitingShare(traffic, agents))} wait`,
      ),
      reckoned('A call waits on average', wait / 1000, 's', `C x ${span(handling)} / (${agents} - ${figure(traffic)})`),
      reckoned(
        'Lines',
        lines,
        '',
        `Erlang B for ${figure(held)} E, as who waits holds a line too; no fewer than agents`,
      ),
    ],
  };
}

function planTrunk({ name, capacity }: PlanTrunk, { planning, records }: PlanInput): TrunkPlan | undefined {
  const measured = records?.trunks.get(name);
  if (!measured) return undefined;
  const traffic = measured.busiest.erlangs * (1 + planning.growth);
  const lines = linesFor(traffic, planning.blocking);
  const call = bandwidthOfCall(planning);
  const minutes = (measured.calls * measured.hold) / 60_000;
  const lost = capacity === undefined ? undefined : blockedShare(traffic, capacity);
  return {
    name,
    measured,
    lines,
    ...(capacity !== undefined && { capacity }),
    reckoned: [
      reckoned('Calls', measured.calls, '', `a line was held for ${span(measured.hold)} on average`),
      reckoned('Minutes', minutes, 'min', `${figure(measured.calls)} calls x ${span(measured.hold)}`),
      reckoned('Most at once', measured.peak.calls, '', 'by the records'),
      reckoned(
        'Bandwidth of those, one way',
        measured.peak.calls * call.value,
        'kbit/s',
        `${figure(measured.peak.calls)} calls x ${figure(call.value)} kbit/s`,
      ),
      reckoned(
        'Busiest hour',
        measured.busiest.erlangs,
        'E',
        `each day's busiest on average: ${figure(measured.averageBusiest)} E`,
      ),
      reckoned('Lines by Erlang B', lines, '', `${figure(traffic)} E, at most ${percent(planning.blocking)} lost`),
      ...(lost === undefined
        ? []
        : [
            reckoned(
              'Lost with the lines it has',
              lost * 100,
              '%',
              `B(${figure(traffic)} E, ${capacity}) in the busiest hour`,
            ),
          ]),
    ],
    ...(capacity !== undefined &&
      lines > capacity && {
        doubt: `it takes ${lines} lines to lose no more than ${percent(planning.blocking)}, and it has ${capacity}`,
      }),
  };
}

/** Octets of headers a packet by the formula of providers. */
const soldHeader = 20;

function planBandwidth(planning: Planning, calls: number): BandwidthPlan {
  const framing = { ...plainFraming, ptime: planning.ptime, srtp: planning.srtp ? 10 : 0, rtcp: 0.05 };
  const call = bandwidthOfCall(planning);
  const published = planningFigures('G.711');
  return {
    sold: reckoned(
      'As it is sold',
      peakBandwidth(calls, soldHeader, planning.ptime),
      'kbit/s',
      `${figure(calls)} calls x (64 kbit/s + ${soldHeader} octets x 8 / ${planning.ptime} ms)`,
    ),
    real: [
      reckoned('As it is, at IP', calls * call.value, 'kbit/s', `${figure(calls)} calls x (${call.how})`),
      reckoned(
        'With Ethernet and SRTP',
        calls * published.secured,
        'kbit/s',
        `${figure(calls)} calls x ${published.secured} kbit/s of G.711 at 20 ms`,
      ),
      reckoned(
        'With RTCP at its most',
        calls * published.planned,
        'kbit/s',
        `${figure(calls)} calls x ${published.planned} kbit/s, which planners take`,
      ),
    ],
    codecs: plannedCodecs.map((codec) => ({ codec, ...planningFigures(codec) })),
    tunnels: tunnels.map((tunnel) => ({
      tunnel,
      parts: audioParts(planning.codec, framing, tunnel === 'none' ? undefined : tunnel),
    })),
  };
}

function doubtsOf(
  input: PlanInput,
  sites: readonly SitePlan[],
  trunks: readonly TrunkPlan[],
  whole: WholePlan,
): string[] {
  const outside = input.trunks.filter(({ kind }) => kind !== 'ip-pbx');
  const capacity = outside.reduce((sum, trunk) => sum + (trunk.capacity ?? Number.POSITIVE_INFINITY), 0);
  const countries = countriesWithoutTrunk(
    input.sites,
    outside.map(({ country }) => country),
  );
  return [
    ...countries.map(
      (country) => `no trunk ends in ${country}, and there are users: each country needs one of its own`,
    ),
    ...sites.flatMap(({ name, connection, survivability }) => [
      ...(connection.doubt === undefined ? [] : [`${name}: ${connection.doubt}`]),
      ...(survivability?.doubt === undefined
        ? []
        : [`${name}: ${survivability.doubt}, and needs: ${survivability.what} (${survivability.why})`]),
    ]),
    ...trunks.flatMap(({ name, doubt }) => (doubt === undefined ? [] : [`${name}: ${doubt}`])),
    ...(outside.length > 0 && capacity < whole.lines
      ? [
          `all trunks together carry ${figure(capacity)} calls at once, and ${figure(whole.lines)} are to be reckoned with`,
        ]
      : []),
  ];
}
