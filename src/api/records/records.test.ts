import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallRecord, Configuration } from '#engine/ports';
import { RecordReader, RecordStore } from '#shell/store';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';
import { ended, start } from '../live/live.testing.ts';

let directory: string;
let reader: RecordReader;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-api-records-'));
  const store = RecordStore.open({ path: directory, onDurable: () => {}, onTrouble: () => {} });
  const busy = { by: 'callee', reason: 'busy' } as const;
  const made: CallRecord[] = [
    ended('a', 60, { startedAt: start, ringingAt: start + 800, basis: { site: 'berlin' } }),
    ended('b', 120, { startedAt: start + 60_000, end: busy, answeredAt: undefined, called: '112' }),
    ended('c', 180, { startedAt: start + 120_000, to: 'berlin-gw' }),
  ];
  for (const one of made) store.write(one);
  await store.close();
  reader = RecordReader.open(directory);
});
afterEach(() => {
  reader.close();
  rmSync(directory, { recursive: true, force: true });
});

async function asking(principal: Principal = { name: 'vera', role: 'viewer', via: 'token' }) {
  const configuration = () =>
    ({
      trunks: [
        { name: 'pbx', side: 'internal' },
        { name: 'itsp', side: 'external' },
        { name: 'berlin-gw', side: 'internal', site: 'berlin' },
      ],
      listeners: [],
    }) as unknown as Configuration;
  const { app } = await apiOf({ records: () => reader, configuration }, async () => principal);
  return async (url: string) => {
    const answer = await app.inject(`/api/v1${url}`);
    return { status: answer.statusCode, body: answer.json() };
  };
}
const calls = (body: { items: { call: string }[] }) => body.items.map(({ call }) => call);

test('records: newest first, there and back by cursors, filtered', async () => {
  const get = await asking();
  const first = (await get('/records?limit=2')).body;
  expect(first).toMatchObject({ total: 3, estimated: false, complete: true });
  expect(calls(first)).toEqual(['c', 'b']);
  expect(first.items[1]).toMatchObject({
    from: 'pbx',
    to: 'itsp',
    called: '112',
    end: { reason: 'busy', failure: false },
    attempts: 1,
  });
  const second = (await get(`/records?limit=2&cursor=${first.next}`)).body;
  expect(calls(second)).toEqual(['a']);
  expect(second.next).toBeUndefined();
  expect(calls((await get(`/records?limit=2&cursor=${second.previous}`)).body)).toEqual(['c', 'b']);
  expect(calls((await get('/records?number=11*')).body)).toEqual(['b']);
  expect(calls((await get('/records?call=b')).body)).toEqual(['b']);
  expect(calls((await get('/records?call=x')).body)).toEqual([]);
  expect(calls((await get('/records?trunk=berlin-gw')).body)).toEqual(['c']);
  expect(calls((await get('/records?site=berlin')).body)).toEqual(['a']);
  expect(calls((await get('/records?answered=false')).body)).toEqual(['b']);
  expect(calls((await get('/records?since=2026-11-23T12:01:00Z&until=2026-11-23T13:01:30%2B01:00')).body)).toEqual([
    'b',
  ]);
  expect((await get('/records?reason=tired')).status).toBe(400);
  expect((await get('/records?cursor=WyJvbGRlciJd')).status).toBe(400);
});

test('one record, whole', async () => {
  const get = await asking();
  expect((await get('/records/a')).body).toMatchObject({
    call: 'a',
    ringingAt: '2026-11-23T12:00:00.800Z',
    attempts: [{ leg: { trunk: 'itsp' } }],
  });
  expect((await get('/records/none')).status).toBe(404);
});

test('who has some sites sees what is of them', async () => {
  const get = await asking({ name: 'ben', role: 'viewer', via: 'token', sites: ['berlin'] });
  expect(calls((await get('/records')).body)).toEqual(['c', 'a']);
  expect((await get('/records/b')).status).toBe(404);
  const range = 'since=2026-11-23T12:00:00Z&until=2026-11-23T13:00:00Z';
  expect((await get(`/statistics?${range}`)).status).toBe(403);
  expect((await get(`/statistics?${range}&trunk=berlin-gw`)).body.total.calls).toBe(1);
  expect((await get(`/statistics?${range}&site=berlin`)).body.total.calls).toBe(1);
  for (const others of ['trunk=itsp', 'site=rome', 'direction=outbound', 'reason=busy', 'trunk=itsp&site=berlin'])
    expect([others, (await get(`/statistics?${range}&${others}`)).status]).toEqual([
      others,
      others.includes('&') ? 400 : 403,
    ]);
  expect((await get(`/statistics?${range}&site=berlin&direction=outbound`)).body.total.calls).toBe(0);
});

test('by how an id begins: page by page, in the order of ids', async () => {
  const store = RecordStore.open({ path: directory, onDurable: () => {}, onTrouble: () => {} });
  for (const id of ['x3', 'x1', 'x2']) store.write(ended(id, 300));
  await store.close();
  const get = await asking();
  const first = (await get('/records?call=x&limit=2')).body;
  expect([calls(first), first.complete]).toEqual([['x1', 'x2'], true]);
  const second = (await get(`/records?call=x&limit=2&cursor=${first.next}`)).body;
  expect([calls(second), second.next]).toEqual([['x3'], undefined]);
  expect(calls((await get('/records?call=x2')).body)).toEqual(['x2']);
  // Of another list it is none.
  const { next } = (await get('/records?limit=1')).body;
  expect((await get(`/records?call=x&cursor=${next}`)).status).toBe(400);
});

test('a call that was offered to a trunk of theirs, and taken elsewhere, is theirs to look at as well', async () => {
  const [first] = ended('d', 240, { to: 'berlin-gw' }).attempts;
  const record = ended('d', 240, { startedAt: start + 180_000 });
  const store = RecordStore.open({ path: directory, onDurable: () => {}, onTrouble: () => {} });
  store.write({ ...record, attempts: [first!, ...record.attempts] });
  await store.close();
  const get = await asking({ name: 'bea', role: 'operator', via: 'token', sites: ['berlin'] });
  expect(calls((await get('/records')).body)).toEqual(['d', 'c', 'a']);
  expect((await get('/records/d')).status).toBe(200);
  expect((await get('/calls/d')).status).toBe(200);
  expect((await get('/records/b')).status).toBe(404);
  expect((await get('/calls/b')).status).toBe(404);
});

test('statistics', async () => {
  const get = await asking();
  const range = 'since=2026-11-23T12:00:00Z&until=2026-11-23T14:00:00Z';
  const { body } = await get(`/statistics?${range}`);
  expect(body).toMatchObject({
    intervalSeconds: 3600,
    total: { calls: 3, answered: 2, asr: 0.667, ner: 1, acdMs: 10_000, rang: 2 },
    series: [{ at: '2026-11-23T12:00:00.000Z', calls: 3 }],
    reasons: [
      { reason: 'hangup', calls: 2 },
      { reason: 'busy', calls: 1 },
    ],
  });
  const totals = async (query: string) => (await get(`/statistics?${range}&${query}`)).body.total;
  expect(await totals('direction=outbound')).toMatchObject({ calls: 2, rang: 1 });
  expect(await totals('direction=inbound')).toMatchObject({ calls: 0 });
  expect(await totals('site=berlin')).toMatchObject({ calls: 1 });
  expect(await totals('reason=busy')).toEqual({ calls: 1, answered: 0, asr: 0, ner: 1 });
  expect(await totals('reason=busy&site=berlin')).toMatchObject({ calls: 0 });
  expect((await get(`/statistics?${range}&intervalSeconds=60`)).body.series).toHaveLength(3);
  expect(
    (await get(`/statistics?since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&intervalSeconds=60`)).status,
  ).toBe(400);
  expect((await get('/statistics?since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z')).status).toBe(400);
});
