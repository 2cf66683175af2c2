import { certificateAnswers } from './certificate-answers.ts';
import { type Answers, refused } from './fake-api.ts';

/* A house with something of everything: what is wrong, what is full, what is old. */
const now = Date.now();
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const after = (seconds: number) => new Date(now + seconds * 1000).toISOString();

const quiet = { calls: 0, answered: 0, reasons: {} };
const busy = {
  calls: 412,
  answered: 371,
  asr: 0.9,
  ner: 0.978,
  acdMs: 184_000,
  reasons: { hangup: 371, busy: 22, 'no-answer': 10, 'no-route': 6, 'no-progress': 3 },
};
const target = (name: string, state = 'up', roundTripMs = 11.4) => ({
  target: name,
  state,
  since: before(86_400),
  because: state === 'up' ? 'OPTIONS was answered with 200' : 'no answer to 3 OPTIONS in a row',
  roundTripMs,
});

export const trunks = [
  {
    name: 'telekom',
    kind: 'itsp',
    side: 'external',
    transport: 'tls',
    site: 'berlin',
    profile: 'telekom',
    state: 'up',
    since: before(260_000),
    because: 'OPTIONS is answered, and it is registered',
    targets: [target('tls 192.0.2.10:5061'), target('tls 192.0.2.11:5061', 'up', 14.1)],
    options: { at: before(12), target: 'tls 192.0.2.10:5061', result: 'answered', status: 200, roundTripMs: 11.4 },
    registration: {
      stage: 'registered',
      since: before(260_000),
      addressOfRecord: 'sip:+4930123450@tel.example',
      registrar: 'tel.example',
      seenAs: '198.51.100.7:40012',
      expiresAt: after(410),
      nextAt: after(290),
      nextSeconds: 290,
    },
    certificate: {
      daysLeft: 21.4,
      notAfter: after(21.4 * 86_400),
      names: ['sbc.example.com'],
      files: ['/etc/tandem/sbc.pem'],
    },
    active: 87,
    limit: 90,
    hour: { to: busy, from: { ...busy, calls: 120, answered: 118, asr: 0.983 } },
    lastFailure: {
      at: before(340),
      call: 'c1',
      text: 'The called side refused the call. SIP 488 Not Acceptable Here.',
      end: {
        by: 'callee',
        reason: 'rejected',
        text: 'The called side refused the call with another final status. SIP 488 Not Acceptable Here.',
        failure: true,
        sip: { status: 488, phrase: 'Not Acceptable Here' },
      },
    },
  },
  {
    name: 'carrier-b',
    kind: 'itsp',
    side: 'external',
    transport: 'udp',
    state: 'down',
    since: before(1_320),
    because: 'no answer to 3 OPTIONS in a row at udp 203.0.113.5:5060',
    targets: [target('udp 203.0.113.5:5060', 'down')],
    options: { at: before(8), target: 'udp 203.0.113.5:5060', result: 'timeout' },
    active: 0,
    hour: {
      to: {
        calls: 30,
        answered: 4,
        asr: 0.133,
        ner: 0.2,
        acdMs: 61_000,
        reasons: { timeout: 26, 'caller-hung-up': 4 },
      },
      from: quiet,
    },
    lastFailure: {
      at: before(95),
      call: 'c2',
      text: 'No trunk of the route made progress before the setup deadline.',
      end: {
        by: 'tandem',
        reason: 'no-progress',
        text: 'No trunk of the route made progress before the setup deadline.',
        failure: true,
      },
    },
  },
  {
    name: 'pbx-berlin',
    kind: 'ip-pbx',
    side: 'internal',
    transport: 'tcp',
    site: 'berlin',
    state: 'up',
    since: before(900_000),
    because: 'OPTIONS is answered',
    targets: [target('tcp 10.0.0.2:5060', 'up', 0.8)],
    options: { at: before(20), target: 'tcp 10.0.0.2:5060', result: 'answered', status: 200, roundTripMs: 0.8 },
    active: 96,
    limit: 200,
    hour: { to: { ...busy, calls: 118, answered: 110, asr: 0.932 }, from: busy },
  },
  {
    name: 'gateway-muenchen',
    kind: 'pstn-gateway',
    side: 'internal',
    transport: 'udp',
    site: 'muenchen',
    state: 'disabled',
    because: 'the configuration has it disabled',
    disabledUntil: after(7_200),
    targets: [],
    active: 0,
    limit: 30,
    hour: { to: quiet, from: quiet },
  },
];

const problems = [
  {
    id: 'trunk-down carrier-b',
    severity: 'critical',
    what: 'Trunk carrier-b is down: no answer to 3 OPTIONS in a row at udp 203.0.113.5:5060.',
    since: before(1_320),
    todo: 'Test it: the test walks from the DNS to a call and says where it fails.',
    trunk: 'carrier-b',
  },
  {
    id: 'one-way c1',
    severity: 'warning',
    what: 'One-way audio: nothing is heard from the callee in the call from +4930123456 to +498912345.',
    todo: 'See the media of the call: whether telekom sends any, and where to we told it.',
    call: 'c1',
  },
  {
    id: 'certificate sbc',
    severity: 'warning',
    what: 'The certificate of trunk telekom expires in 21 days (2026-12-14).',
    todo: 'Put a new one in place of /etc/tandem/sbc.pem: it is taken while the program runs.',
    trunk: 'telekom',
  },
  {
    id: 'trunk-disabled gateway-muenchen',
    severity: 'notice',
    what: 'Trunk gateway-muenchen is disabled: no call is offered to it or taken from it.',
    todo: 'When the work on it is done, take `disabled` out of the configuration.',
    trunk: 'gateway-muenchen',
  },
];

const capacity = [
  { name: 'trunk telekom', kind: 'trunk', calls: 87, limit: 90, share: 0.967 },
  { name: 'trunk pbx-berlin', kind: 'trunk', calls: 96, limit: 200, share: 0.48 },
  { name: 'site berlin', kind: 'site', calls: 96, limit: 120, share: 0.8 },
  {
    name: 'the link of muenchen',
    kind: 'link',
    calls: 12,
    audioKbits: 1_040,
    audioLimitKbits: 2_000,
    videoKbits: 0,
    refused: 3,
    share: 0.52,
  },
];

const bandwidth = { audioKbits: 2_000, audioSessionKbits: 175, videoKbits: 0, videoSessionKbits: 700 };
const topology = {
  sites: [
    { name: 'berlin', kind: 'central', region: 'north', country: 'DE' },
    { name: 'graz', kind: 'branch', centre: 'berlin', region: 'north', country: 'AT', bandwidth },
    { name: 'muenchen', kind: 'central', region: 'south', country: 'DE', bandwidth },
  ],
  links: [
    { between: ['north', 'south'], bandwidth },
    { between: ['graz', 'muenchen'], bandwidth },
  ],
  trunks: trunks.map(({ name, kind, side, site, state }) => ({
    ...{ name, kind, side },
    ...(site !== undefined && { site }),
    disabled: state === 'disabled',
  })),
};

/** A call that stands, by its number. */
export function call(i: number) {
  const isAnswered = i % 9 !== 0;
  const startedAt = now - ((i * 7_919) % 3_600_000);
  return {
    call: `c${i}`,
    phase: isAnswered ? 'answered' : 'setup',
    caller: `+4930${String(100_000 + i)}`,
    called: `+4989${String(900_000 - i)}`,
    from: { trunk: 'pbx-berlin', remote: 'tcp 10.0.0.2:5060', callId: `${i}@pbx` },
    to: { trunk: i % 5 === 0 ? 'carrier-b' : 'telekom', remote: 'tls 192.0.2.10:5061', callId: `${i}@us` },
    route: 'outbound',
    site: i % 3 === 0 ? 'muenchen' : 'berlin',
    startedAt: new Date(startedAt).toISOString(),
    ...(isAnswered && { answeredAt: new Date(startedAt + 4_000).toISOString() }),
    media: 'anchor',
    codecs: { caller: 'PCMA', callee: i % 4 === 0 ? 'G722' : 'PCMA' },
    ...(i % 2 === 0 && { encrypted: ['callee'] }),
    ...(i % 50 === 1 && { silent: ['callee'] }),
    ...(i % 40 === 2 && { hold: ['caller'] }),
  };
}

/** A page of calls, as the API gives it. */
export function pageOfCalls(calls: readonly ReturnType<typeof call>[], url: URL) {
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const phase = url.searchParams.get('phase');
  const fit = phase === null ? calls : calls.filter((one) => one.phase === phase);
  return {
    items: fit.slice(from, from + limit),
    ...(from + limit < fit.length && { next: String(from + limit) }),
    total: fit.length,
    standing: calls.length,
    state: 'current',
    lagMs: 40,
  };
}

const someCalls = Array.from({ length: 120 }, (_, i) => call(i));

const offer = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.2',
  's=-',
  'c=IN IP4 10.0.0.2',
  't=0 0',
  'm=audio 4000 RTP/AVP 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=sendrecv',
  '',
].join('\r\n');
const ours = offer
  .replaceAll('10.0.0.2', '198.51.100.7')
  .replace('4000', '20432')
  .replace('RTP/AVP 8 0', 'RTP/SAVP 8 0');

/** Of an answered call with a try that failed before: pbx-berlin, carrier-b (503), telekom. */
function messagesOf(): readonly object[] {
  const remotes = {
    'pbx-berlin': '10.0.0.2:5060',
    'carrier-b': '203.0.113.5:5060',
    telekom: '192.0.2.10:5061',
  } as const;
  let ms = now - 61_000;
  const one = (leg: keyof typeof remotes, sent: boolean, firstLine: string, cseq: string, wait: number, body = '') => {
    ms += wait;
    const number = leg === 'pbx-berlin' ? '+4930123456' : '+4930123456;user=phone';
    const text = [
      firstLine,
      `Via: SIP/2.0/${leg === 'telekom' ? 'TLS' : 'UDP'} ${sent ? '198.51.100.7' : remotes[leg]};branch=z9hG4bK${leg}${cseq.replace(' ', '')}`,
      'Max-Forwards: 69',
      `From: <sip:${number}@${leg === 'pbx-berlin' ? 'pbx.local' : 'tel.example'}>;tag=${leg}1`,
      'To: <sip:+498912345@tel.example>',
      `Call-ID: ${leg}-1@example`,
      `CSeq: ${cseq}`,
      ...(leg === 'telekom' ? ['P-Asserted-Identity: <sip:+4930123450@tel.example>'] : ['X-Pbx-Line: 7']),
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    return {
      at: new Date(ms).toISOString(),
      atMs: ms,
      sent,
      transport: leg === 'telekom' ? 'tls' : 'udp',
      local: '198.51.100.7:5060',
      remote: remotes[leg],
      leg,
      callId: `${leg}-1@example`,
      firstLine,
      text,
    };
  };
  return [
    one('pbx-berlin', false, 'INVITE sip:+498912345@198.51.100.7 SIP/2.0', '1 INVITE', 0, offer),
    one('pbx-berlin', true, 'SIP/2.0 100 Trying', '1 INVITE', 1),
    one('carrier-b', true, 'INVITE sip:+498912345@203.0.113.5 SIP/2.0', '1 INVITE', 3, ours),
    one('carrier-b', true, 'INVITE sip:+498912345@203.0.113.5 SIP/2.0', '1 INVITE', 500, ours),
    one('carrier-b', false, 'SIP/2.0 503 Service Unavailable', '1 INVITE', 212),
    one('carrier-b', true, 'ACK sip:+498912345@203.0.113.5 SIP/2.0', '1 ACK', 1),
    one('telekom', true, 'INVITE sip:+498912345@tel.example SIP/2.0', '1 INVITE', 2, ours),
    one('telekom', false, 'SIP/2.0 183 Session Progress', '1 INVITE', 380, ours),
    one('pbx-berlin', true, 'SIP/2.0 183 Session Progress', '1 INVITE', 2, offer),
    one('telekom', false, 'SIP/2.0 200 OK', '1 INVITE', 4_020, ours),
    one('telekom', true, 'ACK sip:+498912345@192.0.2.10 SIP/2.0', '1 ACK', 1),
    one('pbx-berlin', true, 'SIP/2.0 200 OK', '1 INVITE', 1, offer),
    one('pbx-berlin', false, 'ACK sip:+498912345@198.51.100.7 SIP/2.0', '1 ACK', 9),
  ];
}

const decisions = [
  { rule: 'dial plan berlin: national', outcome: '089 12345 is written +498912345' },
  { rule: 'route emergency', outcome: 'not a number for help' },
  { rule: 'route outbound', outcome: 'takes +49…: carrier-b, then telekom' },
  { rule: 'trunk carrier-b', outcome: '503: the next is tried' },
];
const failedAttempt = {
  leg: {
    trunk: 'carrier-b',
    remote: 'udp 203.0.113.5:5060',
    callId: 'carrier-b-1@example',
    localTag: 'x',
    remoteTag: 'y',
  },
  caller: '+4930123456',
  called: '+498912345',
  startedAt: before(61),
  endedAt: before(60),
  end: { by: 'callee', reason: 'unreachable', text: 'the trunk has no room (503 Service Unavailable)', failure: true },
};

/** What is received grows as in a call: 50 packets a second, a few of which are lost. */
function streamsAt(seconds: number, until = Date.now()) {
  const side = (lost: number, jitterMs: number | undefined, source: string) => ({
    packets: Math.round(seconds * 50 - lost),
    bytes: Math.round(seconds * 50 * 172),
    lost,
    ...(jitterMs !== undefined && { jitterMs }),
    payloadType: 8,
    rtcpPackets: Math.round(seconds / 5),
    dropped: 0,
    source: { host: source, port: 4_000 },
  });
  return [
    {
      stream: 0,
      media: 'audio',
      a: side(Math.round(seconds * 0.4), 2.1 + Math.sin(seconds), '10.0.0.2'),
      b: side(Math.round(seconds * 0.05), undefined, '192.0.2.30'),
      course: courseOf(seconds, until),
    },
  ];
}

/** A bad moment in the middle; of what the callee hears nobody says anything. */
function courseOf(seconds: number, until: number) {
  const steps = Math.floor(seconds / 5);
  const each = <T>(of: (step: number) => T) => Array.from({ length: steps }, (_, step) => of(step));
  const isBad = (step: number) => Math.abs(step - Math.floor(steps / 2)) < 2;
  const unknown = each(() => null);
  return {
    startedAt: new Date(until - seconds * 1000).toISOString(),
    stepMs: 5000,
    a: {
      packets: each((step) => (isBad(step) ? 226 : 250)),
      lost: each((step) => (isBad(step) ? 24 : 0)),
      jitterMs: each((step) => (isBad(step) ? 38.5 : 2.1)),
      roundTripMs: each((step) => (step % 3 === 0 ? 24 : null)),
      peerLoss: unknown,
    },
    b: { packets: each(() => 250), lost: each(() => 0), jitterMs: unknown, roundTripMs: unknown, peerLoss: unknown },
  };
}

const copy = {
  name: 'c2-1',
  by: 'ann',
  reason: 'echo, ticket 4711',
  startedAt: before(700),
  endedAt: before(640),
  why: 'time',
  packets: 11_980,
  dropped: 0,
  octets: 3_100_000,
};
const record = {
  call: 'c2',
  captures: [copy],
  leg: {
    trunk: 'pbx-berlin',
    remote: 'udp 10.0.0.2:5060',
    callId: 'pbx-berlin-1@example',
    localTag: 'a',
    remoteTag: 'b',
  },
  caller: '+4930123456',
  called: '+498912345',
  route: 'outbound',
  decisions,
  startedAt: before(61),
  ringingAt: before(60),
  answeredAt: before(56),
  endedAt: before(5),
  talkMs: 51_000,
  end: {
    by: 'callee',
    reason: 'hangup',
    text: 'the callee hung up',
    failure: false,
    sip: { status: 200, phrase: 'OK' },
    q850: { cause: 16, text: 'Normal call clearing' },
  },
  attempts: [
    failedAttempt,
    {
      ...failedAttempt,
      leg: { ...failedAttempt.leg, trunk: 'telekom', remote: 'tls 192.0.2.10:5061' },
      end: { by: 'callee', reason: 'hangup', text: 'the callee hung up', failure: false },
    },
  ],
  media: streamsAt(51, Date.parse(before(5))),
};

/** A line of the records, by its number: one each 37 seconds back from now. */
export function line(i: number) {
  const startedAt = now - i * 37_000;
  const isAnswered = i % 6 !== 0;
  const reason = isAnswered ? 'hangup' : i % 4 === 0 ? 'busy' : 'unreachable';
  return {
    call: i === 0 ? 'c2' : `r${i}`,
    caller: `+4930${String(100_000 + (i % 900))}`,
    called: `+4989${String(900_000 - (i % 700))}`,
    from: 'pbx-berlin',
    to: i % 5 === 0 ? 'carrier-b' : 'telekom',
    startedAt: new Date(startedAt).toISOString(),
    ...(isAnswered && { answeredAt: new Date(startedAt + 5_000).toISOString() }),
    endedAt: new Date(startedAt + 60_000).toISOString(),
    talkMs: isAnswered ? 55_000 : 0,
    attempts: i % 5 === 0 ? 2 : 1,
    end: {
      by: 'callee',
      reason,
      text: reason,
      failure: reason === 'unreachable',
      ...(!isAnswered && { sip: { status: reason === 'busy' ? 486 : 503, phrase: 'x' } }),
    },
  };
}

/** Ten million records, of which each page is made when it is asked for. */
export function pageOfRecords(url: URL, all = 10_000_000) {
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const from = Number(url.searchParams.get('cursor') ?? 0);
  return {
    items: Array.from({ length: Math.min(limit, all - from) }, (_, i) => line(from + i)),
    ...(from + limit < all && { next: String(from + limit) }),
    complete: true,
    total: all,
    estimated: all > 1_000,
  };
}

const figures = { calls: 2_335, answered: 1_946, asr: 0.833, ner: 0.94, acdMs: 55_000 };
const statistics = {
  intervalSeconds: 300,
  total: { ...figures, rang: 2_100, pddMs: { p50: 1_400, p90: 3_100, p99: 7_000 } },
  series: Array.from({ length: 280 }, (_, i) => {
    const calls = Math.round(8 + 6 * Math.sin(i / 30));
    return { at: before((280 - i) * 300), calls, answered: Math.round(calls * 0.83) };
  }),
  reasons: [
    { reason: 'hangup', calls: 1_946 },
    { reason: 'unreachable', calls: 220 },
    { reason: 'busy', calls: 169 },
  ],
  trunks: [
    { trunk: 'telekom', part: 'to', ...figures },
    { trunk: 'carrier-b', part: 'to', ...figures, calls: 467 },
    { trunk: 'pbx-berlin', part: 'from', ...figures },
  ],
};

export const administrator = { name: 'anna', role: 'administrator', via: 'session', method: 'password', totp: true };

export const answers: Answers = {
  'GET /version': { version: '1.0.0', node: 'v26.0.0' },
  'GET /me': administrator,
  'GET /sign-in': { methods: ['password', 'oidc'], isNew: false },
  'GET /problems': { items: problems },
  'GET /trunks': { items: trunks },
  'GET /trunks/:trunk': (url: URL) =>
    trunks.find(({ name }) => url.pathname.endsWith(`/${name}`)) ?? refused(404, 'There is no such trunk.'),
  'GET /capacity': { items: capacity },
  'GET /topology': topology,
  'GET /topology/positions': { places: {} },
  'GET /calls': (url: URL) => pageOfCalls(someCalls, url),
  'GET /calls/:call': (url: URL) =>
    url.pathname.endsWith('/c1')
      ? {
          live: {
            call: call(1),
            decisions,
            attempts: [failedAttempt],
            media: streamsAt((Date.now() - now) / 1000 + 60),
          },
        }
      : url.pathname.endsWith('/c2')
        ? {
            record,
            reports: [
              {
                receivedAt: before(4),
                party: 'caller',
                source: 'pbx-berlin',
                kind: 'session',
                local: { lossPercent: 2.5, jitterMs: 7, mosListening: 4.1 },
              },
              {
                receivedAt: before(20),
                party: 'callee',
                source: 'telekom',
                kind: 'alert',
                alert: { metric: 'NLR', severity: 'critical', direction: 'local' },
                local: { lossPercent: 8 },
              },
            ],
          }
        : refused(404, 'There is no such call.'),
  'GET /calls/:call/messages': (url: URL) => ({
    call: 'c1',
    messages: url.pathname.includes('/c2/') ? [] : messagesOf(),
  }),
  'DELETE /calls/:call': { at: after(0) },
  'GET /media-captures/rights': { allowed: true, seconds: 60, size: 10_000_000, keys: false },
  'GET /media-captures': {
    items: [{ ...copy, call: 'c2', writtenAt: before(640) }],
    armed: [
      {
        id: 'a1',
        by: 'ann',
        reason: 'noise, ticket 4712',
        trunk: 'carrier-b',
        number: '+49301*',
        since: before(60),
        until: after(3_540),
      },
    ],
    limits: { seconds: 60, size: 10_000_000, keys: false },
  },
  ...certificateAnswers,
  'GET /records': (url: URL) => pageOfRecords(url),
  'GET /statistics': statistics,
  'GET /configuration/draft': null,
  'GET /configuration': { file: '/etc/tandem/tandem.yaml', text: '', hash: 'x', pending: [], sound: true },
};
