import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, type Program, Programs, until } from '../support/running-program.ts';

/** The running program as its first administrator meets it: a link, a password, and the API at another port while it runs. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

const password = 'correct horse battery';

async function started(management: string): Promise<Program> {
  appendFileSync(programs.file, `management: ${management}\n`);
  return programs.start();
}

async function post(port: number, path: string, body: object, cookie?: string): Promise<Response> {
  const here = `http://127.0.0.1:${port}`;
  return fetch(`${here}/api/v1${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: here, ...(cookie !== undefined && { cookie }) },
  });
}

describe.runIf(process.platform === 'linux')('management', () => {
  test('the first start prints a link that makes one administrator; the next start prints none', async () => {
    const port = await freePort();
    const program = await started(`{ listen: "127.0.0.1:${port}" }`);
    await until(() => program.text.includes('/invitation#'));
    const token = /invitation#(\S+)/.exec(program.text)![1]!;
    expect(program.text).toContain(`tandem: the API listens at http://127.0.0.1:${port}\n`);
    const accepted = await post(port, '/invitation', { token, name: 'ann', password });
    expect(accepted.status).toBe(200);
    const cookie = accepted.headers.get('set-cookie')!.split(';')[0]!;
    expect((await post(port, '/invitation', { token, name: 'eve', password })).status).toBe(404);
    // Nothing on disk or in what was printed since signs anybody in.
    const kept = readFileSync(join(program.data, 'management.sqlite'), 'latin1');
    for (const secret of [token, password, cookie.split('=')[1]!]) {
      expect(kept).not.toContain(secret);
      expect(program.text.split(secret)).toHaveLength(secret === token ? 2 : 1);
    }

    const said = program.text.length;
    process.kill(program.part('management')!, 'SIGKILL');
    await until(() => program.text.slice(said).includes('the API listens at'));
    expect(program.text.slice(said)).not.toContain('invitation#');
    // Who had signed in still is.
    const me = await fetch(`http://127.0.0.1:${port}/api/v1/me`, { headers: { cookie } });
    expect(await me.json()).toMatchObject({ name: 'ann', role: 'administrator' });
  });

  test('a port that is in use is said, takes nobody’s calls, and is left by SIGHUP', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      const program = await started(`{ listen: "127.0.0.1:${port}" }`);
      await until(() => program.text.includes('cannot listen'));
      expect(program.text).toContain(
        `tandem: the API cannot listen at 127.0.0.1:${port}: another program has the port`,
      );
      const next = await freePort();
      writeFileSync(programs.file, readFileSync(programs.file, 'utf8').replace(String(port), String(next)));
      program.child.kill('SIGHUP');
      await until(() => program.text.includes(`the API listens at http://127.0.0.1:${next}`));
      expect((await fetch(`http://127.0.0.1:${next}/api/v1/readyz`)).status).toBe(200);
    } finally {
      other.close();
    }
  });
});
