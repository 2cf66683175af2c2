import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { mask, unmask } from './variables.ts';

/** What a file says, each scalar as the text that stands there: `+49` is no number, and `${NAME}` stays what it is. */
export type TextTree = string | readonly TextTree[] | { readonly [key: string]: TextTree };

export type ReadTree =
  | { readonly tree: TextTree; readonly lines: Readonly<Record<string, number>>; readonly reason?: never }
  /** One sentence. */
  | { readonly reason: string; readonly tree?: never; readonly lines?: never };

// Aliases could make a small file endless.
const mostNodes = 200_000;
const mostDepth = 32;

/** A file as it is written. `lines`: from 1, of what is in lists, by path: `trunks itsp`, or by its place where it has no name: `links 0`. */
export function readTree(text: string): ReadTree {
  const lines = new LineCounter();
  const document = parseDocument(mask(text), { lineCounter: lines });
  const [error] = document.errors;
  if (error) return { reason: `the file is no sound YAML: ${unmask(error.message).split('\n')[0]}` };
  const tree = textsOf(document.contents, document);
  if (tree === undefined || typeof tree === 'string' || Array.isArray(tree)) return { tree: {}, lines: {} };
  const placed: Record<string, number> = {};
  for (const { key, value } of isMap(document.contents) ? document.contents.items : []) {
    if (!isSeq(value)) continue;
    for (const [at, item] of value.items.entries()) {
      if (!isMap(item)) continue;
      // A link has none.
      const name = textsOf(item.get('name', true) as Node | undefined, document) ?? String(at);
      if (typeof name === 'string')
        placed[`${String(key)} ${name}`] = lines.linePos((item as Node).range?.[0] ?? 0).line;
    }
  }
  return { tree, lines: placed };
}

/** Undefined: nothing stands there. */
export function textsOf(node: unknown, document: Document): TextTree | undefined {
  let nodes = 0;
  const walk = (one: unknown, depth: number): TextTree | undefined => {
    if (++nodes > mostNodes || depth > mostDepth) return undefined;
    if (isAlias(one)) return walk(one.resolve(document), depth + 1);
    if (isMap(one))
      return Object.fromEntries(
        one.items.flatMap(({ key, value }) => {
          const inner = walk(value, depth + 1);
          return inner === undefined ? [] : [[unmask(String(isScalar(key) ? (key.source ?? key.value) : key)), inner]];
        }),
      );
    if (isSeq(one)) return one.items.flatMap((item) => walk(item, depth + 1) ?? []);
    if (!isScalar(one) || one.value === null) return undefined;
    return unmask(one.source ?? String(one.value));
  };
  return walk(node, 0);
}

/** A value of JSON in the same form, to be compared. */
export function textsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textsIn);
  if (typeof value !== 'object' || value === null) return value === null ? null : String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, textsIn(inner)]));
}
