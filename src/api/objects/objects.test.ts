import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigurationHistory } from '#shell/config-history';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';

const text = `trunk-defaults: { setup-timeout: 8s }
trunks:
  - { name: itsp, kind: itsp, addresses: 192.0.2.1, capacity: { calls: 30 }, credentials: { username: we, password: geheim-123 } }
`;
const folder = mkdtempSync(join(tmpdir(), 'tandem-objects-'));
const file = join(folder, 'tandem.yaml');
let history: ConfigurationHistory;
beforeAll(() => {
  writeFileSync(file, text);
  history = ConfigurationHistory.open(folder);
});
afterAll(() => {
  history.close();
  rmSync(folder, { recursive: true });
});
const as = (role: Principal['role']) => async (): Promise<Principal> => ({ name: 'ada', role, via: 'token' });
const get = async (url: string, role: Principal['role'] = 'administrator') => {
  const { app } = await apiOf({ file, history }, as(role));
  return (await app.inject({ url: `/api/v1${url}` })).json();
};

test('what stands in the file, and in the draft of who asks', async () => {
  const { tree, lines } = await get('/configuration/contents');
  expect(tree.trunks[0]).toMatchObject({ name: 'itsp', capacity: { calls: '30' } });
  expect(lines).toEqual({ 'trunks itsp': 3 });
  const { app } = await apiOf({ file, history }, as('administrator'));
  const edits = [{ path: ['trunks', 'itsp', 'capacity', 'calls'], was: '30', value: 60 }];
  const made = await app.inject({ method: 'PATCH', url: '/api/v1/configuration/draft', payload: { edits } });
  expect(made.statusCode).toBe(200);
  expect((await get('/configuration/contents?of=draft')).tree.trunks[0].capacity).toEqual({ calls: '60' });
  expect((await get('/configuration/contents')).tree.trunks[0].capacity).toEqual({ calls: '30' });
  expect(await get('/configuration/contents', 'operator')).toMatchObject({ status: 403 });
});

test('what holds of an object, without its secrets', async () => {
  const said = await get('/configuration/effective?section=trunks&name=itsp', 'operator');
  expect(said.items).toContainEqual({ path: ['setup-timeout'], value: '8s', from: 'trunk-defaults', line: 1 });
  expect(JSON.stringify(said)).not.toContain('geheim');
  const all = await get('/configuration/effective', 'operator');
  expect(all.items).toContainEqual({
    path: ['trunks', 'itsp', 'setup-timeout'],
    ...{ value: '8s', from: 'trunk-defaults', line: 1 },
  });
  expect(JSON.stringify(all)).not.toContain('geheim');
  expect(await get('/configuration/effective?section=trunks&name=none')).toMatchObject({ status: 404 });
  expect(await get('/configuration/effective?section=trunks&name=itsp&of=draft', 'operator')).toMatchObject({
    status: 403,
  });
});

test('the profiles that come with the program, and the schema with its marks', async () => {
  const { items } = await get('/profiles', 'viewer');
  expect(items).toContainEqual(
    expect.objectContaining({ name: 'generic-udp-register', transports: ['udp'], registration: 'required' }),
  );
  const schema = await get('/configuration/form-schema', 'viewer');
  expect(schema.$defs.trunk.properties.srtp['x-short']).toBe('mode');
});
