import type { ProcessStats } from '#codec/media-control';
import { disabledAt } from '../trunks/view.ts';
import type { Distribution } from './call-figures.ts';
import type { Sample } from './exposition.ts';
import type { Facts } from './facts.ts';
import { trunkLabels, users } from './names.ts';

/** A metric: what is exported, and what docs/metrics.md says. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly section: string;
  /** What it counts or measures, and when it is not there. */
  readonly help: string;
  readonly labels: readonly string[];
  readonly of: (facts: Facts) => Iterable<Sample>;
}

const table: Metric[] = [];
let section = '';

function define(
  type: Metric['type'],
  name: string,
  labels: readonly string[],
  help: string,
  of: (facts: Facts) => Iterable<Sample>,
): void {
  table.push({ name, type, section, help, labels, of });
}

const counter = define.bind(undefined, 'counter');
const gauge = define.bind(undefined, 'gauge');
const histogram = define.bind(undefined, 'histogram');
const summary = define.bind(undefined, 'summary');

/** One value, where it is known. */
function one(value: number | undefined, ...labels: string[]): Sample[] {
  return value === undefined ? [] : [[value, ...labels]];
}

function each(of: Readonly<Record<string, number>> | undefined, ...before: string[]): Sample[] {
  return Object.entries(of ?? {}).map(([name, value]) => [value, ...before, name]);
}

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);

section = 'The program';
gauge('tandem_build_info', ['version', 'node'], 'Always 1; which version runs, on which version of Node.', (f) =>
  one(1, f.version, f.node),
);
gauge('tandem_up', [], 'Whether the signalling process answers: 1, or 0 and most else is not there.', (f) =>
  one(f.counted ? 1 : 0),
);
gauge('tandem_draining', [], 'Whether no new calls are taken since the program is to end.', (f) =>
  one(f.counted && f.live.house.draining !== undefined ? Number(f.live.house.draining) : undefined),
);

section = 'Processes';
/** Those of which something is known. */
function processes({ counted, management }: Facts): readonly (readonly [string, ProcessStats])[] {
  const known: [string, ProcessStats | undefined][] = [
    ['signalling', counted?.process],
    ['media', counted?.mediaProcess],
    ['management', management],
  ];
  return known.flatMap(([name, stats]) => (stats ? [[name, stats] as const] : []));
}
const ofProcesses =
  (of: (stats: ProcessStats) => number | undefined) =>
  (facts: Facts): Sample[] =>
    processes(facts).flatMap(([name, stats]) => one(of(stats), name));
gauge(
  'tandem_process_start_time_seconds',
  ['process'],
  'When the process began, Unix time.',
  ofProcesses(({ startedAt }) => startedAt / 1000),
);
counter(
  'tandem_process_cpu_seconds_total',
  ['process'],
  'Time of processors that the process took, all its threads.',
  ofProcesses(({ cpuMs }) => cpuMs / 1000),
);
gauge(
  'tandem_process_memory_bytes',
  ['process', 'kind'],
  'Memory: `resident` in all, `heap` of JavaScript, `external` of buffers.',
  (f) => processes(f).flatMap(([name, { memory }]) => each(memory as unknown as Record<string, number>, name)),
);
summary(
  'tandem_process_event_loop_lag_seconds',
  ['process', 'quantile'],
  'How late the event loop came to what was due, in the last minute or two; quantile 1 is the latest. Of the media process the latest alone is measured.',
  (f) =>
    processes(f).flatMap(
      ([
        name,
        {
          loopLagMs: { median, p99, most },
        },
      ]) => [
        ...one(seconds(median), name, '0.5'),
        ...one(seconds(p99), name, '0.99'),
        ...one(seconds(most), name, '1'),
      ],
    ),
);
counter(
  'tandem_process_event_loop_active_seconds_total',
  ['process'],
  'How long the event loop was at work: its rate is the share of one processor. Not of the media process, whose loop is its own.',
  ofProcesses(({ loopActiveMs }) => seconds(loopActiveMs)),
);
counter(
  'tandem_process_restarts_total',
  ['process', 'why'],
  'How often it had to be started again: it `died`, or `hung` and was killed. Counted since the program began.',
  ({ live }) =>
    Object.entries(live.house.restarts ?? {}).flatMap(([name, { died, hung }]): Sample[] => [
      [died, name, 'died'],
      [hung, name, 'hung'],
    ]),
);

section = 'Calls';
gauge(
  'tandem_calls',
  ['trunk', 'direction', 'phase'],
  'Calls that stand: `from` the trunk that they came from, `to` the one that they went to, `setup` or `answered`. Each call has a `from`.',
  ({ live, configuration }) => {
    const label = trunkLabels(configuration.trunks);
    const counts = new Map<string, [number, string, string, string]>();
    // Zero is a value: a trunk without calls is no trunk that is gone.
    for (const { name } of configuration.trunks)
      for (const direction of ['from', 'to'])
        for (const phase of ['setup', 'answered'])
          counts.set(`${direction} ${phase} ${label(name)}`, [0, label(name), direction, phase]);
    const add = (direction: string, phase: string, trunk: string) => {
      const key = `${direction} ${phase} ${trunk}`;
      const known = counts.get(key);
      if (known) known[0]++;
      else counts.set(key, [1, trunk, direction, phase]);
    };
    if (live.state === 'lost') return [];
    for (const { a, b, phase } of live.calls.values()) {
      add('from', phase, label(a.trunk));
      if (b) add('to', phase, label(b.trunk));
    }
    return counts.values();
  },
);
counter(
  'tandem_calls_total',
  ['trunk', 'direction', 'cause'],
  'Calls that ended: `from` a trunk once each, `to` a trunk once for each try. `cause`: docs/end-causes.md.',
  ({ calls }) =>
    sides(calls.sides, ({ causes }, trunk, direction) =>
      [...causes].map(([cause, times]) => [times, trunk, direction, cause] as const),
    ),
);
counter('tandem_calls_answered_total', ['trunk', 'direction'], 'Of those, the ones that were answered.', ({ calls }) =>
  sides(calls.sides, ({ answered }, trunk, direction) => [[answered, trunk, direction]]),
);
counter(
  'tandem_trunk_talk_seconds_total',
  ['trunk', 'direction'],
  'How long they lasted from their answer.',
  ({ calls }) => sides(calls.sides, ({ talkSeconds }, trunk, direction) => [[talkSeconds, trunk, direction]]),
);
counter(
  'tandem_attempt_responses_total',
  ['trunk', 'class'],
  'Final responses to calls that were tried over a trunk, by class (`4xx`). What was not answered at all has none.',
  ({ calls }) =>
    [...calls.responses].flatMap(([trunk, classes]) =>
      [...classes].map(([name, times]): Sample => [times, trunk, name]),
    ),
);
histogram(
  'tandem_setup_seconds',
  ['trunk'],
  'From the INVITE that went to a trunk to the first sign of who is called: it rings, or is answered.',
  ({ calls }) => ofEach(calls.setup),
);
histogram('tandem_ringing_seconds', [], 'How long it rang, whether it was answered or not.', ({ calls }) => [
  [calls.ringing],
]);
histogram('tandem_talk_seconds', [], 'How long answered calls lasted.', ({ calls }) => [[calls.talk]]);

section = 'Trunks';
const trunk = ['trunk'];
gauge(
  'tandem_trunk_up',
  trunk,
  'Whether calls can go to it: 1 also where some of its targets are down. Not there while nobody knows.',
  (f) => trunks(f, ({ health: { state } }) => (state === 'unknown' ? undefined : Number(state !== 'down'))),
);
gauge(
  'tandem_trunk_disabled',
  trunk,
  'Whether the configuration has it disabled: no call goes there or comes from there, and that it is down is no alarm.',
  ({ configuration, now }) => {
    const label = trunkLabels(configuration.trunks);
    const named = configuration.trunks.filter(({ name }) => label(name) === name);
    return named.map((one): Sample => [Number(disabledAt(one, now) !== undefined), one.name]);
  },
);
gauge('tandem_trunk_targets', ['trunk', 'state'], 'Its targets, by state: `up`, `down`, `unknown`.', (f) =>
  ofTrunks(f, (name, { health }) => {
    const counts: Record<string, number> = {};
    for (const { state } of health.targets) counts[state] = (counts[state] ?? 0) + 1;
    return each(counts, name);
  }),
);
gauge(
  'tandem_trunk_options_seconds',
  trunk,
  'How long the answer to OPTIONS took, of its targets the slowest. Not there where none answered.',
  (f) =>
    trunks(f, ({ health }) => {
      const times = health.targets.flatMap(({ roundTrip }) => roundTrip ?? []);
      return times.length === 0 ? undefined : Math.max(...times) / 1000;
    }),
);
gauge('tandem_trunk_registered', trunk, 'Whether we are registered there; of trunks that register.', (f) =>
  trunks(f, ({ registration }) => registration && Number((registration.expiresAt ?? 0) > f.now)),
);
gauge(
  'tandem_trunk_registration_expiry_timestamp_seconds',
  trunk,
  'Until when the registration holds, Unix time.',
  (f) => trunks(f, ({ registration }) => seconds(registration?.expiresAt)),
);
gauge('tandem_trunk_calls_limit', trunk, 'How many calls it may have at once, where that is limited.', (f) =>
  trunks(f, ({ limit }) => limit),
);
gauge(
  'tandem_certificate_expiry_timestamp_seconds',
  ['kind', 'file'],
  'When a certificate ends that is shown or trusted, Unix time.',
  ({ live }) =>
    (live.house.certificates ?? []).flatMap(({ kind, files, notAfter }) =>
      notAfter === undefined ? [] : one(Date.parse(notAfter) / 1000, kind, files[0] ?? ''),
    ),
);

section = 'Admission';
/** Where bandwidth is told in kbit/s. */
const octetsOfKbit = 1000 / 8;
gauge(
  'tandem_link_used_bytes_per_second',
  ['link', 'media'],
  'What calls take of a link, one way: 8 times as many bit/s.',
  ({ live }) =>
    (live.house.links ?? []).flatMap(({ link, audio, video }): Sample[] => [
      [audio * octetsOfKbit, link, 'audio'],
      [video * octetsOfKbit, link, 'video'],
    ]),
);
gauge('tandem_link_limit_bytes_per_second', ['link', 'media'], 'What they may take of it.', ({ live }) =>
  (live.house.links ?? []).flatMap(({ link, most }) => [
    ...one(most.audio === undefined ? undefined : most.audio * octetsOfKbit, link, 'audio'),
    ...one(most.video === undefined ? undefined : most.video * octetsOfKbit, link, 'video'),
  ]),
);
counter('tandem_link_refused_total', ['link'], 'Calls that found no room on it.', ({ live }) =>
  (live.house.links ?? []).flatMap(({ link, refused }) => one(refused, link)),
);
gauge('tandem_group_calls', ['group'], 'Calls of a group of trunks or of a site that has limits.', ({ live }) =>
  (live.house.limits ?? []).flatMap(({ name, calls }) => one(calls, name)),
);
gauge('tandem_group_calls_limit', ['group'], 'How many it may have at once.', ({ live }) =>
  (live.house.limits ?? []).flatMap(({ name, limits }) => one(limits.calls, name)),
);

section = 'SIP';
const eachWay =
  (of: 'requests' | 'responses') =>
  ({ counted }: Facts) => [...each(counted?.sip.received[of], 'received'), ...each(counted?.sip.sent[of], 'sent')];
counter(
  'tandem_sip_requests_total',
  ['direction', 'method'],
  'Requests that came and went, retransmissions too; methods that are not SIP’s own are `other`.',
  eachWay('requests'),
);
counter('tandem_sip_responses_total', ['direction', 'class'], 'Responses by class (`2xx`).', eachWay('responses'));
counter(
  'tandem_sip_retransmissions_total',
  ['direction'],
  'Requests that came again, and what we sent again since nobody had answered or acknowledged it.',
  ({ counted }) => [
    ...one(counted?.transactions.heardAgain, 'received'),
    ...one(counted?.transactions.saidAgain, 'sent'),
  ],
);
gauge('tandem_sip_transactions', [], 'Transactions that stand.', ({ counted }) => one(counted?.transactions.standing));
counter(
  'tandem_sip_transactions_total',
  ['side'],
  'Transactions that were begun: `server` by peers, `client` by us.',
  ({ counted }) => [...one(counted?.transactions.server, 'server'), ...one(counted?.transactions.client, 'client')],
);
counter(
  'tandem_sip_transactions_failed_total',
  ['why'],
  'Requests of ours without a final response: `timeout`, or `transport` that failed.',
  ({ counted }) => [
    ...one(counted?.transactions.timedOut, 'timeout'),
    ...one(counted?.transactions.notSent, 'transport'),
  ],
);
counter('tandem_sip_drops_total', ['reason'], 'What came and was not acted on: docs/drop-reasons.md.', ({ counted }) =>
  each(counted?.counters.drops),
);
counter('tandem_sip_undeliverable_total', [], 'Datagrams that certainly did not arrive (ICMP).', ({ counted }) =>
  one(counted?.counters.undeliverable),
);
counter('tandem_sip_connections_refused_total', [], 'Connections that were not taken.', ({ counted }) =>
  one(counted?.counters.refusedConnections),
);
gauge('tandem_sip_connections', [], 'Connections that stand: TCP and TLS.', ({ counted }) => one(counted?.flows));
gauge('tandem_sip_dialogs', [], 'Dialogs that stand.', ({ counted }) => one(counted?.dialogs));
gauge('tandem_sip_subscriptions', [], 'Subscriptions that pass through.', ({ counted }) => one(counted?.subscriptions));
gauge('tandem_registered_devices', [], 'Devices of users that are registered here.', ({ counted }) =>
  one(counted?.devices),
);
gauge(
  'tandem_listener_wait_seconds',
  ['listener'],
  'How long what came last had waited before it was read; of UDP listeners.',
  ({ live }) =>
    (live.house.overload?.listeners ?? []).flatMap(({ listener, waitedMs }) => one(waitedMs / 1000, listener)),
);
counter(
  'tandem_overload_refused_total',
  [],
  'Calls that were refused since what is read had waited too long.',
  ({ live }) => one(live.house.overload?.refused),
);
gauge('tandem_message_ring_bytes', [], 'What the messages take that are kept for traces; chars.', ({ counted }) =>
  one(counted?.ringOctets),
);
gauge('tandem_bans', [], 'Sources that are kept out now.', ({ live }) => one(live.house.bans?.count));
counter('tandem_bans_total', [], 'Bans since the process began.', ({ counted }) => one(counted?.banned));

section = 'Media';
const media =
  (of: (stats: NonNullable<NonNullable<Facts['counted']>['media']>) => number) =>
  ({ counted }: Facts): Sample[] =>
    counted?.media ? [[of(counted.media)]] : [];
gauge(
  'tandem_media_sessions',
  [],
  'Calls whose media goes through the media process.',
  media((m) => m.sessions),
);
gauge(
  'tandem_media_streams',
  [],
  'Their streams.',
  media((m) => m.streams),
);
gauge(
  'tandem_media_sessions_silent',
  [],
  'Calls in which a party that should be heard is not (one-way audio), or both.',
  media((m) => m.silent),
);
counter(
  'tandem_media_packets_total',
  [],
  'RTP packets and those of T.38 that came.',
  media((m) => m.packets.received),
);
counter(
  'tandem_media_packets_lost_total',
  [],
  'Packets that were expected and have not come (RFC 3550 A.3).',
  media((m) => m.packets.lost),
);
counter(
  'tandem_media_packets_late_total',
  [],
  'Packets that came behind one that was sent after them.',
  media((m) => m.packets.late),
);
counter(
  'tandem_media_packets_dropped_total',
  [],
  'Packets that were not relayed: of a stranger, no RTP, nowhere to send.',
  media((m) => m.packets.dropped),
);
counter(
  'tandem_media_bytes_total',
  [],
  'Octets of the payload of UDP in those that came.',
  media((m) => m.octets),
);
counter(
  'tandem_media_rtcp_packets_total',
  [],
  'RTCP packets that came.',
  media((m) => m.rtcpPackets),
);
gauge('tandem_media_ports', ['interface'], 'Pairs of ports that there are; `both`: the same for both sides.', (f) =>
  (f.counted?.media?.ports ?? []).map(({ interface: name, pairs }): Sample => [pairs, name]),
);
gauge('tandem_media_ports_used', ['interface'], 'Pairs of ports that are in use.', (f) =>
  (f.counted?.media?.ports ?? []).map(({ interface: name, taken }): Sample => [taken, name]),
);
counter(
  'tandem_media_refused_total',
  [],
  'Calls that got no ports.',
  media((m) => m.refused),
);
histogram(
  'tandem_media_loss_ratio',
  trunk,
  'What was lost of the audio that came from a trunk (or from users), of each call that ended with at least 50 packets; what is not measured is not in it.',
  ({ calls }) => [...calls.heard].map(([name, { loss }]): Sample => [loss, name]),
);
histogram(
  'tandem_media_jitter_seconds',
  trunk,
  'Interarrival jitter (RFC 3550 A.8) of the same at its end.',
  ({ calls }) => [...calls.heard].flatMap(([name, { jitter }]): Sample[] => (jitter.count > 0 ? [[jitter, name]] : [])),
);

section = 'Reports on voice quality';
counter(
  'tandem_quality_reports_total',
  ['trunk', 'kind'],
  'Reports of peers (RFC 6035) that came from a trunk, or from users: of a whole call (`session`), a part of it (`interval`), or an `alert`.',
  ({ reports }) =>
    [...reports.counts].flatMap(([name, counts]) => [...counts].map(([kind, count]): Sample => [count, name, kind])),
);
histogram(
  'tandem_quality_reported_loss_ratio',
  trunk,
  'What was lost of what went there, as reports of whole calls have it; who does not measure it is not in it.',
  ({ reports }) => toldOf(reports, 'loss'),
);
histogram('tandem_quality_reported_jitter_seconds', trunk, 'Interarrival jitter there, likewise.', ({ reports }) =>
  toldOf(reports, 'jitter'),
);
histogram(
  'tandem_quality_reported_mos',
  trunk,
  'Mean opinion score of listening that devices reckon themselves, likewise: 1 to 5. We reckon none.',
  ({ reports }) => toldOf(reports, 'mos'),
);
counter(
  'tandem_quality_reports_sent_total',
  ['outcome'],
  'Reports of ours for collectors: `sent`, or `lost` since none took them.',
  ({ counted }) => (counted ? each({ sent: counted.quality.sent, lost: counted.quality.lost }) : []),
);
gauge('tandem_quality_reports_waiting', [], 'Reports of ours that wait for their collector.', ({ counted }) =>
  one(counted?.quality.waiting),
);

section = 'Records, questions outside';
counter('tandem_records_written_total', [], 'Records that are on the disk.', ({ counted }) =>
  one(counted?.records.written),
);
counter('tandem_records_lost_total', [], 'Records that could not be written; the log has them.', ({ counted }) =>
  one(counted?.counters.recordsLost),
);
gauge('tandem_records_pending', [], 'Records that wait for the disk.', ({ counted }) => one(counted?.records.pending));
counter(
  'tandem_homer_messages_total',
  ['outcome'],
  'Messages for Homer: `sent`, or `lost` since it did not take them.',
  ({ counted }) => each(counted?.homer),
);
counter(
  'tandem_otlp_spans_total',
  ['outcome'],
  'Spans for a collector of OpenTelemetry: `sent`, or `lost` since it did not take them.',
  ({ spans }) => each(spans),
);
gauge(
  'tandem_webhook_up',
  ['webhook'],
  'Whether a webhook is told what happens: 0 where it is disabled, or takes nothing.',
  ({ webhooks = [] }) => webhooks.map(({ name, isUp }): Sample => [Number(isUp), name]),
);
gauge('tandem_webhook_messages_waiting', ['webhook'], 'Messages that are yet to be taken.', ({ webhooks = [] }) =>
  webhooks.map(({ name, waiting }): Sample => [waiting, name]),
);
gauge(
  'tandem_webhook_oldest_waiting_seconds',
  ['webhook'],
  'How long ago the first of them happened; not there while none waits.',
  ({ webhooks = [] }) => webhooks.flatMap(({ name, oldest }) => one(seconds(oldest), name)),
);
counter(
  'tandem_webhook_messages_total',
  ['webhook', 'outcome'],
  'Messages that wait no more: `taken`; `failed`, after a day of tries; `dropped`, since too many waited.',
  ({ webhooks = [] }) => webhooks.flatMap(({ name, counts }) => each(counts.messages, name)),
);
counter(
  'tandem_webhook_tries_total',
  ['webhook', 'outcome'],
  'Tries: `taken`, `refused` by an answer, or `unreachable`.',
  ({ webhooks = [] }) => webhooks.flatMap(({ name, counts }) => each(counts.tries, name)),
);
counter('tandem_dns_questions_total', [], 'Questions to the DNS.', ({ counted }) => one(counted?.dns.asked));
counter('tandem_dns_failures_total', [], 'Questions that nobody answered, or by a failure.', ({ counted }) =>
  one(counted?.dns.failed),
);
counter(
  'tandem_decisions_total',
  ['outcome'],
  'Questions about calls to ENUM and the decision service: `answered`, `failed`, `late`, or `spared` since it rests.',
  ({ counted }) => {
    if (!counted) return [];
    const { answered, failed, late, spared } = counted.decisions;
    return each({ answered, failed, late, spared });
  },
);
gauge('tandem_decisions_waiting', [], 'Calls that wait for such an answer.', ({ counted }) =>
  one(counted?.decisions.waiting),
);

/** All that is exported, in the order of docs/metrics.md. */
export const metrics: readonly Metric[] = table;

/** Where any device has measured it. */
function toldOf({ told }: Facts['reports'], what: 'loss' | 'jitter' | 'mos'): Sample[] {
  return [...told].flatMap(([name, { [what]: of }]): Sample[] => (of.count > 0 ? [[of, name]] : []));
}

type Sides = Facts['calls']['sides'];
type Side = Sides['from'] extends Map<string, infer S> ? S : never;

function sides(of: Sides, samples: (side: Side, trunk: string, direction: string) => readonly Sample[]): Sample[] {
  return (['from', 'to'] as const).flatMap((direction) =>
    [...of[direction]].flatMap(([name, side]) => samples(side, name, direction)),
  );
}

function ofEach(of: ReadonlyMap<string, Distribution>): Sample[] {
  return [...of].map(([name, distribution]): Sample => [distribution, name]);
}

type LiveTrunk = Facts['live']['trunks'] extends Map<string, infer T> ? T : never;

/** Of trunks with series of their own, while it is told how they are. */
function ofTrunks({ live, configuration }: Facts, of: (name: string, trunk: LiveTrunk) => readonly Sample[]): Sample[] {
  if (live.state === 'lost') return [];
  const label = trunkLabels(configuration.trunks);
  return [...live.trunks.values()].flatMap((one) =>
    label(one.trunk) === one.trunk && one.trunk !== users ? of(one.trunk, one) : [],
  );
}

function trunks(facts: Facts, of: (trunk: LiveTrunk) => number | undefined): Sample[] {
  return ofTrunks(facts, (name, trunk) => one(of(trunk), name));
}
