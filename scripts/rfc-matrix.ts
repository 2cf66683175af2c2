/**
 * `npm run rfc-matrix`: which file does what an RFC's section wants, and which test holds it to that. It writes
 * docs/rfc-matrix.md out of what comments and tests cite, and prints the figures. With `--check` nothing is written: exit
 * status 1 when the document is not what it should be. `npm run docs` does the same beside the other documents.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { type Citation, ladderCitations, sourceCitations, testCitations } from './rfc-citations.ts';
import { rfcTitles } from './rfc-titles.ts';

const root = new URL('../', import.meta.url);

/** Path of the document from the root of the project. */
export const matrixPath = 'docs/rfc-matrix.md';

/** A file and what it cites. */
export interface Source {
  /** From the root of the project. */
  readonly path: string;
  readonly kind: 'source' | 'test';
  readonly citations: readonly Citation[];
}

export interface Figures {
  readonly rfcs: number;
  /** Sections that a file cites; an RFC cited as a whole is none. */
  readonly sections: number;
  /** Of these: named by a test, and by none. */
  readonly withTest: number;
  readonly withoutTest: number;
  /** Sections that tests alone cite. */
  readonly testsOnly: number;
  /** RFCs without a title in rfc-titles.ts. */
  readonly untitled: readonly number[];
}

/** Where a section without an RFC is one of RFC 3261. */
const signalling = /^src\/(sip|call|engine|phone)\/|^src\/policy\/failover\/|^test\/(scenario|interop)\//;

/** Reads the tree. The simulated peers and the benches beside tests neither claim nor prove: left out. */
export function readSources(): readonly Source[] {
  const paths = globSync(['src/**/*.ts', 'test/**/*.ts', 'test/**/*.ladder'], { cwd: root.pathname }).sort();
  return paths
    .filter(
      (path) => !path.startsWith('src/sim/') && !path.endsWith('.testing.ts') && path !== 'test/rfc-matrix.test.ts',
    )
    .map((path) => {
      const text = readFileSync(new URL(path, root), 'utf8');
      const otherwise = signalling.test(path) ? 3261 : 'last named';
      if (path.endsWith('.ladder')) return { path, kind: 'test', citations: ladderCitations(text) };
      if (path.startsWith('test/') || path.endsWith('.test.ts'))
        return { path, kind: 'test', citations: [...testCitations(text, otherwise), ...torture(path, text)] };
      return { path, kind: 'source', citations: sourceCitations(text, otherwise) };
    });
}

/** The table of torture messages names RFC 4475's sections in a field. */
function torture(path: string, text: string): readonly Citation[] {
  if (!path.startsWith('test/conformance/torture/')) return [];
  return [...text.matchAll(/^ {4}section: '([\d.]+)'/gm)].map(([, section]) => ({
    rfc: 4475,
    section: section!,
    name: '',
  }));
}

interface Row {
  readonly files: Set<string>;
  readonly tests: Map<string, Set<string>>;
}

/** The document, and what it comes to. */
export function rfcMatrix(sources: readonly Source[]): { readonly text: string; readonly figures: Figures } {
  const rfcs = new Map<number, Map<string, Row>>();
  for (const { path, kind, citations } of sources) {
    for (const { rfc, section, name } of citations) {
      const rows = entry(rfcs, rfc, () => new Map<string, Row>());
      const row = entry(rows, section, () => ({ files: new Set<string>(), tests: new Map<string, Set<string>>() }));
      if (kind === 'source') row.files.add(path);
      else entry(row.tests, path, () => new Set<string>()).add(name);
    }
  }
  const inOrder = [...rfcs].sort(([a], [b]) => a - b);
  const all = inOrder.flatMap(([, rows]) => [...rows].filter(([section]) => section !== '').map(([, row]) => row));
  const claimed = all.filter(({ files }) => files.size > 0);
  const withTest = claimed.filter(({ tests }) => tests.size > 0).length;
  const figures: Figures = {
    rfcs: inOrder.length,
    sections: claimed.length,
    withTest,
    withoutTest: claimed.length - withTest,
    testsOnly: all.length - claimed.length,
    untitled: inOrder.map(([rfc]) => rfc).filter((rfc) => rfcTitles[rfc] === undefined),
  };
  return { text: `${head(figures)}\n${inOrder.map(([rfc, rows]) => chapter(rfc, rows)).join('\n')}`, figures };
}

function head({ rfcs, sections, withTest, withoutTest, testsOnly }: Figures): string {
  return `<!-- Written by \`npm run rfc-matrix\` out of the sources. Do not edit: what is changed here by hand is lost. -->
# RFCs, section by section

Which file does what a section wants, and which test holds it to that. Of ${rfcs} RFCs, files cite ${sections} sections: tests name ${withTest} of them, and
${withoutTest} are named by none. ${testsOnly} more are cited by tests alone.

The table is made of what comments and tests cite, so it says no more than they do: a section that no test names may be tested
under another name, and one that is named is not thereby done in full. A section is what is written, not those below it; "as a
whole" is the RFC cited without one. Files are below \`src\`, ladders below \`test/scenario/ladders\`; a test is named by its title, a ladder
by its first line.
`;
}

function chapter(rfc: number, rows: ReadonlyMap<string, Row>): string {
  const title = rfcTitles[rfc];
  const sections = [...rows].sort(([a], [b]) => bySection(a, b));
  const lines = sections.map(([section, { files, tests }]) => {
    const names = [...tests].sort(([a], [b]) => compare(a, b)).map(([path, titles]) => testCell(path, titles));
    return `| ${section || 'as a whole'} | ${[...files].sort(compare).map(short).join('<br>') || '–'} | ${names.join('<br>') || '–'} |`;
  });
  const untested = sections.filter(([section, { tests }]) => section !== '' && tests.size === 0);
  const silent = untested.map(([section]) => section).join(', ');
  const isSilent = sections.every(([, { tests }]) => tests.size === 0);
  return [
    `## RFC ${rfc}${title === undefined ? '' : `: ${title}`}`,
    '',
    '| Section | Files | Tests |',
    '|---|---|---|',
    ...lines,
    '',
    ...(isSilent ? ['No test names any of it.', ''] : silent === '' ? [] : [`No test names it: ${silent}.`, '']),
  ].join('\n');
}

function testCell(path: string, titles: ReadonlySet<string>): string {
  const named = [...titles].filter((title) => title !== '').sort(compare);
  const file = short(path);
  return named.length === 0 ? file : `${file}: ${named.map((title) => `*${cell(title)}*`).join(', ')}`;
}

function short(path: string): string {
  return path.replace(/^src\//, '').replace(/^test\/scenario\/ladders\//, '');
}

/** As it stands, in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll(/\\(['"`])/g, '$1').replaceAll(/[\\`*_<>[\]|]/g, (mark) => `\\${mark}`);
}

/** By numbers, part for part; the whole first, then sections, appendices, figures and tables. */
function bySection(a: string, b: string): number {
  const rank = (section: string): number =>
    section === '' ? 0 : /^\d/.test(section) ? 1 : /^[A-H]/.test(section) ? 2 : 3;
  const partsOfA = a.split(/[. ]/);
  const partsOfB = b.split(/[. ]/);
  let order = rank(a) - rank(b);
  for (let i = 0; order === 0 && i < Math.max(partsOfA.length, partsOfB.length); i++) {
    const [x, y] = [partsOfA[i] ?? '', partsOfB[i] ?? ''];
    order = Number(x) - Number(y) || compare(x, y);
  }
  return order;
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function main(): number {
  const { text, figures } = rfcMatrix(readSources());
  const check = process.argv.includes('--check');
  const file = new URL(matrixPath, root);
  const { rfcs, sections, withTest, withoutTest, testsOnly } = figures;
  console.log(
    `${rfcs} RFCs, ${sections} sections: ${withTest} named by a test, ${withoutTest} by none; ${testsOnly} by tests alone`,
  );
  for (const rfc of figures.untitled) console.log(`RFC ${rfc} has no title in scripts/rfc-titles.ts`);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.log(`stale: ${matrixPath}`);
    return 1;
  }
  return 0;
}

if (import.meta.main) process.exitCode = main();
