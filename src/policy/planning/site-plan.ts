import { audioParts, plainFraming } from '#policy/admission';
import type { Planning, TrafficProfile, TunnelKind } from '#policy/configuration';
import { type Advice, type ConnectionKind, connectionDoubt, connectionFor, survivabilityFor } from './advice.ts';
import { type AreaMinutes, compareWays, type Rate, type WayCost } from './branch-cost.ts';
import { blockedShare, linesFor } from './erlang.ts';
import type { MeasuredSite, PlanInput, PlanSite } from './plan-input.ts';
import { figure, percent, type Reckoned, reckoned, span } from './reckoned.ts';
import { gatewaysFor, largestGateway, portsByRule, trafficProfiles } from './traffic-profiles.ts';

/** What a site needs. */
export interface SitePlan {
  readonly name: string;
  readonly users: number;
  readonly profile: TrafficProfile;
  /** Erlangs of the busy hour, growth counted. */
  readonly traffic: number;
  /** Calls at once to be ready for: the greater of what the rule and Erlang B say. */
  readonly ports: number;
  /** kbit/s, one way, of that many calls. */
  readonly bandwidth: number;
  readonly reckoned: readonly Reckoned[];
  readonly connection: Advice<ConnectionKind> & { readonly has: readonly ConnectionKind[]; readonly doubt?: string };
  /** Of branches. */
  readonly survivability?: Advice<PlanSite['survivability']> & {
    readonly has: PlanSite['survivability'];
    readonly doubt?: string;
  };
  readonly ways?: WaysOut;
}

/** How a branch reaches the public network, by what it costs. */
export interface WaysOut {
  readonly costs: readonly WayCost[];
  readonly best?: WayCost['kind'];
  readonly why: string;
  readonly reckoned: readonly Reckoned[];
}

export function planSite(site: PlanSite, input: PlanInput): SitePlan {
  const { planning } = input;
  const profile = site.said.profile ?? planning.profile;
  const measured = input.records?.sites.get(site.name);
  const [traffic, trafficRows] = measured
    ? measuredTraffic(measured.busiest.erlangs, measured.hold, planning.growth)
    : usersTraffic(site, profile, planning);
  const lines = linesFor(traffic, planning.blocking);
  const byRule = measured ? 0 : portsByRule(grown(site.users, planning.growth), profile);
  const ports = Math.max(lines, byRule);
  const gateways = gatewaysFor(ports);
  const call = bandwidthOfCall(planning, site.said.tunnel);
  const bandwidth = call.value * ports;
  const connection = connectionFor(site.users, ports, site.said);
  const doubt = site.connections.map((has) => connectionDoubt(has, site.users, ports)).find((one) => one !== undefined);
  return {
    name: site.name,
    users: site.users,
    profile,
    traffic,
    ports,
    bandwidth,
    reckoned: [
      ...trafficRows,
      ...calledRows(measured?.called ?? []),
      ...(measured ? [] : [ruleRow(site, profile, planning.growth, byRule)]),
      reckoned(
        'Lines by Erlang B',
        lines,
        '',
        `the fewest with which at most ${percent(planning.blocking)} of the calls are lost: B(${figure(traffic)} E, ${lines}) = ${percent(blockedShare(traffic, lines))}`,
      ),
      ...(measured
        ? []
        : [reckoned('Calls at once to be ready for', ports, '', `the greater of the two: max(${byRule}, ${lines})`)]),
      reckoned(
        'Gateways, where there are any',
        gateways,
        '',
        `up to ${largestGateway} ports each, and two at least, so that one may fail`,
      ),
      call,
      reckoned(
        'Bandwidth at the peak, one way',
        bandwidth,
        'kbit/s',
        `${figure(ports)} calls x ${figure(call.value)} kbit/s`,
      ),
    ],
    connection: { ...connection, has: site.connections, ...(doubt !== undefined && { doubt }) },
    ...(site.kind === 'branch' && { survivability: survivabilityOf(site) }),
    ...waysOut(site, input, bandwidth, measured?.areas),
  };
}

function grown(users: number, growth: number): number {
  // 100 x 1.1 is a hair above 110.
  return Math.ceil(Number((users * (1 + growth)).toFixed(6)));
}

function usersTraffic(site: PlanSite, profile: TrafficProfile, planning: Planning): [number, Reckoned[]] {
  const { callsPerHour } = trafficProfiles[profile];
  const hold = site.said.hold ?? planning.hold;
  const users = grown(site.users, planning.growth);
  const traffic = (users * callsPerHour * hold) / 3_600_000;
  const growth = planning.growth === 0 ? '' : `, and ${percent(planning.growth)} more to come: ${figure(users)}`;
  return [
    traffic,
    [
      reckoned('Users', site.users, '', `${site.usersFrom}${growth}`),
      reckoned(
        'Traffic of the busy hour',
        traffic,
        'E',
        `${figure(users)} users x ${callsPerHour} ${callsPerHour === 1 ? 'call' : 'calls'} an hour (${profile}) x ${span(hold)} / 60 min`,
      ),
    ],
  ];
}

function measuredTraffic(erlangs: number, hold: number, growth: number): [number, Reckoned[]] {
  const traffic = erlangs * (1 + growth);
  return [
    traffic,
    [
      reckoned(
        'Traffic of the busiest hour',
        erlangs,
        'E',
        `by the records; a call holds a line for ${span(hold)} on average`,
      ),
      ...(growth === 0
        ? []
        : [
            reckoned(
              'Traffic to come',
              traffic,
              'E',
              `${figure(erlangs)} E x ${figure(1 + growth)}, with ${percent(growth)} more`,
            ),
          ]),
    ],
  ];
}

/** Which of its numbers are called most: what tells whether a trunk of its own pays, and for which numbers. */
function calledRows(called: MeasuredSite['called']): Reckoned[] {
  if (called.length === 0) return [];
  const all = called.map(({ number, calls }) => `${number}: ${figure(calls)}`).join(', ');
  return [reckoned('Calls to its busiest number', called[0]!.calls, '', all)];
}

function ruleRow({ users }: PlanSite, profile: TrafficProfile, growth: number, ports: number): Reckoned {
  const { usersPerPort } = trafficProfiles[profile];
  return reckoned(
    'Ports by the rule of thumb',
    ports,
    '',
    `${figure(grown(users, growth))} users / ${usersPerPort} users a port (${profile}), rounded up`,
  );
}

/** Octets of the tag of SRTP with 80 bits (RFC 3711). */
const srtpTag = 10;
const rtcpShare = 0.05;

/** What one call takes one way, with what is around it. */
export function bandwidthOfCall(planning: Planning, tunnel: TunnelKind | 'none' = planning.tunnel ?? 'none'): Reckoned {
  const framing = { ...plainFraming, ptime: planning.ptime, srtp: planning.srtp ? srtpTag : 0, rtcp: rtcpShare };
  const parts = audioParts(planning.codec, framing, tunnel === 'none' ? undefined : tunnel);
  const { payload, headers, srtp, tunnel: around, rtcp } = parts;
  const sum = payload + headers + srtp + around + rtcp;
  const how = [
    `${figure(payload)} ${planning.codec}`,
    `${figure(headers)} IP, UDP and RTP at ${planning.ptime} ms a packet`,
    ...(srtp > 0 ? [`${figure(srtp)} SRTP`] : []),
    ...(around > 0 ? [`${figure(around)} ${tunnel}`] : []),
    `${figure(rtcp)} RTCP`,
  ].join(' + ');
  return reckoned('Bandwidth of one call, one way', sum, 'kbit/s', how);
}

function survivabilityOf(site: PlanSite): NonNullable<SitePlan['survivability']> {
  const advice = survivabilityFor(site.users, { resilient: site.resilient, wholeService: site.said.wholeService });
  const order = ['none', 'appliance', 'server', 'full'] as const;
  const short = order.indexOf(site.survivability) < order.indexOf(advice.what);
  return {
    ...advice,
    has: site.survivability,
    ...(short && {
      doubt: `it has ${site.survivability === 'none' ? 'nothing' : site.survivability} to live through the loss of its link`,
    }),
  };
}

/** What each way out of a branch would cost; nothing where no other than the centre's is known. */
function waysOut(
  site: PlanSite,
  { trunks, planning }: PlanInput,
  bandwidth: number,
  measured: readonly AreaMinutes[] | undefined,
): { readonly ways?: WaysOut } {
  const { said } = site;
  if (!said.trunk && !said.gateway) return {};
  const areas = measured ?? said.areas;
  const minutes = areas.reduce((sum, area) => sum + area.minutes, 0);
  const [link, linkRow] = linkCost(site, planning, bandwidth);
  const centre: readonly Rate[] =
    said.centre?.rates ?? trunks.filter((trunk) => trunk.site === site.centre).flatMap(({ rates }) => rates);
  const { costs, best } = compareWays(areas, [
    { kind: 'centre', month: link + (said.centre?.month ?? 0), rates: centre },
    ...(said.trunk ? [{ kind: 'trunk' as const, ...said.trunk }] : []),
    ...(said.gateway ? [{ kind: 'gateway' as const, ...said.gateway }] : []),
  ]);
  const numbers = reckoned('Numbers that would move', site.numbers, '', 'lines and numbers of the users there');
  const rows = costs.map(({ kind, month, areas: priced, total, unpriced }) =>
    reckoned(
      wayNames[kind],
      total,
      `${planning.currency ?? ''} a month`.trim(),
      `${figure(month)} a month${priced.map(({ prefix, minutes: count, price }) => ` + ${figure(count)} min to ${prefix} x ${figure(price)}`).join('')}${unpriced.length > 0 ? `; nobody says what a minute to ${unpriced.join(', ')} costs` : ''}`,
    ),
  );
  return {
    ways: {
      costs,
      ...(best && { best: best.kind }),
      why: whyBest(costs, best, minutes),
      reckoned: [...(site.numbers > 0 ? [numbers] : []), ...(linkRow ? [linkRow] : []), ...rows],
    },
  };
}

export const wayNames: Readonly<Record<WayCost['kind'], string>> = {
  centre: 'By the trunk of the centre',
  trunk: 'By a trunk of its own',
  gateway: 'By a gateway of its own',
};

function whyBest(costs: readonly WayCost[], best: WayCost | undefined, minutes: number): string {
  if (!best || costs.some(({ unpriced }) => unpriced.length > 0))
    return 'prices are missing: what is cheapest cannot be told';
  const centre = costs[0]!;
  if (best.kind === 'centre')
    return `the centre carries ${figure(minutes)} minutes for less than lines of its own would cost`;
  return `it saves ${figure(centre.total - best.total)} a month: calls to these areas cost more by way of the centre`;
}

/** What the calls that go by the centre take of the link costs, at their peak. */
function linkCost(site: PlanSite, planning: Planning, bandwidth: number): [number, Reckoned | undefined] {
  const price = site.said.linkPrice;
  if (price === undefined) return [0, undefined];
  const cost = (bandwidth / 1000) * price;
  return [
    cost,
    reckoned(
      'Of its link to the centre',
      cost,
      `${planning.currency ?? ''} a month`.trim(),
      `${figure(bandwidth)} kbit/s / 1000 x ${figure(price)} a Mbit/s`,
    ),
  ];
}
