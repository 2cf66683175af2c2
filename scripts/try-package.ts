/**
 * Builds and packs the package, installs it in an empty project as its users do, and tries what it promises there:
 * the command, the schema, the exported SIP stack. Exit status 1 when something is missing.
 *
 *   node --conditions=source scripts/try-package.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

try {
  run(root, 'npm', 'run', 'build');
  const [packed] = JSON.parse(run(root, 'npm', 'pack', '--json', '--pack-destination', project)) as [
    { filename: string; size: number; files: readonly { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path);
  console.log(`${packed.filename}: ${paths.length} files, ${Math.round(packed.size / 1024)} kB`);
  for (const path of ['bin/tandem', 'dist/cli/main.js', 'dist/media-process/main.js', 'dist/app/signalling-main.js'])
    expect(`${path} is in it`, paths.includes(path));
  for (const path of ['LICENSE', 'README.md', 'CHANGELOG.md', 'docs/errors/TDM-1001.md', 'examples/pbx-itsp.yaml'])
    expect(`${path} is in it`, paths.includes(path));
  const foreign = paths.filter((path) => /(^|\/)(src|lab|test|scripts|sim)\/|\.test\.|\.testing\.(js|d)/.test(path));
  expect(`nothing is in it that is not shipped (${foreign.slice(0, 3).join(', ')})`, foreign.length === 0);

  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', `./${packed.filename}`);
  const installed = join(project, 'node_modules', 'tandem');
  expect('it brings no sources', !readdirSync(installed).includes('src'));
  const tandem = join('node_modules', '.bin', 'tandem');
  run(project, tandem, 'check', join(installed, 'examples', 'pbx-itsp.yaml'));
  expect('`tandem check` takes its example', true);
  expect('`tandem schema` prints a schema', '$schema' in (JSON.parse(run(project, tandem, 'schema')) as object));
  const use = "import('tandem/sip').then((sip) => console.log(Object.keys(sip).length))";
  expect('`tandem/sip` can be imported', Number(run(project, process.execPath, '-e', use)) > 0);
} finally {
  rmSync(project, { recursive: true });
}
