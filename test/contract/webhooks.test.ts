import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Poster, signatures } from '#shell/webhook';
import { freePort, type Program, Programs } from '../support/running-program.ts';

/** Who is elsewhere is told what happens: by the running program, also through its deaths; and the receivers of the manual know that it is us. */
interface Heard {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly data: Record<string, unknown>;
}

let cleaning: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.reverse()) await clean();
  cleaning = [];
});

const until = (holds: () => boolean | Promise<boolean>): Promise<void> =>
  expect.poll(holds, { timeout: 15_000, interval: 30 }).toBe(true);

/** What a receiver reckons of a message by itself; by the words of the standard, and by none of our code. */
function isSigned(secret: string, headers: Readonly<Record<string, unknown>>, body: string): boolean {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = `v1,${createHmac('sha256', key).update(content, 'utf8').digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(signature);
}

/** Somebody who is told; `answer`: the status that he answers with. */
async function receiver() {
  const heard: Heard[] = [];
  const state = { answer: 204, secrets: [] as string[], signed: [] as boolean[][], heard, asked: 0, url: '' };
  const server = createServer(async (asked, response) => {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    state.asked++;
    response.writeHead(state.answer).end();
    if (state.answer >= 300) return;
    state.signed.push(state.secrets.map((secret) => isSigned(secret, asked.headers, body)));
    heard.push({ id: asked.headers['webhook-id'] as string, ...(JSON.parse(body) as Omit<Heard, 'id'>) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleaning.push(() => {
    server.closeAllConnections();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return state;
}

/** At the program's own socket. */
function ask(
  program: Program,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: join(program.data, 'api.sock'),
        method,
        path: `/api/v1${path}`,
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      },
      async (response) => {
        let text = '';
        for await (const part of response.setEncoding('utf8')) text += part;
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: text === '' ? {} : JSON.parse(text),
        });
      },
    );
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

describe.runIf(process.platform === 'linux')('the running program', () => {
  let programs: Programs;
  beforeEach(() => {
    programs = new Programs();
    cleaning.push(() => programs.end());
  });

  async function hooked(events: string[]) {
    const { program, pbx, itsp, request: send, call: setUp } = await programs.withParties();
    await until(() =>
      ask(program, 'GET', '/webhooks').then(
        () => true,
        () => false,
      ),
    );
    const told = await receiver();
    const made = await ask(program, 'POST', '/webhooks', { name: 'chat', url: told.url, events });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { id } = made.body.webhook as { id: string };
    told.secrets.push(made.body.secret as string);
    const call = (callId: string) => {
      // What was heard of the call before is not of this one.
      for (const party of [pbx, itsp]) party.got.length = 0;
      return setUp(callId);
    };
    const end = (callId: string, to: string) => send('BYE', callId, 2, to);
    return { program, call, end, told, id };
  }
  const typesOf = (heard: readonly Heard[]) => heard.map(({ type }) => type);

  test('tells of a call, signed; what nobody takes waits through the death of its sender, and so does what happens meanwhile', async () => {
    const { program, call, end, told, id } = await hooked(['call.ended', 'configuration.changed']);
    end('a', await call('a'));
    await until(() => told.heard.length === 1);
    const [first] = told.heard;
    expect(first).toMatchObject({
      type: 'call.ended',
      text: expect.stringMatching(/^A call from 1 to 123 has ended: /),
      data: { leg: { trunk: 'pbx', callId: 'a' }, end: { by: 'caller', reason: 'hangup' } },
    });
    expect(first!.id).toMatch(/^msg_[\w-]{24}$/);
    expect(told.signed).toEqual([[true]]);

    // Nobody takes it: it waits.
    told.answer = 500;
    end('b', await call('b'));
    await until(() => told.asked >= 2);
    const standing = await call('c');
    const management = program.part('management')!;
    process.kill(management, 'SIGSTOP');
    // This one ends while nobody who tells is there.
    end('c', standing);
    process.kill(management, 'SIGKILL');
    await until(() => ![undefined, management].includes(program.part('management')));
    told.answer = 204;
    await until(async () => told.heard.length === 3);
    const calls = told.heard.map(({ data }) => (data.leg as { callId: string }).callId);
    expect(calls.sort()).toEqual(['a', 'b', 'c']);
    expect(new Set(told.heard.map(({ id: one }) => one)).size).toBe(3);

    // What was tried is told, with why.
    const { body } = await ask(program, 'GET', `/webhooks/${id}/deliveries`);
    const items = body.items as { id: string; event: string; state: string; tries: number }[];
    expect(items).toMatchObject([
      { event: 'call.ended', state: 'taken', tries: 1 },
      { event: 'call.ended', state: 'taken' },
      { event: 'call.ended', state: 'taken', tries: 1 },
    ]);
    const { body: second } = await ask(program, 'GET', `/webhooks/${id}/deliveries/${items[1]!.id}`);
    expect(second).toMatchObject({ attempts: [{ status: 500, error: 'it answers 500' }, { status: 204 }] });
  }, 40_000);

  test('a new secret holds beside the old one; a test says what came of it; nobody else’s change is lost', async () => {
    const { program, told, id } = await hooked(['configuration.changed']);
    const rotated = await ask(program, 'POST', `/webhooks/${id}/secret`, { hours: 1 });
    told.secrets.push(rotated.body.secret as string);
    const tried = await ask(program, 'POST', `/webhooks/${id}/test`);
    expect(tried.body).toMatchObject({ event: 'webhook.test', state: 'taken', tries: 1, last: { status: 204 } });
    expect(told.signed).toEqual([[true, true]]);
    await ask(program, 'POST', `/webhooks/${id}/secret`, { hours: 0 });
    await ask(program, 'POST', `/webhooks/${id}/test`);
    expect(told.signed[1]).toEqual([false, false]);

    told.answer = 403;
    expect((await ask(program, 'POST', `/webhooks/${id}/test`)).body).toMatchObject({
      state: 'failed',
      tries: 1,
      last: { status: 403, error: 'it answers 403' },
    });

    told.answer = 204;
    const { headers } = await ask(program, 'GET', `/webhooks/${id}`);
    const change = { events: ['configuration.changed', 'call.ended'] };
    expect((await ask(program, 'PATCH', `/webhooks/${id}`, change)).status).toBe(428);
    const seen = { 'if-match': String(headers.etag) };
    expect((await ask(program, 'PATCH', `/webhooks/${id}`, change, seen)).status).toBe(200);
    expect((await ask(program, 'PATCH', `/webhooks/${id}`, change, seen)).status).toBe(412);

    // Another configuration is told of by whoever wants it.
    const text = readFileSync(programs.file, 'utf8');
    writeFileSync(programs.file, text.replace('kind: itsp\n', 'kind: itsp\n    capacity: { calls: 7 }\n'));
    program.child.kill('SIGHUP');
    await until(() => typesOf(told.heard).includes('configuration.changed'));
    expect(told.heard.at(-1)).toMatchObject({ data: { who: 'file', by: 'file' } });

    // No secret is in the audit log, nor in what is told of the webhook.
    const texts = [await ask(program, 'GET', '/audit'), await ask(program, 'GET', '/webhooks')].map((one) =>
      JSON.stringify(one.body),
    );
    for (const secret of told.secrets) for (const text of texts) expect(text).not.toContain(secret);
    expect(texts[0]).toContain('POST /api/v1/webhooks/:webhook/secret');
  });
});

describe('the receivers of the manual', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/how-to/webhooks.md'), 'utf8');
  const code = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)![1]!;
  const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

  test.each<readonly [string, string, string, string]>([
    ['Node', 'js', 'receiver.mjs', process.execPath],
    ...(hasPython ? ([['Python', 'python', 'receiver.py', 'python3']] as const) : []),
  ])('in %s take what is ours once, and nothing else', async (_, language, name, program) => {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-receiver-'));
    cleaning.push(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, name), code(language));
    const port = await freePort();
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const child: ChildProcess = spawn(program, [join(directory, name)], {
      env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout!.on('data', (part) => {
      text += part;
    });
    cleaning.push(() => void child.kill('SIGKILL'));
    const poster = new Poster();
    const send = async (more: { id?: string; secrets?: string[]; at?: number; sent?: string } = {}) => {
      const { id = 'msg_1', secrets = [secret], at = Date.now() } = more;
      const body = JSON.stringify({ type: 'trunk.down', timestamp: 'T', text: 'grün', data: { trunk: 'itsp' } });
      const timestamp = String(Math.floor(at / 1000));
      const signature = signatures(secrets, { id, timestamp, body });
      const { status } = await poster.post({
        url: `http://127.0.0.1:${port}/`,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signature,
        },
        body: more.sent ?? body,
        patience: 2_000,
        signal: new AbortController().signal,
      });
      return status;
    };
    await until(async () => (await send()) === 204);
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    expect(await send({ secrets: [other] })).toBe(401);
    expect(await send({ secrets: [other, secret], id: 'msg_2' })).toBe(204);
    expect(await send({ at: Date.now() - 600_000 })).toBe(401);
    expect(await send({ sent: '{"type":"trunk.up"}' })).toBe(401);
    // The same once more is taken, and not heeded again.
    expect(await send()).toBe(204);
    expect(await send({ id: 'msg_3' })).toBe(204);
    await until(() => text.split('\n').length === 4);
    expect(text.match(/trunk\.down grün/g)).toHaveLength(3);
    poster.close();
  });
});
