import { describe, expect, test } from 'vitest';
import type { components } from '#client';
import type { Configuration, Trunk } from '#engine/ports';
import { trunkJson } from './trunk-json.ts';
import { banText, trunkTable } from './trunk-list.ts';
import { reportText, trunkReport } from './trunk-show.ts';
import { certificatesOf, stateOf, successOf, type TrunksAnswer, type TrunkView } from './trunk-view.ts';

type Listed = components['schemas']['Trunk'];
process.env.TZ = 'UTC';
const at = Date.UTC(2026, 10, 23, 8, 5, 9);

const target = {
  target: 'tls 192.0.2.1:5061',
  state: 'up',
  since: at - 60_000,
  because: 'OPTIONS answered 200 in 12 ms',
  roundTrip: 12.4,
  options: { answered: 9, unanswered: 1 },
  calls: { progressed: 97, unanswered: 3 },
  unreachable: 2,
  evidence: [
    { at: at - 120_000, text: 'unreachable: ECONNREFUSED', times: 2 },
    { at: at - 60_000, text: 'OPTIONS answered 200 in 12 ms', times: 1 },
  ],
} as const;

const healthy: TrunkView = {
  trunk: 'acme',
  kind: 'itsp',
  side: 'external',
  transport: 'tls',
  health: { state: 'up', since: at - 60_000, because: 'OPTIONS answered 200 in 12 ms', targets: [target] },
  targets: ['tls 192.0.2.1:5061'],
  names: ['acme.example'],
  options: [
    {
      ...{ target: 'tls 192.0.2.1:5061', at, kind: 'answered', status: 200, roundTrip: 12.4 },
      ...{ allow: 'INVITE, BYE', server: 'Gate\x1b[31mway' },
    },
  ],
  calls: 3,
  limit: 30,
};

const registration: NonNullable<TrunkView['registration']> = {
  stage: 'registered',
  since: at - 60_000,
  addressOfRecord: 'sip:me@acme.example',
  registrar: 'sip:acme.example',
  target: 'tls 192.0.2.1:5061',
  granted: 600_000,
  expiresAt: at + 540_000,
  nextAt: at + 245_000,
  lastAnswer: { status: 200, phrase: 'OK', at: at - 60_000, from: 'tls 192.0.2.1:5061' },
  tries: 0,
  serviceRoute: ['<sip:edge.acme.example;lr>'],
  path: [],
  outbound: 'off',
};

const listeners = [
  { id: 'wan/tls', name: 'wan', side: 'external', transport: 'tls', tls: {} },
  { id: 'lan/tls', name: 'lan', side: 'internal', transport: 'tls', tls: {} },
] as unknown as Configuration['listeners'];
const trunk = {
  ...{ name: 'acme', kind: 'itsp', side: 'external', transport: 'tls', capacity: { calls: 30 } },
  ...{ addresses: [{ host: 'acme.example', port: 5061, matchPort: false }], setupTimeout: 10_000, ringTimeout: 60_000 },
} as Trunk;
const configuration = { listeners, trunks: [trunk] };

const certificate = (user: string, daysLeft: number, kind: 'certificate' | 'trust' = 'certificate') => ({
  ...{ users: [user], kind, daysLeft, warnings: [] },
  ...{ files: [`/etc/${user.split(' ')[1]}.pem`], names: [user.split(' ')[1]!] },
});

function answer(view: TrunkView, more: Partial<TrunksAnswer> = {}): TrunksAnswer {
  return { at, trunks: [view], names: [], bans: [], ...more };
}

describe('how a trunk is', () => {
  const { lastAnswer: _, ...unanswered } = registration;
  test.each<[string, Partial<TrunkView>, object]>([
    ['its health', {}, { state: 'up', since: at - 60_000 }],
    ['partly', { health: { ...healthy.health, state: 'partly-down' } }, { state: 'partly' }],
    ['registered', { registration }, { state: 'up' }],
    ['registered, asking again', { registration: { ...registration, stage: 'refreshing' } }, { state: 'up' }],
    ['not registered yet', { registration: { ...unanswered, stage: 'registering' } }, { state: 'unknown' }],
    [
      'refused by its registrar',
      { registration: { ...registration, stage: 'failed', lastError: { text: '403 Forbidden', at } } },
      { state: 'down', because: 'failed: 403 Forbidden' },
    ],
    ['not in the DNS', { notLocated: 'no such name' }, { state: 'down', because: 'no such name' }],
  ])('%s', (_what, change, expected) => {
    expect(stateOf({ ...healthy, ...change })).toMatchObject(expected);
  });

  test('its success is that of its calls', () => {
    expect(successOf(healthy)).toBe(97);
    expect(successOf({ ...healthy, health: { ...healthy.health, targets: [] } })).toBeUndefined();
  });

  test('it lives by its own certificate, else by that of a listener of its side', () => {
    const of = (...all: ReturnType<typeof certificate>[]) =>
      certificatesOf('acme', ['wan/tls'], all).map(({ users }) => users[0]);
    const shared = certificate('listener wan/tls', 90);
    // It does not speak TLS, whoever else does.
    expect(of(shared, certificate('listener lan/tls', 1))).toEqual([]);
    expect(of(shared, certificate('trunk acme', 40), certificate('trunk other', 2))).toEqual(['trunk acme']);
    expect(of(shared, certificate('trunk acme', 400, 'trust'))).toEqual(['listener wan/tls', 'trunk acme']);
  });
});

const figures = { calls: 40, answered: 30, asr: 0.75, ner: 0.975, reasons: {} };
const listed: Listed = {
  ...{ name: 'acme', kind: 'itsp', side: 'external', transport: 'tls', state: 'up', because: 'OPTIONS answered 200' },
  since: new Date(at - 65_000).toISOString(),
  targets: [{ target: 'tls 192.0.2.1:5061', state: 'up', because: 'OPTIONS answered 200', roundTripMs: 12.4 }],
  registration: {
    ...{ stage: 'registered', since: new Date(at).toISOString(), nextSeconds: 245 },
    ...{ addressOfRecord: 'sip:me@acme.example', registrar: 'sip:acme.example' },
  },
  certificate: { daysLeft: 12, names: [], files: [] },
  active: 3,
  limit: 30,
  hour: { to: figures, from: { ...figures, calls: 0 } },
};
const unpainted = (_format: unknown, text: string) => text;

test('the list: a row a trunk, its targets below', () => {
  expect(trunkTable([listed], Number.POSITIVE_INFINITY, unpainted)).toBe(
    [
      'TRUNK  KIND  TRANSPORT  STATE  SINCE                CALLS    SUCCESS  REGISTRATION                    CERTIFICATE',
      'acme   itsp  tls        up     2026-11-23 08:04:04  3 of 30   97.5 %  registered, next in 4 min 05 s  12 days',
      '  tls 192.0.2.1:5061: up, 12 ms (OPTIONS answered 200)',
      '',
    ].join('\n'),
  );
  for (const line of trunkTable([listed], 80, unpainted).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('the list says why a trunk is down that its targets do not tell', () => {
  const lastError = { text: '403 Forbidden', at: new Date(at).toISOString() };
  const view = { ...listed, registration: { ...listed.registration!, stage: 'failed', lastError } };
  expect(trunkTable([view], 500, unpainted)).toContain('\n  failed: 403 Forbidden\n');
});

test('the list tells who is banned, the newest first, and not thousands', () => {
  const bans = Array.from({ length: 12 }, (_, last) => ({
    ...{ source: `203.0.113.${last}`, reason: 'scanner', detail: 'friendly\x1bone' },
    ...{ since: new Date(at + last).toISOString(), until: new Date(at + 300_000).toISOString() },
  }));
  const lines = banText(bans).split('\n').slice(1);
  expect(lines[0]).toBe('Banned, and none of them a trunk');
  expect(lines[2]).toBe('203.0.113.11  2026-11-23 08:10:09  scanner: friendly\\x1bone');
  expect(lines.slice(11)).toEqual([expect.stringContaining('203.0.113.2 '), 'and 2 more', '']);
  expect(banText([])).toBe('');
});

test('all of one trunk, and nothing that steers the terminal', () => {
  const names = [
    { question: 'SRV _sips._tcp.acme.example', answer: ['10 0 gw.other.example:5061'], expiresAt: at + 30_000 },
    { question: 'A gw.other.example', answer: ['192.0.2.1'], expiresAt: at + 30_000 },
    { question: 'A elsewhere.example', answer: ['192.0.2.2'], expiresAt: at + 30_000 },
  ];
  const connections = [
    {
      ...{
        connection: 'c1',
        peer: 'tls 192.0.2.1:5061',
        direction: 'outbound',
        state: 'open',
        since: '2026-11-23T08:00:00Z',
      },
      ...{ octetsIn: 10, octetsOut: 20, tls: { version: 'TLSv1.3', cipher: 'AES', names: ['acme.example'] } },
    },
    {
      connection: 'c2',
      peer: 'tls 192.0.2.9:5061',
      direction: 'inbound',
      state: 'open',
      since: '',
      octetsIn: 0,
      octetsOut: 0,
    },
  ];
  const report = trunkReport(configuration, trunk, answer({ ...healthy, registration }, { names, connections }));
  expect(report.names).toEqual(names.slice(0, 2));
  expect(report.connections).toEqual(connections.slice(0, 1));
  const text = reportText('acme', report);
  expect(text).not.toContain('\x1b');
  for (const line of [
    'Trunk acme\n  up since 2026-11-23 08:04:09.000 +00:00: OPTIONS answered 200 in 12 ms\n',
    '  Calls now           3 of 30\n',
    '    OPTIONS 9 answered, 1 not; calls 97 went on, 3 unanswered; 2 times not reached\n',
    '    2026-11-23 08:03:09.000 +00:00  unreachable: ECONNREFUSED, 2 times in a row\n',
    '  is                  Gate\\x1b[31mway (tls 192.0.2.1:5061)\n',
    '  last answer         200 OK from tls 192.0.2.1:5061, 2026-11-23 08:04:09.000 +00:00\n',
    '  next REGISTER       in 4 min 05 s\n',
    '  Service-Route       <sip:edge.acme.example;lr>\n',
    '  SRV _sips._tcp.acme.example: 10 0 gw.other.example:5061, good for 30.0 s\n',
    '  tls 192.0.2.1:5061 outbound, open since 2026-11-23T08:00:00Z, 10 octets in, 20 out, TLSv1.3 AES, certificate of acme.example\n',
  ])
    expect(text).toContain(line);
});

test('a program that runs by an older file does not have the trunk', () => {
  const report = trunkReport(configuration, trunk, answer({ ...healthy, trunk: 'other' }));
  expect(reportText('acme', report)).toContain('the running program does not have it');
});

test('programs get one shape, whether a file is named or not, whoever answers', () => {
  const report = trunkReport(configuration, trunk, answer({ ...healthy, registration }));
  const { details, ...same } = trunkJson(trunk, report, listed);
  expect(same).toEqual(listed);
  expect(details).toMatchObject({
    configuration: { kind: 'itsp, external' },
    targets: [{ roundTripMs: 12.4, evidence: [{ at: '2026-11-23T08:03:09.000Z' }, {}] }],
    registration: { grantedMs: 600_000, expiresAt: '2026-11-23T08:14:09.000Z' },
  });
  expect(JSON.stringify(details)).not.toMatch(/"(?:at|since|\w+At)":\d/);
  const ofSignalling = trunkJson(trunk, report, undefined);
  const { details: _details, since: _since, because: _because, ...signalling } = ofSignalling;
  expect(listed).toMatchObject(signalling);
  const ofFile = trunkJson(trunk, trunkReport(configuration, trunk, undefined), undefined);
  expect(ofFile).toMatchObject({ name: 'acme', state: 'unknown', because: 'no program runs by this file', limit: 30 });
});

test('each setting says which place of the file it is from: as it runs, else as the file has it now', () => {
  const setting = (value: string) => [{ key: 'srtp.mode', value, from: 'site tokyo' }];
  const inFile = { ...trunk, settings: setting('optional') };
  const running = trunkReport(configuration, inFile, answer({ ...healthy, settings: setting('required') }));
  expect(reportText('acme', running)).toMatch(
    /Settings, and where each is said\n {2}srtp\.mode +required \(site tokyo\)\n/,
  );
  const stopped = trunkReport(configuration, inFile, undefined);
  expect(reportText('acme', stopped)).toMatch(/srtp\.mode +optional \(site tokyo\)/);
  expect(reportText('acme', trunkReport(configuration, trunk, undefined))).not.toContain('Settings');
});
