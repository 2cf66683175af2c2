import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/**
 * What an installation holds: the files of the package, and in node_modules what it needs to run, exactly as `npm ci` installed it here from
 * the lock. Without Node: who installs brings one. `npm run build` comes first.
 */

const root = new URL('../', import.meta.url).pathname;

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly license?: string;
}

export function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** Makes it in `directory`; the packages that went along, by where they lie. Throws when something is missing. */
export function assemble(directory: string): readonly string[] {
  for (const path of packedFiles()) copy(join(root, path), join(directory, path));
  const packages = [...runtimePackages()].sort();
  for (const path of packages)
    cpSync(path, join(directory, relative(root, path)), {
      recursive: true,
      filter: (from) => from === path || isRun(relative(path, from)),
    });
  return packages.map((path) => relative(root, path));
}

/** What a package brings for those who develop it, read of it or compile with it; what is nested is a package of its own, needed or not. */
const unneeded = new Set(
  'node_modules test tests __tests__ bench benchmark benchmarks integration doc docs examples vendor musl_x64 musl_arm64'.split(
    ' ',
  ),
);

/** Whether what lies there in a package may be needed when it is run, by glibc; its licence always is. */
function isRun(path: string): boolean {
  if (unneeded.has(path) || basename(path).startsWith('.')) return false;
  return /(licen[cs]e|notice|copying)[^/]*$/i.test(path) || !/\.([cm]?ts|map|md|markdown|html|sh|tsx?)$/i.test(path);
}

function packedFiles(): readonly string[] {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  const paths = files.map(({ path }) => path);
  if (!paths.includes('dist/console/index.html')) throw new Error('there is no build: run `npm run build` first');
  return paths;
}

/** The directories of all packages that the program loads, found as Node finds them. */
function runtimePackages(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (directory: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(directory);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (name.startsWith('node-linux-')) continue;
      const at = resolve(directory, name);
      if (at === undefined && !(name in optionalDependencies))
        throw new Error(`${name} is not installed: run \`npm ci\``);
      if (at === undefined || found.has(at)) continue;
      found.add(at);
      visit(at);
    }
  };
  visit(root);
  return found;
}

function resolve(from: string, name: string): string | undefined {
  for (let directory = from; directory.startsWith(root); directory = `${dirname(directory)}/`) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (directory === root) break;
  }
  return undefined;
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) throw new Error('usage: node --conditions=source scripts/assemble.ts DIRECTORY');
  console.log(`${assemble(directory).length} packages`);
}
