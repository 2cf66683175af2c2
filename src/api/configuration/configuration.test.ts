import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { readConfiguration } from '#shell/config';
import { ConfigurationHistory, hashOf } from '#shell/config-history';
import type { Principal } from '../access/principal.ts';
import { apiOf } from '../api.testing.ts';
import type { Api } from '../api.ts';

const text = `# Ours
listeners:
  - { name: lan, side: internal, bind: 10.0.0.1 }
  - { name: wan, side: external, bind: 192.0.2.1 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.2 }
  - name: itsp # since May
    kind: itsp
    addresses: 203.0.113.10
    capacity: { calls: 30 }
  - { name: other, kind: itsp, addresses: 203.0.113.20 }
routes:
  - { name: out, from: pbx, to: itsp }
tests:
  - { name: abroad, from: pbx, to: "+4412345", expect: { route: out } }
media: { internal: 10.0.0.1, external: 192.0.2.1, ports: 20000-20999 }
`;

let directory: string;
let file: string;
let history: ConfigurationHistory;
let app: Api;
let who: string;
let running: Configuration;
let takes: { readonly taken: boolean; readonly text: string };
let reloads: boolean[];
/** Before the program has taken what it is to. */
let meanwhile: () => Promise<unknown> | undefined;

const read = (): Configuration => {
  const loaded = readConfiguration(file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.configuration;
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-configuration-'));
  file = join(directory, 'tandem.yaml');
  writeFileSync(file, text);
  history = ConfigurationHistory.open(directory);
  running = read();
  takes = { taken: true, text: 'taken' };
  reloads = [];
  meanwhile = () => undefined;
  who = 'anna';
  const principal = async (): Promise<Principal> => ({ name: who, role: 'administrator', via: 'token' });
  const reload = async (restart: boolean) => {
    reloads.push(restart);
    await meanwhile();
    if (takes.taken) running = read();
    return takes;
  };
  ({ app } = await apiOf({ configuration: () => running, file, history, reload }, principal));
});
afterEach(() => {
  history.close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) {
  const answer = await app.inject({ method, url: `/api/v1/configuration${path}`, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}
const edit = (path: (string | number)[], value: unknown, was?: unknown) =>
  ask('PATCH', '/draft', { edits: [{ path, value, ...(was !== undefined && { was }) }] });
const calls = ['trunks', 'itsp', 'capacity', 'calls'];

describe('what somebody changes', () => {
  test('stands beside the file until it is committed, with what it would mean', async () => {
    expect(await ask('GET', '/draft')).toEqual({ status: 204, body: undefined });
    const { body } = await edit(calls, 60);
    expect(body).toMatchObject({
      base: hashOf(text),
      outdated: false,
      examination: {
        sound: true,
        differences: [{ path: calls, was: 30, is: 60, effect: 'new-calls' }],
        samples: [],
      },
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect((await ask('POST', '/commit', { reason: 'growth' })).body).toMatchObject({
      who: 'anna',
      reason: 'growth',
      by: 'commit',
      differences: 1,
    });
    expect(readFileSync(file, 'utf8')).toBe(text.replace('calls: 30', 'calls: 60'));
    expect(reloads).toEqual([false]);
    expect(await ask('GET', '/draft')).toEqual({ status: 204, body: undefined });
    expect((await ask('GET', '')).body).toMatchObject({
      sound: true,
      pending: [],
      hash: hashOf(readFileSync(file, 'utf8')),
    });
  });

  test('is his own, and two do not overwrite each other', async () => {
    await edit(calls, 60);
    who = 'bert';
    await edit(['trunks', 'pbx', 'health'], 'off');
    expect((await ask('POST', '/commit', {})).status).toBe(200);
    who = 'anna';
    expect((await ask('GET', '/draft')).body).toMatchObject({ outdated: true });
    expect((await ask('POST', '/commit', {})).body).toMatchObject({ status: 412 });
    expect((await ask('POST', '/draft/renew')).body).toMatchObject({ outdated: false });
    expect((await ask('POST', '/commit', {})).status).toBe(200);
    const both = readFileSync(file, 'utf8');
    expect(both).toContain('health: off');
    expect(both).toContain('calls: 60');
    expect(both).toContain('# since May');
  });

  test('of many edits lets others have their answers between them, and is not undone by another of the same moment', async () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ path: [...calls], value: n + 1 }));
    let answers = 0;
    const all = ask('PATCH', '/draft', { edits: many });
    const other = ask('PATCH', '/draft', { edits: [{ path: ['trunks', 'pbx', 'health'], value: 'off' }] });
    let isDone = false;
    void all.then(() => {
      isDone = true;
    });
    for (; !isDone && answers < 100; answers++) {
      await new Promise(setImmediate);
      await ask('GET', '/versions');
    }
    expect(answers).toBeGreaterThan(2);
    expect([(await all).status, (await other).status]).toEqual([200, 200]);
    const { body } = await ask('GET', '/draft');
    expect(body.text).toContain('calls: 40');
    expect(body.text).toContain('health: off');
    expect(body.edits).toHaveLength(41);
  });

  test('conflicts where somebody else changed the same', async () => {
    await edit(calls, 60, 30);
    writeFileSync(file, text.replace('calls: 30', 'calls: 45'));
    expect((await ask('POST', '/draft/renew')).body).toMatchObject({
      status: 409,
      errors: [{ place: 'trunks itsp capacity calls' }],
    });
    await ask('PUT', '/draft', { text: text.replace('calls: 30', 'calls: 61'), base: hashOf(text) });
    expect((await ask('POST', '/draft/renew')).body).toMatchObject({ status: 409 });
    expect((await ask('DELETE', '/draft')).status).toBe(204);
    expect(await ask('POST', '/commit', {})).toMatchObject({ status: 409 });
  });
});

test('a route is moved before another, its comment with it; two who move do not undo each other', async () => {
  writeFileSync(file, text.replace('tests:', '  # From outside\n  - { name: in, from: itsp, to: pbx }\ntests:'));
  running = read();
  const moved = await ask('PATCH', '/draft', { edits: [{ path: ['routes', 'in'], before: 'out' }] });
  expect(moved.body.edits).toEqual([{ path: ['routes', 'in'], before: 'out' }]);
  const order =
    'routes:\n  # From outside\n  - { name: in, from: itsp, to: pbx }\n  - { name: out, from: pbx, to: itsp }\n';
  expect(moved.body.text).toContain(order);
  // Somebody else adds one.
  writeFileSync(file, readFileSync(file, 'utf8').replace('tests:', '  - { name: last, from: other, to: pbx }\ntests:'));
  expect((await ask('POST', '/draft/renew')).body.text).toContain(`${order}  - { name: last`);
  expect(await ask('PATCH', '/draft', { edits: [{ path: ['routes', 'in'], before: 'none' }] })).toMatchObject({
    status: 422,
    body: { errors: [{ place: 'routes in', detail: 'routes has no none' }] },
  });
});

describe('a commit', () => {
  test('of a file with faults is refused, each named with its place', async () => {
    expect((await edit(['trunks', 'itsp', 'kind'], 'itps')).body.examination).toMatchObject({ sound: false });
    const { body } = await ask('POST', '/commit', {});
    expect(body).toMatchObject({ status: 422, errors: [{ code: expect.stringMatching(/^TDM-/) }] });
    expect(body.errors[0].place).toContain('trunk "itsp"');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(reloads).toEqual([]);
  });

  test('a file that the program does not take is a fault of the file, and nobody else was there first', async () => {
    takes = { taken: false, text: 'tandem.yaml:3: no' };
    expect((await ask('POST', '/reload', {})).body).toMatchObject({ status: 422, detail: 'tandem.yaml:3: no' });
  });

  test('of which some needs a restart says so, and has it when told', async () => {
    await edit(['listeners', 'wan', 'bind'], '192.0.2.9');
    expect((await ask('POST', '/commit', {})).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('`restart`'),
    });
    expect((await ask('POST', '/commit', { restart: true })).status).toBe(200);
    expect(reloads).toEqual([true]);
  });

  test('that changes what becomes of a sample call wants that acknowledged', async () => {
    const { body } = await edit(['routes', 'out', 'to'], 'other');
    expect(body.examination.samples).toEqual([
      {
        name: 'abroad',
        was: '+4412345 by route out: itsp as +4412345',
        is: '+4412345 by route out: other as +4412345',
        differences: [],
      },
    ]);
    expect((await ask('POST', '/commit', {})).body).toMatchObject({ status: 409, errors: [{ place: 'abroad' }] });
    expect((await ask('POST', '/commit', { acknowledged: ['abroad'] })).status).toBe(200);
  });

  test('that the program does not take leaves the file as it was, and no version', async () => {
    takes = { taken: false, text: 'it does not want to' };
    await edit(calls, 60);
    expect((await ask('POST', '/commit', {})).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('does not want'),
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(history.list(10)).toEqual([]);
    expect((await ask('GET', '/draft')).status).toBe(200);
    // Who writes it by other means meanwhile keeps what he wrote.
    const other = `${text}# of somebody else\n`;
    meanwhile = async () => writeFileSync(file, other);
    expect((await ask('POST', '/commit', {})).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('was written by somebody else meanwhile'),
    });
    expect(readFileSync(file, 'utf8')).toBe(other);
  });

  test('waits for another of the same moment: none undoes the other unseen', async () => {
    await edit(calls, 60);
    const first = (await ask('POST', '/commit', {})).body;
    await edit(calls, 70);
    who = 'bert';
    await edit(calls, 80);
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    meanwhile = () => {
      begun.resolve();
      return promise;
    };
    const refused = ask('POST', '/commit', {});
    await begun.promise;
    takes = { taken: false, text: 'not this one' };
    who = 'anna';
    const other = ask('POST', '/commit', {});
    meanwhile = () => {
      takes = { taken: true, text: 'taken' };
      return undefined;
    };
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    resolve();
    expect([(await refused).status, (await other).status]).toEqual([409, 200]);
    expect(readFileSync(file, 'utf8')).toContain('calls: 70');
    const path = `/versions/${first.id}/rollback`;
    const seen = hashOf(text.replace('calls: 30', 'calls: 60'));
    expect((await ask('POST', path, { base: seen })).body).toMatchObject({ status: 412 });
    expect((await ask('POST', path, { base: hashOf(readFileSync(file, 'utf8')) })).status).toBe(200);
  });

  test('of a long file does not undo what is written while it is looked at', async () => {
    const long = `${text}${`# ${'x'.repeat(998)}\n`.repeat(33)}`;
    writeFileSync(file, long);
    await edit(calls, 60);
    const done = ask('POST', '/commit', {});
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    writeFileSync(file, `${long}# later\n`);
    expect((await done).body).toMatchObject({ status: 412 });
    expect(readFileSync(file, 'utf8')).toBe(`${long}# later\n`);
    expect(reloads).toEqual([]);
  });

  test('does not let go what is changed while it is taken', async () => {
    await edit(calls, 60);
    meanwhile = () => edit(['trunks', 'pbx', 'health'], 'off');
    expect((await ask('POST', '/commit', {})).status).toBe(200);
    expect((await ask('GET', '/draft')).body).toMatchObject({
      text: expect.stringContaining('health: off'),
      outdated: false,
      edits: [{ path: ['trunks', 'pbx', 'health'], value: 'off' }],
    });
    meanwhile = () => undefined;
    expect((await ask('POST', '/commit', {})).status).toBe(200);
    expect(readFileSync(file, 'utf8')).toMatch(/health: off[\s\S]*calls: 60/);
  });
});

test('the audit log has what became another, and no password', async () => {
  await edit(['trunks', 'itsp', 'credentials'], { username: 'alice', password: 'swordfish' });
  await edit(calls, 60);
  await ask('PUT', '/draft', { text: text.replace('30', '60').replace('since May', 'password: swordfish') });
  await edit(['trunks', 'itsp', 'credentials'], { username: 'alice', password: 'swordfish' });
  const { id, hash } = (await ask('POST', '/commit', { reason: 'more lines' })).body;
  await ask('POST', '/examine', { text });
  const rows = (await app.inject('/api/v1/audit')).json().items;
  expect(rows[0]).toMatchObject({
    who: 'anna',
    what: 'POST /api/v1/configuration/commit',
    status: 200,
    detail: { sent: { reason: 'more lines' }, after: { version: id, hash } },
  });
  expect(rows[0].detail.after.differences).toContainEqual({
    at: 'trunks itsp capacity calls',
    was: 30,
    is: 60,
    effect: 'new-calls',
  });
  expect(JSON.stringify(rows)).toContain('credentials');
  expect(JSON.stringify(rows)).not.toContain('swordfish');
});

test('versions are kept, compared and gone back to', async () => {
  await edit(calls, 60);
  const first = (await ask('POST', '/commit', { reason: 'one' })).body;
  await edit(calls, 90);
  const second = (await ask('POST', '/commit', { reason: 'two' })).body;
  const versions = (await ask('GET', '/versions?limit=1')).body;
  expect(versions).toMatchObject({ items: [{ reason: 'two' }], next: String(second.id) });
  expect((await ask('GET', `/versions?cursor=${versions.next}`)).body.items).toMatchObject([{ reason: 'one' }]);
  expect((await ask('GET', `/versions/${second.id}/differences?from=${first.id}`)).body.differences).toEqual([
    { path: calls, was: 60, is: 90, effect: 'new-calls' },
  ]);
  expect((await ask('GET', `/versions/${first.id}`)).body).toMatchObject({ toRunning: [{ was: 90, is: 60 }] });
  expect((await ask('POST', `/versions/${first.id}/rollback`, {})).body).toMatchObject({
    by: 'rollback',
    reason: `back to version ${first.id}`,
  });
  expect(readFileSync(file, 'utf8')).toContain('calls: 60');
  expect((await ask('GET', '/versions/99')).status).toBe(404);
});

test('whoever is no administrator sees no text: passwords may stand in it', async () => {
  const { app: api } = await apiOf({ configuration: () => running, file, history }, async () => ({
    name: 'olga',
    role: 'operator',
    via: 'token',
  }));
  expect((await api.inject('/api/v1/configuration')).statusCode).toBe(403);
  expect((await api.inject('/api/v1/configuration/versions')).statusCode).toBe(200);
});
