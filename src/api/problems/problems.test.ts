import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EndReason } from '#engine/ports';
import { liveCall, liveTrunk, start } from '../live/live.testing.ts';
import type { LiveTrunk } from '../live/told.ts';
import type { Figures } from '../live/traffic.ts';
import { type Seen, troubleLimits, troubles } from './problems.ts';

const figures = (calls: number, reasons: Partial<Record<EndReason, number>> = {}): Figures => {
  const failed = Object.entries(reasons).reduce((sum, [reason, n]) => (reason === 'busy' ? sum : sum + n), 0);
  return {
    calls,
    answered: calls - failed,
    effective: calls - failed,
    talkMs: 0,
    reasons: new Map(Object.entries(reasons) as [EndReason, number][]),
  };
};
const well: Seen = {
  now: start,
  state: 'current',
  stateSince: start - 1,
  lagMs: 200,
  trunks: [liveTrunk('itsp')],
  calls: [liveCall('a')],
  house: {
    links: [{ link: 'the link of berlin', calls: 1, audio: 80, video: 0, refused: 0, most: { audio: 1000, video: 0 } }],
    limits: [{ name: 'group carriers', calls: 1, limits: { calls: 10 } }],
    bans: { count: 2, newest: [] },
    overload: { listeners: [{ listener: 'lan/udp', waitedMs: 3, late: false }], refused: 0 },
    certificates: [],
    counters: { recordsLost: 0 },
    restarts: { media: { died: 0, hung: 0 } },
    records: null,
  },
  hour: figures(100, { busy: 50 }),
  before: figures(100),
  hourOf: () => figures(5, { rejected: 5 }),
  isDisabled: () => false,
};
const down = (state: 'down' | 'partly-down'): LiveTrunk =>
  liveTrunk('itsp', { health: { state, since: start - 60_000, because: '5 OPTIONS unanswered', targets: [] } });
const certificate = (daysLeft: number, more: object = {}) => ({
  certificates: [
    {
      kind: 'certificate' as const,
      users: ['trunk itsp'],
      files: ['itsp.pem'],
      names: ['sbc.example'],
      notAfter: '2026-12-01T00:00:00.000Z',
      daysLeft,
      warnings: [],
      ...more,
    },
  ],
});
const registration = (stage: string) => ({
  stage,
  since: start - 5,
  addressOfRecord: 'sip:a@b',
  registrar: 'sip:b',
  lastError: { text: '403 Forbidden: the account or password is wrong', at: start },
});
const silent = (count: number, ...sides: string[]) =>
  Array.from({ length: count }, (_, n) => liveCall(`c${n}`, { silent: sides }));

describe('what is wrong now', () => {
  test('nothing, while all is well', () => {
    expect(troubles(well)).toEqual([]);
  });

  test.each<[string, Partial<Seen>, string, string, string]>([
    [
      'nobody tells',
      { state: 'lost' },
      'signalling-lost',
      'critical',
      'The signalling process does not answer: nobody knows what calls do.',
    ],
    [
      'it tells late',
      { lagMs: 12_300 },
      'signalling-late',
      'warning',
      'The signalling process has told nothing for 12 s: what is shown is that old.',
    ],
    [
      'it leaves',
      { house: { draining: true } },
      'draining',
      'critical',
      'The program is being ended: no new call is taken.',
    ],
    [
      'a full disk',
      { house: { records: { detail: 'database or disk is full', pending: 7, since: 5 } } },
      'records-unwritable',
      'critical',
      'Records cannot be written: database or disk is full. 7 wait.',
    ],
    [
      'records that are gone',
      { house: { counters: { recordsLost: 1 } } },
      'records-lost',
      'warning',
      '1 record could not be written since the signalling process began.',
    ],
    [
      'overload',
      { house: { overload: { listeners: [{ listener: 'wan/udp', waitedMs: 430, late: true }], refused: 9 } } },
      'overload',
      'critical',
      'More comes than can be done: what is read at wan/udp has waited 430 ms. New calls are refused with 503.',
    ],
    [
      'a process that died',
      { house: { restarts: { media: { died: 2, hung: 0, last: { how: 'SIGSEGV', at: start - 60_000 } } } } },
      'restart media',
      'warning',
      'The media process had to be started again (SIGSEGV), 2 times since the program began.',
    ],
    [
      'a trunk is down',
      { trunks: [down('down')] },
      'trunk-down itsp',
      'critical',
      'Trunk itsp is down: 5 OPTIONS unanswered.',
    ],
    [
      'a part of it is',
      { trunks: [down('partly-down')] },
      'trunk-partly-down itsp',
      'warning',
      'Some targets of trunk itsp are down: 5 OPTIONS unanswered.',
    ],
    [
      'it is not registered',
      { trunks: [liveTrunk('itsp', { registration: registration('failed') })] },
      'trunk-unregistered itsp',
      'critical',
      'Trunk itsp is not registered: 403 Forbidden: the account or password is wrong.',
    ],
    [
      'it is not found',
      { trunks: [liveTrunk('itsp', { notLocated: 'no such name' })] },
      'trunk-not-located itsp',
      'critical',
      'Trunk itsp is not found: no such name.',
    ],
    [
      'it is disabled',
      { trunks: [down('down')], isDisabled: () => true },
      'trunk-disabled itsp',
      'notice',
      'Trunk itsp is disabled: no call is offered to it or taken from it.',
    ],
    [
      'it fails calls',
      { hourOf: () => figures(40, { rejected: 10, unreachable: 5, busy: 12 }) },
      'trunk-failing itsp',
      'warning',
      'Trunk itsp failed 15 of 40 calls in the last hour, 10 with rejected.',
    ],
    [
      'one-way audio',
      { calls: silent(1, 'callee') },
      'one-way c0',
      'warning',
      'One-way audio: nothing is heard from the callee in the call from +493012345 to +4940777.',
    ],
    [
      'silence',
      { calls: silent(1, 'caller', 'callee') },
      'one-way c0',
      'warning',
      'Nothing is heard from either side of the call from +493012345 to +4940777.',
    ],
    [
      'much of it by one trunk',
      { calls: silent(6, 'callee') },
      'one-way itsp',
      'critical',
      'In 6 calls nothing is heard from trunk itsp.',
    ],
    [
      'a cause that spikes',
      { hour: figures(100, { 'no-media-ports': 30 }), before: figures(80, { 'no-media-ports': 1 }) },
      'cause no-media-ports',
      'critical',
      '30 % of calls (30) ended with no-media-ports in the last hour, 1.3 % (1) in the hour before: The media process could not give ports.',
    ],
    [
      'a certificate',
      { house: certificate(20) },
      'certificate itsp.pem',
      'warning',
      'The certificate of trunk itsp expires in 20 days (2026-12-01).',
    ],
    [
      'one of a listener, which is said in words',
      { house: certificate(20, { users: ['listener wan-tls/tls', 'trunk itsp'] }) },
      'certificate itsp.pem',
      'warning',
      'The certificate of listener wan-tls (TLS) and trunk itsp expires in 20 days (2026-12-01).',
    ],
    [
      'one that ends soon',
      { house: certificate(1) },
      'certificate itsp.pem',
      'critical',
      'The certificate of trunk itsp expires in 1 day (2026-12-01).',
    ],
    [
      'one that has ended',
      { house: certificate(-1) },
      'certificate itsp.pem',
      'critical',
      'The certificate of trunk itsp has expired: peers refuse our connections.',
    ],
    [
      'one that is not taken',
      { house: certificate(300, { problem: 'the key is of another' }) },
      'certificate-problem itsp.pem',
      'warning',
      'The files of the certificate of trunk itsp are not taken: the key is of another.',
    ],
    [
      'a link',
      {
        house: {
          links: [{ link: 'the link of berlin', calls: 12, audio: 960, video: 0, refused: 1, most: { audio: 1000 } }],
        },
      },
      'link the link of berlin audio',
      'warning',
      'The link of berlin is at 96 % of its audio bandwidth (960 of 1000 kbit/s, 12 calls).',
    ],
    [
      'a limit',
      { trunks: [liveTrunk('itsp', { calls: 10, limit: 10 })] },
      'full trunk itsp',
      'critical',
      'Trunk itsp has 10 of 10 calls.',
    ],
    [
      'a group',
      { house: { limits: [{ name: 'group carriers', calls: 9, limits: { calls: 10 } }] } },
      'full group carriers',
      'warning',
      'Group carriers has 9 of 10 calls.',
    ],
    [
      'bans of note',
      { house: { bans: { count: 44, newest: [{ source: '203.0.113.9', reason: 'scanner', since: '' }] } } },
      'bans',
      'notice',
      '44 sources are kept out, most of late for scanner.',
    ],
  ])('%s', (_name, more, id, severity, what) => {
    const found = troubles({ ...well, ...more });
    expect(found).toMatchObject([{ id, severity, what }]);
    expect(found[0]!.todo).toMatch(/\.$|\?$/);
    expect(found[0]!.said).toMatchObject({ code: expect.any(String), parameters: expect.any(Object) });
  });

  test('a trunk that is down is one trouble, whatever its calls come to', () => {
    const gone = figures(40, { unreachable: 40 });
    const spike = { trunks: [down('down')], hour: figures(100, { unreachable: 41 }), hourOf: () => gone };
    expect(troubles({ ...well, ...spike }).map(({ id }) => id)).toEqual(['trunk-down itsp']);
    // Others fail as well.
    const more = { ...spike, hour: figures(200, { unreachable: 90 }) };
    expect(troubles({ ...well, ...more }).map(({ id }) => id)).toEqual(['trunk-down itsp', 'cause unreachable']);
  });

  test.each<[string, Partial<Seen>]>([
    [
      'a process that died long ago',
      {
        house: { restarts: { media: { died: 1, hung: 0, last: { how: 'x', at: start - troubleLimits.restart - 1 } } } },
      },
    ],
    [
      'a cause that is as common as ever',
      { hour: figures(100, { rejected: 10 }), before: figures(100, { rejected: 8 }) },
    ],
    ['one that is rare', { hour: figures(1000, { rejected: 6 }) }],
    ['few calls that fail', { hourOf: () => figures(19, { rejected: 19 }) }],
    [
      'a registration that is only being renewed',
      { trunks: [liveTrunk('itsp', { registration: registration('refreshing') })] },
    ],
    [
      'a link without a limit',
      { house: { links: [{ link: 'l', calls: 9, audio: 99_999, video: 0, refused: 0, most: {} }] } },
    ],
  ])('no word of %s', (_name, more) => {
    expect(troubles({ ...well, ...more })).toEqual([]);
  });

  test('docs/live.md has each kind, and no other', () => {
    const root = new URL('../../../', import.meta.url);
    const source = readFileSync(new URL('src/api/problems/problems.ts', root), 'utf8');
    const manual = readFileSync(new URL('docs/live.md', root), 'utf8').split('## ')[1]!;
    const kinds = [...source.matchAll(/ id: ['`]([a-z-]+)/g)].map(([, kind]) => kind!);
    const told = manual
      .split('\n')
      .flatMap((line) => [...(/^\| (`.*?`) \|/.exec(line)?.[1] ?? '').matchAll(/`([a-z-]+)`/g)]);
    expect(told.map(([, kind]) => kind!).sort()).toEqual([...new Set(kinds)].sort());
  });

  test('the worst first, then what began last', () => {
    const found = troubles({
      ...well,
      trunks: [
        down('partly-down'),
        liveTrunk('b', { health: { state: 'down', since: start - 5, because: 'x', targets: [] } }),
        liveTrunk('c', { health: { state: 'down', since: start - 9, because: 'x', targets: [] } }),
      ],
      isDisabled: () => false,
    });
    expect(found.map(({ id }) => id)).toEqual(['trunk-down b', 'trunk-down c', 'trunk-partly-down itsp']);
  });
});
