import { beforeEach, describe, expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';
import type { Api } from '../api.ts';

const bandwidth = { audio: 2_000, audioSession: 175, video: 0, videoSession: 700 };
const configuration = {
  sites: [
    {
      name: 'berlin',
      kind: 'central',
      region: 'europe',
      country: 'DE',
      subnets: [],
      resilient: false,
      survivability: 'none',
    },
    { name: 'graz', kind: 'branch', centre: 'berlin', subnets: [], bandwidth, resilient: true, survivability: 'none' },
    { name: 'lima', kind: 'central', region: 'america', subnets: [], resilient: false, survivability: 'none' },
  ],
  regionLinks: [{ between: ['europe', 'america'], bandwidth }],
  siteLinks: [{ between: ['graz', 'lima'] }],
  trunks: [
    { name: 'itsp', kind: 'itsp', side: 'external', site: 'berlin', password: 'swordfish' },
    { name: 'pbx', kind: 'ip-pbx', side: 'internal', disabled: { until: 5 } },
  ],
} as unknown as Configuration;

let app: Api;
let principal: Principal;
beforeEach(async () => {
  principal = { name: 'anna', role: 'administrator', via: 'token' };
  ({ app } = await apiOf({ configuration: () => configuration }, async () => principal));
});

test('who is joined with whom, without what is secret', async () => {
  const answer = await app.inject('/api/v1/topology');
  const kbits = { audioKbits: 2_000, audioSessionKbits: 175, videoKbits: 0, videoSessionKbits: 700 };
  expect(answer.json()).toEqual({
    sites: [
      { name: 'berlin', kind: 'central', region: 'europe', country: 'DE' },
      { name: 'graz', kind: 'branch', centre: 'berlin', bandwidth: kbits },
      { name: 'lima', kind: 'central', region: 'america' },
    ],
    links: [{ between: ['europe', 'america'], bandwidth: kbits }, { between: ['graz', 'lima'] }],
    trunks: [
      { name: 'itsp', kind: 'itsp', side: 'external', site: 'berlin', disabled: false },
      { name: 'pbx', kind: 'ip-pbx', side: 'internal', disabled: true },
    ],
  });
});

test('who has some sites sees those', async () => {
  await arrange({ 'site berlin': { x: 1, y: 2 }, 'site lima': { x: 3, y: 4 }, tandem: { x: 5, y: 6 } }, '"0"');
  principal = { name: 'olga', role: 'viewer', via: 'session', sites: ['berlin'] };
  expect((await app.inject('/api/v1/topology')).json()).toEqual({
    sites: [expect.objectContaining({ name: 'berlin' })],
    links: [expect.objectContaining({ between: ['europe', 'america'] })],
    trunks: [expect.objectContaining({ name: 'itsp' })],
  });
  expect((await app.inject('/api/v1/topology/positions')).json()).toEqual({
    places: { 'site berlin': { x: 1, y: 2 }, tandem: { x: 5, y: 6 } },
  });
});

const arrange = (places: object, ifMatch?: string) =>
  app.inject({
    method: 'PUT',
    url: '/api/v1/topology/positions',
    payload: { places },
    ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
  });

describe('how it is arranged', () => {
  test('is the same for all, and two who arrange it do not overwrite each other', async () => {
    const first = await app.inject('/api/v1/topology/positions');
    expect([first.json(), first.headers.etag]).toEqual([{ places: {} }, '"0"']);
    const places = { 'site berlin': { x: 40, y: -7.5 } };
    expect((await arrange(places)).statusCode).toBe(428);
    const put = await arrange(places, '"0"');
    expect([put.statusCode, put.headers.etag]).toEqual([200, '"1"']);
    expect((await arrange({}, '"0"')).statusCode).toBe(412);
    expect((await arrange({}, '"x"')).statusCode).toBe(412);
    principal = { ...principal, name: 'bert', role: 'viewer' };
    const seen = await app.inject('/api/v1/topology/positions');
    expect([seen.json(), seen.headers.etag]).toEqual([{ places }, '"1"']);
    expect((await arrange({}, '"1"')).statusCode).toBe(403);
    principal = { ...principal, role: 'administrator' };
    expect((await arrange({}, '"1"')).headers.etag).toBe('"2"');
    expect((await arrange(places, '*')).headers.etag).toBe('"3"');
  });

  test('has bounds', async () => {
    expect((await arrange({ tandem: { x: 1e9, y: 0 } }, '"0"')).statusCode).toBe(400);
    const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`site ${i}`, { x: 0, y: 0 }]));
    expect((await arrange(many, '"0"')).statusCode).toBe(400);
  });
});
