/**
 * `npm run layers`: are the walls of docs/ARCHITECTURE.md standing? The rules are in .dependency-cruiser.mjs; each says what
 * to do instead. Exit status 1 when one is broken, or when a file was not read: a checker that reads nothing finds nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

const root = new URL('../', import.meta.url);

export interface Violation {
  readonly rule: string;
  /** What to do instead. */
  readonly comment: string;
  readonly from: string;
  readonly to: string;
  /** The files of a cycle, else empty. */
  readonly cycle: readonly string[];
}

export interface Survey {
  /** Names of all rules. */
  readonly rules: readonly string[];
  /** Source files that were read. */
  readonly files: readonly string[];
  readonly imports: number;
  readonly violations: readonly Violation[];
}

/** What dependency-cruiser prints, as far as we use it. */
interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly totalDependenciesCruised: number;
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string; readonly comment: string }[] };
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
}

/** Reads every import in `folders` of the project in `directory`. Throws when the tool itself fails. */
export function survey(directory: string, folders: readonly string[]): Survey {
  const tool = new URL('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', root);
  const config = new URL('.dependency-cruiser.mjs', root);
  const args = [tool.pathname, '--config', config.pathname, '--output-type', 'json', ...folders];
  const run = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser: ${run.stderr || run.error?.message}`);
  const { modules, summary } = JSON.parse(run.stdout) as Cruise;
  const rules = new Map(summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  return {
    rules: [...rules.keys()],
    files: modules
      .map(({ source }) => source)
      .filter((source) => folders.some((folder) => source.startsWith(`${folder}/`))),
    imports: summary.totalDependenciesCruised,
    violations: summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      comment: rules.get(rule.name) ?? '',
      from,
      to,
      cycle: cycle?.map(({ name }) => name) ?? [],
    })),
  };
}

async function main(): Promise<number> {
  const folders = ['src', 'lab', 'test', 'scripts'].filter((folder) => existsSync(new URL(folder, root)));
  const { files, imports, violations } = survey(root.pathname, folders);
  for (const { rule, comment, from, to, cycle } of violations) {
    console.log(`${rule}: ${from} -> ${cycle.length > 0 ? cycle.join(' -> ') : to}`);
    console.log(`    ${comment}`);
  }
  const read = new Set(files);
  const unread = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root.pathname },
  ).filter((file) => !read.has(file));
  for (const file of unread) console.log(`not read: ${file}`);
  console.log(`${files.length} files, ${imports} imports, ${violations.length} violations`);
  return violations.length + unread.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
