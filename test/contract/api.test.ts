import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiSocket } from '../../src/app/socket-path.ts';
import { inspect, type Program, Programs, sdp, until } from '../support/running-program.ts';

/** The API of a running program, on its Unix socket. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

function ask(
  program: Program,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: ReturnType<typeof JSON.parse> }>();
  const headers = body ? { 'content-type': 'application/json' } : {};
  const asking = request({ socketPath: apiSocket(program.data), method, path: `/api/v1${path}`, headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    answer.on('end', () => resolve({ status: answer.statusCode!, body: text === '' ? undefined : JSON.parse(text) }));
  });
  asking.on('error', reject);
  asking.end(body && JSON.stringify(body));
  return promise;
}

/** It begins when calls are taken. */
async function ready(program: Program): Promise<Program> {
  await expect
    .poll(
      () =>
        ask(program, 'GET', '/readyz').then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 8_000, interval: 20 },
    )
    .toBe(200);
  return program;
}

describe.runIf(process.platform === 'linux')('the API', () => {
  test('a commit moves a trunk while a call stands by it, and goes back', async () => {
    const { program, itsp, request: send, call } = await programs.withParties();
    await ready(program);
    const to = await call('standing');
    const other = await programs.party();
    const edits = [{ path: ['trunks', 'itsp', 'addresses'], value: `127.0.0.1:${other.port}` }];
    expect((await ask(program, 'PATCH', '/configuration/draft', { edits })).body.examination).toMatchObject({
      sound: true,
      differences: [{ path: ['trunks', 'itsp', 'addresses'], effect: 'live' }],
    });
    const commit = await ask(program, 'POST', '/configuration/commit', { reason: 'moved' });
    expect(commit).toMatchObject({ status: 200, body: { who: 'local', by: 'commit', reason: 'moved' } });
    send('INVITE', 'next', 1, undefined, sdp);
    await other.hears('INVITE');
    send('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
    const { items } = (await ask(program, 'GET', '/configuration/versions')).body;
    expect(items).toMatchObject([{ by: 'commit' }, { by: 'file', who: 'file' }]);
    expect((await ask(program, 'POST', `/configuration/versions/${items[1].id}/rollback`, {})).status).toBe(200);
    expect(readFileSync(programs.file, 'utf8')).toContain('TANDEM_ITSP');
    send('INVITE', 'third', 1, undefined, sdp);
    await until(() => itsp.got.filter((text) => text.startsWith('INVITE')).length === 2);
  });

  test('a commit that needs a restart keeps the calls', async () => {
    const { program, itsp, request: send, call } = await programs.withParties();
    await ready(program);
    const to = await call('standing');
    const before = program.part('signalling');
    await ask(program, 'PATCH', '/configuration/draft', { edits: [{ path: ['sip', 't1'], value: '600ms' }] });
    expect((await ask(program, 'POST', '/configuration/commit', {})).status).toBe(409);
    expect((await ask(program, 'POST', '/configuration/commit', { restart: true })).status).toBe(200);
    expect(program.part('signalling')).not.toBe(before);
    expect(program.text).toContain('1 call taken up');
    expect(await inspect(program.data)).toMatchObject({ restarts: { signalling: { died: 0, hung: 0 } } });
    send('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
  });

  test('a sample call of which something else becomes than its file says is taken when somebody acknowledges it', async () => {
    const { program } = await programs.withParties();
    await ready(program);
    const edits = [
      { path: ['tests'], value: [{ name: 'out', from: 'pbx', to: '+4930123', expect: { route: 'outbound' } }] },
    ];
    await ask(program, 'PATCH', '/configuration/draft', { edits });
    expect((await ask(program, 'POST', '/configuration/commit', {})).status).toBe(200);
    const refused = [{ path: ['routes', 'outbound', 'from'], value: 'itsp' }];
    await ask(program, 'PATCH', '/configuration/draft', { edits: refused });
    expect((await ask(program, 'POST', '/configuration/commit', {})).body.errors).toMatchObject([{ place: 'out' }]);
    expect((await ask(program, 'POST', '/configuration/commit', { acknowledged: ['out'] })).status).toBe(200);
  });

  test('kill -9 of the management process: it is started again, and nobody who calls hears of it', async () => {
    const { program, itsp, call } = await programs.withParties();
    await ready(program);
    await call('standing');
    const [signalling, management] = [program.part('signalling'), program.part('management')!];
    process.kill(management, 'SIGKILL');
    await until(() => program.part('management') !== undefined && program.part('management') !== management);
    await ready(program);
    expect(program.part('signalling')).toBe(signalling);
    expect((await ask(program, 'GET', '/trunks')).body.items).toMatchObject([{ name: 'pbx' }, { name: 'itsp' }]);
    expect((await ask(program, 'GET', '/calls')).body.items).toHaveLength(1);
    expect(itsp.got.some((text) => text.startsWith('BYE'))).toBe(false);
  });
});
