import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeptProcess } from '../../src/app/kept-process.ts';
import { statusSocket } from '../../src/app/socket-path.ts';
import { commandLine, processTree } from '../perf/process-tree.ts';
import { freePort, held, inspect, Program, Programs, sdp, until } from '../support/running-program.ts';

/** The whole program as its users start it: who starts whom, who outlives whom, and how it ends. Linux: /proc is read. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

const alive = (pid: number): boolean => commandLine(pid) !== '';

describe.runIf(process.platform === 'linux')('tandem run', () => {
  test('starts, tells what stands, and ends at SIGTERM with status 0 and nothing left behind', async () => {
    const program = await programs.start();
    expect(program.text).toContain(`ready: listening udp 127.0.0.1:${program.port}, tcp 127.0.0.1:${program.port}`);
    const parts = [program.part('signalling')!, program.part('media')!];
    expect(parts.every(alive)).toBe(true);
    expect(await inspect(program.data)).toMatchObject({ counters: { received: 0, drops: { malformed: 0 } } });
    await until(() => program.part('management') !== undefined);
    expect([...parts, program.part('management')!].map((part) => getPriority(part))).toEqual([0, 0, 3]);
    program.child.kill('SIGTERM');
    expect(await program.exited, program.text).toBe(0);
    expect(parts.some(alive)).toBe(false);
    expect(readdirSync(program.data).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  test('does not start on what a newer version has written, and says what to do', async () => {
    const first = await programs.start();
    first.child.kill('SIGTERM');
    expect(await first.exited, first.text).toBe(0);
    const database = new DatabaseSync(join(first.data, 'records.sqlite'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    const second = new Program(programs.file, first.port, first.data);
    expect(await second.exited, second.text).toBe(1);
    expect(second.text).toMatch(/written by a newer version of tandem: records\.sqlite \(format 999/);
    expect(second.readies).toBe(0);
  });

  test('either part is started again without the other, and what it counts begins anew', async () => {
    const program = await programs.start();
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

  test.each([
    ['npm with a Node that is new enough', process.execPath],
    ['npm with one that has to start another', undefined],
  ])('SIGTERM to %s drains, although its shell dies without a word', { timeout: 40_000 }, async (_what, node) => {
    const bin = join(import.meta.dirname, '../../bin/tandem');
    const old = join(programs.directory, 'old.cjs');
    writeFileSync(old, 'process.execve = undefined;\n');
    const data = join(programs.directory, 'data');
    const start = node === undefined ? `${process.execPath} --require ${old}` : node;
    // As npm starts it, where the shell does not become the program (npm's own promise-spawn and signal manager).
    const shell = spawn('sh', ['-c', `${start} ${bin} run ${programs.file}; true`], {
      env: { ...process.env, npm_command: 'exec', TANDEM_SIP: `127.0.0.1:${await freePort()}`, TANDEM_DATA: data },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    shell.stderr.on('data', (chunk) => {
      text += chunk;
    });
    const says = (what: string) => expect.poll(() => text, { timeout: 20_000, interval: 10 }).toContain(what);
    let started: readonly number[] = [];
    try {
      await says(' ready: ');
      started = processTree(shell.pid!).slice(1);
      expect(started.length).toBeGreaterThan(2);
      shell.kill('SIGTERM');
      await says('draining');
      await until(() => !started.some(alive));
    } finally {
      for (const pid of [...processTree(shell.pid!), ...started].filter(alive)) process.kill(pid, 'SIGKILL');
    }
  });

  test('a signal to the signalling process alone does not end it', async () => {
    const program = await programs.start({ TANDEM_MEDIA: 'bypass' });
    const signalling = program.part('signalling')!;
    expect(program.part('media')).toBeUndefined();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(signalling, signal);
    await inspect(program.data);
    expect(program.part('signalling')).toBe(signalling);
  });

  test('kill -9 of the supervisor leaves nothing running, and the next one starts on the same directory', async () => {
    const program = await programs.start();
    const parts = [program.part('signalling')!, program.part('media')!];
    program.child.kill('SIGKILL');
    await program.exited;
    await until(() => !parts.some(alive));
    const next = await programs.run(program.port, program.data).ready();
    next.child.kill('SIGTERM');
    expect(await next.exited, next.text).toBe(0);
  });

  test('drains: calls that stand go on, new ones are refused, the end of the last is the end', async () => {
    const { program, pbx, itsp, request, call } = await programs.withParties();
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
    const { program, pbx, itsp, call } = await programs.withParties(environment);
    await call('standing');
    for (let i = 0; i < signals; i++) {
      program.child.kill('SIGTERM');
      await until(() => program.text.includes('draining'));
    }
    await Promise.all([pbx.hears('BYE'), itsp.hears('BYE')]);
    expect(await program.exited, program.text).toBe(0);
  });

  test('a call outlives kill -9 of the signalling process', async () => {
    const { program, itsp, request, call } = await programs.withParties();
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
    const { program, itsp, request, call } = await programs.withParties({ TANDEM_HANG_SECONDS: '1' });
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
    const program = await programs.start({ TANDEM_HANG_SECONDS: '1' });
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
    const program = programs.run(socket.port, join(programs.directory, 'data'));
    expect(await program.exited).toBe(1);
    expect(program.text).toBe(
      `tandem: listener sip: udp 127.0.0.1:${socket.port} is in use by another program: ` +
        'end that one, or give this listener another bind.\n',
    );
    socket.close();
  });

  test('a directory in use: the one who has it is named and not disturbed, status 1', async () => {
    const first = await programs.start();
    const second = programs.run(await freePort(), first.data);
    expect(await second.exited).toBe(1);
    expect(second.text).toContain(`in use by process ${first.part('signalling')}`);
    await inspect(first.data);
    expect(first.readies).toBe(1);
  });

  test('a data directory of any length will do', async () => {
    const data = join(programs.directory, 'a'.repeat(100), 'b'.repeat(100));
    const program = await programs.run(await freePort(), data).ready();
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
      codeCache: join(programs.directory, 'cache'),
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
      codeCache: join(programs.directory, 'cache'),
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

  test.runIf(process.platform === 'linux')('is not blamed while it is kept from its own, but for so long', async () => {
    const { pid } = kept;
    const greedy = spawn('taskset', ['-c', '0', process.execPath, '-e', 'fs.writeSync(1, "now"); for (;;);']);
    try {
      await once(greedy.stdout, 'data');
      execFileSync('taskset', ['-a', '-p', '-c', '0', String(pid)]);
      execFileSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(pid)]);
      // It leads a session of its own: where sessions share the processor, what it is worth counts within that alone.
      if (existsSync(`/proc/${pid}/autogroup`)) writeFileSync(`/proc/${pid}/autogroup`, '19');
      await new Promise((done) => setTimeout(done, hangTime / 5));
      kept.send({ hang: 60_000 });
      await new Promise((done) => setTimeout(done, 3 * hangTime));
      expect([kept.pid, restarts]).toEqual([pid, []]);
    } finally {
      greedy.kill('SIGKILL');
    }
    await until(() => restarts.length === 1);
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
