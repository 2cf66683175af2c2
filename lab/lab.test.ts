import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordReader } from '#shell/store';

// The whole lab as `npm start` runs it: the real program, real sockets, real audio, real time.

const main = join(import.meta.dirname, 'main.ts');

interface Run {
  readonly child: ChildProcess;
  readonly data: string;
  text: string;
  /** Resolves when the text has this, with what it matched. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly exited: Promise<number | null>;
}

let started: Run[];
beforeEach(() => {
  started = [];
});
afterEach(async () => {
  for (const run of started) {
    const { child, data } = run;
    if (child.exitCode === null && child.signalCode === null) {
      await endAtOnce(run);
    }
    rmSync(data, { recursive: true, force: true });
  }
});

function lab(...words: (string | Record<string, string>)[]): Run {
  const argv = words.filter((word) => typeof word === 'string');
  const [more] = words.filter((word) => typeof word !== 'string');
  const data = mkdtempSync(join(tmpdir(), 'tandem-lab-'));
  // Below the ports that the system gives out, and apart from the lab that somebody may be running by hand.
  const base = 22_000 + 100 * randomInt(80);
  const env = {
    ...process.env,
    NO_COLOR: '1',
    TANDEM_DATA: data,
    LAB_LAN: `127.0.0.1:${base}`,
    LAB_WAN: `127.0.0.2:${base}`,
    LAB_PBX: `127.0.0.1:${base + 1}`,
    LAB_ITSP: `127.0.0.3:${base}`,
    LAB_ITSP_BACKUP: `127.0.0.3:${base + 1}`,
    LAB_MEDIA_PORTS: `${base + 2}-${base + 99}`,
    ...more,
  };
  const child = spawn(process.execPath, ['--conditions=source', main, ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const waiting = new Set<() => void>();
  const run: Run = {
    child,
    data,
    text: '',
    says: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(run.text);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    exited: new Promise((resolve) => child.on('close', resolve)),
  };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      run.text += chunk;
      for (const look of waiting) look();
    });
  }
  started.push(run);
  return run;
}

/** Two signals, one after the other: sent at once they would be one. */
async function endAtOnce({ child, exited, says }: Run): Promise<number | null> {
  child.kill('SIGINT');
  await Promise.race([says(/no more calls/), exited]);
  child.kill('SIGINT');
  return exited;
}

function records(run: Run): number {
  const reader = RecordReader.open(run.data);
  try {
    return reader.list({ reason: 'hangup' }, 100).length;
  } finally {
    reader.close();
  }
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  const patience = 60_000;

  test('two calls, one each way, are answered, heard and truly recorded', { timeout: patience }, async () => {
    const run = lab('--calls', '2', '--every', '200ms', '--talk', '1s');
    expect(await run.exited, run.text).toBe(0);
    expect(run.text).toMatch(/^✓ {2}#1 {2}pbx .* → itsp .* heard both ways$/m);
    expect(run.text).toMatch(/^✓ {2}#2 {2}itsp .* → pbx .* heard both ways$/m);
    expect(run.text).toMatch(/^2 calls in .*: 2 answered, 2 heard both ways, 2 recorded$/m);
    expect(records(run)).toBe(2);
  });

  test('SIGINT begins no more calls and lets those that run end', { timeout: patience }, async () => {
    const run = lab('--every', '300ms', '--talk', '1s');
    await run.says(/#2 .* talking/);
    run.child.kill('SIGINT');
    expect(await run.exited, run.text).toBe(0);
    const [, calls, recorded] = await run.says(/^(\d+) calls in .*, (\d+) recorded$/m);
    expect(Number(calls)).toBeGreaterThanOrEqual(2);
    expect(Number(calls)).toBeLessThan(10);
    expect(records(run)).toBe(Number(recorded));
  });

  test('a second SIGINT ends all at once', { timeout: patience }, async () => {
    const run = lab('--talk', '30s');
    await run.says(/#1 .* talking/);
    const begun = performance.now();
    expect(await endAtOnce(run), run.text).toBe(130);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(run.text).toMatch(/broken off/);
  });

  test('the signalling process dies under calls: they go on, are heard, and are truly recorded', {
    timeout: patience,
  }, async () => {
    const run = lab('--calls', '2', '--every', '200ms', '--talk', '5s');
    await run.says(/#2 .* talking/);
    kill(part(await program(run), 'tandem-signalling'));
    expect(await run.exited, run.text).toBe(0);
    expect(run.text).toMatch(/^2 calls in .*: 2 answered, 2 heard both ways, 2 recorded$/m);
  });

  test('the media process dies under a call: status 1, and the record says so', { timeout: patience }, async () => {
    const run = lab('--calls', '1', '--talk', '10s');
    await run.says(/#1 .* talking/);
    kill(part(await program(run), 'tandem-media'));
    expect(await run.exited, run.text).toBe(1);
    expect(run.text).toMatch(/^✗ {2}#1 /m);
    expect(run.text).toMatch(/The media process died under the call/);
    expect(run.text).toMatch(/1 recorded, 1 with faults$/m);
  });

  test('the program dies: status 1, and what happened', { timeout: patience }, async () => {
    const run = lab('--talk', '30s');
    await run.says(/#1 .* talking/);
    kill(await program(run));
    expect(await run.exited, run.text).toBe(1);
    expect(run.text).toMatch(/✗ Tandem ended with SIGKILL/);
  });

  test('an address in use: which, and what to do', { timeout: patience }, async () => {
    const taken = createSocket('udp4');
    await new Promise<void>((done) => taken.bind(0, '127.0.0.1', done));
    const place = `127.0.0.1:${taken.address().port}`;
    const run = lab({ LAB_PBX: place }, '--calls', '1');
    expect(await run.exited, run.text).toBe(1);
    taken.close();
    expect(run.text).toContain(`✗ the PBX cannot listen on UDP ${place}: the port is in use`);
  });
});

async function program(run: Run): Promise<number> {
  const [, pid] = await run.says(/runs as process (\d+)/);
  return Number(pid);
}

/** A child process of the program, by its title. */
function part(program: number, title: string): number {
  const children = readFileSync(`/proc/${program}/task/${program}/children`, 'utf8').trim().split(' ').map(Number);
  return children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(title))!;
}

function kill(pid: number): void {
  process.kill(pid, 'SIGKILL');
}
