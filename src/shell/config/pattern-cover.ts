/**
 * Whether one pattern takes every number that another takes: both are walked at once, character by character, over all numbers there
 * can be. For patterns of pattern.ts, which are small; what would take too long is not said.
 */

/** One character that is taken, and where it leads; or two ways that are open without any. */
type Node =
  | { readonly kind: 'char'; readonly takes: (char: string) => boolean; to: number }
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'end' };

/** Of numbers; of letters those in patterns count, and one that stands for all others. */
const signs = [...'0123456789+*#'];
/** Pairs of places that are looked at. */
const mostPairs = 2_000;

/** True only when it is sure. `source`s are those of `readPattern`. */
export function covers(wider: string, narrower: string): boolean {
  const [wide, narrow] = [automaton(wider), automaton(narrower)];
  const alphabet = new Set([...signs, ...(wider + narrower).replace(/[^A-Za-z;=._-]/g, ''), '~']);
  const seen = new Set<string>();
  const open: (readonly [ReadonlySet<number>, ReadonlySet<number>])[] = [[closed(narrow, [0]), closed(wide, [0])]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [ofNarrow, ofWide] = next;
    const key = `${[...ofNarrow].sort()}|${[...ofWide].sort()}`;
    if (seen.has(key)) continue;
    if (seen.size === mostPairs) return false;
    seen.add(key);
    if (ends(narrow, ofNarrow) && !ends(wide, ofWide)) return false;
    for (const char of alphabet) {
      const after = stepped(narrow, ofNarrow, char);
      if (after.size > 0) open.push([after, stepped(wide, ofWide, char)]);
    }
  }
  return true;
}

function ends(nodes: readonly Node[], at: ReadonlySet<number>): boolean {
  return [...at].some((one) => nodes[one]!.kind === 'end');
}

function stepped(nodes: readonly Node[], at: ReadonlySet<number>, char: string): ReadonlySet<number> {
  return closed(
    nodes,
    [...at].flatMap((one) => {
      const node = nodes[one]!;
      return node.kind === 'char' && node.takes(char) ? [node.to] : [];
    }),
  );
}

/** These, and all that lead on from them without a character. */
function closed(nodes: readonly Node[], from: readonly number[]): ReadonlySet<number> {
  const all = new Set<number>();
  const open = [...from];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (all.has(one)) continue;
    all.add(one);
    const node = nodes[one]!;
    if (node.kind === 'fork') open.push(...node.to);
  }
  return all;
}

const token = /\\.|\[[^\]]+\]|\{\d+(?:,\d*)?\}|\(\?:|./gs;

/** Node 0 is the beginning. */
function automaton(source: string): readonly Node[] {
  const tokens = source.slice(1, -1).match(token) ?? [];
  const nodes: Node[] = [];
  const add = (node: Node) => nodes.push(node) - 1;
  let at = 0;
  /** Each alternative from `from`; all come to the node that is given back. */
  const alternatives = (from: { readonly to: number[] }): number => {
    const after = add({ kind: 'fork', to: [] });
    do from.to.push(run(after));
    while (tokens[at++] === '|');
    return after;
  };
  const run = (after: number): number => {
    const first: Node = { kind: 'fork', to: [] };
    const begin = add(first);
    let last = first;
    for (let sign = tokens[at]; sign !== undefined && sign !== '|' && sign !== ')'; sign = tokens[at]) {
      at++;
      const next: Node = { kind: 'fork', to: [] };
      if (sign.startsWith('(')) {
        const behind = alternatives(last);
        (nodes[behind] as typeof next).to.push(add(next));
      } else {
        const [least, most] = times(tokens[at]);
        if (isRepeat(tokens[at])) at++;
        repeated(takerOf(sign), least, most, last, next);
      }
      last = next;
    }
    last.to.push(after);
    return begin;
  };
  const repeated = (
    takes: (char: string) => boolean,
    least: number,
    most: number | undefined,
    from: { readonly to: number[] },
    next: Node & { readonly to: number[] },
  ) => {
    const end = add(next);
    let open = from;
    for (let i = 0; i < (most ?? least); i++) {
      if (i >= least) open.to.push(end);
      const behind: Node = { kind: 'fork', to: [] };
      open.to.push(add({ kind: 'char', takes, to: add(behind) }));
      open = behind;
    }
    open.to.push(end);
    // As often as one likes.
    if (most === undefined) open.to.push(add({ kind: 'char', takes, to: nodes.indexOf(open as Node) }));
  };
  const begin: Node = { kind: 'fork', to: [] };
  add(begin);
  const end = add({ kind: 'end' });
  (nodes[alternatives(begin)] as typeof begin).to.push(end);
  return nodes;
}

function isRepeat(sign: string | undefined): boolean {
  return sign !== undefined && (/^[?*+]$/.test(sign) || /^\{\d/.test(sign));
}

/** The least and the most; the most may be undefined: as often as one likes. */
function times(sign: string | undefined): readonly [number, number | undefined] {
  if (sign === undefined || !isRepeat(sign)) return [1, 1];
  if (sign === '?') return [0, 1];
  if (sign === '*') return [0, undefined];
  if (sign === '+') return [1, undefined];
  const [least = '0', most] = sign.slice(1, -1).split(',');
  return [Number(least), most === undefined ? Number(least) : most === '' ? undefined : Number(most)];
}

function takerOf(sign: string): (char: string) => boolean {
  if (sign === '.') return () => true;
  if (sign === '\\d') return (char) => char >= '0' && char <= '9';
  if (sign.startsWith('[')) return classTaker(sign.slice(1, -1));
  const literal = sign.startsWith('\\') ? sign.slice(1) : sign;
  return (char) => char === literal;
}

/** "2-9", "^0", "*#": single characters and ranges. */
function classTaker(text: string): (char: string) => boolean {
  const isNot = text.startsWith('^');
  const parts = (isNot ? text.slice(1) : text).match(/.-.|./gs) ?? [];
  const ranges = parts.map((part) => [part[0]!, part.at(-1)!] as const);
  return (char) => ranges.some(([from, to]) => char >= from && char <= to) !== isNot;
}
