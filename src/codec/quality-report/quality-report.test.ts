import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type QualityMetrics, type QualityReport, readQualityReport, writeQualityReport } from './index.ts';
import { figures } from './report.ts';

const crlf = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n`;

/** As in RFC 6035 4.7.1. */
const atTheEnd = crlf([
  'VQSessionReport: CallTerm',
  'CallID: 12345678@example.com',
  'LocalID: Alice <sip:alice@example.com>',
  'RemoteID: Bob <sip:bob@example.org>',
  'OrigID: Alice <sip:alice@example.com>',
  'LocalGroup: example-phone-55671',
  'RemoteGroup: example-gateway-09871',
  'LocalAddr: IP=192.0.2.100 PORT=5000 SSRC=1a3b5c7d',
  'LocalMAC: 00:1f:5b:cc:21:0f',
  'RemoteAddr:IP=198.51.100.150 PORT=5002 SSRC=0x2468abcd',
  'RemoteMAC: 00:26:08:8e:95:02',
  'LocalMetrics:',
  'Timestamps:START=2004-10-10T18:23:43Z STOP=2004-10-10T18:26:02Z',
  'SessionDesc:PT=18 PD=G729 SR=8000 FD=20 FO=20 FPP=2 PPS=50',
  '   FMTP="annexb=no" PLC=3 SSUP=on',
  'JitterBuffer:JBA=3 JBR=2 JBN=40 JBM=80 JBX=120',
  'PacketLoss:NLR=5.0 JDR=2.0',
  'BurstGapLoss:BLD=0 BD=0 GLD=2.0 GD=500 GMIN=16',
  'Delay:RTD=200 ESD=140 SOWD=200 IAJ=2 MAJ=10',
  'Signal:SL=-18 NL=-50 RERL=55',
  'QualityEst:RLQ=88 RCQ=85 EXTRI=90 MOSLQ=4.1 MOSCQ=4.0',
  '   QoEEstAlg=P.564',
  'RemoteMetrics:',
  'Timestamps:START=2004-10-10T18:23:43Z STOP=2004-10-10T18:26:02Z',
  'PacketLoss:NLR=1.5 JDR=0.5',
  'Delay:RTD=200 ESD=140 IAJ=2 MAJ=10',
  'Signal:SL=-21 NL=127 RERL=127',
  'QualityEst:RLQ=127 MOSLQ=0.0 MOSCQ=12.7',
  'DialogID:1890463548@alice.example.com;to-tag=8472761;',
  '  from-tag=9123dh311',
]);

test('a report at the end of a call', () => {
  expect(readQualityReport(atTheEnd)).toEqual({
    kind: 'session',
    ends: true,
    callId: '12345678@example.com',
    localId: 'Alice <sip:alice@example.com>',
    remoteId: 'Bob <sip:bob@example.org>',
    origId: 'Alice <sip:alice@example.com>',
    localAddr: { host: '192.0.2.100', port: 5000, ssrc: 0x1a3b5c7d },
    remoteAddr: { host: '198.51.100.150', port: 5002, ssrc: 0x2468abcd },
    localGroup: 'example-phone-55671',
    remoteGroup: 'example-gateway-09871',
    dialog: { callId: '1890463548@alice.example.com', toTag: '8472761', fromTag: '9123dh311' },
    local: {
      start: Date.UTC(2004, 9, 10, 18, 23, 43),
      stop: Date.UTC(2004, 9, 10, 18, 26, 2),
      payloadType: 18,
      codec: 'G729',
      lossPercent: 5,
      discardPercent: 2,
      burstLossPercent: 0,
      burstMs: 0,
      gapLossPercent: 2,
      gapMs: 500,
      roundTripMs: 200,
      endSystemMs: 140,
      symmetricOneWayMs: 200,
      jitterMs: 2,
      meanJitterMs: 10,
      signalDbm: -18,
      noiseDbm: -50,
      echoReturnLossDb: 55,
      rListening: 88,
      rConversational: 85,
      mosListening: 4.1,
      mosConversational: 4,
      estimatedBy: 'P.564',
    },
    // 127, 0.0 and 12.7 are no opinion of anybody: they were not measured.
    remote: {
      start: Date.UTC(2004, 9, 10, 18, 23, 43),
      stop: Date.UTC(2004, 9, 10, 18, 26, 2),
      lossPercent: 1.5,
      discardPercent: 0.5,
      roundTripMs: 200,
      endSystemMs: 140,
      jitterMs: 2,
      meanJitterMs: 10,
      signalDbm: -21,
    },
  });
});

test('an alert, as in RFC 6035 4.7.2, and one that says nothing that is known', () => {
  const alert = (line: string) => readQualityReport(crlf([line, 'CallID: 1', 'LocalMetrics:', 'PacketLoss:NLR=7.5']));
  expect(alert('VQAlertReport: Type=NLR Severity=Critical Dir=local')).toEqual({
    kind: 'alert',
    ends: false,
    alert: { metric: 'NLR', severity: 'critical', direction: 'local' },
    callId: '1',
    local: { lossPercent: 7.5 },
  });
  expect(alert('VQAlertReport: Type=RLQ Severity=Clear Dir=remote')?.alert).toEqual({
    metric: 'RLQ',
    severity: 'clear',
    direction: 'remote',
  });
  expect(alert('VQAlertReport: Type=NLR Severity=Bad Dir=local')).not.toHaveProperty('alert');
});

describe('what devices make of it', () => {
  test.each([
    ['an interval', 'VQIntervalReport', { kind: 'interval', ends: false }],
    ['an interval that is the last', 'VQIntervalReport: CallTerm', { kind: 'interval', ends: true }],
    ['codecs that changed', 'VQSessionReport', { kind: 'session', ends: false }],
    ['another case', 'vqsessionreport : callterm', { kind: 'session', ends: true }],
  ])('%s', (_, first, wanted) => {
    expect(readQualityReport(crlf([first, 'CallID:7'])), first).toMatchObject({ ...wanted, callId: '7', local: {} });
  });

  test('line feeds alone, indented metrics, brackets, the call only in its dialog', () => {
    const body = [
      'VQSessionReport: CallTerm',
      'LocalAddr: IP=[2001:db8::1] PORT=99999 SSRC=x',
      'LocalMetrics:',
      '  PacketLoss: NLR=0.39, JDR=0',
      '  Delay: RTD=0 IAJ=-1 MAJ=1e9',
      'DialogID: a@b;to-tag=;from-tag=f',
    ];
    expect(readQualityReport(body.join('\n'))).toEqual({
      kind: 'session',
      ends: true,
      callId: 'a@b',
      localAddr: { host: '2001:db8::1', port: 0 },
      dialog: { callId: 'a@b', fromTag: 'f' },
      local: { lossPercent: 0.39, discardPercent: 0 },
    });
  });

  const local = (...lines: string[]) =>
    readQualityReport(crlf(['VQSessionReport', 'CallID: 1', 'LocalMetrics:', ...lines]))?.local;

  test('drafts of the RFC: the call, addresses and tags among the metrics', () => {
    const body = crlf([
      'VQIntervalReport: CallTerm',
      'LocalMetrics:',
      'TimeStamps:START=2026-09-23T14:49:51Z STOP=2026-09-23T15:31:51Z',
      'SessionDesc:PT=0 PPS=50 PLC=3 SSUP=off',
      'CallID:43483408-3683@gw.example',
      'FromID:<sip:100@pbx.example>',
      'ToID:<sip:200@pbx.example>',
      'x-UserAgent:phone/8.2',
      'LocalAddr:IP=192.0.2.4 PORT=11790 SSRC=0x24271b8b',
      'RemoteAddr:IP=198.51.100.54 PORT=45748 SSRC=0x00000000',
      'JitterBuffer:JBA=2 JBR=15 JBN=40 JBM=40JBX=240',
      'PacketLoss:NLR=0.4 JDR=0.0',
      'BurstGapLoss:BLD=0.0 BD=0 GLD=0.0 GD=65535 GMIN=16',
      'Delay:RTD=0 ESD=97 SOWD=48 IAJ=0 MAJ=0',
      'Signal:SL=127 NL=-84 RERL=127',
      'QualityEst:RCQ=92 EXTRI=127 MOSLQ=4.1 MOSCQ=4.1',
      'DialogID:43483408-3683@gw.example;to-tag=7447;from-tag=3683',
    ]);
    expect(readQualityReport(body)).toEqual({
      kind: 'interval',
      ends: true,
      callId: '43483408-3683@gw.example',
      localAddr: { host: '192.0.2.4', port: 11_790, ssrc: 0x24271b8b },
      remoteAddr: { host: '198.51.100.54', port: 45_748 },
      dialog: { callId: '43483408-3683@gw.example', toTag: '7447', fromTag: '3683' },
      local: {
        start: Date.UTC(2026, 8, 23, 14, 49, 51),
        stop: Date.UTC(2026, 8, 23, 15, 31, 51),
        payloadType: 0,
        lossPercent: 0.4,
        discardPercent: 0,
        burstLossPercent: 0,
        burstMs: 0,
        gapLossPercent: 0,
        gapMs: 65_535,
        endSystemMs: 97,
        symmetricOneWayMs: 48,
        jitterMs: 0,
        meanJitterMs: 0,
        noiseDbm: -84,
        rConversational: 92,
        mosListening: 4.1,
        mosConversational: 4.1,
      },
    });
  });

  test('gateways: an equals sign behind CallID, groups that are empty, a port in another case', () => {
    const body = [
      'VQSessionReport',
      'CallID=2032863474@192.0.2.201',
      'LocalID: <sip:1000@192.0.2.201>',
      'LocalAddr: IP=192.0.2.201 Port=6000 SSRC=0x54c62a13',
      'LocalGroup: ',
      'RemoteGroup:',
      'LocalMetrics: ',
      'SessionDesc: PT=8 PD=PCMA SR=8000 FD=20 PLC=3 SSUP=Off',
      'QualityEst: RLQ=93 MOSLQ=4.1 MOSCQ=4.10 MOSLQEstAlg=G.107',
    ];
    expect(readQualityReport(crlf(body))).toEqual({
      kind: 'session',
      ends: false,
      callId: '2032863474@192.0.2.201',
      localId: '<sip:1000@192.0.2.201>',
      localAddr: { host: '192.0.2.201', port: 6000, ssrc: 0x54c62a13 },
      local: {
        payloadType: 8,
        codec: 'PCMA',
        rListening: 93,
        mosListening: 4.1,
        mosConversational: 4.1,
        estimatedBy: 'G.107',
      },
    });
  });

  test('applications: the port behind the address, times that are none, zeros for all that was not measured', () => {
    const body = [
      'VQSessionReport: CallTerm',
      'CallID: c34ma5pql1g64088cvb8',
      'LocalAddr: IP=192.0.2.19:49194 SSRC=0x00000000',
      'RemoteAddr: IP=198.51.100.82 PORT=20316 SSRC=3825483318',
      'LocalMetrics:',
      'Timestamps: START=0 STOP=0',
      'JitterBuffer: JBA=0 JBR=0 JBN=45.50 JBM=33 JBX=0',
      'PacketLoss: NLR=0 JDR=1.00',
      'Delay: RTD=0 ESD=0 SOWD=0 IAJ=0',
      'QualityEst: MOSLQ=0 MOSCQ=0.0',
      'DialogID: c34ma5pql1g64088cvb8;to-tag=;from-tag=bg4',
    ];
    expect(readQualityReport(crlf(body))).toEqual({
      kind: 'session',
      ends: true,
      callId: 'c34ma5pql1g64088cvb8',
      localAddr: { host: '192.0.2.19', port: 49_194 },
      remoteAddr: { host: '198.51.100.82', port: 20_316, ssrc: 3_825_483_318 },
      dialog: { callId: 'c34ma5pql1g64088cvb8', fromTag: 'bg4' },
      local: { lossPercent: 0, discardPercent: 1, jitterMs: 0 },
    });
  });

  test('the algorithm of all figures comes before that of one', () => {
    expect(local('QualityEst: MOSLQ=4 MOSLQEstAlg=P.862 QoEEstAlg=P.564')).toMatchObject({ estimatedBy: 'P.564' });
  });

  test.each([
    ['nothing', ''],
    ['something else', 'v=0\r\nCallID: 1\r\n'],
    ['no call', 'VQSessionReport: CallTerm\r\nLocalMetrics:\r\n'],
    ['far too much', `VQSessionReport\r\nCallID: 1\r\nX:${'x'.repeat(16_384)}\r\n`],
  ])('%s is no report', (_, body) => expect(readQualityReport(body)).toBeUndefined());
});

test('what is written keeps to the grammar (RFC 6035 4.6.1)', () => {
  const body = writeQualityReport({
    kind: 'session',
    ends: true,
    callId: 'a@b',
    localId: '<sip:100@192.0.2.1>',
    remoteId: '<sip:200@192.0.2.2>',
    origId: '<sip:200@192.0.2.2>',
    localAddr: { host: '2001:db8::1', port: 20_000 },
    remoteAddr: { host: '192.0.2.2', port: 4000, ssrc: 0xabc },
    localGroup: 'tandem',
    remoteGroup: 'haus "süd"',
    dialog: { callId: 'a@b', toTag: 't', fromTag: 'f' },
    local: {
      start: 0,
      stop: 1_900,
      payloadType: 8,
      lossPercent: 1 / 3,
      roundTripMs: 0.2,
      jitterMs: 4.5,
      mosListening: 4.1256,
    },
  });
  expect(body).toBe(
    crlf([
      'VQSessionReport: CallTerm',
      'CallID: a@b',
      'LocalID: <sip:100@192.0.2.1>',
      'RemoteID: <sip:200@192.0.2.2>',
      'OrigID: <sip:200@192.0.2.2>',
      'LocalAddr: IP=2001:db8::1 PORT=20000 SSRC=0x00000000',
      'RemoteAddr: IP=192.0.2.2 PORT=4000 SSRC=0x00000abc',
      'LocalGroup: tandem',
      'RemoteGroup: haus -s-d-',
      'LocalMetrics:',
      'Timestamps: START=1970-01-01T00:00:00Z STOP=1970-01-01T00:00:01Z',
      'SessionDesc: PT=8',
      'PacketLoss: NLR=0.33',
      // 0 would say that it was not measured.
      'Delay: RTD=1 IAJ=5',
      'QualityEst: MOSLQ=4.13',
      'DialogID: a@b;to-tag=t;from-tag=f',
    ]),
  );
});

const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019@.-'), minLength: 1, maxLength: 20 });
const second = fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => s * 1000);
const metrics: fc.Arbitrary<QualityMetrics> = fc
  .tuple(
    fc.record({ start: second, stop: second, codec: token, estimatedBy: token }, { requiredKeys: [] }),
    fc.record(
      Object.fromEntries(
        figures.map(([, , figure, least, most]) => [
          figure,
          fc.integer({ min: Math.ceil(least), max: Math.floor(most) }),
        ]),
      ),
      { requiredKeys: [] },
    ),
  )
  .map(([said, measured]) => ({ ...said, ...measured }));
const end = fc.record(
  {
    host: fc.constantFrom('192.0.2.1', '2001:db8::7'),
    port: fc.nat(65_535),
    ssrc: fc.integer({ min: 1, max: 0xffff_ffff }),
  },
  { requiredKeys: ['host', 'port'] },
);
const report = fc.record(
  {
    kind: fc.constantFrom('session', 'interval'),
    ends: fc.boolean(),
    callId: token,
    localId: token,
    remoteId: token,
    origId: token,
    localGroup: token.filter((text) => !text.includes('@')),
    remoteGroup: token.filter((text) => !text.includes('@')),
    localAddr: end,
    remoteAddr: end,
    dialog: fc.record({ callId: token, toTag: token, fromTag: token }, { requiredKeys: ['callId'] }),
    local: metrics,
    remote: metrics,
  },
  { requiredKeys: ['kind', 'ends', 'callId', 'local'] },
) as fc.Arbitrary<QualityReport>;

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(report, (one) => {
      expect(readQualityReport(writeQualityReport(one))).toEqual(one);
    }),
  );
});

test('whatever comes is read without harm, and no figure is beyond what it can be', () => {
  const part = fc.oneof(
    fc.constantFrom(...atTheEnd.split(/(?<=[\r\n:= ])/)),
    fc.string({ maxLength: 8, unit: 'binary-ascii' }),
    fc.constantFrom('=', '"', ' ', ':', ';', '\r\n ', 'NLR=1000', 'MOSLQ=99', 'RTD=-5'),
  );
  const body = fc.array(part, { maxLength: 80 }).map((parts) => `VQSessionReport\r\nCallID: 1\r\n${parts.join('')}`);
  fc.assert(
    fc.property(body, (text) => {
      const read = readQualityReport(text)!;
      for (const side of [read.local, read.remote ?? {}])
        for (const [, , figure, least, most] of figures) {
          const value = side[figure];
          if (value !== undefined) expect(value >= least && value <= most, `${figure} ${value}`).toBe(true);
        }
      for (const value of [read.callId, read.localId, read.dialog?.callId])
        expect((value ?? '').length).toBeLessThanOrEqual(256);
    }),
  );
});
