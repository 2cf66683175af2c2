import { isNode, type YAMLSeq } from 'yaml';

/**
 * The text with the entries of a list in another order: `order` has their places as they are now. Lines are moved, not written anew: what is said above
 * an entry and beside it goes with it; what an empty line parts from it is said of the list, and stays. Undefined: it stands where lines cannot be moved.
 * `masked`: the same text as it was parsed, with `keepSourceTokens`, a line break at its end.
 */
export function inOrder(text: string, masked: string, list: YAMLSeq, order: readonly number[]): string | undefined {
  const pieces = list.flow ? flowPieces(masked, list) : blockPieces(masked, list);
  if (!pieces) return undefined;
  // What stands between them stays where it is.
  return order.reduce(
    (written, which, at) => {
      const { start, end } = pieces[which]!;
      return written + text.slice(start, end) + text.slice(pieces[at]!.end, pieces[at + 1]?.start ?? text.length);
    },
    text.slice(0, pieces[0]?.start),
  );
}

interface Piece {
  readonly start: number;
  readonly end: number;
}

function flowPieces(text: string, list: YAMLSeq): readonly Piece[] | undefined {
  const [start, end] = list.range!;
  // Nobody knows whose a comment is that stands between two of one line.
  if (text.slice(start, end).includes(' #')) return undefined;
  const ranges = rangesOf(list);
  return ranges.length === list.items.length ? ranges.map(([from, to]) => ({ start: from, end: to })) : undefined;
}

function blockPieces(text: string, list: YAMLSeq): readonly Piece[] | undefined {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  const dashes = token.items.flatMap(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? []);
  const ranges = rangesOf(list);
  if (dashes.length !== list.items.length || ranges.length !== list.items.length) return undefined;
  const pieces: Piece[] = [];
  let above = text.lastIndexOf('\n', dashes[0]! - 1) + 1;
  // Before the first stands the key of the list, somewhere above its comments.
  while (above > 0 && isComment(lineBefore(text, above))) above -= lineBefore(text, above).length;
  for (const [at, dash] of dashes.entries()) {
    let start = text.lastIndexOf('\n', dash - 1) + 1;
    const indent = dash - start;
    if (text.slice(start, dash).trim() !== '') return undefined;
    for (let line = lineBefore(text, start); start > above && isComment(line); line = lineBefore(text, start)) {
      // What is written further in is said within the entry above.
      if (at > 0 && line.search(/\S/) > indent) break;
      start -= line.length;
    }
    const [, valueEnd] = ranges[at]!;
    let end = text[valueEnd - 1] === '\n' ? valueEnd : text.indexOf('\n', valueEnd) + 1;
    const next = dashes[at + 1] ?? text.length;
    for (let line = lineAt(text, end); end < next && isComment(line); line = lineAt(text, end)) {
      if (line.search(/\S/) <= indent) break;
      end += line.length;
    }
    pieces.push({ start, end });
    above = end;
  }
  return pieces;
}

function rangesOf(list: YAMLSeq): readonly [number, number][] {
  return list.items.flatMap((item) => (isNode(item) && item.range ? [[item.range[0], item.range[1]]] : []));
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.slice(at) : text.slice(at, end + 1);
}

/** The line that ends where another begins. */
function lineBefore(text: string, start: number): string {
  return start === 0 ? '' : text.slice(text.lastIndexOf('\n', start - 2) + 1, start);
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith('#');
}
