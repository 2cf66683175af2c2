import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { ManagementStore, Passwords } from '#shell/management-store';
import { Access } from '../access/access.ts';
import { remoteUser } from '../access/identify.ts';
import { apiOf } from '../api.testing.ts';
import { ended, liveCall, liveTrunk, start } from '../live/live.testing.ts';
import { Mirror } from '../live/mirror.ts';
import { senderOf } from '../webhooks/webhooks.testing.ts';
import { CallFigures } from './call-figures.ts';
import { type Read, readExposition } from './exposition.testing.ts';
import { exposition } from './exposition.ts';
import type { Counted } from './facts.ts';
import { trunkLabels } from './names.ts';
import { metrics } from './table.ts';

const processStats = (pid: number) => ({
  pid,
  startedAt: start,
  cpuMs: 1_500,
  loopLagMs: { most: 20 },
  memory: { resident: 1000, heap: 500, external: 10 },
});

const counted: Counted = {
  process: { ...processStats(2), loopActiveMs: 500, loopLagMs: { median: 1, p99: 3, most: 20 } },
  counters: { undeliverable: 1, refusedConnections: 2, recordsLost: 0, drops: { 'unknown-source': 4, banned: 0 } },
  sip: {
    received: { requests: { INVITE: 3, other: 1 }, responses: { '2xx': 5 } },
    sent: { requests: { INVITE: 2 }, responses: { '1xx': 3 } },
  },
  transactions: { standing: 4, server: 10, client: 9, heardAgain: 1, saidAgain: 2, timedOut: 1, notSent: 0 },
  dialogs: 2,
  deadlines: 7,
  flows: 1,
  subscriptions: 0,
  devices: 3,
  decisions: { asked: 5, answered: 3, failed: 1, late: 1, spared: 2, waiting: 0 },
  quality: { sent: 11, lost: 2, waiting: 1 },
  banned: 6,
  dns: { asked: 8, failed: 1 },
  records: { written: 12, pending: 1 },
  ringOctets: 1,
  homer: { sent: 3, lost: 1 },
  media: {
    sessions: 1,
    streams: 2,
    silent: 1,
    packets: { received: 1000, lost: 10, late: 3, dropped: 2 },
    octets: 172_000,
    rtcpPackets: 12,
    ports: [{ interface: 'both', pairs: 100, taken: 4 }],
    refused: 0,
  },
  mediaProcess: processStats(3),
};

const configuration = () =>
  ({
    trunks: [{ name: 'pbx' }, { name: 'itsp', disabled: { until: start + 86_400_000 } }],
    listeners: [],
  }) as unknown as Configuration;

const counters = {
  packets: 98,
  bytes: 1,
  lost: 2,
  jitterMs: 4,
  payloadType: 8,
  rtcpPackets: 0,
  dropped: 0,
};

/** Somebody to whom a message is on its way. */
function toldWebhook() {
  const store = ManagementStore.open();
  const hook = { name: 'chat', url: 'https://chat.example/', events: ['source.banned'], enabled: true } as const;
  store.webhooks.create({ ...hook, sites: undefined, trunks: undefined, ca: undefined }, start);
  const sender = senderOf(store, { wall: () => start + 1_000, post: () => new Promise(() => {}) });
  const data = { sources: [], count: 0 };
  sender.tell([{ type: 'source.banned', at: start, text: '', subject: 'bans', data }]);
  return sender;
}

/** A program with calls behind it, and one that stands. */
async function running(answers = true) {
  const live = new Mirror(
    () => start + 1_000,
    () => true,
  );
  const made = await apiOf({
    live,
    configuration,
    wall: () => start + 1_000,
    webhooks: toldWebhook(),
    ...(answers && { answers: { metrics: () => counted } }),
  });
  const lines: Record<string, unknown>[] = [
    { kind: 'begin' },
    {
      kind: 'house',
      house: {
        links: [{ link: 'the link of berlin', calls: 1, audio: 87.2, video: 0, refused: 3, most: { audio: 1000 } }],
        limits: [{ name: 'group carriers', calls: 1, limits: { calls: 10 } }],
        bans: { count: 2, newest: [] },
        overload: { listeners: [{ listener: 'wan/udp', waitedMs: 2, late: false }], refused: 1 },
        draining: false,
        certificates: [
          {
            kind: 'certificate',
            users: [],
            files: ['/etc/a.pem'],
            names: [],
            notAfter: '2027-01-01T00:00:00Z',
            warnings: [],
          },
        ],
        restarts: { signalling: { died: 1, hung: 0 }, media: { died: 0, hung: 2 } },
      },
    },
    {
      kind: 'trunks',
      trunks: [
        liveTrunk('itsp', {
          limit: 30,
          health: {
            state: 'partly-down',
            because: '',
            targets: [
              { target: 'a', state: 'up', because: '', roundTrip: 25 },
              { target: 'b', state: 'down', because: '' },
            ],
          },
          registration: {
            stage: 'registered',
            since: start,
            addressOfRecord: 'sip:a@b',
            registrar: 'b',
            expiresAt: start + 60_000,
          },
        }),
        liveTrunk('pbx', { health: { state: 'unknown', because: 'nobody asks', targets: [] } }),
      ],
    },
    { kind: 'calls', calls: [liveCall('1'), liveCall('2', { a: { trunk: 'user:+49301' }, phase: 'setup' })] },
    { kind: 'current' },
    {
      kind: 'ended',
      records: [
        ended('3', 61, { media: [{ stream: 0, media: 'audio', a: counters, b: { ...counters, packets: 10 } }] }),
        ended('4', 3, {
          answeredAt: undefined,
          end: { by: 'callee', reason: 'busy', sip: { status: 486, phrase: '' } },
        }),
      ],
    },
  ];
  const told = { ends: true, callId: 'x', local: { lossPercent: 3, jitterMs: 7, mosListening: 4.1 } };
  const reports = [
    { receivedAt: start, source: 'itsp', report: { ...told, kind: 'session' } },
    { receivedAt: start, source: 'ann', report: { ...told, kind: 'session', local: { lossPercent: 0 } } },
    // Of a part of a call: counted, and not in the figures of whole ones.
    { receivedAt: start, source: 'itsp', report: { ...told, kind: 'interval', local: { lossPercent: 90 } } },
  ];
  lines.push({ kind: 'reported', reports });
  for (const line of lines) live.apply({ at: start, ...line });
  const get = async () => readExposition((await made.app.inject('/metrics')).body);
  return { ...made, get };
}

function found(
  samples: readonly Read[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  return samples.find(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  )?.value;
}

/** Of the package `prometheus`: it judges where it is there. */
const promtool = spawnSync('promtool', ['--version']);

describe('what is exported', () => {
  test('is what the table has, in the text format, and nothing else', async () => {
    const { get } = await running();
    const { types, helps, samples } = await get();
    // Everything that there is was told here: a metric that never has a value is none.
    expect([...types.keys()]).toEqual(metrics.map(({ name }) => name));
    for (const { name, type, help, labels } of metrics) {
      expect(types.get(name)).toBe(type);
      expect(helps.get(name)).toBe(help);
      const mine = samples.filter((one) => one.name.replace(/_(bucket|sum|count)$/, '') === name || one.name === name);
      for (const one of mine) expect(Object.keys(one.labels).filter((label) => label !== 'le')).toEqual(labels);
    }
  });

  test.skipIf(promtool.status !== 0)('promtool has nothing to say against it', async () => {
    const { app } = await running();
    const { body } = await app.inject('/metrics');
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
    expect([stdout + stderr, status]).toEqual(['', 0]);
  });

  test('has names as Prometheus would have them', () => {
    for (const { name, type, labels, help } of metrics) {
      expect(name).toMatch(/^tandem(_[a-z]+)+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      // Base units, and no label that repeats the name.
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|days|kbits?|percent|bits_per)/);
      if (type === 'histogram') expect(name).toMatch(/_(seconds|ratio|bytes|mos)$/);
      expect(labels.includes('quantile'), name).toBe(type === 'summary');
      for (const label of labels) expect(label).toMatch(/^[a-z]+$/);
      expect(help).toMatch(/\S\.$|\)\.$/);
    }
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  });

  test.each<[string, Record<string, string>, number | undefined]>([
    ['tandem_up', {}, 1],
    ['tandem_build_info', { version: '1.2.3' }, 1],
    ['tandem_calls', { trunk: 'pbx', direction: 'from', phase: 'answered' }, 1],
    ['tandem_calls', { trunk: '(users)', direction: 'from', phase: 'setup' }, 1],
    ['tandem_calls', { trunk: 'itsp', direction: 'to', phase: 'answered' }, 1],
    ['tandem_calls', { trunk: 'itsp', direction: 'from', phase: 'answered' }, 0],
    ['tandem_calls_total', { trunk: 'pbx', direction: 'from', cause: 'hangup' }, 1],
    ['tandem_calls_total', { trunk: 'itsp', direction: 'to', cause: 'busy' }, 1],
    ['tandem_calls_answered_total', { trunk: 'itsp', direction: 'to' }, 1],
    ['tandem_attempt_responses_total', { trunk: 'itsp', class: '4xx' }, 1],
    ['tandem_attempt_responses_total', { trunk: 'itsp', class: '2xx' }, 1],
    ['tandem_setup_seconds_bucket', { trunk: 'itsp', le: '0.5' }, 0],
    ['tandem_setup_seconds_bucket', { trunk: 'itsp', le: '1' }, 1],
    ['tandem_talk_seconds_count', {}, 1],
    ['tandem_quality_reports_total', { trunk: 'itsp', kind: 'session' }, 1],
    ['tandem_quality_reports_total', { trunk: 'itsp', kind: 'interval' }, 1],
    ['tandem_quality_reports_total', { trunk: '(users)', kind: 'session' }, 1],
    ['tandem_quality_reported_loss_ratio_sum', { trunk: 'itsp' }, 0.03],
    ['tandem_quality_reported_loss_ratio_bucket', { trunk: '(users)', le: '0' }, 1],
    ['tandem_quality_reported_mos_bucket', { trunk: 'itsp', le: '4' }, 0],
    ['tandem_quality_reported_mos_bucket', { trunk: 'itsp', le: '4.2' }, 1],
    // Who has not measured it has none, and no zero.
    ['tandem_quality_reported_mos_count', { trunk: '(users)' }, undefined],
    ['tandem_quality_reports_sent_total', { outcome: 'lost' }, 2],
    ['tandem_quality_reports_waiting', {}, 1],
    ['tandem_trunk_up', { trunk: 'itsp' }, 1],
    ['tandem_trunk_up', { trunk: 'pbx' }, undefined],
    ['tandem_trunk_disabled', { trunk: 'itsp' }, 1],
    ['tandem_trunk_disabled', { trunk: 'pbx' }, 0],
    ['tandem_trunk_targets', { trunk: 'itsp', state: 'down' }, 1],
    ['tandem_trunk_options_seconds', { trunk: 'itsp' }, 0.025],
    ['tandem_trunk_options_seconds', { trunk: 'pbx' }, undefined],
    ['tandem_trunk_registered', { trunk: 'itsp' }, 1],
    ['tandem_trunk_registered', { trunk: 'pbx' }, undefined],
    ['tandem_link_used_bytes_per_second', { media: 'audio' }, 10_900],
    ['tandem_link_limit_bytes_per_second', { media: 'video' }, undefined],
    ['tandem_process_restarts_total', { process: 'media', why: 'hung' }, 2],
    ['tandem_process_event_loop_lag_seconds', { process: 'media', quantile: '0.5' }, undefined],
    ['tandem_process_event_loop_lag_seconds', { process: 'media', quantile: '1' }, 0.02],
    ['tandem_sip_retransmissions_total', { direction: 'sent' }, 2],
    ['tandem_sip_drops_total', { reason: 'unknown-source' }, 4],
    ['tandem_certificate_expiry_timestamp_seconds', { file: '/etc/a.pem' }, Date.UTC(2027, 0, 1) / 1000],
    ['tandem_media_loss_ratio_bucket', { trunk: 'pbx', le: '0.01' }, 0],
    ['tandem_media_loss_ratio_bucket', { trunk: 'pbx', le: '0.02' }, 1],
    // Ten packets say nothing.
    ['tandem_media_loss_ratio_count', { trunk: 'itsp' }, undefined],
    ['tandem_media_jitter_seconds_sum', { trunk: 'pbx' }, 0.004],
    ['tandem_webhook_up', { webhook: 'chat' }, 1],
    ['tandem_webhook_messages_waiting', { webhook: 'chat' }, 1],
    ['tandem_webhook_oldest_waiting_seconds', { webhook: 'chat' }, 1],
    ['tandem_webhook_messages_total', { webhook: 'chat', outcome: 'dropped' }, 0],
  ])('%s %j is %s', async (name, labels, value) => {
    const { get } = await running();
    expect(found((await get()).samples, name, labels)).toBe(value);
  });

  test('of a program that does not answer is what is known without it', async () => {
    const { get } = await running(false);
    const { samples } = await get();
    expect(found(samples, 'tandem_up')).toBe(0);
    expect(found(samples, 'tandem_calls_total', { cause: 'busy' })).toBe(1);
    const names = new Set(samples.map(({ name }) => name));
    expect(names).not.toContain('tandem_sip_transactions');
    expect(names).not.toContain('tandem_media_sessions');
    expect(names).not.toContain('tandem_draining');
  });

  test('has no more series for any number of callers, and few for any number of trunks', () => {
    const figures = new CallFigures();
    const names = Array.from({ length: 3_000 }, (_, n) => ({ name: `t${n}` }));
    const label = trunkLabels(names);
    for (const { name } of names) figures.add(ended('1', 5, { leg: legOf(name), to: `user:${name}` }), label);
    expect(figures.sides.from.size).toBe(1_001);
    expect([...figures.sides.to.keys()]).toEqual(['(users)']);
  });
});

const legOf = (trunk: string) => ({ trunk, remote: '', callId: '', localTag: '', remoteTag: '' });

describe('the text format', () => {
  test('carries whatever a label is, and any number', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string(), fc.string()), {
          selector: ([a, b]) => JSON.stringify([a, b]),
          maxLength: 8,
        }),
        fc.double({ noNaN: true }),
        (pairs, value) => {
          const texts = pairs.map(([a, b]) => [a.replaceAll('\r', ''), b] as const);
          const samples = texts.map(([a, b]) => [value, a, b] as const);
          const text = exposition([{ name: 'x', type: 'gauge', help: 'a\\b\nc', labels: ['a', 'b'], samples }]);
          const seen = readExposition(text).samples;
          expect(seen.map(({ labels }) => [labels.a, labels.b])).toEqual(texts);
          for (const one of seen) expect(one.value).toBe(value === 0 ? 0 : value);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of a distribution is cumulative, and ends with all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000_000)), (talks) => {
        const figures = new CallFigures();
        for (const talkMs of talks) figures.add({ ...ended('1', 1), talkMs }, String);
        const { samples } = readExposition(
          exposition([
            { name: 'tandem_talk_seconds', type: 'histogram', help: 'h', labels: [], samples: [[figures.talk]] },
          ]),
        );
        const buckets = samples.filter(({ name }) => name.endsWith('_bucket'));
        expect(buckets.at(-1)).toMatchObject({ labels: { le: '+Inf' }, value: talks.length });
        for (const { labels, value } of buckets)
          expect(value).toBe(
            talks.filter((talk) => talk / 1000 <= Number(labels.le!.replace('+Inf', 'Infinity'))).length,
          );
      }),
      { numRuns: 50 },
    );
  });
});

describe('who may read them', () => {
  const from = [{ host: '192.0.2.0', bits: 24 }];
  async function remote(networks: typeof from | undefined) {
    const access = new Access({
      store: ManagementStore.open(),
      configuration: () =>
        ({
          listen: { host: '127.0.0.1', port: 8080 },
          sessions: { idle: 1e6, lifetime: 1e6 },
          tokens: { lifetime: 1e6 },
          ...(networks && { metrics: { from: networks } }),
        }) as const,
      wall: () => start,
      passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
    });
    const { app } = await apiOf({ access }, remoteUser(access));
    return async (remoteAddress: string, url = '/metrics') => (await app.inject({ url, remoteAddress })).statusCode;
  }

  test('nobody who does not say who he is, unless he is where the configuration says', async () => {
    expect(await (await remote(undefined))('192.0.2.9')).toBe(401);
    const get = await remote(from);
    expect(await get('192.0.2.9')).toBe(200);
    expect(await get('198.51.100.9')).toBe(401);
    expect(await get('::1')).toBe(401);
    // That he may read these opens nothing else.
    expect(await get('192.0.2.9', '/api/v1/trunks')).toBe(401);
  });

  test('on the Unix socket everybody', async () => {
    const { app } = await apiOf();
    expect((await app.inject('/metrics')).headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});
