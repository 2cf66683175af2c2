/**
 * Reads which sections of which RFCs a text cites, as the comments and tests of this project write them:
 * "RFC 3261 17.1.1.1", "RFC 3325 9.1 and 9.2", "RFC 3711 B.2", "RFC 6026 figure 5", "(13.2.2.4)", "// 18.2.2: when …".
 */

export interface Citation {
  readonly rfc: number;
  /** "13.2.2.4", "B.2", "figure 5"; empty: the RFC as a whole. */
  readonly section: string;
  /** What a reader is shown for it: in a test the name of the test, in a ladder its first line; empty where there is none. */
  readonly name: string;
}

/** Of which RFC a number without one is a section, where its comment names none: a number, or the last that the file named. */
type Default = number | 'last named';

const named = /\bRFCs? ?(\d{3,5})(?!\d)/g;
const label = String.raw`(?:(?:figure|table) \d{1,2}|[A-H](?:\.\d{1,2})+|[1-9]\d?(?:\.\d{1,2})*)(?![\w^*%]|\.\w)`;
const firstLabel = new RegExp(` (${label})`, 'y');
const nextLabel = new RegExp(`(?:, and |, or |, | and | or )(${label})`, 'y');
const dotted = String.raw`[1-9]\d?(?:\.[1-9]\d?)+`;
/** "(9.1", "(9.1, 17.1.1.3", and "18.2.2:" where a comment begins. What stands in brackets after it is prose. */
const bare = new RegExp(String.raw`(?:\(|^)(${dotted}(?:(?:, | and )${dotted})*)(?=[):;,]| for )`, 'g');
const quantity = /^ (ms|s|seconds|times|octets|bits|packets|bytes)\b/;
const code = /(?:(?<=^|\s)\/\*[\s\S]*?\*\/)|(?:(?:(?<=^|\s)\/\/.*)(?:\n\s*\/\/.*)*)/gm;
const title = /\b(?:test|it|describe)(?:\.each\b[\s\S]*?\)\(|(?:\.\w+)?\()\s*(['"`])((?:\\.|(?!\1).)*)\1/g;

/** What one comment or one name cites, each once. */
export function citationsOf(text: string, otherwise: number | undefined, withBare = true): readonly Citation[] {
  const found = new Map<string, Citation>();
  const add = (rfc: number, section: string): void => {
    found.set(`${rfc} ${section}`, { rfc, section, name: '' });
  };
  const names: { readonly at: number; readonly rfc: number }[] = [];
  for (const match of text.matchAll(named)) {
    const rfc = Number(match[1]);
    names.push({ at: match.index, rfc });
    const sections = sectionsAt(text, match.index + match[0].length);
    if (sections.length === 0) add(rfc, '');
    for (const section of sections) add(rfc, section);
  }
  if (withBare) {
    for (const match of text.matchAll(bare)) {
      const rfc = names.findLast(({ at }) => at < match.index)?.rfc ?? otherwise;
      if (rfc !== undefined) for (const section of match[1]!.split(/, | and /)) add(rfc, section);
    }
  }
  return [...found.values()];
}

function sectionsAt(text: string, from: number): readonly string[] {
  const sections: string[] = [];
  for (let at = from, pattern = firstLabel; ; pattern = nextLabel) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match || quantity.test(text.slice(pattern.lastIndex))) return sections;
    // "16.7, 5": an item of what was named, not a section.
    const section = match[1]!;
    if (sections.some((before) => before.includes('.')) && /^\d+$/.test(section)) return sections;
    sections.push(section);
    at = pattern.lastIndex;
  }
}

/** What a TypeScript source cites: named RFCs anywhere, sections by themselves in comments only. */
export function sourceCitations(text: string, otherwise: Default = 'last named'): readonly Citation[] {
  const all: Citation[] = [];
  for (const piece of pieces(text)) all.push(...piece.citations(resolve(all, otherwise)));
  return all;
}

/** The same of a test; each under the name of the test that it stands in or before. */
export function testCitations(text: string, otherwise: Default = 'last named'): readonly Citation[] {
  const titles = [...text.matchAll(title)].map((match) => ({ at: match.index, name: worded(match[2]!) }));
  const all: Citation[] = [];
  for (const piece of pieces(text)) {
    const next = titles.find(({ at }) => at >= piece.from);
    const isNext = next !== undefined && (next.at < piece.to || /^\s*$/.test(text.slice(piece.to, next.at)));
    const of = isNext ? next : titles.findLast(({ at }) => at < piece.from);
    for (const citation of piece.citations(resolve(all, otherwise)))
      all.push({ ...citation, name: nameIn(piece, citation) ?? of?.name ?? '' });
  }
  return all;
}

/** "%s" of a table of cases names no test. */
function worded(name: string): string {
  return /^[%$]\S*$/.test(name) ? '' : name;
}

/** What a ladder cites in its comments, all under its first line. */
export function ladderCitations(text: string): readonly Citation[] {
  const comments = text.split('\n').filter((line) => line.startsWith('#'));
  const name = comments[0]?.slice(1).trim() ?? '';
  return citationsOf(comments.join('\n'), undefined).map((citation) => ({ ...citation, name }));
}

interface Piece {
  readonly from: number;
  readonly to: number;
  /** Undefined: code. */
  readonly comment: string | undefined;
  readonly text: string;
  citations(otherwise: number | undefined): readonly Citation[];
}

/** A source as comments (lines joined, marks gone) and lines of code, in order; only those that can cite something. */
function* pieces(text: string): Generator<Piece> {
  let from = 0;
  for (const match of text.matchAll(code)) {
    yield* lines(text, from, match.index);
    from = match.index + match[0].length;
    const comment = match[0]
      .replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    yield { from: match.index, to: from, comment, text: comment, citations: (rfc) => citationsOf(comment, rfc) };
  }
  yield* lines(text, from, text.length);
}

function* lines(text: string, from: number, to: number): Generator<Piece> {
  for (let at = from; at < to; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 || newline >= to ? to : newline + 1;
    const line = text.slice(at, end);
    if (line.includes('RFC'))
      yield { from: at, to: end, comment: undefined, text: line, citations: () => citationsOf(line, undefined, false) };
    at = end;
  }
}

function resolve(before: readonly Citation[], otherwise: Default): number | undefined {
  return otherwise === 'last named' ? before.at(-1)?.rfc : otherwise;
}

/** In a table of cases: the string that cites it, when it says more than the citation. */
function nameIn(piece: Piece, { rfc, section }: Citation): string | undefined {
  if (piece.comment !== undefined) return undefined;
  for (const [, , string] of piece.text.matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)) {
    const says = citationsOf(string!, undefined, false).some((one) => one.rfc === rfc && one.section === section);
    if (says && !/^RFC \d+[ \d.]*$/.test(string!)) return string;
  }
  return undefined;
}
