import { figure, type Plan, type Reckoned, type SitePlan } from '#engine/ports';
import { harmless, localTime } from '../cdr-text.ts';
import { table } from '../table.ts';

/** The plan for a terminal: each figure with how it came about. */
export function planText(plan: Plan, width = Number.POSITIVE_INFINITY): string {
  const { sites, queues, trunks, whole, bandwidth, records, doubts } = plan;
  const parts = [
    ...(records
      ? [`By ${figure(records.calls)} calls from ${localTime(records.from)} to ${localTime(records.to)}.\n`]
      : []),
    ...sites.map((site) => siteText(site, width)),
    ...queues.map((queue) => section(`Queue ${queue.name}`, queue.reckoned, width)),
    ...trunks.map(({ name, reckoned }) => section(`Trunk ${name}, by the records`, reckoned, width)),
    section('All together', whole.reckoned, width),
    section('Bandwidth of all, one way', [bandwidth.sold, ...bandwidth.real], width),
    tunnelText(plan, width),
    codecText(plan, width),
    ...(doubts.length === 0 ? [] : [`What does not fit\n${doubts.map((one) => `  ${harmless(one)}\n`).join('')}`]),
  ];
  return parts.join('\n');
}

export function shownValue({ value, unit }: Reckoned): string {
  return unit === '' ? figure(value) : `${figure(value)} ${unit}`;
}

function section(
  title: string,
  rows: readonly Reckoned[],
  width: number,
  more: readonly (readonly string[])[] = [],
): string {
  const lines = [
    ...rows.map((row) => [`  ${row.what}`, harmless(shownValue(row)), harmless(row.how)]),
    ...more.map(([what, ...rest]) => [`  ${what}`, ...rest]),
  ];
  return `${harmless(title)}\n${table([], lines, width)}`;
}

function siteText(site: SitePlan, width: number): string {
  return section(`Site ${site.name}`, [...site.reckoned, ...(site.ways?.reckoned ?? [])], width, adviceOf(site));
}

/** What is advised: the matter, the advice, and why. */
export function adviceOf({
  connection,
  survivability,
  ways,
}: SitePlan): readonly (readonly [string, string, string])[] {
  return [
    ['Connection', connectionNames[connection.what], because(connection)],
    ...(survivability
      ? [['Survivability', survivabilityNames[survivability.what], because(survivability)] as const]
      : []),
    ...(ways ? [['Way out', ways.best === undefined ? 'not known' : wayWords[ways.best], ways.why] as const] : []),
  ];
}

function because({ why, doubt }: { readonly why: string; readonly doubt?: string }): string {
  return doubt === undefined ? why : `${why}. But: ${doubt}`;
}

const connectionNames = { internet: 'internet', mpls: 'MPLS', private: 'a private line' } as const;
const survivabilityNames = {
  none: 'nothing',
  appliance: 'an appliance',
  server: 'a server',
  full: 'a whole site',
} as const;
const wayWords = { centre: 'the centre', trunk: 'a trunk of its own', gateway: 'a gateway of its own' } as const;

export const tunnelNames = {
  none: 'no tunnel',
  wireguard: 'WireGuard',
  ipsec: 'IPsec ESP',
  'ipsec-nat': 'IPsec through a NAT',
  gre: 'GRE',
  'gre-ipsec': 'GRE over IPsec',
} as const;

function tunnelText({ bandwidth, planning }: Plan, width: number): string {
  const rows = bandwidth.tunnels.map(({ tunnel, parts }) => {
    const { payload, headers, srtp, tunnel: around, rtcp } = parts;
    return [
      `  ${tunnelNames[tunnel]}`,
      ...[payload, headers, srtp, around, rtcp, payload + headers + srtp + around + rtcp].map(figure),
    ];
  });
  return `One call of ${harmless(planning.codec)} at ${planning.ptime} ms a packet, kbit/s one way\n${table(['  ', 'PAYLOAD', 'IP, UDP, RTP', 'SRTP', 'TUNNEL', 'RTCP', 'SUM'], rows, width)}`;
}

function codecText({ bandwidth }: Plan, width: number): string {
  const rows = bandwidth.codecs.map(({ codec, payload, ip, secured, corrected, planned, plannedCorrected }) => [
    `  ${codec}`,
    ...[payload, ip, secured, corrected, planned, plannedCorrected].map(figure),
  ]);
  return `Planners' figures, kbit/s one way at 20 ms a packet\n${table(['  ', 'PAYLOAD', 'AT IP', 'ETHERNET, SRTP', 'WITH FEC', 'WITH RTCP', 'WITH BOTH'], rows, width)}`;
}
