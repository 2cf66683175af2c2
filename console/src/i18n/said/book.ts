/**
 * What the server says in English and without parts, beside what that is in another language. `{}` stands for what varies; the
 * translation calls them `{1}`, `{2}` and so on, and need not have all of them nor in this order. What varies is looked up as well.
 */
export type Book = Readonly<Record<string, string>>;

/** Undefined: the book has it not. */
export type Reading = (text: string) => string | undefined;

interface Phrase {
  /** What it begins with: tried before its pattern is. */
  readonly head: string;
  readonly pattern: RegExp;
  readonly translation: string;
}

/** Texts whose translation is kept. */
const mostKept = 2_000;
const deepest = 4;
/** What texts are put together with, and how that is written. */
const joints = [
  ['; ', '；'],
  [', ', '，'],
  ['. ', ''],
  [' + ', ' + '],
] as const;

export function reading(book: Book): Reading {
  let phrases: readonly Phrase[] | undefined;
  const kept = new Map<string, string | undefined>();

  /** By itself, by each phrase that it may be, in parts: what leaves least of it as it was. */
  function find(text: string, depth: number): string | undefined {
    if (Object.hasOwn(book, text)) return book[text];
    if (depth > deepest || !/[a-z]{2}/.test(text)) return undefined;
    phrases ??= compiled(book);
    const ways = phrases.flatMap(({ head, pattern, translation }) => {
      const found = text.startsWith(head) && pattern.exec(text);
      if (!found) return [];
      return translation.replaceAll(/\{(\d)\}/g, (_, at: string) => {
        const value = found[Number(at)] ?? '';
        return find(value, depth + 1) ?? value;
      });
    });
    return [...ways, ...inParts(text, depth)].map(joined).toSorted((one, other) => foreign(one) - foreign(other))[0];
  }

  /** Several texts in one: a code before it, what follows another, sentences, clauses. */
  function inParts(text: string, depth: number): string[] {
    const read = (part: string) => find(part, depth + 1);
    const coded = /^(TDM-\d+): (.+)$/s.exec(text);
    if (coded) return [`${coded[1]}：${read(coded[2]!) ?? coded[2]}`];
    return joints.flatMap(([joint, written]) => {
      if (text.startsWith(joint)) return [written + (read(text.slice(joint.length)) ?? text.slice(joint.length))];
      const cut = text.split(joint);
      if (cut.length === 1) return [];
      const parts = joint === '. ' ? cut.map((part, at) => (at < cut.length - 1 ? `${part}.` : part)) : cut;
      const translated = parts.map(read);
      // Names with commas between are no sentences.
      return translated.every((part) => part === undefined)
        ? []
        : [translated.map((part, at) => part ?? parts[at]).join(written)];
    });
  }

  return (text) => {
    if (kept.has(text)) return kept.get(text);
    if (kept.size >= mostKept) kept.clear();
    const found = find(text, 0);
    kept.set(text, found);
    return found;
  };
}

/** What says most is tried first. */
function compiled(book: Book): Phrase[] {
  return Object.entries(book)
    .filter(([text]) => text.includes('{}'))
    .toSorted(([one], [other]) => fixed(other) - fixed(one))
    .map(([text, translation]) => {
      // Two that stand together cannot be told apart: the first is both, and read in parts.
      const pieces = text.split(/(?:\{\})+/);
      const groups = text.match(/(?:\{\})+/g)!.map((run) => `(.*?)${'()'.repeat(run.length / 2 - 1)}`);
      // What begins with anything begins with no clause of another text.
      if (pieces[0] === '') groups[0] = groups[0]!.replace('.*?', '(?:(?![,;.] ).)*?');
      const source = pieces.map((piece, at) => escaped(piece) + (groups[at] ?? '')).join('');
      return { head: pieces[0]!, pattern: new RegExp(`^${source}$`, 's'), translation };
    });
}

/** `RegExp.escape` is younger than the browsers that are served. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Chinese has no spaces within. */
function joined(text: string): string {
  return text.replaceAll(/(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])/g, '');
}

/** How much of it is not translated. */
function foreign(text: string): number {
  return text.replaceAll(/[^a-z]/gi, '').length;
}

function fixed(text: string): number {
  return text.replaceAll('{}', '').length;
}
