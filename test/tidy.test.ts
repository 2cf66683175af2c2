/** What neither the compiler nor the linter sees: the small rules of the house (CONTRIBUTING.md, "House rules"). */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dropReasons } from '#engine/ports';

const root = new URL('../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const find = (...patterns: string[]): string[] => globSync(patterns, { cwd: root }).sort();

/** Written by `npm run docs`. */
const generated = ['src/client/schema.ts'];
const sources = find('{src,lab,test,scripts}/**/*.ts', 'bin/tandem', '*.ts', '*.mjs').filter(
  (file) => !generated.includes(file),
);
const documents = find('*.md', 'docs/**/*.md', '.github/**/*.md');
const others = find('{examples,profiles}/**/*.yaml', 'test/**/*.{xml,cfg,yaml,ladder}', '.ci/*', '*.{json,jsonc}');
const shipped = sources.filter((file) => /^src\/(?!sim\/)/.test(file) && !/\.test(ing)?\.ts$/.test(file));
const pure = shipped.filter((file) => /^src\/(kernel|codec|sip|media|policy|call|cdr|engine)\//.test(file));

const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

/** "file:line: text" of every line that matches, in files that are not excused. */
function offences(files: readonly string[], pattern: RegExp, excused: readonly string[] = []): string[] {
  return files
    .filter((file) => !excused.includes(file) && file !== 'test/tidy.test.ts' && file !== 'package-lock.json')
    .flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
}

test('the files are found at all', () => {
  expect(shipped.length).toBeGreaterThan(100);
  expect(pure.length).toBeGreaterThan(50);
  expect(documents.length).toBeGreaterThan(20);
});

describe('sources', () => {
  test('no file is longer than 600 lines: one file is one state machine or one act', () => {
    const tables = ['test/conformance/torture/messages.ts']; // data, a message after the other
    const long = sources.filter((file) => !tables.includes(file) && read(file).split('\n').length > 601);
    expect(long).toEqual([]);
  });

  test('nothing is put off in a comment: it is done, or it is an issue', () => {
    expect(offences([...sources, ...documents, ...others], /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  test('no test is left out or left alone', () => {
    const tests = sources.filter((file) => file.endsWith('.test.ts'));
    expect(offences(tests, /\b(test|it|describe)(\.\w+)*\.(only|skip|todo|fails)\b/)).toEqual([]);
  });

  test('the program speaks by its log and its command line, not by console', () => {
    expect(offences(shipped, /\bconsole\.[a-z]+\(/)).toEqual([]);
  });

  test('no error is swallowed without a word', () => {
    const wordless = /catch\s*(\(\w*\))?\s*\{\s*\}|\.catch\(\(\w*\) => (\{\}|undefined|null)\)(?!.*\/\/)/;
    expect(offences(shipped, wordless)).toEqual([]);
  });

  test('pure layers have no clock, no dice and no waiting: inputs bring all three', () => {
    // Date with arguments (a time that was given) is arithmetic.
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bglobalThis\b|\b(async|await) |\bPromise\b/;
    const code = /^(?!\s*(\*|\/\/|\/\*))/;
    expect(offences(pure, impure).filter((line) => code.test(line.replace(/^[^:]*:\d+: /, '')))).toEqual([]);
  });

  test('regular expressions are made once, where a table is compiled', () => {
    const compilers = [
      'src/shell/config/pattern.ts',
      'src/policy/routing/compiled-route.ts',
      'src/policy/numbers/number-rules.ts',
      'src/shell/config/check-shadows.ts',
      'src/api/said/said.ts',
    ];
    expect(offences(shipped, /\bRegExp\(/, compilers)).toEqual([]);
  });

  test('no folder of one machine and no home is named', () => {
    const home = /(?<![\w.])\/(home|Users|root)\/[a-z]/;
    expect(offences([...sources, ...documents, ...others], home)).toEqual([]);
  });

  test('every module has its door', () => {
    const modules = [
      ...find('src/{codec,sip,media,policy,shell}/*/'),
      ...find('src/*/').filter((folder) => !/^src\/(codec|sip|media|policy|shell|cli|app)\/?$/.test(folder)),
    ].filter((folder) => statSync(join(root, folder)).isDirectory());
    expect(modules.filter((folder) => !existsSync(join(root, folder, 'index.ts')))).toEqual([]);
  });
});

describe('packages', () => {
  test('every version is exact', () => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, version] of Object.entries(manifest[kind]!)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('every one is in docs/dependencies.md, with its reason', () => {
    const named = new Set(
      [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (?=\S)/gm)].map(([, name]) => name),
    );
    const taken = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind]!),
    );
    expect([...named].sort()).toEqual(taken.sort());
  });

  test('the lock file ties nobody to a registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  test('none runs a script when it is installed', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });
});

describe('documents', () => {
  /** As GitHub and most others make a heading's anchor. */
  const anchors = (file: string): string[] =>
    [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  test('every link leads somewhere', () => {
    const broken: string[] = [];
    for (const file of documents) {
      const text = read(file).replaceAll(/^```[\s\S]*?^```/gm, '');
      for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link!)) continue;
        const [path, anchor] = link!.split('#') as [string, string?];
        const target = path === '' ? file : join(dirname(file), path);
        if (!existsSync(join(root, target)) || (anchor !== undefined && !anchors(target).includes(anchor)))
          broken.push(`${file}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('every file and npm script that they name is there', () => {
    const missing: string[] = [];
    for (const file of documents) {
      const text = read(file);
      for (const [, path] of text.matchAll(/`((?:src|lab|test|scripts|docs|examples|bin)\/[\w./-]+)`/g))
        if (!existsSync(join(root, path!))) missing.push(`${file}: ${path}`);
      for (const [, script] of text.matchAll(/\bnpm run ([a-z-]+)/g))
        if (manifest.scripts![script!] === undefined) missing.push(`${file}: npm run ${script}`);
    }
    expect(missing).toEqual([]);
  });

  test('ARCHITECTURE.md names every folder of src', () => {
    const text = read('docs/ARCHITECTURE.md');
    const folders = find('src/*/', 'src/{codec,sip,media,policy,shell}/*/', 'src/engine/ports/')
      .filter((folder) => statSync(join(root, folder)).isDirectory())
      .map((folder) => folder.replace(/\/$/, ''));
    expect(folders.filter((folder) => !text.includes(`\`${folder}`))).toEqual([]);
  });

  test('ARCHITECTURE.md names every environment variable of ours', () => {
    const used = new Set(shipped.flatMap((file) => read(file).match(/(?<=\benv\.)TANDEM_[A-Z_]+/g) ?? []));
    expect([...used].filter((name) => !read('docs/ARCHITECTURE.md').includes(`\`${name}\``))).toEqual([]);
    expect(used.size).toBeGreaterThan(2);
  });

  test('drop-reasons.md is the table of drop reasons: each one, in order, with its words', () => {
    const rows = [...read('docs/drop-reasons.md').matchAll(/^\| `([^`]+)` \| (.*?) \|/gm)];
    expect(rows.map(([, reason, meaning]) => [reason, meaning])).toEqual(Object.entries(dropReasons));
  });

  test('every decision is one page in the index, numbered without a gap', () => {
    const pages = find('docs/adr/[0-9]*.md');
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.map((page) => page.slice('docs/adr/'.length, 'docs/adr/'.length + 4))).toEqual(
      pages.map((_, index) => String(index + 1).padStart(4, '0')),
    );
    for (const page of pages) expect(read('docs/adr/README.md')).toContain(`(${page.slice('docs/adr/'.length)})`);
  });
});
