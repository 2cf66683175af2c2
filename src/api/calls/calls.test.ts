import { describe, expect, test } from 'vitest';
import type { CallRecord, Configuration, ReceivedReport } from '#engine/ports';
import type { RecordReader } from '#shell/store';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';
import { ended, liveCall, liveTrunk, mirrorOf, start } from '../live/live.testing.ts';

const operator = (sites?: string[]): Principal => ({
  name: 'ann',
  role: 'operator',
  via: 'token',
  ...(sites && { sites }),
});
const configuration = () =>
  ({
    trunks: [
      { name: 'pbx', site: 'berlin', kind: 'ip-pbx', side: 'internal', transport: 'udp', capacity: {} },
      { name: 'itsp', kind: 'itsp', side: 'external', transport: 'udp', capacity: { calls: 10 } },
    ],
    listeners: [],
  }) as unknown as Configuration;

const calls = [
  liveCall('c1', { startedAt: start, site: 'berlin' }),
  liveCall('c2', { startedAt: start + 1, phase: 'setup', a: { trunk: 'gw' }, caller: '0815' }),
  liveCall('c3', { startedAt: start + 2, hold: ['caller'], a: { trunk: 'gw' } }),
];

async function house(principal: Principal = operator(), more: Parameters<typeof apiOf>[0] = {}) {
  const live = mirrorOf({ calls, trunks: [liveTrunk('itsp', { calls: 3, limit: 10 })] });
  const one = await apiOf({ live, configuration, ...more }, async () => principal);
  const get = async (url: string) => {
    const answer = await one.app.inject(`/api/v1${url}`);
    return { status: answer.statusCode, body: answer.json() };
  };
  return { ...one, live, get };
}

describe('calls that stand', () => {
  test('newest first, page by page', async () => {
    const { get } = await house();
    const first = (await get('/calls?limit=2')).body;
    expect(first).toMatchObject({ total: 3, standing: 3, state: 'current', lagMs: 0 });
    expect(first.items.map(({ call }: { call: string }) => call)).toEqual(['c3', 'c2']);
    expect(first.items[0]).toMatchObject({
      from: { trunk: 'gw' },
      to: { trunk: 'itsp' },
      startedAt: '2026-11-23T12:00:00.002Z',
      hold: ['caller'],
    });
    const second = (await get(`/calls?limit=2&cursor=${first.next}`)).body;
    expect(second.items.map(({ call }: { call: string }) => call)).toEqual(['c1']);
    expect(second.next).toBeUndefined();
  });

  test.each([
    ['phase=setup', ['c2']],
    ['state=hold', ['c3']],
    ['trunk=pbx', ['c1']],
    ['number=08', ['c2']],
    ['site=berlin', ['c1']],
    ['sort=caller&text=c', ['c1', 'c3', 'c2'].sort((a, b) => (a === 'c2' ? 1 : b === 'c2' ? -1 : a < b ? -1 : 1))],
  ])('by %s', async (query, wanted) => {
    const { get } = await house();
    const found = (await get(`/calls?${query}`)).body.items.map(({ call }: { call: string }) => call);
    expect(new Set(found)).toEqual(new Set(wanted));
  });

  test('what cannot be asked is said', async () => {
    const { get } = await house();
    expect((await get('/calls?sort=colour')).body).toMatchObject({
      status: 400,
      detail: expect.stringContaining('started'),
    });
    for (const cursor of ['x', 'W10', 'WyJhIiwxXQ'])
      expect((await get(`/calls?cursor=${cursor}`)).body.status).toBe(400);
  });

  test('who has some sites sees calls of theirs, and ends no other', async () => {
    const { get, app, asked } = await house(operator(['berlin']), { answers: { end: () => ({ at: 7 }) } });
    expect((await get('/calls')).body.items.map(({ call }: { call: string }) => call)).toEqual(['c1']);
    expect((await get('/calls/c2')).status).toBe(404);
    const end = (call: string) => app.inject({ method: 'DELETE', url: `/api/v1/calls/${call}` });
    expect((await end('c2')).statusCode).toBe(404);
    expect(asked).toEqual([]);
    expect((await end('c1')).json()).toEqual({ at: '1970-01-01T00:00:00.007Z' });
    expect(asked).toEqual([['end', { call: 'c1', by: 'ann' }]]);
  });

  test('a viewer ends none', async () => {
    const { app } = await house({ name: 'vera', role: 'viewer', via: 'token' });
    expect((await app.inject({ method: 'DELETE', url: '/api/v1/calls/c1' })).statusCode).toBe(403);
  });
});

describe('one call', () => {
  const trace = {
    call: 'c1',
    decisions: [{ rule: 'out', outcome: 'matches: itsp' }],
    attempts: [],
  };
  test('while it stands: all that was decided, and what is measured', async () => {
    const side = (packets: number) => ({ packets, bytes: 0, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0 });
    const streams = { stream: 0, media: 'audio', a: side(5), b: side(6) };
    const course = { stepMs: 5000, agoMs: 12_000, a: '250*2;0,3;0.4,-;-*2;-,0.25', b: '0*2;-*2;-*2;-*2;-*2' };
    const media = { c1: [{ ...streams, course }] };
    const { get, asked } = await house(undefined, { answers: { call: () => ({ calls: [trace], media }) } });
    const nothing = [null, null];
    expect((await get('/calls/c1')).body).toMatchObject({
      live: {
        call: { call: 'c1', codecs: { caller: 'PCMA' } },
        decisions: trace.decisions,
        media: [
          {
            ...streams,
            course: {
              startedAt: expect.stringMatching(/^20.*Z$/),
              stepMs: 5000,
              a: {
                packets: [250, 250],
                lost: [0, 3],
                jitterMs: [0.4, null],
                roundTripMs: nothing,
                peerLoss: [null, 0.25],
              },
              b: { packets: [0, 0], lost: nothing, jitterMs: nothing, roundTripMs: nothing, peerLoss: nothing },
            },
          },
        ],
      },
    });
    expect(asked).toEqual([['call', { call: 'c1', course: true }]]);
  });

  test('when it has ended: its record, from memory or from the disk; also where it ended a moment ago', async () => {
    const onDisk = ended('c9', 30);
    const said: ReceivedReport = {
      receivedAt: start + 31_000,
      source: onDisk.leg.trunk,
      report: { kind: 'session', ends: true, callId: onDisk.leg.callId, local: { lossPercent: 2, mosListening: 4.1 } },
    };
    const reports = (legs: readonly { trunk: string; callId: string }[]) =>
      legs.some(({ callId }) => callId === said.report.callId) ? [said] : [];
    const records = () =>
      ({ find: (call: string) => (call === 'c9' ? [onDisk] : []), reports }) as unknown as RecordReader;
    const { get, live } = await house(undefined, { records, answers: { call: () => ({ calls: [] }) } });
    expect((await get('/calls/c9')).body.record).toMatchObject({
      call: 'c9',
      endedAt: '2026-11-23T12:00:30.000Z',
      end: { reason: 'hangup', text: 'The caller hung up.', failure: false },
    });
    expect((await get('/calls/c9')).body.reports).toEqual([
      {
        receivedAt: '2026-11-23T12:00:31.000Z',
        party: 'caller',
        source: onDisk.leg.trunk,
        kind: 'session',
        local: { lossPercent: 2, mosListening: 4.1 },
      },
    ]);
    live.apply({ kind: 'ended', records: [ended('c1', 9)], at: start });
    expect((await get('/calls/c1')).body.record.call).toBe('c1');
    expect((await get('/calls/none')).status).toBe(404);
  });
});

describe('what happens', () => {
  /** Reads a stream until it has told so much. */
  async function follow(one: Awaited<ReturnType<typeof house>>, query: string, headers: Record<string, string> = {}) {
    const answer = await one.app.inject({ url: `/api/v1/events${query}`, payloadAsStream: true, headers });
    let text = '';
    const stream = answer.stream();
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const told = () =>
      text
        .split('\n\n')
        .filter((block) => block.includes('event: '))
        .map((block) => ({
          id: /^id: (.*)$/m.exec(block)?.[1],
          event: /^event: (.*)$/m.exec(block)![1],
          data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!),
        }));
    return { answer, told, stream };
  }
  const soon = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  test('is told as it happens, to who wants to hear it', async () => {
    const one = await house();
    const all = await follow(one, '');
    const some = await follow(one, '?kinds=ended,calls&trunk=pbx');
    expect(all.answer.headers['content-type']).toContain('text/event-stream');
    one.live.apply({ kind: 'calls', calls: [liveCall('n1', { a: { trunk: 'gw' } })], gone: ['c2'], at: start });
    one.live.apply({ kind: 'trunks', trunks: [liveTrunk('itsp', { calls: 9 })], at: start });
    one.live.apply({ kind: 'ended', records: [ended('c1', 9)], at: start });
    await soon();
    expect(all.told().map(({ event }) => event)).toEqual(['hello', 'calls', 'trunk', 'ended']);
    expect(all.told()[1]!.data).toMatchObject({ changed: [{ call: 'n1' }], gone: ['c2'] });
    expect(all.told()[2]!.data.trunk).toMatchObject({ name: 'itsp', active: 9 });
    expect(all.told()[3]!.data.records[0]).toMatchObject({ call: 'c1', from: 'pbx', to: 'itsp' });
    // What does not fit is gone for who follows the rest.
    expect(some.told().map(({ event, data }) => [event, data.gone])).toEqual([
      ['hello', undefined],
      ['calls', ['c2', 'n1']],
      ['ended', undefined],
    ]);
    await one.app.close();
  });

  test('of a trunk has calls that were offered to it and taken elsewhere', async () => {
    const one = await house();
    const { told } = await follow(one, '?kinds=ended&trunk=gw');
    const [first] = ended('e1', 1, { to: 'gw' }).attempts;
    const record = ended('e1', 1);
    one.live.apply({
      kind: 'ended',
      records: [{ ...record, attempts: [first!, ...record.attempts] }, ended('e2', 1)],
      at: start,
    });
    await soon();
    expect(told().map(({ event, data }) => [event, data.records?.map(({ call }: { call: string }) => call)])).toEqual([
      ['hello', undefined],
      ['ended', ['e1']],
    ]);
    await one.app.close();
  });

  test('goes on where one was cut off; where nobody knows any more it says so', async () => {
    const one = await house();
    const first = await follow(one, '');
    one.live.apply({ kind: 'calls', calls: [liveCall('n1')], at: start });
    await soon();
    const { id } = first.told().at(-1)!;
    first.stream.destroy();
    one.live.apply({ kind: 'calls', calls: [liveCall('n2')], at: start });
    const again = await follow(one, '', { 'last-event-id': id! });
    await soon();
    expect(again.told().map(({ event, data }) => [event, data.changed?.[0].call])).toEqual([
      ['hello', undefined],
      ['calls', 'n2'],
    ]);
    // Cut off before he has heard what he missed he begins there once more.
    expect(first.told()[0]!.id).toBe(`${one.live.journal.epoch}.${Number(id!.split('.')[1]) - 1}`);
    expect(again.told()[0]!.id).toBeUndefined();
    const lost = await follow(one, '?after=other.5');
    await soon();
    expect(lost.told().map(({ event, id: of }) => [event, of])).toEqual([
      ['hello', undefined],
      ['reset', `${one.live.journal.epoch}.${one.live.journal.number}`],
    ]);
    await one.app.close();
  });

  test('of their sites to who has some', async () => {
    const one = await house(operator(['berlin']));
    const { told } = await follow(one, '');
    one.live.apply({ kind: 'house', house: { draining: true }, at: start });
    one.live.apply({ kind: 'trunks', trunks: [liveTrunk('itsp'), liveTrunk('pbx')], at: start });
    one.live.apply({ kind: 'calls', calls: [liveCall('n1', { a: { trunk: 'gw' } })], at: start });
    one.live.apply({
      kind: 'ended',
      records: [ended('e1', 1, { leg: { ...ended('e1', 1).leg, trunk: 'gw' } } as Partial<CallRecord>)],
      at: start,
    });
    await soon();
    expect(told().map(({ event, data }) => [event, data.trunk?.name ?? data.changed])).toEqual([
      ['hello', undefined],
      ['trunk', 'pbx'],
    ]);
    // That others stand or end elsewhere is not told either; that one of theirs has ended, or is theirs no more, is.
    one.live.apply({ kind: 'calls', calls: [liveCall('n2', { a: { trunk: 'pbx' } }), liveCall('n3')], at: start });
    one.live.apply({ kind: 'calls', calls: [], gone: ['n1'], at: start });
    one.live.apply({ kind: 'calls', calls: [liveCall('n3', { a: { trunk: 'gw' } })], gone: ['n2'], at: start });
    await soon();
    const { changed, gone } = told().at(-1)!.data;
    expect([changed, gone]).toEqual([[], ['n2', 'n3']]);
    expect(JSON.stringify(told())).not.toContain('n1');
    await one.app.close();
  });

  test('to nobody who left before it was known who he is: he keeps no place', async () => {
    const { promise, resolve } = Promise.withResolvers<Principal>();
    const live = mirrorOf();
    const { app } = await apiOf({ live }, () => promise);
    const before = live.journal.listeners;
    const stop = new AbortController();
    const asked = app.inject({ url: '/api/v1/events', signal: stop.signal }).catch(() => {});
    await soon();
    stop.abort();
    await asked;
    resolve(operator());
    await soon();
    expect(live.journal.listeners).toBe(before);
    await app.close();
  });

  test('to eight pages of one, and no more; all end with the server', async () => {
    const one = await house();
    const before = one.live.journal.listeners;
    expect((await one.app.inject('/api/v1/events?kinds=news')).json().detail).toContain('There are no events news');
    for (let n = 0; n < 8; n++) await follow(one, '');
    expect((await one.app.inject('/api/v1/events')).statusCode).toBe(429);
    expect(one.live.journal.listeners).toBe(before + 8);
    await one.app.close();
    expect(one.live.journal.listeners).toBe(before);
  });
});

describe('trunks', () => {
  test('with all that is known of them', async () => {
    const at = start - 1_000;
    const live = mirrorOf({
      trunks: [
        liveTrunk('itsp', {
          calls: 3,
          limit: 10,
          options: [
            { target: 'a', at: at - 5, kind: 'unanswered' },
            { target: 'b', at, kind: 'answered', status: 200, roundTrip: 12.34 },
          ],
          registration: {
            stage: 'registered',
            since: at,
            addressOfRecord: 'sip:a@b',
            registrar: 'sip:b',
            nextAt: start + 90_000,
          },
        }),
      ],
      house: {
        certificates: [
          { kind: 'certificate', users: ['trunk itsp'], files: ['a.pem'], names: [], daysLeft: 12, warnings: [] },
        ],
      },
    });
    const refused = { by: 'callee', reason: 'rejected', sip: { status: 403, phrase: 'Forbidden' } } as const;
    live.apply({
      kind: 'ended',
      records: [ended('a', -60), ended('b', -30, { end: refused, answeredAt: undefined })],
      at: start,
    });
    const { get } = await house(undefined, { live, wall: () => start });
    expect((await get('/trunks/itsp')).body).toMatchObject({
      name: 'itsp',
      state: 'up',
      active: 3,
      limit: 10,
      options: { target: 'b', result: 'answered', status: 200, roundTripMs: 12.3 },
      registration: { stage: 'registered', nextSeconds: 90 },
      certificate: { daysLeft: 12 },
      hour: { to: { calls: 2, answered: 1, asr: 0.5, ner: 0.5 }, from: { calls: 0 } },
      lastFailure: {
        call: 'b',
        text: 'The called side refused the call with another final status. SIP 403 Forbidden.',
        end: { by: 'callee', reason: 'rejected', failure: true, sip: { status: 403, phrase: 'Forbidden' } },
      },
    });
    expect(
      (await get('/trunks')).body.items.map(({ name, state }: { name: string; state: string }) => [name, state]),
    ).toEqual([
      ['pbx', 'unknown'],
      ['itsp', 'up'],
    ]);
    expect((await get('/trunks?state=up')).body.items).toHaveLength(1);
    expect((await get('/capacity')).body.items).toEqual([
      {
        name: 'trunk itsp',
        kind: 'trunk',
        said: { code: 'rule-trunk', parameters: { trunk: 'itsp' } },
        calls: 3,
        limit: 10,
        share: 0.3,
      },
    ]);
  });

  test('one that is disabled says until when', async () => {
    const until = start + 60_000;
    const off = () => ({
      ...configuration(),
      trunks: configuration().trunks.map((one) => ({ ...one, disabled: { until } })),
    });
    const { get } = await house(undefined, { configuration: off, wall: () => start });
    expect((await get('/trunks/itsp')).body).toMatchObject({
      state: 'disabled',
      disabledUntil: '2026-11-23T12:01:00.000Z',
    });
    expect((await get('/problems')).body.items).toMatchObject([{ id: 'trunk-disabled itsp', severity: 'notice' }]);
    const later = await house(undefined, { configuration: off, wall: () => until });
    expect((await later.get('/trunks/itsp')).body.state).toBe('up');
  });

  test('a test is begun, followed and stopped; each trunk is tested once at a time', async () => {
    const begun: [string, object, AbortSignal][] = [];
    const { promise, resolve } = Promise.withResolvers<{ ok: boolean; verdict: string }>();
    const one = await house(undefined, {
      testTrunk: (trunk, options, stop, onStep) => {
        begun.push([trunk, options, stop]);
        onStep({ name: 'DNS' });
        onStep({ name: 'DNS', verdict: 'passed' });
        return promise;
      },
    });
    const post = (body: object) => one.app.inject({ method: 'POST', url: '/api/v1/trunks/itsp/test', body });
    const { test: id, running } = (await post({ number: '+4930' })).json();
    expect([running, begun[0]![0], begun[0]![1]]).toEqual([true, 'itsp', { number: '+4930' }]);
    expect((await post({})).statusCode).toBe(409);
    expect((await post({ number: '--output=x' })).statusCode).toBe(400);
    expect((await one.get(`/trunks/itsp/test/${id}`)).body).toMatchObject({
      steps: [{ name: 'DNS', verdict: 'passed' }],
      running: true,
    });
    expect((await one.get(`/trunks/pbx/test/${id}`)).status).toBe(404);
    expect((await one.app.inject({ method: 'DELETE', url: `/api/v1/trunks/itsp/test/${id}` })).statusCode).toBe(204);
    expect(begun[0]![2].aborted).toBe(true);
    resolve({ ok: false, verdict: 'itsp does not work' });
    await expect.poll(async () => (await one.get(`/trunks/itsp/test/${id}`)).body.verdict).toBe('itsp does not work');
    const told = one.live.journal.after(0)!.filter(({ event }) => event.kind === 'test');
    expect(told).toHaveLength(3);
  });
});

test('a ban is lifted', async () => {
  const { app, asked } = await house(undefined, { answers: { unban: () => ({ at: 1 }) } });
  expect((await app.inject({ method: 'DELETE', url: '/api/v1/bans/2001%3Adb8%3A%3A%2F64' })).statusCode).toBe(204);
  expect(asked.at(-1)).toEqual(['unban', { source: '2001:db8::/64' }]);
});
