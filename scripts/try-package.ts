/**
 * Builds and packs the package, installs it in an empty project as its users do, and tries what it promises there:
 * the command, the schema, the exported SIP stack, the program with its API and console. Exit status 1 when something is missing.
 *
 *   node --conditions=source scripts/try-package.ts [--built]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../', import.meta.url).pathname;
const project = mkdtempSync(join(tmpdir(), 'tandem-package-'));

function run(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: status ${status}\n${stdout}${stderr}${error ?? ''}`);
  return stdout;
}

function expect(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`not so: ${what}`);
  console.log(`ok: ${what}`);
}

/** What the API answers on its Unix socket. */
async function ask(socketPath: string, path: string, accept: string): Promise<{ status: number; body: string }> {
  const asked = request({ socketPath, path, headers: { accept } }).end();
  const [answer] = (await once(asked, 'response')) as [AsyncIterable<Buffer> & { statusCode: number }];
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part);
  return { status: answer.statusCode, body: Buffer.concat(parts).toString() };
}

/** Resolves when the program has said `line`. Rejects when it ends before, or says nothing of the kind in time. */
function said(program: ChildProcess, line: string, seconds = 20): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => reject(new Error(`${why}; it said: ${text}`));
    const late = setTimeout(() => fail(`it did not say ${line} in ${seconds} s`), 1000 * seconds);
    program.once('exit', (status) => fail(`it ended with status ${status}`));
    program.stderr!.on('data', (more: Buffer) => {
      text += more.toString();
      if (!text.includes(line)) return;
      clearTimeout(late);
      resolve();
    });
  });
}

/** Runs the program that was installed, and looks at what it serves. */
async function tryRunning(tandem: string): Promise<void> {
  const file = join(project, 'tandem.yaml');
  const data = join(project, 'data');
  writeFileSync(
    file,
    `listeners: [{ name: all, bind: "127.0.0.1:15064" }]
records: { path: ${data} }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 127.0.0.2 }
  - { name: itsp, kind: itsp, addresses: 127.0.0.3 }
routes: [{ name: out, from: pbx, to: itsp }]
`,
  );
  const program = spawn(tandem, ['run', file], { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(program, 'exit') as Promise<[number | null]>;
  try {
    await said(program, ' ready: listening');
    const socket = join(data, 'api.sock');
    const page = await answered(socket, '/', 'text/html');
    expect('the console is served', page.status === 200 && page.body.includes('<div id="root">'));
    const [script] = /assets\/[^"]+\.js/.exec(page.body) ?? [];
    expect('its script is', (await ask(socket, `/${script}`, '*/*')).body.length > 100_000);
    const openapi = JSON.parse((await ask(socket, '/api/v1/openapi.json', 'application/json')).body);
    expect('/api/v1/openapi.json describes the API', openapi.openapi.startsWith('3.1'));
    expect('/api/v1/readyz says that calls are taken', (await ask(socket, '/api/v1/readyz', '*/*')).status === 200);
    program.kill('SIGTERM');
    const [status] = await ended;
    expect('it ends with status 0 when it is told to', status === 0);
  } finally {
    program.kill('SIGKILL');
  }
}

/** Who compiles against the SIP stack finds all types that its own name, and no program besides. */
function tryTypes(): void {
  writeFileSync(
    join(project, 'uses.ts'),
    "import * as sip from 'tandem/sip';\nexport const names: string[] = Object.keys(sip);\n",
  );
  // Without skipLibCheck: what a type of ours names must be there.
  const types = ['--types', '', '--target', 'es2024', '--lib', 'es2024'];
  run(
    project,
    join(root, 'node_modules/.bin/tsc'),
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    ...types,
    'uses.ts',
  );
  expect('`tandem/sip` has its types', true);
}

/** Management begins after calls are taken: its socket may be some moments away. */
async function answered(socket: string, path: string, accept: string): ReturnType<typeof ask> {
  for (let n = 0; ; n++) {
    try {
      return await ask(socket, path, accept);
    } catch (error) {
      if (n === 600) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

try {
  if (!process.argv.includes('--built')) run(root, 'npm', 'run', 'build');
  const [packed] = JSON.parse(run(root, 'npm', 'pack', '--json', '--pack-destination', project)) as [
    { filename: string; size: number; files: readonly { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path);
  console.log(`${packed.filename}: ${paths.length} files, ${Math.round(packed.size / 1024)} kB`);
  for (const path of ['bin/tandem', 'dist/cli/main.js', 'dist/media-process/main.js', 'dist/app/signalling-main.js'])
    expect(`${path} is in it`, paths.includes(path));
  for (const path of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'docs/errors/TDM-1001.md',
    'examples/pbx-itsp.yaml',
    'dist/console/index.html',
    // Of whom its scripts are made.
    'dist/console/licences.md',
  ])
    expect(`${path} is in it`, paths.includes(path));
  const foreign = paths.filter((path) => /(^|\/)(src|lab|test|scripts|sim)\/|\.test\.|\.testing\.(js|d)/.test(path));
  expect(`nothing is in it that is not shipped (${foreign.slice(0, 3).join(', ')})`, foreign.length === 0);

  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', `./${packed.filename}`);
  const installed = join(project, 'node_modules', 'tandem');
  expect('it brings no sources', !readdirSync(installed).includes('src'));
  const tandem = join('node_modules', '.bin', 'tandem');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect('`tandem --version` says which', run(project, tandem, '--version').trim() === version);
  run(project, tandem, 'check', join(installed, 'examples', 'pbx-itsp.yaml'));
  expect('`tandem check` takes its example', true);
  expect('`tandem schema` prints a schema', '$schema' in (JSON.parse(run(project, tandem, 'schema')) as object));
  const use = "import('tandem/sip').then((sip) => console.log(Object.keys(sip).length))";
  expect('`tandem/sip` can be imported', Number(run(project, process.execPath, '-e', use)) > 0);
  tryTypes();
  await tryRunning(tandem);
} finally {
  rmSync(project, { recursive: true });
}
