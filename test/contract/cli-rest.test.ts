import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiSocket } from '../../src/app/socket-path.ts';
import { unixFetch } from '../../src/cli/rest/unix-fetch.ts';
import { type Program, Programs } from '../support/running-program.ts';

/** The command line against a running program: what it asks, what it changes, and with what it ends. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

const bin = join(import.meta.dirname, '../../bin/tandem');

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(program: Program, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn(bin, args, {
    cwd: programs.directory,
    env: { ...process.env, TANDEM_DATA: program.data, ...more },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
    });
  child.stdin.end();
  const ended = once(child, 'close').then(([status]): Said => ({ status: status as number | null, ...said }));
  return { child, said, ended };
}

const tandem = (program: Program, ...args: readonly string[]): Promise<Said> => start(program, args).ended;

async function ready(program: Program): Promise<void> {
  const ask = unixFetch(apiSocket(program.data));
  const status = () =>
    ask(new Request('http://tandem/api/v1/readyz')).then(
      (answer) => answer.status,
      () => 0,
    );
  await expect.poll(status, { timeout: 15_000, interval: 50 }).toBe(200);
}

/** A program of its own takes its time to begin, on a machine that is busy. */
const heard = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 30_000, interval: 20 }).toBe(true);

describe.runIf(process.platform === 'linux')('the command line', { timeout: 120_000 }, () => {
  test('a configuration is changed, looked at, committed and gone back from', async () => {
    const { program } = await programs.withParties();
    await ready(program);
    const set = await tandem(program, 'config', 'set', 'trunks.itsp.capacity.calls', '60');
    expect(set).toMatchObject({ status: 0, stdout: '+ trunks itsp capacity calls (for new calls)\n    + 60\n' });
    expect(readFileSync(programs.file, 'utf8')).not.toContain('calls: 60');
    expect(JSON.parse((await tandem(program, 'config', 'diff', '-o', 'json')).stdout)).toMatchObject({
      sound: true,
      differences: [{ path: ['trunks', 'itsp', 'capacity', 'calls'], is: 60 }],
    });
    const effective = await tandem(program, 'config', 'show', '--effective', 'trunks.itsp.capacity', '--draft');
    expect(effective.stdout).toMatch(/^SETTING +VALUE +FROM\ncapacity.calls +60 +line \d+\n/);
    const running = JSON.parse(
      (await tandem(program, 'config', 'show', '--effective', 'media.mode', '-o', 'json')).stdout,
    );
    expect(running).toEqual([expect.objectContaining({ path: ['mode'], value: 'bypass', from: 'file' })]);
    expect(await tandem(program, 'config', 'show', '--effective', 'trunks.none')).toMatchObject({ status: 1 });
    expect(await tandem(program, 'config', 'show', 'trunks.itsp')).toMatchObject({ status: 2 });
    expect(await tandem(program, 'config', 'move', 'routes.inbound', 'outbound')).toMatchObject({ status: 0 });
    expect(await tandem(program, 'config', 'move', 'routes.inbound')).toMatchObject({ status: 0 });
    expect(await tandem(program, 'config', 'move', 'routes.inbound', 'none')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('routes has no none'),
    });
    expect((await tandem(program, 'config', 'diff', '--text')).stdout).toMatch(/^\+ +calls: 60$/m);
    expect(await tandem(program, 'config', 'commit', '-m', 'more')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Version \d+ runs/),
    });
    expect(readFileSync(programs.file, 'utf8')).toContain('calls: 60');
    const [newest] = JSON.parse((await tandem(program, 'config', 'history', '-o', 'json')).stdout);
    expect(newest).toMatchObject({ who: 'local', by: 'commit', reason: 'more', differences: 1 });
    expect((await tandem(program, 'config', 'rollback')).status).toBe(0);
    expect(readFileSync(programs.file, 'utf8')).not.toContain('calls: 60');
  });

  test('what cannot be is refused with the words that would do it, and its own exit status', async () => {
    const { program } = await programs.withParties();
    await ready(program);
    await tandem(program, 'config', 'set', 'sip.t1', '600ms');
    const refused = await tandem(program, 'config', 'commit');
    expect(refused).toMatchObject({ status: 5, stderr: expect.stringContaining('If that may be: --restart') });
    // Somebody writes the file meanwhile.
    writeFileSync(programs.file, `# by hand\n${readFileSync(programs.file, 'utf8')}`);
    const late = await tandem(program, 'config', 'commit', '--restart');
    expect(late).toMatchObject({ status: 5, stderr: expect.stringContaining('tandem config renew') });
    expect((await tandem(program, 'config', 'discard')).status).toBe(0);
    const faulty = join(programs.directory, 'faulty.yaml');
    writeFileSync(faulty, readFileSync(programs.file, 'utf8').replace('kind: itsp', 'kind: nothing'));
    expect(await tandem(program, 'config', 'diff', faulty)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^error TDM-\d+ line \d+, trunk "itsp"/),
    });
    expect(await tandem(program, 'call', 'show', 'none')).toMatchObject({
      status: 1,
      stderr: 'tandem: There is no call none.\n',
    });
    const nowhere = start(program, ['status'], { TANDEM_DATA: join(programs.directory, 'elsewhere') });
    expect((await nowhere.ended).status).toBe(3);
    expect((await tandem(program, 'call', 'list', '-o', 'xml')).status).toBe(2);
  });

  test('a call is listed, followed, drawn, captured and ended', async () => {
    const { program, itsp, call } = await programs.withParties();
    await ready(program);
    const events = start(program, ['events', '--kinds', 'calls,ended', '-o', 'ndjson']);
    await heard(() => events.said.stdout.includes('"hello"'));
    await call('standing');
    await heard(() => events.said.stdout.includes('"answered"'));
    const [one] = (await tandem(program, 'call', 'list', '-o', 'ndjson')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(one).toMatchObject({ from: { trunk: 'pbx' }, to: { trunk: 'itsp' }, phase: 'answered' });
    const ladder = await tandem(program, 'ladder', one.call);
    expect(ladder.stdout).toMatch(/ pbx +tandem +itsp\n/);
    expect(ladder.stdout).toMatch(/│─+ INVITE \(SDP\) ─+▶│/);
    expect(ladder.stdout).toMatch(/│◀─+ 200 OK \(SDP\) ─+│/);
    const file = join(programs.directory, 'call.pcapng');
    expect((await tandem(program, 'ladder', one.call, '--pcap', file)).status).toBe(0);
    expect(readFileSync(file).readUInt32LE(0)).toBe(0x0a0d0d0a);
    const trace = start(program, ['trace', one.call, '-o', 'ndjson']);
    await heard(() => trace.said.stdout.includes('INVITE'));
    expect((await tandem(program, 'call', 'end', one.call)).status).toBe(0);
    await itsp.hears('BYE');
    // It ends with the call, and has all of it.
    expect((await trace.ended).status).toBe(0);
    expect(trace.said.stdout).toContain('BYE');
    await heard(() => events.said.stdout.includes('"event":"ended"'));
    events.child.kill('SIGINT');
    expect((await events.ended).status).toBe(0);
  });

  test('what stands is listed while the API begins anew', async () => {
    const { program, call } = await programs.withParties();
    await ready(program);
    await call('standing');
    // Who is to tell it stands still, until the API has been asked for a while.
    const signalling = program.part('signalling')!;
    process.kill(signalling, 'SIGSTOP');
    process.kill(program.part('management')!, 'SIGKILL');
    const listed = start(program, ['call', 'list', '-o', 'ndjson']);
    await sleep(2_500);
    process.kill(signalling, 'SIGCONT');
    const { stdout, stderr } = await listed.ended;
    expect([stdout.trim().split('\n').length, JSON.parse(stdout).phase, stderr]).toEqual([1, 'answered', '']);
  });

  test('names of what runs are completed', async () => {
    const { program } = await programs.withParties();
    await ready(program);
    expect((await tandem(program, '__complete', '--', 'trunk', 'show', 'i')).stdout).toMatch(/^itsp\t\w+\n:?/);
    expect((await tandem(program, 'trunk', 'list')).stdout).toMatch(/^TRUNK .*\npbx /);
  });
});
