import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiSocket, healthSocket } from '../../src/app/socket-path.ts';
import { freePort, type Program, Programs, sdp, until } from '../support/running-program.ts';

/** What load balancers and orchestrators are told of the whole program, by its supervisor. Linux: /proc is read. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

interface Told {
  readonly status: number;
  readonly body: { readonly status: string; readonly checks: { name: string; ok: boolean; detail?: string }[] };
}

/** `at`: a Unix socket, or a port of loopback. */
function told(at: string | number, path = '/readyz', method = 'GET'): Promise<Told> {
  return new Promise((resolve, reject) => {
    const place = typeof at === 'string' ? { socketPath: at } : { host: '127.0.0.1', port: at };
    const asked = request({ ...place, path, method, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode!, body: text === '' ? undefined : JSON.parse(text) });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const statusAt = (at: string | number, path?: string) =>
  told(at, path).then(
    ({ status }) => status,
    () => undefined,
  );
const reaches = (at: string | number, status: number | undefined) =>
  expect.poll(() => statusAt(at), { timeout: 8_000, interval: 10 }).toBe(status);

async function startedWith(health: string, environment: Record<string, string> = {}): Promise<Program> {
  appendFileSync(programs.file, `health: ${health}\n`);
  return programs.run(await freePort(), `${programs.directory}/data`, environment);
}

describe.runIf(process.platform === 'linux')('health', () => {
  test('is told before anything runs, when all does, and while a process is started again', async () => {
    const port = await freePort();
    const program = await startedWith(`{ listen: "127.0.0.1:${port}" }`);
    await reaches(port, 503);
    expect((await told(port)).body).toMatchObject({
      status: 'not-ready',
      checks: [{ name: 'signalling', ok: false, detail: 'being started' }, { name: 'media' }, { name: 'new-calls' }],
    });
    await program.ready();
    expect((await told(port)).body).toEqual({
      status: 'ready',
      checks: ['signalling', 'media', 'new-calls'].map((name) => ({ name, ok: true })),
    });
    for (const part of ['signalling', 'media'] as const) {
      process.kill(program.part(part)!, 'SIGKILL');
      await reaches(port, 503);
      expect((await told(port)).body.checks).toContainEqual({
        name: part,
        ok: false,
        detail: 'being started again (SIGKILL)',
      });
      // One that is started again in a moment is no reason to end everything.
      expect(await statusAt(port, '/healthz')).toBe(200);
      await reaches(port, 200);
    }
    program.child.kill('SIGTERM');
    expect(await program.exited, program.text).toBe(0);
  });

  test('a process that stands still is told before it is killed', async () => {
    const program = await programs.start({ TANDEM_HANG_SECONDS: '4' });
    const place = healthSocket(program.data);
    await reaches(place, 200);
    process.kill(program.part('signalling')!, 'SIGSTOP');
    await reaches(place, 503);
    expect((await told(place)).body.checks[0]).toEqual({ name: 'signalling', ok: false, detail: 'does not answer' });
    expect(program.readies).toBe(1);
    process.kill(program.part('signalling')!, 'SIGCONT');
    await reaches(place, 200);
    expect(program.readies).toBe(1);
  });

  test('who drains takes no new calls, and lives', async () => {
    const port = await freePort();
    appendFileSync(programs.file, `health: { listen: "127.0.0.1:${port}" }\n`);
    const { program, itsp, pbx, request: send, call } = await programs.withParties();
    const to = await call('standing');
    // The API tells the same.
    await reaches(port, 200);
    await expect.poll(() => api(program), { timeout: 8_000 }).toBe(200);
    program.child.kill('SIGTERM');
    await reaches(port, 503);
    expect((await told(port)).body.checks.filter(({ ok }) => !ok)).toMatchObject([
      { name: 'new-calls', detail: expect.stringContaining('draining') },
    ]);
    expect(await api(program)).toBe(503);
    expect(await statusAt(port, '/healthz')).toBe(200);
    send('INVITE', 'late', 1, undefined, sdp);
    await pbx.hears('SIP/2.0 503');
    send('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
    expect(await program.exited, program.text).toBe(0);
    expect(await statusAt(port)).toBeUndefined();
  });

  test('of the management process nobody’s readiness depends', async () => {
    const program = await programs.start();
    await until(() => program.part('management') !== undefined);
    const management = program.part('management')!;
    process.kill(management, 'SIGSTOP');
    try {
      expect(await statusAt(healthSocket(program.data))).toBe(200);
    } finally {
      // Who stands still does not see that its supervisor is gone.
      process.kill(management, 'SIGCONT');
    }
  });

  test('a place that another has is said and tried again; it moves with the configuration', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const program = await startedWith(`{ listen: "127.0.0.1:${port}" }`);
    await program.ready();
    expect(program.text).toContain(`/readyz cannot be asked at 127.0.0.1:${port}: another program has the port`);
    other.close();
    await reaches(port, 200);
    const next = await freePort();
    writeFileSync(programs.file, readFileSync(programs.file, 'utf8').replace(`:${port}"`, `:${next}"`));
    program.child.kill('SIGHUP');
    await reaches(next, 200);
    expect(await statusAt(port)).toBeUndefined();
  });

  test('tells nothing else, and nobody holds it by saying nothing', async () => {
    const port = await freePort();
    const program = await startedWith(`{ listen: "127.0.0.1:${port}" }`);
    await program.ready();
    expect((await told(port, '/api/v1/version')).status).toBe(404);
    expect((await told(port, '/__proto__')).status).toBe(404);
    expect((await told(port, '/readyz', 'POST')).status).toBe(405);
    expect(await told(port, '/readyz?x', 'HEAD')).toEqual({ status: 200, body: undefined });
    const silent = connect(port, '127.0.0.1');
    silent.write('GET /readyz HTTP/1.1\r\n');
    const cut = new Promise((resolve) => silent.on('close', resolve));
    silent.on('error', () => {});
    silent.resume();
    expect(await Promise.race([cut.then(() => true), new Promise((tell) => setTimeout(tell, 8_000, false))])).toBe(
      true,
    );
  });
});

/** What the API says of the same. */
function api(program: Program): Promise<number | undefined> {
  return statusAt(apiSocket(program.data), '/api/v1/readyz');
}
