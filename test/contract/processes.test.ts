import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeptProcess } from '../../src/app/kept-process.ts';
import { statusSocket } from '../../src/app/socket-path.ts';
import { commandLine, processTree } from '../perf/process-tree.ts';

/** The whole program as its users start it: who starts whom, who outlives whom, and how it ends. Linux: /proc is read. */
const root = join(import.meta.dirname, '../..');
const patience = { timeout: 8_000, interval: 10 };
const until = (holds: () => unknown): Promise<void> => expect.poll(() => Boolean(holds()), patience).toBe(true);

let directory: string;
let started: Program[];
let closing: (() => void)[];

class Program {
  readonly data: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  text = '';

  constructor(port: number, data: string, environment: Readonly<Record<string, string>> = {}) {
    this.port = port;
    this.data = data;
    this.child = spawn(join(root, 'bin/tandem'), ['run', join(root, 'examples/pbx-itsp.yaml')], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TANDEM_SIP: `127.0.0.1:${port}`,
        TANDEM_DATA: data,
        // One for all of them, from run to run: they start in half the time.
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/tandem-code'),
        ...environment,
      },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (chunk) => {
        this.text += chunk;
      });
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
    started.push(this);
  }

  /** How often it has said that it is ready. */
  get readies(): number {
    return this.text.split('\n').filter((line) => line.startsWith('tandem ') && line.includes(' ready: ')).length;
  }

  /** Waits until it is ready for the `times`th time. */
  async ready(times = 1): Promise<this> {
    await until(() => this.readies === times || this.child.exitCode !== null);
    expect(this.readies, this.text).toBe(times);
    return this;
  }

  /** The process id of a part. */
  part(name: 'signalling' | 'media'): number | undefined {
    return processTree(this.child.pid!).find((pid) => commandLine(pid).startsWith(`tandem-${name}`));
  }
}

/** A socket on a port of 127.0.0.1 that nobody has, below the example's media ports and those that the system gives out. */
async function held(): Promise<Socket & { readonly port: number }> {
  for (;;) {
    const socket = createSocket('udp4');
    const port = 10_000 + Math.floor(9_000 * Math.random());
    const bound = await new Promise((tell) => {
      socket.once('error', () => tell(false));
      socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => tell(true));
    });
    if (bound) return Object.assign(socket, { port });
    socket.close();
  }
}

async function freePort(): Promise<number> {
  const socket = await held();
  await new Promise<void>((done) => socket.close(done));
  return socket.port;
}

async function start(environment?: Readonly<Record<string, string>>): Promise<Program> {
  return new Program(await freePort(), join(directory, 'data'), environment).ready();
}

/** One end of a call: a socket that keeps what it got and answers requests as it is told. */
class Party {
  readonly got: string[] = [];
  readonly #socket: Socket & { readonly port: number };
  readonly #answers: (request: string) => string | undefined;

  constructor(socket: Socket & { readonly port: number }, answers: (request: string) => string | undefined) {
    this.#socket = socket;
    this.#answers = answers;
    socket.on('message', (data, from) => {
      const text = data.toString('latin1');
      this.got.push(text);
      const answer = text.startsWith('SIP/2.0') ? undefined : this.#answers(text);
      if (answer !== undefined) socket.send(answer, from.port, from.address);
    });
    closing.push(() => socket.close());
  }

  get port(): number {
    return this.#socket.port;
  }

  send(port: number, message: string): void {
    this.#socket.send(message, port, '127.0.0.1');
  }

  async hears(start: string): Promise<string> {
    await until(() => this.got.some((text) => text.startsWith(start)));
    return this.got.find((text) => text.startsWith(start))!;
  }
}

const headers = (message: string, ...names: readonly string[]): string[] =>
  message.split('\r\n').filter((line) => names.some((name) => line.startsWith(`${name}:`)));

/** 200 to any request but ACK; to an INVITE with a session description. */
function ok(port: number): (request: string) => string | undefined {
  return (request) => {
    if (request.startsWith('ACK')) return undefined;
    const body = request.startsWith('INVITE') ? request.slice(request.indexOf('\r\n\r\n') + 4) : '';
    const copied = headers(request, 'Via', 'From', 'Call-ID', 'CSeq');
    const [to] = headers(request, 'To');
    return [
      'SIP/2.0 200 OK',
      ...copied,
      to!.includes('tag=') ? to : `${to};tag=callee`,
      `Contact: <sip:127.0.0.1:${port}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  };
}

const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n';

/** A program with a PBX and an ITSP at hand. */
async function withParties(environment: Readonly<Record<string, string>> = {}) {
  const [pbxSocket, itspSocket] = [await held(), await held()];
  const pbx = new Party(pbxSocket, ok(pbxSocket.port));
  const itsp = new Party(itspSocket, ok(itspSocket.port));
  const program = await start({
    TANDEM_PBX: `127.0.0.1:${pbx.port}`,
    TANDEM_ITSP: `127.0.0.1:${itsp.port}`,
    TANDEM_MEDIA: 'bypass',
    ...environment,
  });
  const request = (method: string, callId: string, number: number, to = '<sip:123@127.0.0.1>', body = ''): void =>
    pbx.send(
      program.port,
      [
        `${method} sip:123@127.0.0.1:${program.port} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${pbx.port};branch=z9hG4bK${callId}${method}${number}`,
        'Max-Forwards: 70',
        'From: <sip:1@127.0.0.1>;tag=caller',
        `To: ${to}`,
        `Call-ID: ${callId}`,
        `CSeq: ${number} ${method}`,
        `Contact: <sip:127.0.0.1:${pbx.port}>`,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
  /** Sets a call up; its To with tag. */
  const call = async (callId: string): Promise<string> => {
    request('INVITE', callId, 1, undefined, sdp);
    const answer = await pbx.hears('SIP/2.0 200');
    const to = headers(answer, 'To')[0]!.slice(4);
    request('ACK', callId, 1, to);
    await itsp.hears('ACK');
    return to;
  };
  return { program, pbx, itsp, request, call };
}

/** What it says of itself. */
function inspect(data: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = connect(statusSocket(data));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text));
    });
    socket.write('{"query":"inspect"}\n');
  });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-processes-'));
  started = [];
  closing = [];
});
afterEach(async () => {
  for (const { child, exited } of started) {
    if (child.exitCode === null && child.signalCode === null) {
      // Its parts end with it.
      child.kill('SIGKILL');
      await exited;
    }
  }
  for (const close of closing) close();
  rmSync(directory, { recursive: true, force: true });
});

const alive = (pid: number): boolean => commandLine(pid) !== '';

describe.runIf(process.platform === 'linux')('tandem run', () => {
  test('starts, tells what stands, and ends at SIGTERM with status 0 and nothing left behind', async () => {
    const program = await start();
    expect(program.text).toContain(`ready: listening udp 127.0.0.1:${program.port}, tcp 127.0.0.1:${program.port}`);
    const parts = [program.part('signalling')!, program.part('media')!];
    expect(parts.every(alive)).toBe(true);
    expect(await inspect(program.data)).toMatchObject({ counters: { received: 0, drops: { malformed: 0 } } });
    program.child.kill('SIGTERM');
    expect(await program.exited, program.text).toBe(0);
    expect(parts.some(alive)).toBe(false);
    expect(readdirSync(program.data).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  test('either part is started again without the other, and what it counts begins anew', async () => {
    const program = await start();
    const [signalling, media] = [program.part('signalling')!, program.part('media')!];
    process.kill(signalling, 'SIGKILL');
    await program.ready(2);
    expect(program.part('media')).toBe(media);
    const next = program.part('signalling')!;
    expect(next).not.toBe(signalling);

    process.kill(media, 'SIGKILL');
    await until(() => program.part('media') !== undefined && program.part('media') !== media);
    expect(program.part('signalling')).toBe(next);
    program.child.kill('SIGINT');
    expect(await program.exited, program.text).toBe(0);
  });

  test('a signal to the signalling process alone does not end it', async () => {
    const program = await start({ TANDEM_MEDIA: 'bypass' });
    const signalling = program.part('signalling')!;
    expect(program.part('media')).toBeUndefined();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(signalling, signal);
    program.child.kill('SIGHUP');
    await until(() => program.text.includes('SIGHUP'));
    await inspect(program.data);
    expect(program.part('signalling')).toBe(signalling);
  });

  test('kill -9 of the supervisor leaves nothing running, and the next one starts on the same directory', async () => {
    const program = await start();
    const parts = [program.part('signalling')!, program.part('media')!];
    program.child.kill('SIGKILL');
    await program.exited;
    await until(() => !parts.some(alive));
    const next = await new Program(program.port, program.data).ready();
    next.child.kill('SIGTERM');
    expect(await next.exited, next.text).toBe(0);
  });

  test('drains: calls that stand go on, new ones are refused, the end of the last is the end', async () => {
    const { program, pbx, itsp, request, call } = await withParties();
    const to = await call('standing');
    program.child.kill('SIGTERM');
    await until(() => program.text.includes('draining'));
    request('INVITE', 'late', 1, undefined, sdp);
    await pbx.hears('SIP/2.0 503');
    expect(await inspect(program.data)).toMatchObject({ calls: [{}] });
    request('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
    expect(await program.exited, program.text).toBe(0);
  });

  test.each([
    ['the second signal', {}, 2],
    ['the end of the time to drain', { TANDEM_DRAIN_SECONDS: '0.2' }, 1],
  ])('%s ends the calls that stand', async (_what, environment, signals) => {
    const { program, pbx, itsp, call } = await withParties(environment);
    await call('standing');
    for (let i = 0; i < signals; i++) {
      program.child.kill('SIGTERM');
      await until(() => program.text.includes('draining'));
    }
    await Promise.all([pbx.hears('BYE'), itsp.hears('BYE')]);
    expect(await program.exited, program.text).toBe(0);
  });

  test('a call outlives kill -9 of the signalling process', async () => {
    const { program, itsp, request, call } = await withParties();
    const to = await call('standing');
    process.kill(program.part('signalling')!, 'SIGKILL');
    await program.ready(2);
    expect(program.text).toContain('1 call taken up');
    request('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
    program.child.kill('SIGTERM');
    expect(await program.exited, program.text).toBe(0);
  });

  test('a signalling process that hangs is killed, and its calls are taken up', async () => {
    const { program, itsp, request, call } = await withParties({ TANDEM_HANG_SECONDS: '1' });
    const to = await call('standing');
    process.kill(program.part('signalling')!, 'SIGSTOP');
    await program.ready(2);
    expect(program.text).toContain('the signalling process died (no answer for 1 s (stopped), killed)');
    expect(program.text).toContain('1 call taken up');
    const last = { how: 'no answer for 1 s (stopped), killed', at: expect.any(Number) };
    expect(await inspect(program.data)).toMatchObject({ restarts: { signalling: { died: 0, hung: 1, last } } });
    request('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
    program.child.kill('SIGTERM');
    expect(await program.exited, program.text).toBe(0);
  });

  test('a media process that hangs is killed, and a new one serves', async () => {
    const program = await start({ TANDEM_HANG_SECONDS: '1' });
    const media = program.part('media')!;
    process.kill(media, 'SIGSTOP');
    await until(() => program.part('media') !== undefined && program.part('media') !== media);
    // It is a pipe away.
    await until(() => program.text.includes('the media process died (no answer for 1 s (stopped), killed)'));
    expect(await inspect(program.data)).toMatchObject({
      restarts: { signalling: { died: 0, hung: 0 }, media: { died: 0, hung: 1 } },
    });
    expect(program.readies).toBe(1);
  });

  test('an address in use: the listener, the address and a cure are named, status 1', async () => {
    const socket = await held();
    const program = new Program(socket.port, join(directory, 'data'));
    expect(await program.exited).toBe(1);
    expect(program.text).toBe(
      `tandem: listener sip: udp 127.0.0.1:${socket.port} is in use by another program: ` +
        'end that one, or give this listener another bind.\n',
    );
    socket.close();
  });

  test('a directory in use: the one who has it is named and not disturbed, status 1', async () => {
    const first = await start();
    const second = new Program(await freePort(), first.data);
    expect(await second.exited).toBe(1);
    expect(second.text).toContain(`in use by process ${first.part('signalling')}`);
    await inspect(first.data);
    expect(first.readies).toBe(1);
  });

  test('a data directory of any length will do', async () => {
    const data = join(directory, 'a'.repeat(100), 'b'.repeat(100));
    const program = await new Program(await freePort(), data).ready();
    expect(await inspect(data)).toHaveProperty('counters');
    program.child.kill('SIGTERM');
    expect(await program.exited, program.text).toBe(0);
    expect(existsSync(statusSocket(data))).toBe(false);
    rmSync(join(statusSocket(data), '..'), { recursive: true });
  });
});

test('a process that does not come to stand is given up after five times', async () => {
  const restarts: string[] = [];
  const end = await new Promise((resolve) => {
    const kept = new KeptProcess({
      title: 'tandem-dying',
      module: '../../test/support/dying-process',
      args: ['7'],
      codeCache: join(directory, 'cache'),
      hangTime: 0,
      onStart: (send) => send({ kind: 'start' }),
      onMessage: () => {},
      onRestart: (how, pause) => restarts.push(`${how} ${pause}`),
      onEnd: (how, status, gaveUp) => resolve({ how, status, gaveUp }),
    });
    kept.start();
  });
  expect(end).toEqual({ how: 'status 7', status: 7, gaveUp: true });
  expect(restarts).toEqual(['status 7 0', 'status 7 100', 'status 7 500', 'status 7 1000']);
});

describe('a process that does not answer', () => {
  const hangTime = 500;
  let restarts: string[];
  let kept: KeptProcess<{ readonly kind: string }>;
  let starts: number;

  beforeEach(async () => {
    restarts = [];
    starts = 0;
    kept = new KeptProcess({
      title: 'tandem-hanging',
      module: '../../test/support/hanging-process',
      args: [],
      codeCache: join(directory, 'cache'),
      hangTime,
      onStart: () => {},
      onMessage: ({ kind }) => {
        expect(kind).toBe('ready');
        kept.ready();
        starts++;
      },
      onRestart: (how) => restarts.push(how),
      onEnd: () => {},
    });
    kept.start();
    await until(() => starts === 1);
  });
  afterEach(() => {
    kept.letGo();
    kept.kill('SIGKILL');
  });

  test('is killed and started again, and the new one is watched as well', async () => {
    const first = kept.pid!;
    for (const times of [1, 2]) {
      kept.send({ hang: 60_000 });
      await until(() => starts === times + 1);
    }
    expect(restarts).toHaveLength(2);
    for (const how of restarts) expect(how).toMatch(/^no answer for 0\.5 s( \(running\))?, killed$/);
    expect(kept.restarts).toMatchObject({ died: 0, hung: 2, last: { how: restarts[1] } });
    expect(alive(first)).toBe(false);
  });

  test('for less than that time goes on', async () => {
    const { pid } = kept;
    for (let i = 0; i < 3; i++) {
      kept.send({ hang: hangTime / 2 });
      await new Promise((done) => setTimeout(done, hangTime));
    }
    expect([kept.pid, restarts]).toEqual([pid, []]);
  });

  test('is not blamed while we are kept from our processor too', async () => {
    const { pid } = kept;
    kept.send({ hang: 60_000 });
    for (let i = 0; i < 10; i++) {
      const end = performance.now() + hangTime / 2;
      while (performance.now() < end);
      await new Promise((done) => setTimeout(done, 1));
    }
    expect([kept.pid, restarts]).toEqual([pid, []]);
    await until(() => restarts.length === 1);
  });

  test('that dies by itself is told apart', async () => {
    process.kill(kept.pid!, 'SIGKILL');
    await until(() => starts === 2);
    expect(kept.restarts).toMatchObject({ died: 1, hung: 0, last: { how: 'SIGKILL' } });
  });
});
