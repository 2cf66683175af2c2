import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { capture, packetBlocks } from '#codec/pcapng';
import type { Configuration, MediaCapture, MediaCaptureConfiguration } from '#engine/ports';
import { CaptureStore } from '#shell/capture-store';
import { ManagementStore, Passwords } from '#shell/management-store';
import { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';
import { ended, liveCall as standing, start } from '../live/live.testing.ts';
import { Mirror } from '../live/mirror.ts';
import { CaptureDesk, type CaptureEvent } from './desk.ts';

const sdp = 'v=0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETSECRET\r\n';
const invite = `INVITE sip:1@x SIP/2.0\r\nCall-ID: 1-a\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-captures-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function house(media?: Partial<MediaCaptureConfiguration>, tracing: object = {}) {
  const clock = { now: start };
  const wall = () => clock.now;
  const rules = { longest: 60_000, size: 1e7, lifetime: 86_400_000, ...media };
  const state = {
    configuration: {
      trunks: [{ name: 'pbx' }, { name: 'itsp', site: 'berlin' }, { name: 'bank' }],
      listeners: [{ id: 'lan', bind: { host: '10.0.0.1', port: 5060 }, advertise: { host: '10.0.0.1', port: 5060 } }],
      tracing: { keep: [], lifetime: 1, size: 1, ...(media && { media: rules }), ...tracing },
    } as unknown as Configuration,
  };
  const store = ManagementStore.open();
  const access = new Access({
    store,
    configuration: () => undefined,
    wall,
    passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
  });
  const live = new Mirror(wall, () => true);
  const files = new CaptureStore(directory);
  const told: CaptureEvent[] = [];
  const asked: [string, object][] = [];
  const ask = async (query: string, more: object = {}) => {
    asked.push([query, more]);
    if (query === 'call') return { calls: [{ call: '1', a: { trunk: 'pbx', callId: '1-a' } }] };
    if (query === 'messages')
      return {
        messages: [
          {
            at: start,
            sent: false,
            flow: { listener: 'lan', transport: 'udp', remote: { host: '10.0.0.2', port: 5060 } },
            octets: invite,
          },
        ],
      };
    return { at: 5 };
  };
  const desk = new CaptureDesk({
    ask: ask as never,
    live,
    wall,
    configuration: () => state.configuration,
    store: files,
    audit: (event) => void told.push(event),
    wasTold: (what, object) => told.some((one) => one.what === what && one.object === object),
    onTrouble: (why) => void told.push({ who: '', what: why, object: '', detail: {} }),
  });
  const who: { principal: Principal } = { principal: { name: 'ann', role: 'administrator', via: 'session' } };
  const { app } = await apiOf(
    { wall, access, live, captures: desk, ask: ask as never, configuration: () => state.configuration },
    async () => who.principal,
  );
  const as = (name: string, role: Principal['role'], more: Partial<Principal> = {}) => {
    who.principal = { name, role, via: 'session', ...more };
  };
  const request = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const answer = await app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return { status: answer.statusCode, body: isJson ? answer.json() : undefined, raw: answer.rawPayload };
  };
  const stands = (call: string, more: object = {}) =>
    live.apply({
      kind: 'calls',
      at: clock.now,
      calls: [{ ...standing(call), a: { trunk: 'pbx', callId: `${call}-a` }, b: { trunk: 'itsp' }, ...more }],
    });
  stands('1');
  const audited = () => store.audit.list({}, 50).map(({ who: by, what, status, detail }) => [by, what, status, detail]);
  return { state, clock, live, desk, files, told, asked, as, request, stands, audited };
}

const reason = 'echo, ticket 4711';
const copied: MediaCapture = { name: '1-1', by: 'ann', reason, startedAt: start };
const onDisk = (name = '1-1') => {
  mkdirSync(join(directory, 'captures'), { recursive: true });
  const packet = {
    at: start + 500,
    from: { host: '10.0.0.2', port: 4000 },
    to: { host: '10.0.0.1', port: 20_000 },
    transport: 'udp',
    octets: 'hello',
  } as const;
  writeFileSync(join(directory, 'captures', `${name}.pcapng`), capture([packet], { application: 'x' }));
};

describe('who may have media copied', () => {
  const everything = [
    'POST /calls/1/media-capture',
    'DELETE /calls/1/media-capture',
    'GET /media-captures',
    'GET /media-captures/1-1/capture.pcapng',
    'DELETE /media-captures/1-1',
    'POST /media-captures/armed',
    'DELETE /media-captures/armed/x',
  ];
  const tried = async ({ request }: Awaited<ReturnType<typeof house>>) => {
    const statuses = new Set<number>();
    for (const one of everything) {
      const [method, url] = one.split(' ') as ['GET', string];
      const body = one.startsWith('POST') ? { reason, ...(url.endsWith('armed') && { number: '1' }) } : undefined;
      statuses.add((await request(method, url, body)).status);
    }
    return [...statuses];
  };

  test.each([
    ['viewer', undefined, false],
    ['operator', undefined, false],
    ['operator', ['ann'], true],
    ['administrator', undefined, true],
    ['administrator', ['bob'], false],
  ] as const)('a %s (by: %s) is told whether he may without being refused: %s', async (role, by, allowed) => {
    const { as, request, audited } = await house({ ...(by && { by }), trunks: ['pbx'] });
    as('ann', role);
    const { status, body } = await request('GET', '/media-captures/rights');
    expect(status).toBe(200);
    expect(body).toEqual(
      allowed
        ? { allowed, seconds: 60, size: 1e7, keys: false, trunks: ['pbx'] }
        : { allowed, why: expect.stringMatching(/administrators|tracing\.media\.by/) },
    );
    expect((await request('GET', '/media-captures')).status).toBe(allowed ? 200 : 403);
    expect(audited().filter(([, what]) => String(what).includes('rights'))).toEqual([]);
  });

  test('nobody, unless the configuration allows it', async () => {
    const made = await house();
    onDisk();
    expect(await tried(made)).toEqual([403]);
    made.as('local', 'administrator', { via: 'socket' });
    expect(await tried(made)).toEqual([403]);
    expect(made.asked).toEqual([]);
  });

  test.each([
    ['viewer', undefined],
    ['operator', undefined],
    ['viewer', ['ann']],
    ['operator', ['bob']],
    ['administrator', ['bob']],
  ] as const)('a %s who is not named (by: %s) is refused, and that is in the audit log', async (role, by) => {
    const made = await house(by ? { by } : {});
    made.as('ann', role);
    onDisk();
    expect(await tried(made)).toEqual([403]);
    expect(made.asked).toEqual([]);
    expect(made.audited()).toContainEqual([
      'ann',
      'POST /api/v1/calls/:call/media-capture',
      403,
      role === 'viewer' ? '{}' : expect.stringContaining(reason),
    ]);
    expect(made.audited()).toContainEqual(['ann', 'GET /api/v1/media-captures/:name/capture.pcapng', 403, '{}']);
  });

  test.each([
    ['administrator', undefined, 'session'],
    ['operator', ['ann'], 'session'],
    ['operator', ['ann'], 'token'],
  ] as const)('a %s may (by: %s)', async (role, by, via) => {
    const { as, request } = await house(by ? { by } : {});
    as('ann', role, { via });
    expect((await request('POST', '/calls/1/media-capture', { reason })).status).toBe(202);
  });

  test('of a call of his sites alone, and of those that the configuration names', async () => {
    const { as, request, stands, state } = await house({ sites: ['berlin'], trunks: ['bank'] });
    expect((await request('POST', '/calls/1/media-capture', { reason })).status).toBe(202);
    as('ann', 'administrator', { sites: ['rome'] });
    expect((await request('POST', '/calls/1/media-capture', { reason })).status).toBe(404);
    as('ann', 'administrator');
    stands('2', { a: { trunk: 'pbx' }, b: { trunk: 'other' } });
    expect((await request('POST', '/calls/2/media-capture', { reason })).status).toBe(403);
    stands('3', { a: { trunk: 'pbx' }, b: { trunk: 'bank' } });
    expect((await request('POST', '/calls/3/media-capture', { reason })).status).toBe(202);
    expect(state.configuration.tracing?.media).toBeDefined();
  });
});

describe('a copy that is asked for', () => {
  test('goes to the signalling process with its limits and why; the audit log has it', async () => {
    const { request, asked, audited } = await house();
    const { request: again, asked: of } = await house({});
    expect((await request('POST', '/calls/1/media-capture', { reason })).status).toBe(403);
    expect((await again('POST', '/calls/1/media-capture', { reason, seconds: 20, size: 500_000 })).status).toBe(202);
    expect(asked).toEqual([]);
    expect(of).toEqual([['capture', { call: '1', by: 'ann', reason, ms: 20_000, octets: 500_000 }]]);
    expect(audited()).toHaveLength(1);
  });

  test.each([
    ['no reason', {}, 400],
    ['an empty one', { reason: '   ' }, 400],
    ['more seconds than may be', { reason, seconds: 61 }, 422],
    ['more octets than may be', { reason, size: 20_000_000 }, 422],
    ['keys where they are hidden', { reason, keys: true }, 403],
  ])('with %s is refused', async (_name, body, status) => {
    const { request, asked } = await house({});
    expect((await request('POST', '/calls/1/media-capture', body)).status).toBe(status);
    expect(asked).toEqual([]);
  });

  test('has keys where they may be seen', async () => {
    const { request, asked } = await house({}, { keys: true });
    expect((await request('POST', '/calls/1/media-capture', { reason, keys: true })).status).toBe(202);
    expect(asked).toEqual([['capture', expect.objectContaining({ keys: true })]]);
  });

  test('is of a call that stands, passes here, and is not copied already', async () => {
    const { request, stands } = await house({});
    expect((await request('POST', '/calls/9/media-capture', { reason })).status).toBe(404);
    stands('2', { media: 'bypass' });
    expect((await request('POST', '/calls/2/media-capture', { reason })).status).toBe(409);
    expect((await request('DELETE', '/calls/1/media-capture')).status).toBe(409);
    stands('1', { captures: [copied] });
    expect((await request('POST', '/calls/1/media-capture', { reason })).status).toBe(409);
    expect((await request('DELETE', '/calls/1/media-capture')).status).toBe(202);
  });

  test('is seen by everybody who sees the call, and so is what became of it', async () => {
    const { as, request, stands, live } = await house({});
    stands('1', { captures: [copied] });
    as('eve', 'viewer');
    const { items } = (await request('GET', '/calls')).body;
    expect(items[0].captures).toEqual([{ name: '1-1', by: 'ann', reason, startedAt: new Date(start).toISOString() }]);
    const over = { ...copied, endedAt: start + 3000, why: 'time', packets: 12, dropped: 0, octets: 3000 };
    live.apply({ kind: 'ended', at: start, records: [{ ...ended('1', 5), captures: [over] }] });
    const { record } = (await request('GET', '/calls/1')).body;
    expect(record.captures).toMatchObject([{ by: 'ann', why: 'time', packets: 12 }]);
  });

  test('that has ended is in the audit log, once, whichever way it is told', async () => {
    const { stands, live, told } = await house({});
    stands('1', { captures: [copied] });
    expect(told).toEqual([]);
    const over = { ...copied, endedAt: start + 3000, why: 'time', packets: 12, dropped: 0, octets: 3000 } as const;
    stands('1', { captures: [over] });
    live.apply({ kind: 'ended', at: start, records: [{ ...ended('1', 5), captures: [over] }] });
    expect(told).toEqual([
      {
        who: 'ann',
        what: 'ENDED media capture',
        object: '/api/v1/media-captures/1-1',
        detail: expect.objectContaining({ call: '1', why: 'time', reason, ms: 3000, packets: 12, octets: 3000 }),
      },
    ]);
  });
});

describe('a copy on the disk', () => {
  test('is listed, downloaded with the messages of its call in their order, and let go', async () => {
    const { request, stands, audited } = await house({});
    stands('1', { captures: [{ ...copied, endedAt: start + 1000, why: 'time' }] });
    onDisk();
    const { items, limits } = (await request('GET', '/media-captures')).body;
    expect(items).toMatchObject([{ name: '1-1', call: '1', by: 'ann', reason, octets: expect.any(Number) }]);
    expect(limits).toEqual({ seconds: 60, size: 1e7, keys: false });
    const { status, raw } = await request('GET', '/media-captures/1-1/capture.pcapng');
    expect(status).toBe(200);
    const text = raw.toString('latin1');
    expect(packetBlocks(raw).map(({ at }) => at)).toEqual([start, start + 500]);
    expect([text.indexOf('INVITE') > 0, text.indexOf('hello') > text.indexOf('INVITE')]).toEqual([true, true]);
    // What follows is in clear: a reader shall not take it for SRTP. Nor are there keys, and lengths are right.
    expect(text).toContain(`m=audio 4000 RTP/AVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxxxxxx\r\n`);
    expect(text).toContain(`Content-Length: ${sdp.length - 1}\r\n`);
    expect(text).toContain('RTP/SAVP is written as RTP/AVP');
    expect(text).not.toContain('SECRET');
    const row = audited().find(([, what]) => what === 'GET /api/v1/media-captures/:name/capture.pcapng');
    expect(row).toMatchObject(['ann', expect.any(String), 200, expect.stringContaining(`"octets":${raw.length}`)]);
    expect(row![3]).toContain(reason);
    expect((await request('DELETE', '/media-captures/1-1')).status).toBe(204);
    expect((await request('GET', '/media-captures/1-1/capture.pcapng')).status).toBe(404);
  });

  test.each(['..%2F..%2Fmanagement', 'armed', '1-9', '%2e%2e'])('of the name %s there is none', async (name) => {
    const { request } = await house({});
    onDisk();
    expect((await request('GET', `/media-captures/${name}/capture.pcapng`)).status).toBe(404);
  });

  test('goes when its time is over, and that is told', async () => {
    onDisk();
    utimesSync(join(directory, 'captures/1-1.pcapng'), start / 1000, (start - 86_400_001) / 1000);
    const { told, files } = await house({});
    expect(files.list()).toEqual([]);
    expect(told).toMatchObject([{ what: 'DELETED media capture', object: '/api/v1/media-captures/1-1' }]);
  });
});

describe('the next call', () => {
  const next = { reason, number: '+4930*', minutes: 10, seconds: 5 };
  const waits = (asked: readonly (readonly [string, object])[]) =>
    asked.flatMap(([query, more]) => (query === 'arm' ? [(more as { armed: { id: string }[] }).armed] : []));

  test('that fits is for signalling to know; that it was copied is told once, in the name of who waited', async () => {
    const { request, stands, live, asked, told, files } = await house({});
    const { body } = await request('POST', '/media-captures/armed', next);
    expect(body).toMatchObject({ by: 'ann', reason, number: '+4930*' });
    const until = start + 600_000;
    const order = { id: body.id, by: 'ann', reason, ms: 5_000, octets: 1e7, number: '+4930*', since: start, until };
    expect(waits(asked)).toEqual([[order]]);
    const copy = { ...copied, name: '3-1', armed: body.id, most: { ms: 5_000, octets: 1e7 } };
    stands('3', { captures: [copy] });
    stands('3', { captures: [copy] });
    live.apply({
      kind: 'ended',
      at: start + 1,
      records: [{ ...ended('3', 5), captures: [{ ...copy, why: 'closed' }] }],
    });
    expect(told.map(({ who, what, object }) => [who, what, object])).toEqual([
      ['ann', 'BEGUN media capture', '/api/v1/media-captures/3-1'],
      ['ann', 'ENDED media capture', '/api/v1/media-captures/3-1'],
    ]);
    expect(told[0]!.detail).toMatchObject({ call: '3', reason, armed: body.id, seconds: 5 });
    // Nobody waits any longer, and signalling knows.
    expect((await request('GET', '/media-captures')).body.armed).toEqual([]);
    expect([files.armed(), waits(asked).at(-1)]).toEqual([[], []]);
  });

  test('is told again to a signalling process that begins anew; a copy that goes on in another call is told too', async () => {
    const { request, live, stands, asked, told } = await house({});
    const { body } = await request('POST', '/media-captures/armed', { reason, trunk: 'bank' });
    live.lost();
    live.apply({ kind: 'begin', at: start });
    live.apply({ kind: 'current', at: start });
    expect(waits(asked).map((list) => list.map(({ id }) => id))).toEqual([[body.id], [body.id]]);
    stands('5', { captures: [{ ...copied, name: '5-1', continues: '1-1' }] });
    expect(told).toMatchObject([{ what: 'BEGUN media capture', detail: { call: '5', continues: '1-1' } }]);
  });

  test('is not waited for longer than was said, nor when somebody thinks otherwise; who waits outlives the process', async () => {
    const { request, clock, asked, desk, files } = await house({});
    const { body } = await request('POST', '/media-captures/armed', next);
    expect(files.armed()).toHaveLength(1);
    expect(desk.armed).toHaveLength(1);
    expect((await request('DELETE', `/media-captures/armed/${body.id}`)).status).toBe(204);
    expect(waits(asked).at(-1)).toEqual([]);
    await request('POST', '/media-captures/armed', next);
    clock.now += 600_001;
    expect(desk.armed).toEqual([]);
  });

  test('of somebody else is not given up by who has some sites', async () => {
    const { as, request, desk } = await house({});
    const { body } = await request('POST', '/media-captures/armed', next);
    as('bea', 'administrator', { sites: ['berlin'] });
    expect((await request('GET', '/media-captures')).body.armed).toEqual([]);
    expect((await request('DELETE', `/media-captures/armed/${body.id}`)).status).toBe(404);
    expect(desk.armed).toHaveLength(1);
  });

  test.each([
    ['of nothing', { reason }, 400],
    ['of a trunk that is not there', { reason, trunk: 'x' }, 422],
    ['of no number', { reason, number: 'a b' }, 400],
  ])('%s is refused', async (_name, body, status) => {
    const { request } = await house({});
    expect((await request('POST', '/media-captures/armed', body)).status).toBe(status);
  });
});
