import { describe, expect, test } from 'vitest';
import type { CallRecord } from '#cdr';
import type { StreamCounters, StreamSideCounters } from '#codec/media-control';
import { readQualityReport } from '#codec/quality-report';
import { Sensitive } from '#kernel';
import type { QualityCollector, Trunk } from '#policy/configuration';
import { configuration, Desk, pbx, requests, type Said, statuses, trunk, udp } from '../desk.testing.ts';
import { outboxLimits } from './outbox.ts';

const collector: QualityCollector = {
  uri: 'sip:vq@10.0.0.9',
  host: '10.0.0.9',
  transport: 'udp',
  side: 'internal',
};
const itspAt = udp('wan', '203.0.113.10');
const pbxAt = udp('lan', '10.0.0.2');
const collectorAt = udp('lan', '10.0.0.9');

function house(itsp: Partial<Trunk>, inside: Partial<Trunk> = {}): Desk {
  const of = configuration([trunk('itsp', '203.0.113.10', itsp)]);
  return new Desk({ ...of, trunks: of.trunks.map((one) => (one.name === 'pbx' ? { ...pbx, ...inside } : one)) });
}

const body = 'VQSessionReport: CallTerm\r\nCallID: c-17\r\nLocalMetrics:\r\nPacketLoss:NLR=1.5 JDR=0\r\n';
const publication = (more: Said = {}, ...headers: string[]): Said => ({
  body,
  ...more,
  headers: ['Event: vq-rtcpxr', 'Content-Type: application/vq-rtcpxr', ...headers],
});

/** What was answered: status, tag, seconds. */
function answer(desk: Desk) {
  const [one] = desk.take();
  const { message } = one!;
  return [statuses([one!])[0], message.get('sip-etag'), message.get('expires')] as const;
}

describe('reports of peers', () => {
  const taken = () => house({ quality: { reports: true } }, { quality: { reports: true } });

  test('are taken: each has an entity tag, and goes on by it (RFC 3903 6)', () => {
    const desk = taken();
    desk.request(itspAt, 'PUBLISH', publication());
    expect(desk.of('report')).toMatchObject([
      {
        report: { source: 'itsp', receivedAt: desk.now.wall, report: { callId: 'c-17', local: { lossPercent: 1.5 } } },
      },
    ]);
    const [status, tag, expires] = answer(desk);
    expect([status, expires]).toEqual([200, '3600']);
    // Another report by the tag: it has another one from there on.
    desk.request(itspAt, 'PUBLISH', publication({}, `SIP-If-Match: ${tag}`, 'Expires: 60'));
    expect(desk.of('report')).toHaveLength(1);
    const next = answer(desk);
    expect([next[0], next[2]]).toEqual([200, '60']);
    expect(next[1]).not.toBe(tag);
    desk.request(itspAt, 'PUBLISH', publication({}, `SIP-If-Match: ${tag}`));
    expect(answer(desk)[0]).toBe(412);
    // Refreshed and removed without a body; by nobody else; and not for ever.
    desk.request(pbxAt, 'PUBLISH', publication({ body: '' }, `SIP-If-Match: ${next[1]}`));
    expect(answer(desk)[0]).toBe(412);
    desk.request(itspAt, 'PUBLISH', publication({ body: '' }, `SIP-If-Match: ${next[1]}`, 'Expires: 60'));
    expect(desk.of('report')).toEqual([]);
    const refreshed = answer(desk);
    expect(refreshed[0]).toBe(200);
    desk.pass(60_000);
    desk.take();
    desk.request(itspAt, 'PUBLISH', publication({}, `SIP-If-Match: ${refreshed[1]}`));
    expect(answer(desk)[0]).toBe(412);
  });

  test.each<[string, Said, string, number]>([
    ['a NOTIFY that nobody subscribed to', publication(), 'NOTIFY', 200],
    ['another case, parameters', publication(undefined, 'Event: VQ-RTCPXR;id=7'), 'PUBLISH', 200],
    ['nothing at all', publication({ body: '' }), 'PUBLISH', 400],
    ['no report', publication({ body: 'v=0\r\n' }), 'PUBLISH', 400],
    ['another type', { body, headers: ['Event: vq-rtcpxr', 'Content-Type: text/plain'] }, 'PUBLISH', 415],
    ['another package', { body, headers: ['Event: presence', 'Content-Type: application/pidf+xml'] }, 'PUBLISH', 489],
    ['what must be understood', publication({}, 'Require: something'), 'PUBLISH', 420],
  ])('%s', (name, said, method, status) => {
    const desk = taken();
    const headers = said.headers!.filter(
      (line, at, all) =>
        !(
          line === 'Event: vq-rtcpxr' &&
          all.lastIndexOf(line) === at &&
          all.some((other) => other.startsWith('Event: V'))
        ),
    );
    desk.request(itspAt, method, { ...said, headers });
    expect(desk.of('report'), name).toHaveLength(status === 200 ? 1 : 0);
    expect(answer(desk)[0]).toBe(status);
  });

  test('are taken of nobody else, and pass where they may', () => {
    const closed = house({});
    closed.request(itspAt, 'PUBLISH', publication());
    expect(closed.of('report')).toEqual([]);
    expect(answer(closed)[0]).toBe(405);
    const through = house({ quality: { reports: true }, passes: ['PUBLISH'] }, { passes: ['PUBLISH'] });
    through.request(itspAt, 'PUBLISH', publication());
    expect(through.of('report')).toEqual([]);
    expect(requests(through.take(), 'PUBLISH')).toHaveLength(1);
  });

  test('are no more in a second than all that comes beside calls', () => {
    const desk = house({ quality: { reports: true }, capacity: { messagesPerSecond: 3 } });
    for (let i = 0; i < 5; i++) desk.request(itspAt, 'PUBLISH', publication());
    expect(desk.of('report')).toHaveLength(3);
    expect(statuses(desk.take())).toEqual([200, 200, 200, 480, 480]);
  });

  test('OPTIONS tells that they are', () => {
    const desk = taken();
    desk.request(itspAt, 'OPTIONS', { uri: 'sip:192.0.2.1' });
    expect(desk.take()[0]!.message.get('allow')).toContain('PUBLISH');
  });
});

const side = (change: Partial<StreamSideCounters>): StreamSideCounters => ({
  packets: 1000,
  bytes: 172_000,
  lost: 0,
  payloadType: 8,
  rtcpPackets: 0,
  dropped: 0,
  ...change,
});
const audio: StreamCounters = {
  stream: 0,
  media: 'audio',
  a: side({
    packets: 980,
    lost: 20,
    jitterMs: 4.25,
    ssrc: 0xabc,
    source: { host: '10.0.0.2', port: 4000 },
    local: { host: '10.0.0.1', port: 20_000 },
    report: {
      lost: 5,
      fractionLost: 0,
      jitterMs: 2,
      roundTripMs: 31.5,
    },
  }),
  b: side({ ssrc: 0xdef, source: { host: '203.0.113.10', port: 6000 }, local: { host: '192.0.2.1', port: 30_000 } }),
};

function ended(media: readonly StreamCounters[] | undefined, n = 1): CallRecord {
  const leg = (name: string) => ({
    trunk: name,
    remote: '',
    callId: `${name}-${n}`,
    localTag: `l${name}`,
    remoteTag: `r${name}`,
  });
  const times = { startedAt: 1_000, answeredAt: 1_700_000_000_000, endedAt: 1_700_000_020_000 };
  const end = { by: 'caller', reason: 'hangup' } as const;
  const attempt = { leg: leg('itsp'), caller: '+49301', called: '+49302', ...times, end };
  return {
    call: `k${n}`,
    leg: leg('pbx'),
    caller: '200',
    called: '0049302',
    decisions: [],
    ...times,
    talkMs: 20_000,
    end,
    attempts: [attempt],
    ...(media && { media }),
  };
}

/** What came of a record. */
function published(desk: Desk, record: CallRecord) {
  desk.engine.record(record);
  desk.handle({ kind: 'wake' });
  return requests(desk.take(), 'PUBLISH');
}

describe('reports of ours', () => {
  test('one for each leg whose trunk has a collector: what came to us, and what the peer told of what went to it', () => {
    const desk = house({ quality: { collector } }, { quality: { collector } });
    const sent = published(desk, ended([audio]));
    expect(sent.map(({ flow, message }) => [flow.remote.host, message.uri, message.get('event')])).toEqual([
      ['10.0.0.9', 'sip:vq@10.0.0.9', 'vq-rtcpxr'],
      ['10.0.0.9', 'sip:vq@10.0.0.9', 'vq-rtcpxr'],
    ]);
    const times = { start: 1_700_000_000_000, stop: 1_700_000_020_000 };
    const [a, b] = sent.map(({ message }) => readQualityReport(message.body));
    expect(a).toEqual({
      kind: 'session',
      ends: true,
      callId: 'pbx-1',
      localId: '<sip:0049302@10.0.0.1>',
      remoteId: '<sip:200@10.0.0.2>',
      origId: '<sip:200@10.0.0.2>',
      localAddr: { host: '10.0.0.1', port: 20_000, ssrc: 0xdef },
      remoteAddr: { host: '10.0.0.2', port: 4000, ssrc: 0xabc },
      localGroup: 'tandem',
      remoteGroup: 'pbx',
      dialog: { callId: 'pbx-1', toTag: 'lpbx', fromTag: 'rpbx' },
      local: { ...times, payloadType: 8, lossPercent: 2, jitterMs: 4, roundTripMs: 32 },
      remote: { ...times, lossPercent: 0.5, jitterMs: 2, roundTripMs: 32 },
    });
    // The other end said nothing by RTCP: there are no metrics of it, and no MOS anywhere.
    expect(b).toEqual({
      kind: 'session',
      ends: true,
      callId: 'itsp-1',
      localId: '<sip:+49301@192.0.2.1>',
      remoteId: '<sip:+49302@203.0.113.10>',
      origId: '<sip:+49301@192.0.2.1>',
      localAddr: { host: '192.0.2.1', port: 30_000, ssrc: 0xabc },
      remoteAddr: { host: '203.0.113.10', port: 6000, ssrc: 0xdef },
      localGroup: 'tandem',
      remoteGroup: 'itsp',
      dialog: { callId: 'itsp-1', toTag: 'ritsp', fromTag: 'litsp' },
      local: { ...times, payloadType: 8, lossPercent: 0 },
    });
  });

  test('what a device measured itself comes before what follows from its counts', () => {
    const voip = {
      lossRate: 0.125,
      discardRate: 0.25,
      burstDensity: 0,
      burstMs: 0,
      gapDensity: 0,
      gapMs: 0,
      mosListening: 4.2,
    };
    const [sent] = published(
      house({}, { quality: { collector } }),
      ended([{ ...audio, a: { ...audio.a, report: { lost: 5, fractionLost: 0, voip } } }]),
    );
    expect(readQualityReport(sent!.message.body)?.remote).toMatchObject({
      lossPercent: 12.5,
      discardPercent: 25,
      mosListening: 4.2,
    });
  });

  test.each([
    ['no collector', house({}), ended([audio])],
    ['nothing measured', house({ quality: { collector } }), ended(undefined)],
    [
      'nothing came',
      house({ quality: { collector } }),
      ended([{ ...audio, a: side({ packets: 0 }), b: side({ packets: 0 }) }]),
    ],
    ['a fax alone', house({ quality: { collector } }), ended([{ ...audio, media: 'image' }])],
  ])('none where there is %s', (_, desk, record) => expect(published(desk, record)).toEqual([]));

  test('a few at once; the oldest go when too many wait; a collector that is away is told of once', () => {
    const desk = house({ quality: { collector } });
    const many = outboxLimits.waiting + outboxLimits.underWay + 5;
    for (let n = 0; n < many; n++) desk.engine.record(ended([audio], n));
    desk.handle({ kind: 'wake' });
    const first = requests(desk.take(), 'PUBLISH');
    expect(first).toHaveLength(outboxLimits.underWay);
    expect(desk.engine.quality.inspect()).toMatchObject({ sent: 0, lost: 5, waiting: many - 5 });
    desk.respond(first[0]!, 200);
    desk.respond(first[1]!, 404);
    desk.respond(first[2]!, 503);
    expect(desk.of('log').map(({ event, fields }) => [event, fields.why])).toEqual([
      ['collector-unreachable', '404 Status'],
    ]);
    expect(desk.engine.quality.inspect()).toMatchObject({ sent: 1, lost: 7, waiting: many - 8 });
    // Who does not answer gets no more at once, and nobody waits for ever.
    const next = requests(desk.take(), 'PUBLISH');
    expect(next).toHaveLength(3);
    desk.respond(next[0]!, 202);
    expect(desk.of('log').map(({ event }) => event)).toEqual(['collector-again']);
    desk.pass(33_000);
    expect(desk.engine.quality.inspect()).toMatchObject({ sent: 2, lost: 7 + outboxLimits.underWay });
  });

  test('by TCP, over one connection', () => {
    const byTcp = { ...collector, uri: 'sip:vq@10.0.0.9;transport=tcp', transport: 'tcp' } as const;
    const desk = house({ quality: { collector: byTcp } }, { quality: { collector: byTcp } });
    desk.engine.record(ended([audio]));
    desk.handle({ kind: 'wake' });
    expect(desk.of('connect').map(({ flow }) => flow.remote)).toEqual([{ host: '10.0.0.9', port: 5060 }]);
    const [one, other] = requests(desk.take(), 'PUBLISH');
    expect([one!.flow.transport, one!.message.uri]).toEqual(['tcp', byTcp.uri]);
    expect(other!.flow.connection).toBe(one!.flow.connection);
  });

  test('by a trunk: by its TLS, as who it is there, with its password', () => {
    const reports = trunk('reports', '203.0.113.70', {
      transport: 'tls',
      domain: 'vq.example',
      identity: { user: 'sbc1', from: 'caller' },
      credentials: [{ username: 'sbc1', password: new Sensitive('secret') }],
    });
    const by = { ...collector, uri: 'sip:vq@vq.example', trunk: 'reports' };
    const of = configuration([trunk('itsp', '203.0.113.10', { quality: { collector: by } }), reports]);
    const desk = new Desk(of);
    desk.engine.record(ended([audio]));
    desk.handle({ kind: 'wake' });
    expect(desk.of('connect').map(({ flow, tls }) => [flow.remote, tls])).toEqual([
      [
        { host: '203.0.113.70', port: 5061 },
        { trunk: 'reports', names: ['vq.example'] },
      ],
    ]);
    const [first] = requests(desk.take(), 'PUBLISH');
    expect([first!.message.uri, first!.message.get('from')]).toEqual([
      'sip:vq@vq.example',
      expect.stringMatching(/^<sip:sbc1@vq\.example>;tag=/),
    ]);
    desk.respond(first!, 401, ['WWW-Authenticate: Digest realm="vq", nonce="n", qop="auth"']);
    const [second] = requests(desk.take(), 'PUBLISH');
    expect([second!.message.cseq.number, second!.message.body]).toEqual([2, first!.message.body]);
    expect(second!.message.get('authorization')).toContain('username="sbc1"');
    // Once refused with it, it is told so and not asked for ever.
    desk.respond(second!, 401, ['WWW-Authenticate: Digest realm="vq", nonce="n", qop="auth"']);
    expect(desk.of('log').map(({ event, fields }) => [event, fields.why])).toEqual([
      ['collector-unreachable', '401 Status'],
    ]);
    expect(requests(desk.take(), 'PUBLISH')).toEqual([]);
  });

  test('to a name, as the DNS leads there', () => {
    const named = { ...collector, uri: 'sip:vq@vq.example', host: 'vq.example', port: 5070 };
    const desk = house({ quality: { collector: named } });
    expect(published(desk, ended([audio]))).toEqual([]);
    desk.answer({ 'vq.example': ['10.0.0.9'] });
    const [sent] = requests(desk.take(), 'PUBLISH');
    expect(sent!.flow.remote).toEqual({ host: '10.0.0.9', port: 5070 });
    desk.respond({ ...sent!, flow: { ...collectorAt, remote: sent!.flow.remote } }, 200);
    expect(desk.engine.quality.inspect()).toMatchObject({ sent: 1, waiting: 0 });
  });
});
