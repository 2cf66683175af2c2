import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const bin = join(root, 'bin', 'tandem');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const folder = mkdtempSync(join(tmpdir(), 'tandem-bin-'));
/** Makes the Node that runs bin/tandem look like one of 2023: too old, and unable to become another program. */
const old = join(folder, 'old.cjs');

beforeAll(() => {
  writeFileSync(
    old,
    "Object.defineProperty(process.versions, 'node', { value: '20.0.0' });\nprocess.execve = undefined;\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** On the Node of the tests as it is, and as if it were too old. */
const nodes = [
  ['a current Node', [] as string[]],
  ['an old Node', ['--require', old]],
] as const;

function tandem(args: readonly string[], nodeArgs: readonly string[] = [], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, bin, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

describe.each(nodes)('bin/tandem in the checkout, with %s', (_what, nodeArgs) => {
  test('runs the sources', () => {
    expect(tandem(['--version'], nodeArgs)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('passes the exit status on', () => {
    expect(tandem(['check', '/nowhere.yaml'], nodeArgs)).toMatchObject({ status: 1, stdout: '' });
    expect(tandem(['chekc'], nodeArgs)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean check?'),
    });
  });
});

describe('the command line', () => {
  test('prints the JSON Schema', () => {
    const { status, stdout } = tandem(['schema']);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(root, 'docs', 'tandem.schema.json'), 'utf8'));
  });

  const example = join(root, 'examples', 'topologies', 'central.yaml');
  test.each([
    ['check, what is right', ['check', example], 0],
    ['check, what is not there', ['check', '/nowhere.yaml'], 1],
    ['schema', ['schema'], 0],
    ['help', ['--help'], 0],
    ['explain', ['explain', 'TDM-1101'], 0],
    ['a route', ['route', 'test', example, '--from', 'itsp', '--to', '+1'], 1],
    ['trunks', ['trunk', 'show', 'itsp', example], 0],
    ['calls', ['cdr', 'list', '--data', '/nowhere'], 1],
  ])('who reads may stop whenever he likes: %s', async (_, args, status) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    // Before it has said a word.
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect({ code, stack: /EPIPE|at .*\(/.test(said) }).toEqual({ code: status, stack: false });
  });

  test('tells a user mistake without a stack', () => {
    const { status, stderr } = tandem(['explain', 'TDM-9']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tandem: there is no problem TDM-9; .*\n$/);
  });
});

describe.each(nodes)('bin/tandem in the package, with %s', (_what, nodeArgs) => {
  /** The package as npm unpacks it, with a program of ours in place of dist. */
  const home = join(folder, nodeArgs.length === 0 ? 'new' : 'old', 'node_modules', 'tandem');
  beforeAll(() => {
    for (const part of ['bin', 'dist/cli']) mkdirSync(join(home, part), { recursive: true });
    for (const file of ['tandem', 'package.json']) copyFileSync(join(root, 'bin', file), join(home, 'bin', file));
    writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
    const name = `node-${process.platform}-${process.arch}`;
    symlinkSync(join(root, 'node_modules', name), join(home, '..', name));
    writeFileSync(
      join(home, 'dist', 'cli', 'main.js'),
      `const [what, signal] = process.argv.slice(2);
       if (what === 'wait') process.once(signal, () => process.exit(7));
       console.log(JSON.stringify([what, process.versions.node, process.execArgv]));
       if (what !== 'args') setInterval(() => {}, 1000);`,
    );
  });

  function start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [...nodeArgs, join(home, 'bin', 'tandem'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  test('runs dist, on a Node that is new enough', async () => {
    const child = start(['args']);
    const exit = once(child, 'exit');
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const [what, node, execArgv] = JSON.parse(String(line)) as [string, string, string[]];
    expect(what).toBe('args');
    expect(Number(node.split('.')[0])).toBeGreaterThanOrEqual(24);
    expect(execArgv).not.toContain('--conditions=source');
    expect(await exit).toEqual([0, null]);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const)('passes %s on', async (signal) => {
    const child = start(['wait', signal]);
    const exit = once(child, 'exit');
    await once(child.stdout!, 'data');
    child.kill(signal);
    expect(await exit).toEqual([7, null]);
  });

  test('dies of the signal that the program died of', async () => {
    const child = start(['die']);
    const exit = once(child, 'exit');
    await once(child.stdout!, 'data');
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
  });
});

test('says what is wrong where there is no Node to be had', () => {
  const home = join(folder, 'alone');
  mkdirSync(join(home, 'bin'), { recursive: true });
  for (const file of ['tandem', 'package.json']) copyFileSync(join(root, 'bin', file), join(home, 'bin', file));
  const run = (nodeArgs: readonly string[]) =>
    spawnSync(process.execPath, [...nodeArgs, join(home, 'bin', 'tandem')], { encoding: 'utf8' });
  expect(run(['--require', old])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^tandem: needs Node 24\.18 or later\. This is Node 20\.0\.0 /),
  });
  expect(run([])).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run build') });
});
